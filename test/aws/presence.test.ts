/** What adapters say of things that are there but not well, or on their way out. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import type { Presence } from '../../src/aws/adapter.ts';
import { checkResources, toChecked } from '../../src/aws/check.ts';
import { createClients } from '../../src/aws/clients.ts';
import type { StateResource } from '../../src/terraform/model.ts';

const clients = createClients({ region: 'eu-central-1' });

const mocks = {
  dynamodb: mockClient(DynamoDBClient),
  kms: mockClient(KMSClient),
  lambda: mockClient(LambdaClient),
  rds: mockClient(RDSClient),
  secrets: mockClient(SecretsManagerClient),
};

afterEach(() => {
  for (const mock of Object.values(mocks)) mock.reset();
});

async function presenceOf(type: string, id = 'thing'): Promise<Presence | undefined> {
  const checked = await checkResources(
    [{ address: `${type}.x`, type, identity: null, id, arn: null }],
    clients,
  );
  return checked[0]?.presence;
}

describe('what lies in another account', () => {
  const ours = '111111111111';
  const asUs = { ...clients, identity: () => Promise.resolve({ account: ours, partition: 'aws', arn: '' }) };
  const table = (account: string) => ({
    address: 'aws_dynamodb_table.t',
    type: 'aws_dynamodb_table',
    identity: 't',
    id: 't',
    arn: `arn:aws:dynamodb:eu-west-1:${account}:table/t`,
  });

  it('is not asked for: neither its absence here nor a thing of its name would say anything', async () => {
    const [checked] = await checkResources([table('222222222222')], asUs);
    expect(checked?.presence).toMatchObject({
      state: 'not-asked',
      account: '222222222222',
      reason: expect.stringContaining(ours) as string,
    });
  });

  it('is no matter where the account is the same, or nobody says which it is', async () => {
    const unknown = { ...clients, identity: () => Promise.reject(new Error('denied')) };
    for (const who of [asUs, unknown]) {
      const [checked] = await checkResources([table(who === asUs ? ours : '222222222222')], who);
      expect(checked?.presence.state).not.toBe('not-asked');
    }
  });
});

describe('a secret in its recovery window', () => {
  it('is there, leaving, and keeps its name until a day that is named', async () => {
    mocks.secrets.onAnyCommand().resolves({ DeletedDate: new Date('2030-01-31T12:00:00Z') });
    expect(await presenceOf('aws_secretsmanager_secret')).toEqual({
      state: 'present',
      condition: 'leaving',
      status: 'deleting',
      detail: expect.stringContaining('2030-01-31'),
    });
  });
});

describe('a function', () => {
  it.each([
    [{ State: 'Pending' }, 'changing'],
    [{ State: 'Active', LastUpdateStatus: 'InProgress' }, 'changing'],
    [{ State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no image' }, 'failed'],
    [{ State: 'Failed', StateReason: 'no subnet' }, 'failed'],
    [{ State: 'Inactive' }, 'ready'],
    // Some emulators leave the state out.
    [{}, 'ready'],
  ] as const)('%j is %s', async (answer, condition) => {
    mocks.lambda.onAnyCommand().resolves(answer);
    expect(await presenceOf('aws_lambda_function')).toMatchObject({ state: 'present', condition });
  });
});

describe('other conditions', () => {
  it('a table that is being deleted is leaving', async () => {
    mocks.dynamodb.onAnyCommand().resolves({ Table: { TableStatus: 'DELETING' } });
    expect(await presenceOf('aws_dynamodb_table')).toMatchObject({
      condition: 'leaving',
      status: 'DELETING',
    });
  });

  it('a key pending deletion is leaving', async () => {
    const DeletionDate = new Date('2030-02-01T00:00:00Z');
    mocks.kms
      .onAnyCommand()
      .resolves({ KeyMetadata: { KeyId: 'k', KeyState: 'PendingDeletion', DeletionDate } });
    expect(await presenceOf('aws_kms_key')).toMatchObject({
      condition: 'leaving',
      detail: 'to be deleted on 2030-02-01',
    });
  });

  it('a status that nobody knows is not good', async () => {
    mocks.rds.onAnyCommand().resolves({ DBClusters: [{ Status: 'pondering' }] });
    expect(await presenceOf('aws_rds_cluster')).toMatchObject({ condition: 'changing', status: 'pondering' });
  });
});

describe('checkResources', () => {
  it('keeps the order and asks for each', async () => {
    mocks.dynamodb.onAnyCommand().resolves({ Table: { TableStatus: 'ACTIVE' } });
    const resources = Array.from({ length: 50 }, (_, index) => ({
      address: `aws_dynamodb_table.t[${index}]`,
      type: 'aws_dynamodb_table',
      identity: `t${index}`,
      id: `t${index}`,
      arn: null,
    }));
    const seen: string[] = [];
    const checked = await checkResources(resources, clients, ({ resource }) => seen.push(resource.address));
    expect(checked.map(({ resource }) => resource)).toEqual(resources);
    expect(seen).toHaveLength(50);
  });

  it('says of a type without adapter that nobody asked, and of local types that there is nothing', async () => {
    expect(await presenceOf('aws_mystery')).toEqual({
      state: 'not-asked',
      reason: 'no adapter for type aws_mystery',
    });
    for (const type of [
      'null_resource',
      'terraform_data',
      'random_password',
      'time_sleep',
      'tls_private_key',
    ])
      expect(await presenceOf(type)).toEqual({ state: 'not-applicable' });
  });

  it('ends with a classified error where the credentials are expired', async () => {
    mocks.dynamodb
      .onAnyCommand()
      .rejects(Object.assign(new Error('expired'), { name: 'ExpiredTokenException' }));
    await expect(presenceOf('aws_dynamodb_table')).rejects.toMatchObject({ code: 'credentials-expired' });
  });
});

describe('toChecked', () => {
  it('keeps what the adapter needs and nothing else', () => {
    const resource: StateResource = {
      address: 'aws_apigatewayv2_route.x',
      mode: 'managed',
      type: 'aws_apigatewayv2_route',
      name: 'x',
      modulePath: '',
      values: { id: 'r1', api_id: 'a1', authorization_scopes: ['s'], request_models: { secret: 'x' } },
      sensitivePaths: [],
      tainted: false,
    };
    expect(toChecked(resource, null)).toEqual({
      address: 'aws_apigatewayv2_route.x',
      type: 'aws_apigatewayv2_route',
      identity: null,
      id: 'r1',
      arn: null,
      attributes: { api_id: 'a1' },
    });
  });
});
