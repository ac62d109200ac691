/** Looking through an account in bad weather: what could be seen is told, and what could not is never taken for none. */
import { describe, expect, it } from 'vitest';
import { searchEnvironment } from '../../src/steps/sweep-account.ts';
import { makeReceipt, type SweepReceipt, toFound } from '../../src/sweep/receipt.ts';
import { fakeClock, fakeHost } from '../channels/tools.ts';
import { aRecord } from '../support/record.ts';
import { awsError, failing, fakeClients, type Operations } from './fake-account.ts';

const arn = (rest: string): string => `arn:aws:${rest}`;
const role = (name: string): object => ({ RoleName: name, Arn: arn(`iam::1:role/${name}`) });
const group = (name: string): object => ({
  logGroupName: name,
  arn: arn(`logs:eu-west-1:1:log-group:${name}:*`),
});

/** One function of ours with its log group, one role that looks alike, and a few of nobody's. */
const account: Operations = {
  'lambda.listFunctions': () => ({
    Functions: ['bot-feature-auth', 'other'].map((FunctionName) => ({
      FunctionName,
      FunctionArn: arn(`lambda:eu-west-1:1:function:${FunctionName}`),
    })),
  }),
  'logs.describeLogGroups': () => ({ logGroups: [group('/aws/lambda/bot-feature-auth'), group('/other')] }),
  'iam.listRoles': () => ({ Roles: [role('role-feature-auth')] }),
};

const record = aRecord({
  resources: [
    {
      address: 'aws_lambda_function.bot',
      type: 'aws_lambda_function',
      identity: 'bot-feature-auth',
      id: 'bot-feature-auth',
      arn: arn('lambda:eu-west-1:1:function:bot-feature-auth'),
    },
  ],
});

async function look(weather: Operations = {}): Promise<SweepReceipt> {
  const { looked, things, unreadable } = await searchEnvironment({
    scope: {
      environment: 'feature-auth',
      resources: record.resources,
      others: [{ name: 'dev', resources: [] }],
    },
    record,
    regions: ['eu-west-1'],
    clientsFor: () => fakeClients({ ...account, ...weather }),
    clock: fakeClock(),
    host: fakeHost([]),
  });
  const found = things.map((each) => toFound(each, 'found', null));
  return makeReceipt('feature-auth', 'look', looked, found, unreadable);
}

const ids = (found: SweepReceipt['found']): string[] => found.map(({ id }) => id).sort();

describe('in good weather', () => {
  it('finds what is ours, what follows from it, and what looks alike', async () => {
    const receipt = await look();
    expect(ids(receipt.found)).toEqual(['/aws/lambda/bot-feature-auth', 'bot-feature-auth']);
    expect(ids(receipt.suspected)).toEqual(['role-feature-auth']);
    expect(receipt.unreadable).toEqual([]);
  });

  it('is clean where there is nothing', async () => {
    const nothing = (): object => ({});
    const receipt = await look({
      ...Object.fromEntries(Object.keys(account).map((name) => [name, nothing])),
      'lambda.getFunctionConfiguration': failing(awsError('ResourceNotFoundException')),
    });
    expect([receipt.clean, receipt.found, receipt.suspected]).toEqual([true, [], []]);
  });
});

describe.each([
  ['5xx', awsError('InternalFailure', 'no', 500), 'it failed with InternalFailure'],
  ['an answer that no one can read', awsError('SyntaxError'), 'it failed with SyntaxError'],
  ['silence', awsError('TimeoutError'), 'AWS did not answer in time'],
  [
    'a broken connection',
    Object.assign(new Error('socket'), { code: 'ECONNRESET' }),
    'AWS could not be reached',
  ],
  ['throttling to the end', awsError('ThrottlingException'), 'throttled by AWS after several attempts'],
  ['denied access', awsError('AccessDeniedException'), 'access denied: lambda:ListFunctions is not allowed'],
])('%s', (_what, error, reason) => {
  it('of one service is told, and the rest is found all the same', async () => {
    const receipt = await look({ 'lambda.listFunctions': failing(error) });
    expect(receipt.unreadable).toEqual([
      expect.objectContaining({ service: 'lambda', type: 'aws_lambda_function', reason }),
    ]);
    // The function itself is found by asking for what the record names.
    expect(ids(receipt.found)).toEqual(['/aws/lambda/bot-feature-auth', 'bot-feature-auth']);
    expect(receipt.clean).toBe(false);
  });

  it('is not clean even where nothing else is left', async () => {
    const receipt = await look({
      ...Object.fromEntries(Object.keys(account).map((name) => [name, () => ({})])),
      'lambda.listFunctions': failing(error),
      'lambda.getFunctionConfiguration': failing(awsError('ResourceNotFoundException')),
    });
    expect([receipt.clean, receipt.found, receipt.left]).toEqual([false, [], []]);
  });
});

it('a page that fails keeps what came before it, and is told', async () => {
  const receipt = await look({
    'lambda.listFunctions': ({ Marker }) => {
      if (Marker !== undefined) throw awsError('ServiceException', 'no', 500);
      return { Functions: [{ FunctionName: 'bot-feature-auth' }], NextMarker: 'next' };
    },
  });
  expect(ids(receipt.found)).toContain('bot-feature-auth');
  expect(receipt.unreadable.map(({ type }) => type)).toEqual(['aws_lambda_function']);
  expect(receipt.clean).toBe(false);
});

it('every region is looked at, and one that does not answer is told by name', async () => {
  const clientsFor = (region: string): ReturnType<typeof fakeClients> =>
    fakeClients(region === 'us-east-1' ? { 'sqs.listQueues': failing(awsError('TimeoutError')) } : account);
  const { unreadable, looked } = await searchEnvironment({
    scope: { environment: 'feature-auth', resources: record.resources, others: [] },
    record,
    regions: ['eu-west-1', 'us-east-1'],
    clientsFor,
    clock: fakeClock(),
    host: fakeHost([]),
  });
  expect(unreadable.map(({ type, region }) => [type, region])).toEqual([['aws_sqs_queue', 'us-east-1']]);
  expect(new Set(looked.map(({ region }) => region))).toEqual(new Set(['global', 'eu-west-1', 'us-east-1']));
});

it('credentials that end in the middle end the search: half a receipt would be read as a whole one', async () => {
  await expect(
    look({ 'logs.describeLogGroups': failing(awsError('ExpiredTokenException')) }),
  ).rejects.toMatchObject({ code: 'credentials-expired' });
});

describe('tags', () => {
  it('that cannot be read leave a thing suspected, and are told', async () => {
    const receipt = await look({ 'iam.listRoleTags': failing(awsError('AccessDenied')) });
    expect(ids(receipt.suspected)).toEqual(['role-feature-auth']);
    expect(receipt.unreadable).toEqual([
      expect.objectContaining({ type: 'aws_iam_role', permission: 'iam:ListRoleTags' }),
    ]);
  });

  it('of another environment take it off the list', async () => {
    const Tags = [{ Key: 'provision-env:environment', Value: 'feature-auth-2' }];
    const receipt = await look({ 'iam.listRoleTags': () => ({ Tags }) });
    expect(receipt.suspected).toEqual([]);
  });

  it('that the tagging service does not give are told: without them nobody knows what is ours', async () => {
    const receipt = await look({ 'tagging.getResources': failing(awsError('AccessDeniedException')) });
    expect(receipt.unreadable.map(({ service, permission }) => [service, permission])).toContainEqual([
      'tagging',
      'tag:GetResources',
    ]);
    expect(receipt.clean).toBe(false);
  });
});

describe('what vanishes while it is looked at', () => {
  it('between its listing and its tags is no failure', async () => {
    const receipt = await look({ 'iam.listRoleTags': failing(awsError('NoSuchEntityException')) });
    expect(receipt.unreadable).toEqual([]);
    expect(ids(receipt.found)).toEqual(['/aws/lambda/bot-feature-auth', 'bot-feature-auth']);
  });

  it('a bus, a layer or a key does not hide the others of its kind', async () => {
    const receipt = await look({
      'eventbridge.listEventBuses': () => ({ EventBuses: [{ Name: 'going' }, { Name: 'default' }] }),
      'eventbridge.listRules': ({ EventBusName }) => {
        if (EventBusName === 'going') throw awsError('ResourceNotFoundException');
        return { Rules: [{ Name: 'nightly-feature-auth', Arn: arn('events:eu-west-1:1:rule/x') }] };
      },
      'lambda.listLayers': () => ({ Layers: [{ LayerName: 'going' }, { LayerName: 'deps-feature-auth' }] }),
      'lambda.listLayerVersions': ({ LayerName }) => {
        if (LayerName === 'going') throw awsError('ResourceNotFoundException');
        return { LayerVersions: [{ LayerVersionArn: arn('lambda:eu-west-1:1:layer:deps-feature-auth:1') }] };
      },
      'kms.listKeys': () => ({ Keys: [{ KeyId: 'going' }, { KeyId: 'key' }] }),
      'kms.describeKey': ({ KeyId }) => {
        if (KeyId === 'going') throw awsError('NotFoundException');
        return { KeyMetadata: { Description: 'feature-auth' } };
      },
    });
    expect(receipt.unreadable).toEqual([]);
    expect(receipt.suspected.map(({ type }) => type).sort()).toEqual([
      'aws_cloudwatch_event_rule',
      'aws_iam_role',
      'aws_kms_key',
      'aws_lambda_layer_version',
    ]);
  });

  it('a key that may not be looked at does not hide the others, and is told', async () => {
    const receipt = await look({
      'kms.listKeys': () => ({ Keys: [{ KeyId: 'locked' }, { KeyId: 'key' }] }),
      'kms.describeKey': ({ KeyId }) => {
        if (KeyId === 'locked') throw awsError('AccessDeniedException');
        return { KeyMetadata: { Description: 'feature-auth' } };
      },
    });
    expect(ids(receipt.suspected)).toContain('key');
    expect(receipt.unreadable.map(({ type }) => type)).toEqual(['aws_kms_key']);
  });
});
