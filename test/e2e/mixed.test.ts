/** A project that Terraform manages in part: its part goes by Terraform, what somebody made by hand goes directly. */
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from './support/world.ts';

let world: World;
let sqs: SQS;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  sqs = new SQS({
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  await sqs.createQueue({ QueueName: 'mini-dev-by-hand', Attributes: { VisibilityTimeout: '77' } });
});
afterAll(async () => {
  sqs.destroy();
  await world.close();
});

const queues = async (): Promise<readonly string[]> =>
  ((await sqs.listQueues({})).QueueUrls ?? []).map((url) => url.split('/').at(-1) ?? '').toSorted();

it('makes both parts, each by its engine, and takes both away', async () => {
  const before = await queues();
  const made = await world.json(['feature-mixed', 'from=dev', '--engine', 'direct', '--yes']);
  expect(made.document.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect([made.document.error, made.document.status, made.exitCode]).toEqual([null, 'verified', 0]);
  const addresses = made.document.record?.resources.map(({ address }) => address) ?? [];
  expect(addresses).toContain('live.aws_sqs_queue.mini-env-by-hand');
  expect(addresses).toContain('aws_dynamodb_table.notes');
  const { Attributes } = await sqs.getQueueAttributes({
    QueueUrl: (await sqs.getQueueUrl({ QueueName: 'mini-feature-mixed-by-hand' })).QueueUrl,
    AttributeNames: ['VisibilityTimeout'],
  });
  expect(Attributes?.['VisibilityTimeout']).toBe('77');

  const again = await world.json(['plan', 'feature-mixed', 'from=dev']);
  const rewired = again.document.steps.find(({ id }) => id === 'rewire')?.output as {
    plan: Record<string, number>;
  };
  expect(rewired.plan).toEqual({ create: 0, update: 0, delete: 0, replace: 0 });

  // What Terraform does not know is compared, too.
  const alike = await world.json(['diff', 'dev', 'feature-mixed']);
  expect(alike.document.diff).toMatchObject({ verdict: 'equal', readFrom: 'both', incomparable: [] });
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName: 'mini-feature-mixed-by-hand' });
  await sqs.deleteQueue({ QueueUrl });
  const lacking = await world.json(['diff', 'dev', 'feature-mixed']);
  expect([lacking.exitCode, lacking.document.diff?.differences]).toMatchObject([
    1,
    [{ kind: 'resource', change: 'missing', subject: 'live.aws_sqs_queue.mini-env-by-hand' }],
  ]);

  const gone = await world.json(['destroy', 'feature-mixed', '--yes']);
  expect([gone.document.error, gone.exitCode]).toEqual([null, 0]);
  expect(await queues()).toEqual(before);
});
