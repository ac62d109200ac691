import { describe, expect, it } from 'vitest';
import { parseAccept, prove, unusedAccepts } from '../../src/proof/prove.ts';
import type { Rule } from '../../src/proof/rule.ts';
import { rules } from '../../src/proof/rules/index.ts';
import { blocks } from '../../src/transfer/finding.ts';
import { isProvisionError } from '../../src/transfer/errors.ts';
import { applied, findingsOf, planned, withHeld, held, withoutPlanned, withPlanned, world } from './build.ts';

const ids = rules.map(({ id }) => id);
const broken = withPlanned(world(), planned('aws_sqs_queue.copy["a:b"]', { name: 'app-jobs-dev' }));

describe('accepting', () => {
  it.each([
    ['identity-free:aws_sqs_queue.jobs', 'identity-free', 'aws_sqs_queue.jobs'],
    ['state-own:s3://bucket/key', 'state-own', 's3://bucket/key'],
    ['identity-free:module.a["x:y"].aws_x.y["z"]', 'identity-free', 'module.a["x:y"].aws_x.y["z"]'],
    ['  reversible: a ', 'reversible', 'a'],
  ])('%s', (text, rule, subject) => expect(parseAccept(text, ids)).toEqual({ rule, subject }));

  it.each(['', 'identity-free', 'identity-free:', 'identity-free: ', ':x', 'no-such-rule:x', 'Identity:x'])(
    'refuses %j',
    (text) => {
      let thrown: unknown;
      try {
        parseAccept(text, ids);
      } catch (error) {
        thrown = error;
      }
      expect(isProvisionError(thrown) && [thrown.code, thrown.exitCode]).toEqual(['usage', 2]);
      expect(isProvisionError(thrown) && thrown.hint).toBeTruthy();
    },
  );

  it.each(['identity-free:aws_sqs_queue.copy["a:b"]', 'identity-free:aws_sqs_queue.copy[a:b]'])(
    'lets a run go on: %s',
    (accept) => {
      expect(prove(broken).held).toBe(false);
      const proof = prove(broken, { accept: [accept], by: 'ann', at: '2026-01-01T00:00:00Z' });
      expect(proof.held).toBe(true);
      const found = findingsOf(proof).filter(({ severity }) => severity === 'error');
      expect(found).toMatchObject([{ accepted: { by: 'ann', at: '2026-01-01T00:00:00Z' } }]);
      expect(found.some(blocks)).toBe(false);
      expect(unusedAccepts(proof, [accept])).toEqual([]);
    },
  );

  it('is said to be by the configuration where that has it, whoever runs it', () => {
    const text = 'identity-free:aws_sqs_queue.copy["a:b"]';
    const proof = prove(broken, { accept: [text], agreed: [text], by: 'ann', at: '2026-01-01T00:00:00Z' });
    expect(proof.held).toBe(true);
    expect(findingsOf(proof)).toContainEqual(
      expect.objectContaining({ accepted: { by: 'the configuration', at: '2026-01-01T00:00:00Z' } }),
    );
  });

  it('covers nothing else', () => {
    const accept = ['identity-free:aws_sqs_queue.jobs', 'state-own:aws_sqs_queue.copy["a:b"]'];
    const proof = prove(broken, { accept });
    expect(proof.held).toBe(false);
    expect(unusedAccepts(proof, accept)).toEqual(accept);
  });
});

describe('coverage', () => {
  it('counts each resource once, and names the unknown', () => {
    const source = withHeld(
      world(),
      held('example_widget.w', { name: 'w-dev' }),
      held('null_resource.n', { id: '1' }),
    );
    const input = withPlanned(
      withoutPlanned(source, 'aws_sqs_queue.jobs'),
      planned('example_widget.w', { name: 'w-feature-auth' }),
      planned('null_resource.n', {}),
    );
    expect(prove(input).coverage).toEqual({
      handled: 8,
      nothingToDo: 1,
      unknown: ['example_widget.w'],
      unreadable: [],
    });
  });

  it('does not hold where something could not be read', () => {
    expect(prove(world(), { unreadable: ['function app-bot'] }).held).toBe(false);
    const input = world();
    const proof = prove({ ...input, declarations: { ...input.declarations, unresolvedCalls: ['api'] } });
    expect(proof.held).toBe(false);
    expect(proof.coverage.unreadable.join()).toContain('api');
  });
});

it('asks the rules of the phase only', () => {
  const seen: string[] = [];
  const rule = (id: string, phases: Rule['phases']): Rule => ({
    id,
    protects: 'x',
    decides: 'x',
    hint: 'x',
    phases,
    check: () => {
      seen.push(id);
      return { findings: [], judged: 1 };
    },
  });
  const given = [
    rule('early', ['before-apply']),
    rule('late', ['after-apply']),
    rule('both', ['before-apply', 'after-apply']),
  ];
  expect(prove(world(), { rules: given }).verdicts.map((verdict) => verdict.rule)).toEqual(['early', 'both']);
  expect(prove(applied(), { rules: given }).phase).toBe('after-apply');
  expect(seen).toEqual(['early', 'both', 'late', 'both']);
});
