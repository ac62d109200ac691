/** A sweep of what an environment leaves behind: everything of it and nothing else, whatever the weather. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { services } from '../../src/aws/registry.ts';
import type { SweepReceipt } from '../../src/sweep/receipt.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import type { EnvironmentRecord, RecordedResource } from '../../src/transfer/record.ts';
import { ACCOUNT, REGION } from '../sandbox/aws.ts';
import { aRecord } from '../support/record.ts';
import { type Call, createGate, type Gate } from './support/gate.ts';
import { type Planted, plantFunction, plantLeavings, recorded } from './support/plant.ts';
import { createWorld, type World } from './support/world.ts';
import { retireRecord, writeRecord } from '../support/store.ts';

let world: World;
let gate: Gate;
let clients: AwsClients;

beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state', apply: null });
  gate = await createGate(world.sandbox.endpoint);
  for (const [name, value] of Object.entries(world.sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await gate.close();
  await world.close();
});

beforeEach(() => {
  gate.clear();
});

const record = (name: string, resources: readonly RecordedResource[]): EnvironmentRecord =>
  aRecord({
    name,
    created: new Date(Date.now() - 60_000).toISOString(),
    updated: new Date().toISOString(),
    state: `s3://mini-state/mini/${name}/terraform.tfstate`,
    resources,
  });

const storeOf = (place: World): ReturnType<typeof createFileStore> =>
  createFileStore(join(place.project, '.provision-env'));

async function sweep(
  args: readonly string[],
  place: World = world,
  env: Record<string, string> = {},
): Promise<{ exitCode: number | undefined; receipt: SweepReceipt; status: string; stderr: string }> {
  const { exitCode, document, stderr } = await place.json(['sweep', ...args], { env });
  if (!document.sweep) throw new Error(`no receipt: ${JSON.stringify(document.error)}\n${stderr}`);
  return { exitCode, receipt: document.sweep, status: document.status, stderr };
}

const keys = (found: SweepReceipt['found']): string[] => found.map(({ type, id }) => `${type} ${id}`).sort();

/** Everything in the account that can be listed, as `type id`. */
async function account(): Promise<Set<string>> {
  const all = new Set<string>();
  for (const { whole } of services.flatMap(({ types }) => types)) {
    const outcome = await whole?.list(clients, ({ type, id }) => all.add(`${type} ${id}`));
    if (outcome?.state === 'unreadable') throw new Error(`${whole?.type}: ${outcome.reason}`);
  }
  return all;
}

/** A state with one function, in the name of which the other environment's is. */
const stateOfSource = JSON.stringify({
  version: 4,
  terraform_version: '1.11.4',
  serial: 1,
  lineage: '7b3c1d5e-0000-0000-0000-000000000000',
  outputs: {},
  resources: [
    {
      mode: 'managed',
      type: 'aws_cloudwatch_log_group',
      name: 'audit',
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [
        {
          schema_version: 0,
          attributes: {
            id: '/audit/of/feature-auth',
            name: '/audit/of/feature-auth',
            arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/audit/of/feature-auth`,
          },
        },
      ],
    },
  ],
  check_results: null,
});

describe('an environment that is gone, with leavings of every kind', () => {
  let planted: Planted;
  let other: Planted;
  let before: Set<string>;

  beforeAll(async () => {
    const logs = await clients.get('logs');
    await world.putObject('mini/dev/terraform.tfstate', stateOfSource);
    // The source's, with the name of ours in it; one of nobody known, and one that only looks alike.
    await logs.createLogGroup({ logGroupName: '/audit/of/feature-auth' });
    await logs.createLogGroup({ logGroupName: '/aws/lambda/bot-dev' });
    await logs.createLogGroup({ logGroupName: '/notes/about/feature-auth' });
    await (await clients.get('sqs')).createQueue({ QueueName: 'unrecorded-feature-auth-2' });
    other = await plantFunction(clients, 'feature-auth-2');
    await writeRecord(storeOf(world), record('feature-auth-2', other.recorded));
    before = await account();
    planted = await plantLeavings(clients, 'feature-auth');
    await retireRecord(storeOf(world), record('feature-auth', planted.recorded));
  });

  it('is looked at: all that is its, and what merely looks alike', async () => {
    const { exitCode, receipt, status } = await sweep(['feature-auth']);
    expect([exitCode, status, receipt.clean, receipt.mode]).toEqual([1, 'failed', false, 'look']);
    expect(receipt.unreadable).toEqual([]);
    // The emulator makes automated snapshots, as RDS does.
    const automated = keys(receipt.found).filter((key) => / rds:(?:db|single)-feature-auth/.test(key));
    expect(automated.length).toBeGreaterThan(0);
    expect(keys(receipt.found)).toEqual([...planted.own, ...automated].sort());
    expect(keys(receipt.suspected)).toEqual(['aws_cloudwatch_log_group /notes/about/feature-auth']);
    expect(receipt.removed).toEqual([]);
    const wholes = services.flatMap(({ types }) => types.filter(({ whole }) => whole !== null));
    expect(new Set(receipt.looked.map(({ type }) => type))).toEqual(new Set(wholes.map(({ type }) => type)));
    expect(new Set(receipt.looked.map(({ region }) => region))).toEqual(new Set(['global', REGION]));
  });

  it('asks before it removes, and refuses where there is nobody to ask', async () => {
    const { exitCode, document } = await world.json(['sweep', 'feature-auth', '--delete']);
    expect([exitCode, document.error?.code]).toEqual([6, 'needs-person']);
    const wrong = await world.json(['sweep', 'feature-auth', '--delete', '--yes', '--also', 'nothing']);
    expect([wrong.exitCode, wrong.document.error?.code]).toEqual([2, 'usage']);
    const now = await account();
    expect(planted.own.filter((key) => !now.has(key))).toEqual([]);
  });

  it('cannot be called clean where a service denies access, and names the permission', async () => {
    gate.answer(
      ({ operation }) => operation === 'ListStateMachines',
      400,
      JSON.stringify({
        __type: 'AccessDeniedException',
        message:
          'User: arn:aws:iam::1:user/x is not authorized to perform: states:ListStateMachines on resource: *',
      }),
    );
    const { exitCode, receipt } = await sweep(['feature-auth'], world, { AWS_ENDPOINT_URL: gate.endpoint });
    expect(exitCode).toBe(1);
    expect(receipt.unreadable).toEqual([
      expect.objectContaining({
        service: 'sfn',
        type: 'aws_sfn_state_machine',
        permission: 'states:ListStateMachines',
      }),
    ]);
  });

  it('is found in spite of throttling', async () => {
    throttle();
    const { receipt } = await sweep(['feature-auth'], world, { AWS_ENDPOINT_URL: gate.endpoint });
    expect(receipt.unreadable).toEqual([]);
    // The URL of a queue names the endpoint that was asked.
    const asked = planted.own.map((key) => key.replace(world.sandbox.endpoint, gate.endpoint));
    expect(
      asked.filter((key) => ![...keys(receipt.found), ...keys(receipt.suspected)].includes(key)),
    ).toEqual([]);
  });

  it('is removed by two sweeps at once; nothing else is touched', async () => {
    const copy = await world.copy();
    await writeRecord(storeOf(copy), record('feature-auth-2', other.recorded));
    await retireRecord(storeOf(copy), record('feature-auth', planted.recorded));
    const [one, two] = await Promise.all(
      [world, copy].map((place) => sweep(['feature-auth', '--delete', '--yes'], place)),
    );
    for (const result of [one, two]) {
      expect(result?.receipt.left).toEqual([]);
      expect(result?.receipt.unreadable).toEqual([]);
      // What looks alike is still there.
      expect([result?.exitCode, result?.receipt.clean]).toEqual([1, false]);
      expect(keys(result?.receipt.suspected ?? [])).toEqual([
        'aws_cloudwatch_log_group /notes/about/feature-auth',
      ]);
    }
    const after = await account();
    // A key is only ever on its way out.
    expect([...after].filter((key) => !before.has(key) && !key.startsWith('aws_kms_key'))).toEqual([]);
    expect([...before].filter((key) => !after.has(key))).toEqual([]);
  });

  it('is clean once what looks alike was named, and stays so', async () => {
    const named = await sweep(['feature-auth', '--delete', '--yes', '--also', '/notes/about/feature-auth']);
    expect([named.exitCode, named.receipt.clean, named.status]).toEqual([0, true, 'done']);
    expect(keys(named.receipt.removed)).toEqual(['aws_cloudwatch_log_group /notes/about/feature-auth']);
    const again = await sweep(['feature-auth']);
    expect([again.exitCode, again.receipt.clean]).toEqual([0, true]);
    expect(again.receipt.found.map(({ type, state }) => [type, state])).toEqual([['aws_kms_key', 'pending']]);
  });

  it('tells a person the same', async () => {
    const { stdout, exitCode } = await world.cli(['sweep', 'feature-auth']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('nothing of feature-auth is left in the account');
    expect(stdout).toContain('On its way out');
  });
});

describe('what cannot be removed', () => {
  it('is told, with what it holds back; and the rest is removed', async () => {
    const iam = await clients.get('iam');
    const planted = await plantFunction(clients, 'stuck');
    await retireRecord(storeOf(world), record('stuck', planted.recorded));
    gate.answer(
      ({ operation }) => operation.startsWith('DELETE /2015-03-31/functions/bot-stuck'),
      403,
      JSON.stringify({
        __type: 'AccessDeniedException',
        message:
          'User: arn:aws:iam::1:user/x is not authorized to perform: lambda:DeleteFunction on resource: x',
      }),
    );
    const { exitCode, receipt, status } = await sweep(['stuck', '--delete', '--yes'], world, {
      AWS_ENDPOINT_URL: gate.endpoint,
    });
    expect([exitCode, status]).toEqual([5, 'halfway']);
    const states = new Map(receipt.found.map(({ type, state, detail }) => [type, `${state}: ${detail}`]));
    expect(states.get('aws_lambda_function')).toBe(
      'failed: access denied: lambda:DeleteFunction is not allowed',
    );
    expect(states.get('aws_iam_role')).toBe('held-back: aws_lambda_function bot-stuck is still there');
    expect(states.get('aws_cloudwatch_log_group')).toContain('held-back');
    expect((await iam.getRole({ RoleName: 'role-stuck' })).Role?.RoleName).toBe('role-stuck');

    gate.clear();
    const again = await sweep(['stuck', '--delete', '--yes']);
    expect([again.exitCode, again.receipt.clean]).toEqual([0, true]);
  });
});

describe('an environment whose state is not where its record says', () => {
  it('stops the sweep of another; who accepted that is on record', async () => {
    const store = storeOf(world);
    const thing = { address: 'aws_dynamodb_table.t', type: 'aws_dynamodb_table', identity: 't', id: 't' };
    await writeRecord(store, {
      ...record('moved', [{ ...thing, arn: null }]),
      state: 's3://mini-state/elsewhere/terraform.tfstate',
    });
    const planted = await plantFunction(clients, 'asked');
    await retireRecord(store, record('asked', planted.recorded));
    const refused = await world.json(['sweep', 'asked', '--delete', '--yes']);
    expect([refused.exitCode, refused.document.error?.code]).toEqual([3, 'blocked']);
    expect(refused.document.error?.message).toContain('s3://mini-state/elsewhere/terraform.tfstate');

    const { receipt } = await sweep(['asked', '--delete', '--yes', '--accept', 'state-own:moved']);
    expect(receipt.left).toEqual([]);
    expect(receipt.removed).not.toEqual([]);
    expect((await store.readRetired('asked'))?.accepted).toMatchObject([
      { rule: 'state-own', subject: 'moved', accepted: { by: expect.any(String) as string } },
    ]);
    await rm(join(world.project, '.provision-env', 'records', 'moved.json'));
  });
});

describe('a sweep that is killed', () => {
  const crash = pathToFileURL(join(import.meta.dirname, 'support', 'crash.mjs')).href;

  it('leaves a trace of what it was about to remove; the next one says so, and ends it', async () => {
    const planted = await plantFunction(clients, 'killed');
    await retireRecord(storeOf(world), record('killed', planted.recorded));
    const removal = 'aws_lambda_function bot-killed';
    // Before the deletion, and after it.
    for (const phase of ['begin', 'end']) {
      const { exitCode } = await world.cli(['sweep', 'killed', '--delete', '--yes'], {
        env: { NODE_OPTIONS: `--import=${crash}`, CRASH_AFTER: `${removal}:${phase}` },
      });
      expect(exitCode).toBeUndefined();
      const there = (await account()).has('aws_lambda_function bot-killed');
      expect([phase, there]).toEqual([phase, phase === 'begin']);
      const rows = (await storeOf(world).readJournal('killed')).filter(({ name }) => name === removal);
      expect(rows.at(-1)).toMatchObject({ step: 'sweep', phase, output: expect.anything() as object });
      if (phase === 'end') break;
      const looked = await world.cli(['sweep', 'killed', '--delete'], {});
      expect([looked.exitCode, looked.stderr]).toEqual([
        6,
        expect.stringContaining(`cut short while it removed ${removal}`),
      ]);
    }
    const { exitCode, receipt } = await sweep(['killed', '--delete', '--yes']);
    expect([exitCode, receipt.clean]).toEqual([0, true]);
    const now = await account();
    expect(planted.own.filter((key) => now.has(key))).toEqual([]);
    expect(await storeOf(world).readJournal('killed')).toEqual([]);
  });
});

describe('what is not swept', () => {
  it.each([
    ['protected', 'dev', 'protected-environment'],
    ['protected', 'prod', 'protected-environment'],
  ])('%s: %s', async (_what, name, code) => {
    for (const args of [[name], [name, '--delete', '--yes']]) {
      const { exitCode, document } = await world.json(['sweep', ...args]);
      expect([exitCode, document.error?.code]).toEqual([2, code]);
    }
  });

  it('an environment that stands is shown, and destroyed first', async () => {
    const { exitCode, receipt } = await sweep(['feature-auth-2']);
    expect(exitCode).toBe(1);
    expect(keys(receipt.found)).toContain('aws_lambda_function bot-feature-auth-2');
    const refused = await world.json(['sweep', 'feature-auth-2', '--delete', '--yes']);
    expect([refused.exitCode, refused.document.error?.code]).toEqual([2, 'environment-stands']);
  });

  it('one that somebody made anew, with the names that ours had', async () => {
    const sqs = await clients.get('sqs');
    const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'jobs-anew' });
    await retireRecord(storeOf(world), record('anew', [recorded('aws_sqs_queue', QueueUrl)]));
    await world.putObject('mini/anew/terraform.tfstate', stateOfSource);
    const refused = await world.json(['sweep', 'anew', '--delete', '--yes']);
    expect([refused.exitCode, refused.document.error?.code]).toEqual([2, 'environment-stands']);
    expect((await sqs.listQueues({ QueueNamePrefix: 'jobs-anew' })).QueueUrls).toEqual([QueueUrl]);
    const looked = await sweep(['anew']);
    expect(looked.stderr).toContain('anew stands, and there is no record of it');
    await world.removeObject('mini/anew/terraform.tfstate');
    const { receipt } = await sweep(['anew', '--delete', '--yes']);
    expect(keys(receipt.removed)).toEqual([`aws_sqs_queue ${QueueUrl}`]);
  });

  it('without a record only what has the tag is removed', async () => {
    const sqs = await clients.get('sqs');
    await sqs.createQueue({ QueueName: 'jobs-lost', tags: { 'provision-env:environment': 'lost' } });
    const plain = await sqs.createQueue({ QueueName: 'other-lost' });
    const { exitCode, receipt } = await sweep(['lost', '--delete', '--yes']);
    expect(exitCode).toBe(1);
    expect(receipt.removed.map(({ name }) => name)).toEqual(['jobs-lost']);
    expect(receipt.suspected.map(({ name }) => name)).toEqual(['other-lost']);
    expect((await sqs.listQueues({})).QueueUrls).toContain(plain.QueueUrl);
  });
});

/** Of any ten calls, three are refused. */
function throttle(): void {
  let calls = 0;
  gate.answer(
    () => {
      calls += 1;
      return calls % 10 < 3;
    },
    400,
    throttled,
  );
}

/** A refusal in the form in which each protocol says it. */
function throttled({ operation, body }: Call): string {
  // Forms, CloudFront, and S3 with its buckets.
  const xml =
    body.includes('Action=') || /^[A-Z]+ \/(?:$|\?|2020-05-31\/|assets-|mini-state)/.test(operation);
  return xml
    ? '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'
    : JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });
}
