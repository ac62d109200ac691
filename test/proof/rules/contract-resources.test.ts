import { expect, it } from 'vitest';
import {
  addressed,
  applied,
  blockedBy,
  declared,
  declaredIn,
  expression,
  held,
  judged,
  stateOf,
  undecidedOf,
  withDeclared,
  withHeld,
  withoutPlanned,
  withPlanned,
  planned,
  withTarget,
  world,
} from '../build.ts';

const id = 'contract-resources';
const queue = 'aws_sqs_queue.jobs';

it('finds what has no counterpart', () => {
  const found = judged(id, withoutPlanned(world(), queue));
  expect(found).toMatchObject([{ severity: 'error', subject: queue }]);
  // As Terraform says it: a report goes round, and the folders of a machine are nobody's business.
  expect(found[0]?.message).toContain('(main.tf:3)');
  expect(blockedBy(withoutPlanned(world(), queue))).toEqual([id]);
});

it('finds what an apply did not make', () => {
  const input = applied();
  const resources = (input.target.state?.resources ?? []).filter(({ address }) => address !== queue);
  const found = judged(id, withTarget(input, { state: stateOf(resources, { lineage: 'l' }) }));
  expect(found[0]?.hint).toContain('provision-env resume feature-auth');
});

it('finds what the configuration no longer declares', () => {
  const found = judged(id, withHeld(world(), held('aws_sqs_queue.old', { name: 'app-old-dev' })));
  expect(found).toMatchObject([{ severity: 'error', subject: 'aws_sqs_queue.old' }]);
  expect(found[0]?.message).toContain('no longer');
});

it.each([
  ['a variable', expression(['var.jobs_enabled'])],
  ['a local made of a variable', expression(['local.jobs'])],
])('tells of what %s explains', (_title, repetition) => {
  const locals = { jobs: expression(['var.jobs_enabled']) };
  const input = withDeclared(
    withoutPlanned(world(), queue),
    { ...declaredIn(world(), queue), repetition },
    { locals },
  );
  const found = judged(id, input);
  expect(found).toMatchObject([{ severity: 'info', subject: queue }]);
  expect(found[0]?.message).toContain('var.jobs_enabled');
});

it('lets the call of its module explain it too', () => {
  const address = 'module.jobs[0].aws_sqs_queue.inner';
  const source = withHeld(world(), held(address, { name: 'app-inner-dev' }));
  const root = source.declarations.modules[''];
  if (!root) throw new Error('no root module');
  const inner = { ...declared('aws_sqs_queue.inner'), ...addressed('aws_sqs_queue.inner') };
  const call = { source: './jobs', line: 9, attributes: { count: expression(['var.jobs_enabled']) } };
  const child = { ...root, resources: { [inner.address]: inner }, outputs: {}, locals: {}, calls: {} };
  const modules = { '': { ...root, calls: { jobs: call } }, jobs: child };
  expect(judged(id, { ...source, declarations: { ...source.declarations, modules } })).toMatchObject([
    { severity: 'info', subject: address },
  ]);
});

it('tells of what is used by both', () => {
  const bucket = held('aws_s3_bucket.files', { bucket: 'app-files' });
  const input = withDeclared(withHeld(world(), bucket), declared('aws_s3_bucket.files'));
  expect(judged(id, input)).toMatchObject([{ severity: 'info' }]);
  const shared = { ...withoutPlanned(world(), queue), shared: [queue] };
  expect(judged(id, shared)).toMatchObject([{ severity: 'info' }]);
});

it('pairs instances whose key names the environment', () => {
  const source = withHeld(world(), held('aws_sqs_queue.each["dev"]', { name: 'app-each-dev' }));
  const input = withPlanned(
    source,
    planned('aws_sqs_queue.each["feature-auth"]', { name: 'app-each-feature-auth' }),
  );
  expect(judged(id, input)).toEqual([]);
});

it('waits for a module whose files are not there yet', () => {
  const source = withHeld(world(), held('module.far.aws_sqs_queue.q', { name: 'app-q-dev' }));
  const input = { ...source, declarations: { ...source.declarations, unresolvedCalls: ['far'] } };
  expect(undecidedOf(id, input)).toEqual(['module.far.aws_sqs_queue.q']);
});
