/** Configs of Doppler that a broken run left: found, told apart, removed; and what is said where nobody could look. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DopplerSandbox, startDoppler } from '../../sandbox/doppler/start.ts';
import { configSchema } from '../../src/config/schema.ts';
import { findLeftConfig } from '../../src/steps/sweep-secrets.ts';
import { makeReceipt, toFound } from '../../src/sweep/receipt.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { fakeClock } from '../channels/tools.ts';
import { aRecord } from '../support/record.ts';

const branch = 'dev_feature-auth';
let doppler: DopplerSandbox;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pe-sweep-secrets-'));
  doppler = await startDoppler({
    seed: {
      reports: {
        dev: {
          secrets: { TOKEN: 'dev-token' },
          branches: { [branch]: { TOKEN: '' }, 'dev_feature-auth-2': { TOKEN: 'theirs' } },
        },
      },
    },
  });
  for (const [name, value] of Object.entries(doppler.env)) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await doppler.stop();
});

const recorded = (more: Partial<NonNullable<EnvironmentRecord['secrets']>> = {}): EnvironmentRecord =>
  aRecord({
    secrets: { provider: 'doppler', config: branch, made: true, sealed: true, fingerprints: {}, ...more },
  });

const find = (
  record: EnvironmentRecord | null,
  { environment = 'feature-auth', secrets }: { environment?: string; secrets?: object } = {},
) =>
  findLeftConfig({
    environment,
    source: 'dev',
    others: [],
    names: [],
    record,
    config: configSchema.parse({ secrets: secrets ?? { provider: 'doppler', project: 'reports' } }),
    root,
    clock: fakeClock(),
    signal: new AbortController().signal,
    aws: () => Promise.reject(new Error('nobody asks AWS')),
  });

/** As the receipt of a sweep that found nothing else. */
async function isClean(left: Awaited<ReturnType<typeof find>>): Promise<boolean> {
  const found = left.things.map((each) => toFound(each, 'found', null));
  return makeReceipt('feature-auth', 'look', left.looked, found, left.unreadable).clean;
}

describe('a config that is left', () => {
  it('is ours where the record says that we made it, and goes', async () => {
    const left = await find(recorded());
    expect(left.looked).toEqual([{ service: 'doppler', type: 'secrets-config', region: '-', seen: 1 }]);
    expect(left.things).toEqual([
      expect.objectContaining({
        verdict: 'ours',
        item: { type: 'secrets-config', id: branch, name: `the Doppler config reports/${branch}` },
      }),
    ]);
    expect(await isClean(left)).toBe(false);
    const [thing] = left.things;
    if (!thing) throw new Error('nothing was found');
    expect(await left.remove(thing)).toMatchObject({ state: 'removed' });
    // That of another feature and of the source are as they were.
    expect(doppler.configs('reports')).toEqual(['dev', 'dev_feature-auth-2']);
    expect(doppler.secrets('reports', 'dev')).toMatchObject({ TOKEN: 'dev-token' });
    // Somebody else may have been faster.
    expect(await left.remove(thing)).toMatchObject({ state: 'removed' });
    expect(await isClean(await find(recorded()))).toBe(true);
  });

  it.each([
    ['there is no record', null],
    ['the record says that it was there before us', recorded({ made: false })],
    ['the record names another config', recorded({ config: 'dev_auth' })],
    ['the record names another provider', recorded({ provider: 'dotenv' })],
  ])('is only suspected where %s', async (_why, record) => {
    const { things } = await find(record);
    expect(things.map(({ verdict, item }) => [verdict, item.id])).toEqual([['suspected', branch]]);
    expect(doppler.configs('reports')).toContain(branch);
  });

  it('is told as still there where Doppler does not take it away', async () => {
    const left = await find(recorded());
    const [thing] = left.things;
    if (!thing) throw new Error('nothing was found');
    doppler.fail({ method: 'DELETE', status: 403 });
    const failed = await left.remove(thing);
    expect(failed.state).toBe('failed');
    expect(failed.detail).not.toContain(doppler.token);
    expect(doppler.configs('reports')).toContain(branch);
    doppler.clearFaults();
    expect(await left.remove(thing)).toMatchObject({ state: 'removed' });
  });
});

describe('where nobody could look', () => {
  it.each([
    ['Doppler is down', () => doppler.fail({ status: 500 })],
    ['Doppler does not stop throttling', () => doppler.fail({ status: 429, retryAfter: '1' })],
    ['a proxy answers in its stead', () => doppler.fail({ text: '<html>Sign in</html>' })],
    ['the token is no longer good', () => doppler.revokeToken(doppler.token)],
    ['there is no token', () => vi.stubEnv('DOPPLER_TOKEN', '')],
  ])('%s: it is not clean', async (_what, spoil) => {
    spoil();
    const left = await find(recorded());
    expect(left.things).toEqual([]);
    expect(left.unreadable).toEqual([
      expect.objectContaining({ service: 'doppler', type: 'secrets-config', permission: null }),
    ]);
    expect(await isClean(left)).toBe(false);
  });
});

describe('where there is nothing to find', () => {
  it('an environment without a config is clean', async () => {
    const left = await find(null, { environment: 'feature-gone' });
    expect([left.looked, left.things]).toEqual([[expect.objectContaining({ seen: 0 })], []]);
    expect(await isClean(left)).toBe(true);
  });

  it.each(['env', 'aws-secrets-manager', 'aws-ssm'])('%s has no configs of its own', async (provider) => {
    expect(await find(recorded(), { secrets: { provider, pattern: 'reports/{env}' } })).toMatchObject({
      looked: [],
      things: [],
      unreadable: [],
    });
    expect(doppler.requests).toEqual([]);
  });

  it('a file of the environment is found as a config is', async () => {
    await writeFile(join(root, '.env.feature-auth'), 'TOKEN=x\n');
    const record = recorded({ provider: 'dotenv', config: '.env.feature-auth' });
    const left = await find(record, { secrets: { provider: 'dotenv', pattern: '.env.{env}' } });
    expect(left.things.map(({ verdict }) => verdict)).toEqual(['ours']);
    const [thing] = left.things;
    if (!thing) throw new Error('nothing was found');
    expect(await left.remove(thing)).toMatchObject({ state: 'removed' });
    expect((await find(record, { secrets: { provider: 'dotenv', pattern: '.env.{env}' } })).things).toEqual(
      [],
    );
  });
});
