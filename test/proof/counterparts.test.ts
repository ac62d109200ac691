import { describe, expect, it } from 'vitest';
import { classifySource, createSharedMatcher, renameAddress } from '../../src/proof/counterparts.ts';
import { createProofIndex } from '../../src/proof/proof-index.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import {
  declared,
  expression,
  held,
  planned,
  rename,
  withDeclared,
  withHeld,
  withoutPlanned,
  withPlanned,
  world,
} from './build.ts';

const classOf = (input: Parameters<typeof createProofIndex>[0], address: string) => {
  const resource = input.source.state.resources.find((one) => one.address === address);
  if (!resource) throw new Error(`${address} is not held.`);
  return classifySource(resource, createProofIndex(input).classes);
};

describe('pairing', () => {
  it.each([
    ['aws_x.y', 'aws_x.y'],
    ['aws_x.y["dev"]', 'aws_x.y["feature-auth"]'],
    ['module.a["x-dev"].aws_x.dev[0]', 'module.a["x-feature-auth"].aws_x.dev[0]'],
    ['aws_x.y["a.dev[\\"b\\"]"]', 'aws_x.y["a.feature-auth[\\"b\\"]"]'],
    ['aws_x.y["developer"]', 'aws_x.y["developer"]'],
  ])('%s is %s under ρ', (before, after) => expect(renameAddress(before, rename)).toBe(after));

  it('prefers the same address to a renamed one', () => {
    const source = withHeld(
      world([]),
      held('aws_sqs_queue.q["dev"]', { name: 'a-dev' }),
      held('aws_sqs_queue.q["feature-auth"]', { name: 'b-dev' }),
    );
    const input = withPlanned(
      source,
      planned('aws_sqs_queue.q["feature-auth"]', { name: 'b-feature-auth' }),
      planned('aws_sqs_queue.more', { name: 'c' }),
    );
    const { pairing } = createProofIndex(input);
    expect(pairing.pairs.map(({ source: { address } }) => address)).toEqual([
      'aws_sqs_queue.q["feature-auth"]',
    ]);
    expect(pairing.unpaired.map(({ address }) => address)).toEqual(['aws_sqs_queue.q["dev"]']);
    expect(pairing.added.map(({ address }) => address)).toEqual(['aws_sqs_queue.more']);
    expect(pairing.sourceOf('aws_sqs_queue.q["feature-auth"]')?.values['name']).toBe('b-dev');
    expect(pairing.sourceOf('aws_sqs_queue.more')).toBeUndefined();
  });
});

describe('what a `moved` block gives a new address', () => {
  const moving = (from: string, to: string) => {
    const input = world();
    const root = input.declarations.modules[''];
    if (!root) throw new Error('There is no root module.');
    const modules = { ...input.declarations.modules, '': { ...root, moves: [{ from, to }] } };
    return { ...input, declarations: { ...input.declarations, modules } };
  };
  const queue = 'aws_sqs_queue.jobs';
  const renamed = planned('aws_sqs_queue.tasks', { name: 'app-jobs-feature-auth' });

  it('is the counterpart of what the source still has under the old one', () => {
    const input = withPlanned(withoutPlanned(moving(queue, 'aws_sqs_queue.tasks'), queue), renamed);
    const { pairing } = createProofIndex(input);
    expect(pairing.counterpartOf(queue)?.address).toBe('aws_sqs_queue.tasks');
    expect(pairing.unpaired).toEqual([]);
    expect(pairing.added).toEqual([]);
  });

  it('stays where the source has something at the new one already', () => {
    const both = withHeld(
      moving(queue, 'aws_sqs_queue.tasks'),
      held('aws_sqs_queue.tasks', { name: 'app-tasks-dev' }),
    );
    const { pairing } = createProofIndex(withPlanned(both, renamed));
    expect(pairing.counterpartOf(queue)?.address).toBe(queue);
    expect(pairing.counterpartOf('aws_sqs_queue.tasks')?.address).toBe('aws_sqs_queue.tasks');
  });
});

describe('what becomes of a resource of the source', () => {
  it.each([
    ['a counterpart', world(), 'aws_sqs_queue.jobs', 'isolated', true],
    ['a data source', world(), 'data.aws_s3_bucket.reports', 'shared', false],
    ['declared as shared', { ...world(), shared: ['aws_sqs_*'] }, 'aws_sqs_queue.jobs', 'shared', false],
    [
      'no counterpart, its name names the source',
      withoutPlanned(world(), 'aws_sqs_queue.jobs'),
      'aws_sqs_queue.jobs',
      'isolated',
      true,
    ],
    [
      'no counterpart, no name of the source',
      withHeld(world(), held('aws_s3_bucket.f', { bucket: 'f' })),
      'aws_s3_bucket.f',
      'shared',
      false,
    ],
    [
      'nothing in the cloud',
      withHeld(world(), held('null_resource.n', { id: '1' })),
      'null_resource.n',
      'skipped',
      false,
    ],
    [
      'a variable decides',
      withDeclared(withoutPlanned(world(), 'aws_sqs_queue.jobs'), {
        ...declared('aws_sqs_queue.jobs'),
        repetition: expression(['var.jobs']),
      }),
      'aws_sqs_queue.jobs',
      'skipped',
      true,
    ],
  ])('%s', (_title, input, address, kind, own) => {
    expect(classOf(input, address)).toMatchObject({ kind, own });
    expect(classOf(input, address).reason).not.toBe('');
  });

  it('what hangs on something of the source alone is the source’s too, however deep', () => {
    const rule = held('aws_vpc_security_group_ingress_rule.r', {
      security_group_id: 'sg-0123456789abcdef0',
      id: 'sgr-798b35afd9d94b2cd',
      arn: 'arn:aws:ec2:eu-west-1:123456789012:security-group-rule/sgr-798b35afd9d94b2cd',
    });
    const deeper = held('example_deeper.d', { rule_id: 'sgr-798b35afd9d94b2cd', id: 'deeper-1' });
    const input = withHeld(world(), deeper, rule);
    expect(classOf(input, rule.address)).toMatchObject({ kind: 'isolated', own: true });
    expect(classOf(input, deeper.address)).toMatchObject({ kind: 'isolated', own: true });
  });
});

describe('what is declared as shared', () => {
  const bucket = held('module.a["x"].aws_s3_bucket.files[0]', {
    bucket: 'acme.files-1',
    arn: 'arn:aws:s3:::acme.files-1',
  });
  it.each([
    ['module.a["x"].aws_s3_bucket.files[0]', true],
    ['module.a.aws_s3_bucket.files', true],
    ['aws_s3_bucket', true],
    ['aws_s3_*', true],
    ['acme.files-1', true],
    ['acme.*', true],
    ['arn:aws:s3:::acme.files-1', true],
    ['*', true],
    ['acmeXfiles-1', false],
    ['acme.files', false],
    ['aws_s3', false],
    ['', false],
  ])('%j: %s', (entry, matches) => {
    expect(createSharedMatcher([entry], resourceTypes)(bucket) === entry).toBe(matches);
  });
});
