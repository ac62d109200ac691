/** An environment that no Terraform manages: the example as it stands in the account, with neither its configuration nor its state. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Lambda } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelSet } from '../../sandbox/daily-report.ts';
import { documentSchema } from '../../src/cli/document.ts';
import type { Evidence } from '../../src/transfer/evidence.ts';
import { codesOf } from './support/codes.ts';
import { createDailyReport, type DailyReport } from './support/daily-report.ts';
import { startCli } from './support/running.ts';
import { commandsIn, type World } from './support/world.ts';

interface Bare extends Pick<World, 'json' | 'cli'> {
  readonly project: string;
  readonly env: Record<string, string>;
}

/** As under `doppler run`: the target's secrets stand in the environment of the command. */
function commands(project: string, given: Readonly<Record<string, string>>): Bare {
  const env = { ...daily.env, ...given };
  return { project, env, ...commandsIn(project, env) };
}

let daily: DailyReport;
/** All functions of the account, with the hash of their code and settings. */
let before: readonly string[];
let killed: ChannelSet;
let secrets: Readonly<Record<string, string>>;
let bare: Bare;

beforeAll(async () => {
  daily = await createDailyReport({ aurora: false });
  const project = join(dirname(daily.project), 'bare');
  await mkdir(project);
  const { spare, doppler } = daily.world;
  killed = daily.world.makeChannels('killed');
  await writeFile(
    join(project, 'provision-env.config.json'),
    JSON.stringify({
      engine: 'direct',
      verify: { functions: { '*-report-worker-*': { event: { source: 'provision-env', check: 'health' } } } },
      channels: {
        line: { tester: { '*': spare.line.tester.id, 'feature-killed': killed.line.tester.id } },
        telegram: {
          tester: { '*': spare.telegram.tester.id, 'feature-killed': killed.telegram.tester.id },
          webhookPath: '/telegram/webhook',
        },
      },
    }),
  );
  secrets = {
    ...spare.secrets,
    OPENROUTER_API_KEY: doppler.secrets('daily-report', 'dev')['OPENROUTER_API_KEY'] ?? '',
  };
  before = await functionsThere();
  bare = commands(project, secrets);
});
afterAll(() => daily.close());

async function functionsThere(): Promise<readonly string[]> {
  const client = new Lambda({
    region: 'ap-southeast-1',
    endpoint: daily.world.aws.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const { Functions = [] } = await client.listFunctions({});
  client.destroy();
  return Functions.map(({ FunctionName, CodeSha256, LastModified }) =>
    [FunctionName, CodeSha256, LastModified].join(' '),
  ).toSorted();
}

/** What did not pass; or only what is of one status. */
const byLayer = (
  evidence: readonly Evidence[],
  layer: number,
  only?: Evidence['status'],
): readonly string[] =>
  evidence
    .filter(
      (item) => item.layer === layer && (only === undefined ? item.status !== 'pass' : item.status === only),
    )
    .map(({ check, subject, status, observed }) => `${check} ${subject} ${status}: ${observed}`);

describe('an environment that no Terraform manages', () => {
  it('is planned and proved from what is live, and nothing is changed', async () => {
    const { exitCode, document, stderr } = await bare.json(['plan', 'feature-copy', 'from=dev']);
    expect(document.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect({ exitCode, error: document.error, stderr: exitCode === 0 ? '' : stderr }).toEqual({
      exitCode: 0,
      error: null,
      stderr: '',
    });
    expect(documentSchema.parse(document)).toBeTruthy();
    expect(document.proof?.held).toBe(true);
    const cloned = document.mapping.filter(({ action }) => action === 'clone').map(({ type }) => type);
    for (const type of [
      'aws_lambda_function',
      'aws_lambda_function_url',
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_dynamodb_table',
      'aws_sqs_queue',
      'aws_lambda_event_source_mapping',
      'aws_sfn_state_machine',
      'aws_scheduler_schedule',
      'aws_apigatewayv2_api',
      'aws_cloudwatch_log_group',
    ])
      expect(cloned).toContain(type);
  });

  it('is copied, rewired and verified up to the tester', async () => {
    const { exitCode, document, stderr } = await bare.json(['feature-copy', 'from=dev', '--yes']);
    const rewired = document.steps.find(({ id }) => id === 'rewire')?.output as { failed: unknown };
    expect(rewired.failed).toEqual([]);
    expect(document.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect([1, 2, 3, 4].flatMap((layer) => byLayer(document.evidence, layer, 'fail'))).toEqual([]);
    expect({ exitCode, error: document.error, stderr: exitCode === 6 ? '' : stderr }).toEqual({
      exitCode: 6,
      error: null,
      stderr: '',
    });
    expect([1, 2, 3].flatMap((layer) => byLayer(document.evidence, layer))).toEqual([]);
    expect(document.proof).toMatchObject({ phase: 'after-apply', held: true });
    expect(document.record).toMatchObject({ engine: 'direct', status: 'waiting' });
    const codes = await codesOf(daily.world, daily.world.spare);
    for (const code of [codes.line, codes.telegram]) await bare.json(['confirm', 'feature-copy', code]);
    expect((await bare.json(['status', 'feature-copy'])).document.record?.status).toBe('verified');
  });

  it('is not made twice', async () => {
    const { document } = await bare.json(['plan', 'feature-copy', 'from=dev']);
    const rewired = document.steps.find(({ id }) => id === 'rewire')?.output as { plan: { create: number } };
    expect(rewired.plan.create).toBe(0);
  });

  it('differs from its source in nothing but names', async () => {
    const { exitCode, document } = await bare.json(['diff', 'dev', 'feature-copy']);
    expect([document.error, document.diff?.differences, exitCode]).toEqual([null, [], 0]);
  });

  it('goes on where it was killed, and makes nothing twice', async () => {
    const other = commands(bare.project, { ...secrets, ...killed.secrets });
    const running = startCli(other, ['feature-killed', 'from=dev', '--yes']);
    await running.says('create live.aws_sqs_queue');
    running.signal('SIGKILL');
    await running.ended;
    const { exitCode, document } = await other.json(['resume', 'feature-killed', '--yes']);
    const again = document.steps.find(({ id }) => id === 'rewire')?.output as { failed: unknown };
    expect(again.failed).toEqual([]);
    expect([1, 2, 3, 4].flatMap((layer) => byLayer(document.evidence, layer, 'fail'))).toEqual([]);
    expect([exitCode, document.error]).toEqual([6, null]);
    const gone = await other.json(['destroy', 'feature-killed', '--yes']);
    expect([gone.exitCode, gone.document.status]).toEqual([0, 'destroyed']);
    expect(gone.document['sweep' as keyof typeof gone.document]).toMatchObject({ left: [], suspected: [] });
  });

  it('goes away again, and the source stays', async () => {
    const { exitCode, document } = await bare.json(['destroy', 'feature-copy', '--yes']);
    expect([exitCode, document.status]).toEqual([0, 'destroyed']);
    expect(document.evidence.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(await functionsThere()).toEqual(before);
  });
});
