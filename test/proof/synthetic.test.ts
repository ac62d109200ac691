import { expect, it } from 'vitest';
import { syntheticInput, unitSize } from '../../bench/synthetic-plan.ts';
import { prove } from '../../src/proof/prove.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import { errorsOf, withAfter } from './build.ts';

it('the plan of the benchmark is clean, and of the size that is asked for', () => {
  const input = syntheticInput({ resources: 5 * unitSize + 3, types: resourceTypes });
  const proof = prove(input);
  expect(input.source.state.resources).toHaveLength(53);
  expect(errorsOf(proof)).toEqual([]);
  expect(proof.held).toBe(true);
  expect(proof.coverage.unknown).toHaveLength(5);
});

it('and not so by chance: what is wrong in it is found', () => {
  const input = syntheticInput({ resources: 100, types: resourceTypes });
  const wrong = withAfter(input, 'aws_sqs_queue.jobs["u3"]', { name: 'acme-jobs-u4-dev' });
  expect(errorsOf(prove(wrong)).map(({ rule }) => rule)).toEqual(['identity-free']);
});
