/** A run whose lock is gone: it stops what is under way, begins nothing further, and leaves all that is the next one's. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate, type Gate } from './support/gate.ts';
import { startCli } from './support/running.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let gate: Gate;
beforeAll(async () => {
  world = await createWorld({
    fixture: 'mini',
    bucket: 'mini-state',
    prepare: (project) =>
      writeFile(
        join(project, 'provision-env.config.json'),
        JSON.stringify({ store: 's3://mini-state/records' }),
      ),
  });
  gate = await createGate(world.sandbox.endpoint);
});
afterAll(async () => {
  await gate.close();
  await world.close();
});

const lockKey = 'records/locks/feature-lost.json';
const recordKey = 'records/records/feature-lost.json';
const env = (): Record<string, string> => ({
  AWS_ENDPOINT_URL: gate.endpoint,
  TF_VAR_api_token: 'canary-token-of-feature-lost',
});

/** As another machine would that took ours for dead. */
async function takeOver(): Promise<string> {
  const { token, ...held } = JSON.parse((await world.object(lockKey)) ?? '{}') as { token: number };
  const other = JSON.stringify({
    ...held,
    id: 'another-machine',
    token: token + 1,
    who: 'grace',
    command: 'resume',
    process: { host: 'elsewhere', pid: 7, boot: null, namespace: null, started: null },
  });
  await world.putObject(lockKey, other);
  return other;
}

describe('a run that loses its lock', () => {
  it('while terraform applies, interrupts it, and writes neither the record nor the journal any more', async () => {
    let made = false;
    const waiting = gate.hold(({ operation, body }) => {
      if (!body.includes('mini-feature-lost-notes')) return false;
      made ||= operation === 'CreateTable';
      return made && operation === 'DescribeTable';
    });
    const running = startCli(world, ['feature-lost', 'from=dev', '--yes', '--json'], env());
    await running.reaches(waiting.arrived);
    const [record, journal] = [await world.object(recordKey), await rows()];
    const theirs = await takeOver();
    await running.says('The lock of feature-lost was lost half-way');
    waiting.release();
    const { exitCode, stdout, stderr } = await running.ended;
    const document = JSON.parse(stdout) as { status: string; error: { code: string; message: string } };
    expect([exitCode, document.error.code, document.status]).toEqual([5, 'lock-lost', 'halfway']);
    expect(document.error.message).toContain(
      'grace on elsewhere (process 7) took it over, running "resume". Nothing further was begun.',
    );
    expect(stderr).toContain('provision-env resume feature-lost');
    expect(await world.object(recordKey)).toBe(record);
    expect(await rows()).toEqual(journal);
    expect(await world.object(lockKey)).toBe(theirs);

    // The other one is told apart from us, and its lease runs out as any.
    const second = await world.json(['resume', 'feature-lost', '--yes'], { env: env() });
    expect([second.exitCode, second.document.error?.code]).toEqual([1, 'transfer-locked']);
    expect(second.document.error?.message).toMatch(
      /grace on elsewhere .*by the clock of s3:\/\/mini-state\/records/,
    );
    await world.putObject(lockKey, theirs.replace('"free":false', '"free":true'));
    const resumed = await world.json(['resume', 'feature-lost', '--yes'], { env: env() });
    expect(resumed.document.error).toBeNull();
    expect([resumed.exitCode, resumed.document.status]).toEqual([0, 'verified']);
  });

  it('before it changed anything says so, and ends with 1', async () => {
    const planning = gate.hold(({ operation }) => operation === 'GetCallerIdentity');
    const running = startCli(world, ['plan', 'feature-lost', '--json'], env());
    await running.reaches(planning.arrived);
    await takeOver();
    await running.says('The lock of feature-lost was lost:');
    planning.release();
    const { exitCode, stdout } = await running.ended;
    const document = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect([exitCode, document.error.code]).toEqual([1, 'lock-lost']);
    expect(document.error.message).toContain('Nothing was changed.');
  });
});

async function rows(): Promise<readonly string[]> {
  return (await world.objects()).filter((key) => key.startsWith('records/journal/'));
}
