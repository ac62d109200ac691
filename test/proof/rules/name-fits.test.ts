import { describe, expect, it } from 'vitest';
import { createRename } from '../../../src/environment/rename.ts';
import { derivedNameFindings } from '../../../src/proof/rules/name-fits.ts';
import { resourceTypes } from '../../../src/terraform/types/table.ts';
import { held, judged, stateOf, withAfter, withChange, world } from '../build.ts';

const id = 'name-fits';
const long = `app-${'x'.repeat(60)}-feature-auth`;

it('finds a name that is too long', () => {
  const found = judged(id, withAfter(world(), 'aws_lambda_function.bot', { function_name: long }));
  expect(found).toMatchObject([{ severity: 'error', subject: 'aws_lambda_function.bot' }]);
  expect(found[0]?.message).toContain('64');
  expect(found[0]?.message).toContain(long);
});

it('finds characters that are refused', () => {
  expect(judged(id, withAfter(world(), 'aws_lambda_function.bot', { function_name: 'a b' }))).toHaveLength(1);
});

it('has nothing to say of what is there already, or not known', () => {
  const input = withAfter(world(), 'aws_lambda_function.bot', { function_name: long });
  expect(judged(id, withChange(input, 'aws_lambda_function.bot', { action: 'no-op' }))).toEqual([]);
  expect(judged(id, world())).toEqual([]);
});

describe('before Terraform is asked', () => {
  const ask = (name: string, target: string) =>
    derivedNameFindings(
      stateOf([held('aws_lambda_function.bot', { function_name: name })]),
      createRename('dev', target),
      resourceTypes,
    );

  it("judges the source's names, renamed", () => {
    const found = ask(`${'x'.repeat(56)}-dev`, 'feature-auth');
    expect(found).toMatchObject([{ rule: id, severity: 'error', subject: 'aws_lambda_function.bot' }]);
    expect(found[0]?.message).toContain(`${'x'.repeat(56)}-feature-auth`);
  });

  it('lets pass what fits, and what does not name the environment', () => {
    expect(ask('app-dev', 'feature-auth')).toEqual([]);
    expect(ask('x'.repeat(70), 'feature-auth')).toEqual([]);
  });

  it("does not blame the target for what the source's name has too", () => {
    expect(ask('a b-dev', 'feature-auth')).toEqual([]);
  });
});
