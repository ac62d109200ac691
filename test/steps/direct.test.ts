/** The direct engine in bad weather: what cannot be seen blocks, what was begun is found again, nothing foreign is touched. */
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { createRename } from '../../src/environment/rename.ts';
import { createCopies, type CreateInput } from '../../src/steps/direct-create.ts';
import { type DirectEngine, openDirect, wantsDatabasePassword } from '../../src/steps/direct.ts';
import type { StateResource } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { Json } from '../../src/transfer/json.ts';
import type { RecordedResource } from '../../src/transfer/record.ts';
import type { HeldStore } from '../../src/transfer/store.ts';
import { fakeClock, fakeHost } from '../channels/tools.ts';
import { aRecord } from '../support/record.ts';
import { queueArn, queues, queueUrl } from './queues.ts';
import { awsError, failing, fakeClients, type Operations } from '../sweep/fake-account.ts';

const none: HeldStore = {
  readRecord: () => Promise.resolve(null),
  writeRecord: () => Promise.resolve(),
  listRecords: () => Promise.resolve([]),
  removeRecord: () => Promise.resolve(),
  retireRecord: () => Promise.resolve(),
  readRetired: () => Promise.resolve(null),
  appendJournal: () => Promise.resolve(),
  readJournal: () => Promise.resolve([]),
  removeJournal: () => Promise.resolve(),
};

function engineOn(
  account: Operations,
  more: {
    readonly others?: readonly RecordedResource[];
    /** With the record of the source. */
    readonly own?: readonly RecordedResource[];
    readonly shared?: readonly string[];
    readonly mayBeEmpty?: boolean;
  } = {},
): DirectEngine {
  const clients = fakeClients(account);
  return openDirect({
    rename: createRename('dev', 'feature-x', ['dev-2']),
    types: resourceTypes,
    config: configSchema.parse({ shared: more.shared ?? [] }),
    store: none,
    host: fakeHost([]),
    clock: fakeClock(),
    signal: new AbortController().signal,
    sourceMayBeEmpty: more.mayBeEmpty ?? true,
    records: [
      aRecord({ name: 'dev-2', resources: more.others ?? [] }),
      aRecord({ name: 'dev', resources: more.own ?? [] }),
    ],
    aws: () => Promise.resolve(clients),
    managed: null,
    managedState: () => Promise.resolve(null),
    given: {},
    classified: () => Promise.resolve([]),
    journal: () => Promise.resolve(),
    redact: (text) => text,
  });
}

const found = async (
  account: Operations,
  more?: Parameters<typeof engineOn>[1],
): Promise<readonly (Json | undefined)[]> =>
  (await engineOn(account, more).source()).resources
    .filter(({ type }) => type === 'aws_sqs_queue')
    .map(({ values }) => values['name']);

describe('what belongs to the source', () => {
  it('is told by the name, and more surely by a tag', async () => {
    const tagged = {
      'jobs-dev': {},
      'jobs-prod': {},
      'jobs-dev-2': {},
      unnamed: { Environment: 'dev' },
      'dev-tools': { Environment: 'shared' },
      'copy-dev': { 'provision-env:environment': 'feature-y' },
    };
    expect(await found(queues(tagged))).toEqual(['jobs-dev', 'unnamed']);
  });

  it('is nothing that stands in the record of another environment', async () => {
    const other: RecordedResource = {
      address: 'aws_sqs_queue.jobs',
      type: 'aws_sqs_queue',
      identity: 'jobs-dev',
      id: queueUrl('jobs-dev'),
      arn: queueArn('jobs-dev'),
    };
    expect(await found(queues({ 'jobs-dev': {} }), { others: [other] })).toEqual([]);
  });

  it('is unknown where it cannot be listed or described: that blocks, with the permission', async () => {
    const denied = failing(awsError('AccessDeniedException'));
    const unlisted = await engineOn({ 'sqs.listQueues': denied }).findings();
    expect(unlisted).toEqual([
      expect.objectContaining({ rule: 'contract-resources', severity: 'error', subject: 'aws_sqs_queue' }),
    ]);
    expect(unlisted[0]?.hint).toContain('sqs:ListQueues');
    const account = { ...queues({ 'jobs-dev': {} }), 'sqs.getQueueAttributes': denied };
    const [undescribed] = await engineOn(account).findings();
    expect(undescribed?.subject).toBe('aws_sqs_queue jobs-dev');
  });

  it('is left out where it vanished since it was listed', async () => {
    const gone = failing(awsError('QueueDoesNotExist'));
    const account = { ...queues({ 'jobs-dev': {} }), 'sqs.getQueueAttributes': gone };
    const engine = engineOn(account);
    expect((await engine.source()).resources).toEqual([]);
    expect(await engine.findings()).toEqual([]);
  });

  it('is said to begin without what is not copied, with what gives it a value, before anything is made', async () => {
    const secret = { ARN: 'arn:aws:secretsmanager:eu-west-1:1:secret:token-dev-x7Ab3C', Name: 'token-dev' };
    const account: Operations = {
      'secretsmanager.listSecrets': () => ({ SecretList: [secret] }),
      'secretsmanager.describeSecret': () => secret,
      'ssm.describeParameters': () => ({ Parameters: [{ Name: '/dev/key', Type: 'SecureString' }] }),
    };
    const found = await engineOn(account).findings();
    expect(found.map(({ severity, message }) => [severity, message])).toEqual([
      ['info', expect.stringContaining('The copy of token-dev (aws_secretsmanager_secret) has no value')],
      ['error', expect.stringContaining('/feature-x/key --type SecureString --value file:///dev/stdin')],
    ]);
    expect(found[0]?.hint).toContain(
      'aws secretsmanager put-secret-value --secret-id token-feature-x --secret-string file:///dev/stdin',
    );
    // What cannot be made is not planned: an apply would stop half-way.
    const plan = await engineOn(account).workspace.plan();
    expect(plan.changes.map(({ type }) => type)).toEqual(['aws_secretsmanager_secret']);
    const shared = ['aws_secretsmanager_secret', 'aws_ssm_parameter'];
    expect(await engineOn(account, { shared }).findings()).toEqual([]);
  });

  it('is named with the reason where nobody can copy it, unless it is shared', async () => {
    const account: Operations = {
      'ec2.describeAddresses': () => ({
        Addresses: [
          { AllocationId: 'eipalloc-1', InstanceId: 'i-1', Tags: [{ Key: 'Name', Value: 'nat-dev' }] },
        ],
      }),
    };
    const [finding] = await engineOn(account).findings();
    expect(finding?.message).toContain('it belongs to a machine, and machines are not copied');
    expect(await engineOn(account, { shared: ['aws_eip'] }).findings()).toEqual([]);
  });

  it('is not copied into a network that stays, for its addresses are taken there', async () => {
    const subnet = { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' };
    const account: Operations = {
      'ec2.describeSubnets': () => ({ Subnets: [{ ...subnet, Tags: [{ Key: 'Name', Value: 'dev-a' }] }] }),
    };
    const [finding, ...more] = await engineOn(account).findings();
    expect(finding?.message).toContain('dev-a (aws_subnet) belongs to the source');
    expect(finding?.message).toContain('it is a part of vpc-1, which is not copied');
    expect(more).toEqual([]);
    expect((await engineOn(account).workspace.plan()).changes).toEqual([]);
  });

  it('is not begun where things need one another, or a thing needs its own id: the plan says which', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:1:function:hook-dev';
    const url = 'https://qk3x7abcdefghijkl.lambda-url.eu-west-1.on.aws/';
    const table = 'arn:aws:lambda:eu-west-1:1:function:other-dev';
    const calling = (name: string, value: string) => ({
      Configuration: {
        FunctionName: name,
        FunctionArn: name === 'hook-dev' ? arn : table,
        Environment: { Variables: { TARGET: value } },
      },
    });
    const account: Operations = {
      'lambda.listFunctions': () => ({
        Functions: [
          { FunctionName: 'hook-dev', FunctionArn: arn },
          { FunctionName: 'other-dev', FunctionArn: table },
        ],
      }),
      'lambda.getFunction': ({ FunctionName }) =>
        FunctionName === 'hook-dev' ? calling('hook-dev', `${url}hook`) : calling('other-dev', url),
      'lambda.listFunctionUrlConfigs': ({ FunctionName }) =>
        FunctionName === 'hook-dev' ? { FunctionUrlConfigs: [{ FunctionUrl: url, FunctionArn: arn }] } : {},
    };
    const found = await engineOn(account).findings();
    expect(found.map(({ severity, subject }) => [severity, subject])).toEqual([
      ['error', 'live.aws_lambda_function.hook-env'],
      ['error', 'live.aws_lambda_function_url.hook-env'],
    ]);
    expect(found[0]?.message).toContain('live.aws_lambda_function_url.hook-env each refers to another');
    // What only stands behind the circle is not blamed.
    const plan = await engineOn(account).workspace.plan();
    expect(plan.changes.map(({ address }) => address)).toEqual(['live.aws_lambda_function.other-env']);
  });

  it('is all that lies in a network of its name, and the addresses of its gateways', async () => {
    const vpc = { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' };
    const tagged = (Value: string) => ({ Tags: [{ Key: 'Environment', Value }] });
    const nat = { VpcId: 'vpc-1', SubnetId: 'subnet-1', State: 'available' };
    const account: Operations = {
      'ec2.describeVpcs': () => ({ Vpcs: [{ ...vpc, Tags: [{ Key: 'Name', Value: 'dev-vpc' }] }] }),
      'ec2.describeVpcAttribute': () => ({}),
      'ec2.describeNetworkAcls': () => ({}),
      'ec2.describeRouteTables': () => ({}),
      'ec2.describeSecurityGroups': () => ({}),
      'ec2.describeSubnets': () => ({
        Subnets: [
          { SubnetId: 'subnet-1', VpcId: 'vpc-1' },
          { SubnetId: 'subnet-2', VpcId: 'vpc-2' },
          { SubnetId: 'subnet-3', VpcId: 'vpc-1', ...tagged('shared') },
        ],
      }),
      'ec2.describeNatGateways': () => ({
        NatGateways: [
          { ...nat, NatGatewayId: 'nat-1', NatGatewayAddresses: [{ AllocationId: 'eipalloc-1' }] },
        ],
      }),
      'ec2.describeAddresses': () => ({
        Addresses: [{ AllocationId: 'eipalloc-1' }, { AllocationId: 'eipalloc-2' }],
      }),
    };
    const { resources } = await engineOn(account).source();
    expect(resources.map(({ type, values }) => [type, values['id']])).toEqual([
      ['aws_eip', 'eipalloc-1'],
      ['aws_nat_gateway', 'nat-1'],
      ['aws_subnet', 'subnet-1'],
      ['aws_vpc', 'vpc-1'],
    ]);
  });
});

describe('the password of a database', () => {
  const database = (values: Readonly<Record<string, unknown>>): Operations => ({
    'rds.describeDBClusters': () => ({
      DBClusters: [{ DBClusterIdentifier: 'items-dev', Engine: 'aurora-mysql', ...values }],
    }),
  });
  const wants = async (account: Operations, shared: string[] = [], made: string[] = []): Promise<boolean> => {
    const state = await engineOn(account).source();
    const resources = made.map((address) => ({
      address,
      type: 'aws_rds_cluster',
      identity: null,
      id: null,
      arn: null,
    }));
    return wantsDatabasePassword(state, { shared }, aRecord({ name: 'feature-x', resources }));
  };

  it('is wanted before anything is made, for nobody can read that of the source', async () => {
    expect(await wants(database({}))).toBe(true);
    expect(await wants(queues({ 'jobs-dev': {} }))).toBe(false);
  });

  it('is not wanted where RDS makes it, of what is shared or not copied, and a second time', async () => {
    expect(await wants(database({ MasterUserSecret: { SecretArn: 'arn:secret' } }))).toBe(false);
    expect(await wants(database({ ReplicationSourceIdentifier: 'other' }))).toBe(false);
    expect(await wants(database({}), ['aws_rds_cluster'])).toBe(false);
    expect(await wants(database({}), [], ['live.aws_rds_cluster.items-env'])).toBe(false);
  });
});

describe('listings that lag behind', () => {
  const noQueue = failing(awsError('QueueDoesNotExist'));
  const there = queues({ 'jobs-dev': {}, 'mail-dev': {} });
  const names = (resources: readonly StateResource[]): readonly (Json | undefined)[] =>
    resources.map(({ values }) => values['name']);

  it('do not make a source look touched: what was seen before is asked for by itself', async () => {
    let shown: readonly string[] = ['jobs-dev', 'mail-dev'];
    const account: Operations = {
      ...there,
      'sqs.listQueues': () => ({ QueueUrls: shown.map(queueUrl) }),
    };
    const engine = engineOn(account);
    const before = await engine.source();
    shown = ['jobs-dev'];
    const after = await engine.sourceAgain();
    expect(names(after.resources)).toEqual(['jobs-dev', 'mail-dev']);
    expect(after.serial).toBe(before.serial);
  });

  it('do not keep what is gone', async () => {
    let gone = false;
    const engine = engineOn({
      ...there,
      'sqs.listQueues': () => ({ QueueUrls: (gone ? [] : ['jobs-dev']).map(queueUrl) }),
      'sqs.getQueueAttributes': (input) => (gone ? noQueue(input) : there['sqs.getQueueAttributes']?.(input)),
    });
    await engine.source();
    gone = true;
    expect((await engine.sourceAgain()).resources).toEqual([]);
  });

  it('do not hide what the record of the source has', async () => {
    const own: RecordedResource = {
      address: 'live.aws_sqs_queue.jobs',
      type: 'aws_sqs_queue',
      identity: 'jobs-dev',
      id: queueUrl('jobs-dev'),
      arn: queueArn('jobs-dev'),
    };
    const account: Operations = { ...there, 'sqs.listQueues': () => ({ QueueUrls: [] }) };
    expect(names((await engineOn(account, { own: [own] }).source()).resources)).toEqual(['jobs-dev']);
    // Where nobody may look, it is not taken for gone.
    const [finding] = await engineOn(
      { ...account, 'sqs.getQueueAttributes': failing(awsError('AccessDeniedException')) },
      { own: [own] },
    ).findings();
    expect(finding).toMatchObject({ severity: 'error', subject: 'aws_sqs_queue jobs-dev' });
  });
});

describe('an account with many things', () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`q-${index}`, {}]));
  const account = queues({ ...many, 'jobs-dev': {}, unnamed: { STAGE: 'dev' } });

  it('is not asked for the tags of what is not the source’s', async () => {
    let asked = 0;
    const counting: Operations = {
      ...account,
      'sqs.listQueueTags': (input) => {
        asked += 1;
        return account['sqs.listQueueTags']?.(input);
      },
    };
    expect(await found(counting)).toEqual(['jobs-dev', 'unnamed']);
    expect(asked).toBeLessThan(10);
  });

  it('is asked for all tags where the tagging service does not answer: nothing is missed', async () => {
    for (const operation of ['tagging.getTagKeys', 'tagging.getResources']) {
      const denied = failing(awsError('AccessDeniedException'));
      expect(await found({ ...account, [operation]: denied })).toEqual(['jobs-dev', 'unnamed']);
    }
  });
});

describe('a source of which nothing is seen', () => {
  it('has nothing to copy where all could be read', async () => {
    await expect(engineOn({}, { mayBeEmpty: false }).source()).rejects.toMatchObject({
      code: 'state-empty',
      message: 'Nothing in the account belongs to dev: there is nothing to copy.',
    });
    expect((await engineOn({}).source()).resources).toEqual([]);
  });

  it('is not taken for empty where something could not be read', async () => {
    const denied = failing(awsError('AccessDeniedException'));
    await expect(engineOn({ 'sqs.listQueues': denied }).source()).rejects.toMatchObject({
      code: 'access-denied',
    });
  });
});

function resource(name: string): StateResource {
  return {
    address: `live.aws_sqs_queue.${name}`,
    mode: 'managed',
    type: 'aws_sqs_queue',
    name,
    modulePath: '',
    values: { id: queueUrl(name), name },
    sensitivePaths: [],
    tainted: false,
  };
}

async function create(
  account: Operations,
  dependencies: Readonly<Record<string, readonly string[]>>,
  more: Partial<CreateInput> = {},
): Promise<{ result: Awaited<ReturnType<typeof createCopies>>; journal: string[]; remembered: string[] }> {
  const journal: string[] = [];
  const remembered: string[] = [];
  const names = ['first', 'second', 'third'];
  const result = await createCopies({
    clients: fakeClients(account),
    host: fakeHost([]),
    signal: new AbortController().signal,
    sources: new Map(names.map((name) => [resource(name).address, resource(name)])),
    dependencies: new Map(
      names.map((name) => [
        resource(name).address,
        (dependencies[name] ?? []).map((need) => resource(need).address),
      ]),
    ),
    valuesFor: ({ values }) => ({ values, unresolved: [] }),
    actual: new Map(),
    findOurs: () => Promise.resolve(null),
    remember(source) {
      remembered.push(source.name);
      return Promise.resolve();
    },
    journal({ name, phase }) {
      journal.push(`${phase} ${name}`);
      return Promise.resolve();
    },
    redact: (text) => text.replaceAll('canary', '***'),
    ...more,
  });
  return { result, journal, remembered };
}

const making: Operations = {
  'sqs.getQueueUrl': failing(awsError('QueueDoesNotExist')),
  'sqs.createQueue': (input) => ({ QueueUrl: queueUrl(String(input['QueueName'])) }),
  'sqs.getQueueAttributes': () => ({ Attributes: { QueueArn: queueArn('x') } }),
};

describe('making copies', () => {
  it('begins with what others need, and journals each before and after', async () => {
    const { result, journal, remembered } = await create(making, { first: ['second'], second: ['third'] });
    expect([result.ok, result.failed]).toEqual([true, []]);
    expect(remembered).toEqual(['third', 'second', 'first']);
    expect(journal.slice(0, 2)).toEqual([
      'begin create live.aws_sqs_queue.third',
      'end create live.aws_sqs_queue.third',
    ]);
  });

  it('does not make what would silently lack a setting, because that leads to what is not there', async () => {
    const { result, journal } = await create(
      making,
      {},
      {
        valuesFor: ({ values, name }) => ({ values, unresolved: name === 'first' ? ['redrive_policy'] : [] }),
      },
    );
    expect(result.failed).toEqual([
      { address: 'live.aws_sqs_queue.first', message: expect.stringContaining('redrive_policy') as string },
    ]);
    expect(journal).not.toContain('begin create live.aws_sqs_queue.first');
    expect(result.applied).toHaveLength(2);
  });

  it('says with a failure what to do about it', async () => {
    const { result } = await create(
      making,
      {},
      { valuesFor: ({ values }) => ({ values, unresolved: ['redrive_policy'] }) },
    );
    expect(result.failed[0]?.message).toContain('it has to be copied too, or shared');
  });

  it('does not begin what needs something that failed, goes on with the rest, and tells no secret', async () => {
    const account: Operations = {
      ...making,
      'sqs.createQueue': (input) => {
        if (input['QueueName'] === 'second') throw awsError('InvalidAttributeValue', 'refused: canary');
        return { QueueUrl: queueUrl(String(input['QueueName'])) };
      },
    };
    const { result, remembered } = await create(account, { first: ['second'] });
    expect(result.ok).toBe(false);
    expect(remembered).toEqual(['third']);
    expect(result.failed.map(({ address, message }) => [address, message])).toEqual([
      ['live.aws_sqs_queue.second', expect.stringContaining('refused: ***')],
    ]);
  });

  it('takes over what an earlier run has made, and makes it no second time', async () => {
    const calls: string[] = [];
    const account: Operations = {
      ...making,
      'sqs.createQueue': (input) => {
        calls.push(String(input['QueueName']));
        return { QueueUrl: queueUrl(String(input['QueueName'])) };
      },
    };
    const { result } = await create(
      account,
      {},
      {
        findOurs: ({ name }) =>
          Promise.resolve(name === 'first' ? { id: queueUrl('first'), values: {} } : null),
      },
    );
    expect(result.ok).toBe(true);
    expect(calls.toSorted()).toEqual(['second', 'third']);
  });

  it('finishes what a killed run has left half made, and says so where it cannot', async () => {
    const group: StateResource = {
      ...resource('first'),
      type: 'aws_cloudwatch_log_group',
      values: { id: 'g', name: 'g', retention_in_days: 14 },
    };
    const resumed = (account: Operations) =>
      create(
        account,
        {},
        {
          sources: new Map([[group.address, group]]),
          findOurs: () => Promise.resolve({ id: 'g', values: { id: 'g' } }),
        },
      );
    const put: unknown[] = [];
    const done = await resumed({ 'logs.putRetentionPolicy': (input) => put.push(input) });
    expect([done.result.ok, put]).toEqual([true, [{ logGroupName: 'g', retentionInDays: 14 }]]);

    const refused = await resumed({
      'logs.putRetentionPolicy': () => {
        throw Object.assign(new Error('not you'), { name: 'AccessDeniedException' });
      },
    });
    expect(refused.result.failed[0]?.message).toContain('not you');
    expect(refused.remembered).toEqual([]);
  });

  it('begins nothing more once it is interrupted', async () => {
    const stop = new AbortController();
    stop.abort();
    const { result, remembered } = await create(making, {}, { signal: stop.signal });
    expect([result.interrupted, result.ok, remembered]).toEqual([true, false, []]);
  });
});
