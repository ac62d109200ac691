import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeLogGroupsCommand, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({
    fixture: 'mini',
    bucket: 'mini-state',
    prepare: async (project) => {
      // A name without the environment in it: SQS gives both states the same queue, and says nothing.
      await appendFile(
        join(project, 'terraform', 'main.tf'),
        'resource "aws_sqs_queue" "audit" {\n  name = "mini-audit"\n}\n',
      );
    },
  });
});
afterAll(() => world.close());

const devKey = 'mini/dev/terraform.tfstate';

/** What there is in the account, by name. */
async function account(): Promise<{ queues: string[]; tables: string[]; logGroups: string[] }> {
  const settings = {
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  };
  const [sqs, dynamodb, logs] = [
    new SQSClient(settings),
    new DynamoDBClient(settings),
    new CloudWatchLogsClient(settings),
  ];
  try {
    const { QueueUrls } = await sqs.send(new ListQueuesCommand({}));
    const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
    return {
      queues: (QueueUrls ?? []).map((url) => url.split('/').at(-1) ?? ''),
      tables: TableNames ?? [],
      logGroups: (logGroups ?? []).map(({ logGroupName }) => logGroupName ?? ''),
    };
  } finally {
    for (const client of [sqs, dynamodb, logs]) client.destroy();
  }
}

describe('destroy', () => {
  it('leaves alone what is shared: it is taken out of the state first', async () => {
    const refused = await world.json(['feature-own', 'from=dev', '--yes']);
    expect([refused.exitCode, refused.document.status]).toEqual([3, 'blocked']);
    const made = await world.json([
      'feature-own',
      'from=dev',
      '--yes',
      '--accept',
      'identity-free:aws_sqs_queue.audit',
    ]);
    expect(made.document.error).toBeNull();
    expect([made.exitCode, made.document.status]).toEqual([0, 'verified']);

    // Declared after the fact: from now on the log group belongs to all.
    await world.write(
      'provision-env.config.json',
      JSON.stringify({ shared: ['aws_cloudwatch_log_group.*'] }),
    );
    // As whoever shares something protects it: Terraform plans nothing as long as it is in the state.
    const main = (await world.read('terraform/main.tf')) ?? '';
    const block = 'resource "aws_cloudwatch_log_group" "function" {\n';
    expect(main).toContain(block);
    await world.write(
      'terraform/main.tf',
      main.replace(block, `${block}  lifecycle {\n    prevent_destroy = true\n  }\n`),
    );
    const { exitCode, stdout, stderr } = await world.cli(['destroy', 'feature-own', '--yes']);
    await world.write('terraform/main.tf', main);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    const shown = `${stdout}${stderr}`;
    expect(shown).toMatch(/aws_sqs_queue\.audit.*it was there before: it was taken over, and not made/s);
    expect(shown).toMatch(/aws_cloudwatch_log_group\.function.*declared shared/s);
    expect(await account()).toEqual({
      queues: ['mini-audit'],
      tables: ['mini-dev-notes'],
      logGroups: expect.arrayContaining([
        '/aws/lambda/mini-dev-hello',
        '/aws/lambda/mini-feature-own-hello',
      ]) as string[],
    });
    expect(await world.objects()).toEqual([devKey]);
    expect(await world.read('.provision-env/records/feature-own.json')).toBeNull();
  });

  it('goes by what can be read: it refuses where the source cannot, and goes on where the source is gone', async () => {
    await world.write('provision-env.config.json', '{}');
    const env = { TF_VAR_api_token: 'canary-token-of-late' };
    const accept = ['--accept', 'identity-free:aws_sqs_queue.audit'];
    const made = await world.json(['feature-late', 'from=dev', '--yes', ...accept], { env });
    expect([made.exitCode, made.document.status]).toEqual([0, 'verified']);

    // Whether the queue is dev's too cannot be told: nothing may go.
    const state = (await world.object(devKey)) ?? '';
    await world.putObject(devKey, 'this is no state');
    const refused = await world.json(['destroy', 'feature-late', '--yes'], { env });
    expect([refused.exitCode, refused.document.error?.code]).toEqual([3, 'blocked']);
    expect(refused.document.findings).toMatchObject([{ rule: 'state-own', subject: 'dev' }]);
    expect((await account()).tables).toContain('mini-feature-late-notes');
    expect((await world.json(['status', 'feature-late'])).document.record?.status).toBe('verified');

    // dev was taken down: its state is there and holds nothing.
    const { resources: _, ...rest } = JSON.parse(state) as Record<string, unknown>;
    await world.putObject(devKey, JSON.stringify({ ...rest, resources: [], outputs: {} }));
    const destroyed = await world.json(['destroy', 'feature-late', '--yes'], { env });
    expect(destroyed.document.error).toBeNull();
    expect([destroyed.exitCode, destroyed.document.status]).toEqual([0, 'destroyed']);
    // The queue was there before feature-late, which took it over: whoever it belongs to now, it is not feature-late's.
    expect(await account()).toMatchObject({ queues: ['mini-audit'], tables: ['mini-dev-notes'] });
  });
});
