import { describe, expect, it } from 'vitest';
import { cloners } from '../../src/aws/clone/index.ts';
import { describers } from '../../src/aws/describe/index.ts';
import { iamCommands, iamPolicy, largestPolicy, policyParts } from '../../src/aws/iam-policy.ts';

const actions = (...commands: Parameters<typeof iamPolicy>[0]): string[] =>
  iamPolicy(commands).Statement.flatMap(({ Action }) => Action);

const changes = /:(?:Delete|Remove|Detach|Terminate|Release|Schedule|Unsubscribe|Update|Modify|Revoke)/;

describe('the IAM policy', () => {
  it('of what only looks holds nothing that changes anything', () => {
    expect(
      actions('plan', 'sweep', 'verify', 'destroy', 'live').filter((action) => changes.test(action)),
    ).toEqual([]);
  });

  it('of a sweep that removes allows the deletions, in a statement of their own', () => {
    const [reads, removes] = iamPolicy(['sweep-delete']).Statement;
    expect(reads?.Action).toContain('tag:GetResources');
    expect(reads?.Action).toContain('lambda:ListFunctions');
    expect(removes?.Action).toContain('lambda:DeleteFunction');
    expect(reads?.Action.filter((action) => changes.test(action))).toEqual([]);
  });

  it('of --live allows what the inventory lists and what describes a resource', () => {
    const allowed = actions('live');
    expect(allowed).toEqual(expect.arrayContaining(['tag:GetResources', 'iam:ListRoles']));
    expect(allowed).toEqual(expect.arrayContaining(describers.flatMap((each) => each.actions)));
  });

  it('of the direct engine allows to make what it copies and to remove it again', () => {
    const makes = cloners.flatMap((each) => each.actions);
    expect(actions('direct')).toEqual(expect.arrayContaining(makes));
    expect(actions('direct')).toContain('lambda:DeleteFunction');
    const others = iamPolicy(iamCommands.filter((each) => each !== 'direct'));
    expect(others.Statement.map(({ Sid }) => Sid)).not.toContain('ProvisionEnvMakes');
  });

  it('names every action once, sorted', () => {
    for (const { Action } of iamPolicy(iamCommands).Statement)
      expect(Action).toEqual([...new Set(Action)].sort());
  });

  it('of verify can invoke, that of a sweep cannot', () => {
    expect(actions('verify')).toContain('lambda:InvokeFunction');
    expect(actions('sweep', 'sweep-delete')).not.toContain('lambda:InvokeFunction');
  });

  it('comes in parts that IAM takes, which are the whole together, reading apart from removing', () => {
    for (const commands of [...iamCommands.map((each) => [each]), iamCommands]) {
      const whole = iamPolicy(commands);
      const parts = policyParts(whole);
      for (const part of parts) expect(JSON.stringify(part).length).toBeLessThanOrEqual(largestPolicy);
      const all = parts.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
      expect(all).toEqual(whole.Statement.flatMap(({ Action }) => Action));
    }
    expect(policyParts(iamPolicy(['sweep']))).toEqual([iamPolicy(['sweep'])]);
    const sids = policyParts(iamPolicy(['sweep-delete'])).map(({ Statement }) => Statement[0]?.Sid);
    expect(sids).toEqual(['ProvisionEnvReads', 'ProvisionEnvRemoves']);
  });
});
