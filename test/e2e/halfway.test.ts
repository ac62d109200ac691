import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate, type Gate } from './support/gate.ts';
import { startCli, until } from './support/running.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let gate: Gate;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  gate = await createGate(world.sandbox.endpoint);
});
afterAll(async () => {
  await gate.close();
  await world.close();
});

const devKey = 'mini/dev/terraform.tfstate';

/** What a run for this target is given: the gate for AWS, and a token that no other environment has. */
function envOf(target: string): { AWS_ENDPOINT_URL: string; TF_VAR_api_token: string } {
  return { AWS_ENDPOINT_URL: gate.endpoint, TF_VAR_api_token: `canary-token-of-${target}` };
}

/** Nothing in the state bucket says that somebody works on a state. */
async function expectUnlocked(): Promise<void> {
  expect((await world.objects()).filter((key) => key.endsWith('.tflock'))).toEqual([]);
}

describe('an apply that fails half-way', () => {
  it('says what exists and what failed, and resume goes on once it is mended', async () => {
    const before = await world.object(devKey);
    const logs = new CloudWatchLogsClient({
      region: 'ap-southeast-1',
      endpoint: world.sandbox.endpoint,
      credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    });
    const logGroupName = '/aws/lambda/mini-feature-half-hello';

    // Somebody else makes a log group of that name after the proof and before Terraform does.
    const creation = gate.hold(({ operation }) => operation === 'CreateLogGroup');
    const running = startCli(world, ['feature-half', 'from=dev', '--yes', '--json'], envOf('feature-half'));
    await running.reaches(creation.arrived);
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    creation.release();
    const first = await running.ended;

    expect({ exitCode: first.exitCode, stderr: first.exitCode === 5 ? '' : first.stderr }).toEqual({
      exitCode: 5,
      stderr: '',
    });
    const document = JSON.parse(first.stdout) as Awaited<ReturnType<World['json']>>['document'];
    expect(document).toMatchObject({ status: 'halfway', record: { status: 'halfway' } });
    const rewire = document.steps.find(({ id }) => id === 'rewire');
    expect(rewire).toMatchObject({
      status: 'failed',
      output: {
        created: expect.arrayContaining(['aws_dynamodb_table.notes', 'aws_iam_role.function']),
        failed: [
          {
            address: 'aws_cloudwatch_log_group.function',
            message: expect.stringContaining('ResourceAlreadyExists'),
          },
        ],
      },
    });
    expect(document.steps.find(({ id }) => id === 'verify')?.status).toBe('skipped');
    const recorded = document.record?.resources.map(({ address }) => address) ?? [];
    expect(recorded).toContain('aws_dynamodb_table.notes');
    expect(recorded).not.toContain('aws_lambda_function.hello');
    const report = await world.read('.provision-env/reports/feature-half/report.md');
    expect(report).toContain('provision-env resume feature-half');
    await expectUnlocked();

    const again = await world.json(['resume', 'feature-half', '--yes'], { env: envOf('feature-half') });
    // The plan would run into it a second time: the account is asked before, and nothing is changed.
    expect([again.exitCode, again.document.status]).toEqual([3, 'blocked']);
    expect(again.document.findings).toContainEqual(
      expect.objectContaining({
        rule: 'identity-free',
        severity: 'error',
        subject: 'aws_cloudwatch_log_group.function',
        message: expect.stringContaining(`${logGroupName}, which exists already`),
      }),
    );
    expect(again.stderr).not.toContain('is a bug');

    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    logs.destroy();
    const mended = await world.json(['resume', 'feature-half', '--yes'], { env: envOf('feature-half') });
    expect(mended.document.error).toBeNull();
    expect([mended.exitCode, mended.document.status]).toEqual([0, 'verified']);
    expect(mended.document.proof).toMatchObject({ phase: 'after-apply', held: true });
    expect(mended.document.record?.created).toBe(document.record?.created);
    expect(await world.object(devKey)).toBe(before);
    await expectUnlocked();
  });
});

describe('Ctrl+C', () => {
  it('lets terraform finish what is under way, keeps the journal and says how to go on', async () => {
    const before = await world.object(devKey);
    // The table is made, and Terraform waits until it is active.
    let made = false;
    const waiting = gate.hold(({ operation, body }) => {
      if (!body.includes('mini-feature-stop-notes')) return false;
      made ||= operation === 'CreateTable';
      return made && operation === 'DescribeTable';
    });
    const running = startCli(world, ['feature-stop', 'from=dev', '--yes'], envOf('feature-stop'));
    await running.reaches(waiting.arrived);
    expect(JSON.parse((await world.read('.provision-env/records/feature-stop.json')) ?? '{}')).toMatchObject({
      status: 'applying',
    });
    running.signal('SIGINT');
    await running.says('Interrupted');
    waiting.release();
    const { exitCode, stdout, stderr } = await running.ended;
    expect({ exitCode, output: exitCode === 5 ? '' : stderr }).toEqual({ exitCode: 5, output: '' });
    expect(stderr).toContain('provision-env resume');
    expect(stdout).toContain('provision-env resume feature-stop');
    expect(`${stdout}${stderr}`).not.toContain('bug in provision-env');
    expect(await world.read('.provision-env/journal/feature-stop.jsonl')).toContain('"apply"');
    expect((await world.json(['status', 'feature-stop'])).document.record?.status).toBe('halfway');
    await expectUnlocked();

    const resumed = await world.json(['resume', 'feature-stop', '--yes'], { env: envOf('feature-stop') });
    expect(resumed.document.error).toBeNull();
    expect(resumed.document.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect([resumed.exitCode, resumed.document.status]).toEqual([0, 'verified']);
    expect(await world.object(devKey)).toBe(before);
    await expectUnlocked();
  });

  it('before anything was changed leaves nothing behind', async () => {
    const planning = gate.hold(({ operation }) => operation === 'GetCallerIdentity');
    const running = startCli(world, ['feature-early', 'from=dev', '--yes', '--json'], envOf('feature-early'));
    await running.reaches(planning.arrived);
    running.signal('SIGINT');
    await running.says('Interrupted');
    planning.release();
    const { exitCode, stdout, stderr } = await running.ended;
    expect({ exitCode, code: JSON.parse(stdout).error?.code as string, stderr }).toMatchObject({
      exitCode: 5,
      code: 'interrupted',
    });
    expect(await world.read('terraform/terraform.feature-early.tfvars')).toBeNull();
    expect((await world.objects()).filter((key) => key.includes('feature-early'))).toEqual([]);
    await expectUnlocked();
  });
});

describe('two runs at once', () => {
  it('the second is told who is at work, and the first ends well', async () => {
    const applying = gate.hold(
      ({ operation, body }) => operation === 'CreateTable' && body.includes('twice'),
    );
    const first = startCli(world, ['feature-twice', 'from=dev', '--yes', '--json'], envOf('feature-twice'));
    await first.reaches(applying.arrived);
    const second = await world.json(['feature-twice', 'from=dev', '--yes'], {
      env: envOf('feature-twice'),
    });
    expect([second.exitCode, second.document.error?.code]).toEqual([1, 'transfer-locked']);
    expect(second.document.error?.message).toContain(`process ${first.pid}`);
    expect(second.document.error?.message).toContain('"provision"');
    applying.release();
    const { exitCode, stdout } = await first.ended;
    expect([exitCode, JSON.parse(stdout).status]).toEqual([0, 'verified']);
    await until('the lock is given back', async () => {
      const generations = await readdir(join(world.project, '.provision-env/locks/feature-twice'));
      const last = String(Math.max(...generations.map(Number)));
      const left = await readdir(join(world.project, '.provision-env/locks/feature-twice', last));
      return left.every((name) => !name.startsWith('held-'));
    });
    await expectUnlocked();
  });
});
