import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { plannedTypes } from '../../src/aws/planned.ts';
import { askNames, type NameAnswer } from '../../src/aws/taken.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';

let folder: string;
let sandbox: Sandbox;
let clients: AwsClients;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pe-names-'));
  sandbox = await startSandbox({ logFile: join(folder, 'sandbox.log') });
  for (const [key, value] of Object.entries(sandbox.env)) vi.stubEnv(key, value);
  clients = createClients({ region: 'ap-southeast-1' });
});
afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Each type with nothing known of it but what identifies it. */
async function ask(types: readonly string[], name: string): Promise<ReadonlyMap<string, NameAnswer>> {
  const things = types.map((type) => {
    const attributes = resourceTypes.get(type)?.identity ?? ['name'];
    const value = type === 'aws_kms_alias' ? `alias/${name}` : name;
    return { address: type, type, values: Object.fromEntries(attributes.map((each) => [each, value])) };
  });
  const answers = await askNames(things, clients);
  return new Map(types.map((type, index) => [type, answers[index] ?? { state: 'not-asked', reason: '' }]));
}

describe('an account', () => {
  it('that has nothing has every name free', async () => {
    const answers = await ask(plannedTypes, 'nobody-has-this');
    const others = [...answers].filter(([, { state }]) => state !== 'free');
    // The stand-in does not know this call: nothing that cannot be read is free.
    expect(others.map(([type, { state }]) => `${type} ${state}`)).toEqual([
      'aws_cloudfront_function unreadable',
    ]);
  });

  it('that has a thing of the name says so, with its tags', async () => {
    const name = 'somebody-has-this';
    const [iam, ecr, s3, sns, sqs] = await Promise.all([
      clients.get('iam'),
      clients.get('ecr'),
      clients.get('s3'),
      clients.get('sns'),
      clients.get('sqs'),
    ]);
    const Tags = [{ Key: 'Environment', Value: 'qa' }];
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    });
    await Promise.all([
      // The name is taken whatever the path.
      iam.createPolicy({ PolicyName: name, Path: '/team/', PolicyDocument, Tags }),
      ecr.createRepository({ repositoryName: name, tags: Tags }),
      s3.createBucket({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-1' } }),
      sns.createTopic({ Name: name, Tags }),
      sqs.createQueue({ QueueName: name, tags: { Environment: 'qa' } }),
    ]);
    await s3.putBucketTagging({ Bucket: name, Tagging: { TagSet: Tags } });
    const types = ['aws_iam_policy', 'aws_ecr_repository', 'aws_s3_bucket', 'aws_sns_topic', 'aws_sqs_queue'];
    for (const [type, answer] of await ask(types, name)) {
      expect({ type, answer }).toMatchObject({
        answer: { state: 'taken', condition: 'there', item: { tags: { Environment: 'qa' } } },
      });
    }
  });
});
