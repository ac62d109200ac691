import { describe, expect, it } from 'vitest';
import { createRename } from '../../src/environment/rename.ts';
import type { Pair } from '../../src/proof/counterparts.ts';
import type { ExpressionReader } from '../../src/proof/expressions.ts';
import { untangle } from '../../src/steps/untangle.ts';

const facts = { references: [], literals: [], functions: [] };
const expressions = {
  declaration: () => ({ attributes: { memory_size: facts } }),
  attribute: () => ({ variables: new Set(), resources: new Set() }),
} as unknown as ExpressionReader;

const subject = {
  address: 'aws_lambda_function.a',
  type: 'aws_lambda_function',
  modulePath: '',
  mode: 'managed',
};

/** Both differ between the sides; the configuration sets the memory and says nothing of the date. */
const differing = (action: string): Pair =>
  ({
    source: {
      ...subject,
      name: 'a',
      sensitivePaths: [],
      values: { memory_size: 128, last_modified: 'monday' },
    },
    target: {
      ...subject,
      name: 'a',
      action,
      values: { memory_size: 256, last_modified: 'tuesday' },
      unknown: false,
      isSensitive: () => false,
    },
  }) as unknown as Pair;

const unexplainedOf = (action: string): readonly string[] =>
  untangle({
    pairs: [differing(action)],
    rename: createRename('dev', 'feature-auth', []),
    differingVariables: new Set(),
    expressions,
  }).output.unexplained.map(({ attribute }) => attribute);

describe('a difference that nothing explains', () => {
  it('is none where the cloud gave it to what stands already', () => {
    expect(unexplainedOf('no-op')).toEqual(['memory_size']);
  });

  it('is one of every kind in what is only planned', () => {
    expect(unexplainedOf('create')).toEqual(['memory_size', 'last_modified']);
  });
});
