import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
});
afterAll(() => world.close());

const devKey = 'mini/dev/terraform.tfstate';
const crash = pathToFileURL(join(import.meta.dirname, 'support', 'crash.mjs')).href;
const killedAt = (row: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${crash}`,
  CRASH_AFTER: row,
});

async function addresses(key: string): Promise<string[]> {
  const state = JSON.parse((await world.object(key)) ?? '{"resources":[]}') as {
    resources: { mode: string; type: string; name: string }[];
  };
  return state.resources
    .filter(({ mode }) => mode === 'managed')
    .map(({ type, name }) => `${type}.${name}`)
    .sort();
}

describe('a process that is killed', () => {
  it('at every side effect in a row goes on each time, and ends where one that was never killed ends', async () => {
    const before = await world.object(devKey);
    let args = ['feature-auth', 'from=dev', '--set', 'greeting=hello there', '--ttl', '3d', '--yes'];
    for (const row of [
      // Before there is a record: what was asked for is known all the same.
      'request:begin',
      'step:end',
      'var-file:begin',
      'var-file:end',
      'backend:begin',
      'backend:end',
      'apply:begin',
      'apply:end',
    ]) {
      const killed = await world.cli(args, { env: killedAt(row) });
      expect({
        row,
        exitCode: killed.exitCode,
        stderr: killed.exitCode === undefined ? '' : killed.stderr,
      }).toEqual({ row, exitCode: undefined, stderr: '' });
      args = ['resume', 'feature-auth', '--yes'];
    }
    const { exitCode, document } = await world.json(args);
    expect(document.error).toBeNull();
    expect(exitCode).toBe(0);
    expect(document.status).toBe('verified');
    expect(document.record).toMatchObject({ source: 'dev', set: { greeting: 'hello there' } });
    expect(document.record?.expires).not.toBeNull();
    expect(await addresses('mini/feature-auth/terraform.tfstate')).toEqual(await addresses(devKey));
    expect(await world.object(devKey)).toBe(before);
  });

  it('while it destroys is gone on with by another destroy', async () => {
    const killed = await world.cli(['destroy', 'feature-auth', '--yes'], {
      env: killedAt('destroy/destroy:end'),
    });
    expect(killed.exitCode).toBeUndefined();
    const { document: between } = await world.json(['status', 'feature-auth']);
    expect(between.record?.status).toBe('destroying');
    const { exitCode, document } = await world.json(['destroy', 'feature-auth', '--yes']);
    expect(document.error).toBeNull();
    expect(exitCode).toBe(0);
    expect(await world.objects()).toEqual([devKey]);
  });
});
