import { describe, expect, it } from 'vitest';
import type { PlaceInput } from '../../../src/proof/place.ts';
import { prove } from '../../../src/proof/prove.ts';
import type { ProofInput } from '../../../src/proof/rule.ts';
import { account, applied, arn, held, judged, stateOf, withTarget, world } from '../build.ts';
import type { RuleVerdict } from '../../../src/transfer/finding.ts';

const id = 'account-expected';
const here = { partition: 'aws', account, region: 'eu-west-1' };
const other = '222222222222';

const verdictOf = (input: ProofInput): RuleVerdict | undefined =>
  prove(input).verdicts.find(({ rule }) => rule === id);

const inPlace = (more: Partial<PlaceInput> = {}, input: ProofInput = world()): ProofInput => ({
  ...input,
  place: {
    wanted: here,
    by: { kind: 'source', regions: ['eu-west-1', 'us-east-1'] },
    otherRegionMeant: false,
    actual: here,
    untold: {},
    accountBy: 'the credentials belong to it',
    regionBy: 'the provider (main.tf:1) has it',
    regionAmbient: false,
    outOfReach: null,
    ...more,
  },
});

const actual = (more: Partial<PlaceInput['actual']>): Partial<PlaceInput> => ({
  actual: { ...here, ...more },
});

describe('blocks', () => {
  it("another account than the source's, and names both", () => {
    const [finding, ...rest] = judged(id, inPlace(actual({ account: other })));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ severity: 'error', subject: other });
    expect(finding?.message).toContain(other);
    expect(finding?.message).toContain(`dev lies in account ${account}`);
    expect(finding?.hint).toContain('environments.accounts');
  });

  it('another account than the configured one, and says the profile or the role that leads there', () => {
    const by = { kind: 'accounts', key: 'team', profile: 'team-admin' } as const;
    const wanted = { partition: null, account: other, region: null };
    const [finding] = judged(id, inPlace({ wanted, by }));
    expect(finding?.message).toContain('`accounts.team`');
    expect(finding?.hint).toContain('AWS_PROFILE=team-admin');
    const role = `arn:aws:iam::${other}:role/x`;
    const [byRole] = judged(id, inPlace({ wanted, by: { kind: 'accounts', key: 'team', role } }));
    expect(byRole?.hint).toContain(role);
  });

  it('the same account id in another partition', () => {
    const [finding] = judged(id, inPlace(actual({ partition: 'aws-us-gov' })));
    expect(finding).toMatchObject({ severity: 'error', subject: account });
    expect(finding?.message).toContain('aws-us-gov');
  });

  it('a region that only the environment of the command says', () => {
    const [finding] = judged(id, inPlace({ ...actual({ region: 'sa-east-1' }), regionAmbient: true }));
    expect(finding).toMatchObject({ severity: 'error', subject: 'sa-east-1' });
    expect(finding?.hint).toContain('AWS_REGION=eu-west-1');
  });

  it('another region than the configured one, whatever the var-files say', () => {
    const by = { kind: 'accounts', key: 'dev' } as const;
    const input = inPlace({ ...actual({ region: 'us-east-1' }), by, otherRegionMeant: true });
    expect(judged(id, input)[0]?.subject).toBe('us-east-1');
  });

  it('what stands elsewhere than it was looked for', () => {
    const state = stateOf([held('aws_sqs_queue.jobs', { arn: `arn:aws:sqs:eu-west-1:${other}:jobs` })]);
    const [finding] = judged(id, inPlace({}, withTarget(applied(), { state })));
    expect(finding).toMatchObject({ severity: 'error', subject: other });
  });
});

describe('leaves alone', () => {
  it.each([
    ['the same place', {}],
    ['another region that the var-files say', { ...actual({ region: 'sa-east-1' }), otherRegionMeant: true }],
    ['a region that things of the source lie in', actual({ region: 'us-east-1' })],
  ])('%s', (_title, more) => expect(judged(id, inPlace(more))).toEqual([]));

  it('a project with nothing in AWS', () => {
    expect(verdictOf(world())).toMatchObject({ judged: 0, held: true });
  });

  it('what stands where it was looked for', () => {
    const state = stateOf([held('aws_sqs_queue.jobs', { arn: arn('sqs', 'jobs') })]);
    expect(judged(id, inPlace({}, withTarget(applied(), { state })))).toEqual([]);
  });
});

describe('does not take for right', () => {
  it('an account that could not be asked: the proof is not complete until a person accepts it', () => {
    const input = inPlace({
      ...actual({ account: null, partition: null }),
      untold: { account: 'AWS could not be reached' },
    });
    const proof = prove(input);
    expect(proof.held).toBe(false);
    expect(proof.coverage.unreadable.join()).toContain('AWS could not be reached');
    expect(judged(id, input)[0]).toMatchObject({ severity: 'warning', subject: 'account' });
    expect(prove(input, { accept: [`${id}:account`] }).held).toBe(true);
  });

  it('an account that our own clients do not reach', () => {
    const input = inPlace({ outOfReach: 'the provider (main.tf:1) assumes a role with a web identity' });
    expect(prove(input).held).toBe(false);
    expect(prove(input, { accept: [`${id}:reach`] }).held).toBe(true);
  });

  it('a source whose account nothing says: it is undecided', () => {
    const input = inPlace({ wanted: { partition: null, account: null, region: null } });
    const verdict = verdictOf(input);
    expect(verdict).toMatchObject({ judged: 0, held: true, findings: [] });
    expect(verdict?.undecided.join()).toContain('the account of dev');
    expect(verdict?.undecided.join()).toContain('the region of dev');
  });
});

it('is overruled for one account only', () => {
  const accept = [`${id}:${other}`];
  expect(prove(inPlace(actual({ account: other })), { accept }).held).toBe(true);
  expect(prove(inPlace(actual({ account: '333333333333' })), { accept }).held).toBe(false);
});
