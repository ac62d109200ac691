import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListRolesCommand, ListRoleTagsCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { Client, MetadataBearer } from '@smithy/types';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsClients, createClients, type ServiceName } from '../../src/aws/clients.ts';
import { services } from '../../src/aws/registry.ts';
import type { LiveInventory } from '../../src/live/model.ts';
import { inventoryBlocks } from '../../src/report/live.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { withInventory } from '../../src/steps/live.ts';
import { identify } from '../../src/steps/identify.ts';
import { takeInventory } from '../../src/steps/live-inventory.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import { fakeClock, fakeHost } from '../channels/tools.ts';
import { resource, stateOf } from './state.ts';

type Stub = AwsStub<object, MetadataBearer, unknown>;

const region = 'eu-central-1';
const account = '123456789012';
const lambdaArn = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;

let clients: AwsClients;
let stubs: Map<ServiceName, Stub>;

beforeEach(async () => {
  clients = createClients({ region });
  stubs = new Map();
  for (const service of [...services.map((each) => each.service), 'tagging' as const]) {
    const client = (await clients.get(service)) as unknown as Client<object, MetadataBearer, unknown>;
    const stub = mockClient(client);
    stub.onAnyCommand().resolves({});
    stubs.set(service, stub);
  }
});

afterEach(() => {
  clients.close();
});

type AnyCommand = Parameters<Stub['on']>[0];

function answering(service: ServiceName, command: unknown, answer: object | Error): void {
  const on = stubs.get(service)?.on(command as AnyCommand);
  if (answer instanceof Error) on?.rejects(answer);
  else on?.resolves(answer);
}

const functions = (...names: readonly string[]): void =>
  answering('lambda', ListFunctionsCommand, {
    Functions: names.map((FunctionName) => ({ FunctionName, FunctionArn: lambdaArn(FunctionName) })),
  });

const logGroups = (...names: readonly string[]): void =>
  void stubs
    .get('logs')
    ?.on(DescribeLogGroupsCommand)
    .callsFake(({ logGroupNamePrefix = '' }: { readonly logGroupNamePrefix?: string }) => ({
      logGroups: names
        .filter((name) => name.startsWith(logGroupNamePrefix))
        .map((logGroupName) => ({
          logGroupName,
          arn: `arn:aws:logs:${region}:${account}:log-group:${logGroupName}:*`,
        })),
    }));

const state = stateOf(
  resource('aws_lambda_function.bot', {
    id: 'bot-dev',
    arn: lambdaArn('bot-dev'),
    function_name: 'bot-dev',
    environment: [{ variables: { LEDGER: 'ledger-of-all', MODE: 'default' } }],
  }),
  resource('aws_iam_role_policy.bot', {
    id: 'bot:own',
    policy: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'dynamodb:*',
          Resource: `arn:aws:dynamodb:${region}:${account}:table/visits/index/*`,
        },
      ],
    }),
  }),
  resource(
    'aws_dynamodb_table.catalogue',
    { id: 'catalogue-dev', arn: `arn:aws:dynamodb:${region}:${account}:table/catalogue-dev` },
    { mode: 'data', address: 'data.aws_dynamodb_table.catalogue' },
  ),
);

const inventory = (): Promise<LiveInventory> =>
  takeInventory({
    environment: 'dev',
    state,
    types: resourceTypes,
    others: [
      {
        name: 'feature-x',
        resources: [
          {
            address: 'aws_lambda_function.copy',
            type: 'aws_lambda_function',
            identity: 'copy-for-dev',
            id: 'copy-for-dev',
            arn: lambdaArn('copy-for-dev'),
          },
        ],
      },
      { name: 'dev-two', resources: [] },
    ],
    regions: [region],
    clientsFor: () => clients,
    clock: fakeClock(),
    host: fakeHost([]),
  });

const told = ({ unmanaged }: LiveInventory): string[] =>
  unmanaged.map(({ type, name, by }) => `${by}: ${type} ${name}`).sort();

describe('the inventory of an account', () => {
  it('tells what bears the name of the environment and stands in no state', async () => {
    functions('bot-dev', 'by-hand-dev', 'developer', 'bot-prod', 'copy-for-dev', 'bot-dev-two');
    expect(told(await inventory())).toEqual(['name: aws_lambda_function by-hand-dev']);
  });

  it('leaves out what is listed and gone already, and keeps what could not be asked for', async () => {
    functions('worker-dev', 'mailer-dev', 'poller-dev');
    const asking = (name: string): ReturnType<Stub['on']> | undefined =>
      stubs
        .get('lambda')
        ?.on(GetFunctionConfigurationCommand as unknown as AnyCommand, { FunctionName: name });
    asking('mailer-dev')?.rejects(Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' }));
    asking('poller-dev')?.rejects(Object.assign(new Error('no'), { name: 'ServiceException' }));
    expect(told(await inventory())).toEqual([
      'name: aws_lambda_function poller-dev',
      'name: aws_lambda_function worker-dev',
    ]);
  });

  it('tells of what a service made that it is that', async () => {
    logGroups('/aws/lambda/bot-dev', '/aws/lambda/other', '/audit/dev');
    expect(told(await inventory())).toEqual([
      'name: aws_cloudwatch_log_group /audit/dev',
      'service: aws_cloudwatch_log_group /aws/lambda/bot-dev',
    ]);
  });

  it('finds what is tagged with the environment, where tags come with a listing, apart or only by the tagging API', async () => {
    const queue = `https://sqs.${region}.amazonaws.com/${account}/jobs`;
    const build = `arn:aws:codebuild:${region}:${account}:project/nightly`;
    answering('sqs', ListQueuesCommand, { QueueUrls: [queue] });
    answering('iam', ListRolesCommand, {
      Roles: [{ RoleName: 'runner', Path: '/', Arn: `arn:aws:iam::${account}:role/runner` }],
    });
    answering('iam', ListRoleTagsCommand, { Tags: [{ Key: 'env', Value: 'dev' }] });
    answering('tagging', GetResourcesCommand, {
      ResourceTagMappingList: [
        { ResourceARN: build, Tags: [{ Key: 'Environment', Value: 'dev' }] },
        {
          ResourceARN: `arn:aws:sqs:${region}:${account}:jobs`,
          Tags: [{ Key: 'Environment', Value: 'dev' }],
        },
      ],
    });
    expect(told(await inventory())).toEqual([
      'tag: aws_iam_role runner',
      'tag: aws_sqs_queue jobs',
      'tag: codebuild nightly',
    ]);
  });

  it('finds what functions and policies of the environment name, and not what they read as shared', async () => {
    answering('dynamodb', ListTablesCommand, {
      TableNames: ['ledger-of-all', 'visits', 'default', 'catalogue-dev', 'else'],
    });
    const found = await inventory();
    expect(told(found)).toEqual([
      'reference: aws_dynamodb_table ledger-of-all',
      'reference: aws_dynamodb_table visits',
    ]);
    expect(found.unmanaged.map(({ reason }) => reason).sort()).toEqual([
      'aws_iam_role_policy.bot names it',
      'aws_lambda_function.bot names it',
    ]);
  });

  it('is complete only if everything could be listed, and names the permission that lacks', async () => {
    expect(await inventory()).toMatchObject({ complete: true, unreadable: [], regions: [region] });
    functions('by-hand-dev');
    answering(
      'sqs',
      ListQueuesCommand,
      Object.assign(new Error('no'), { name: 'AccessDeniedException', $fault: 'client' }),
    );
    const found = await inventory();
    expect(told(found)).toEqual(['name: aws_lambda_function by-hand-dev']);
    expect(found.complete).toBe(false);
    expect(found.unreadable).toMatchObject([
      { subject: `aws_sqs_queue (${region})`, permission: 'sqs:ListQueues' },
    ]);
    const output = withInventory(identify('dev', 's3://x', state, resourceTypes), found);
    expect(output.coverage.unreadable).toEqual([
      `aws_sqs_queue (${region}): access denied: sqs:ListQueues is not allowed`,
    ]);
    const text = toMarkdown(inventoryBlocks(found));
    expect(text).toContain('sqs:ListQueues');
    expect(text).toContain('Incomplete');
  });
});
