/** Webhooks that a broken run left set: found with the credentials in its config, told apart, taken away. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type DopplerSandbox, startDoppler } from '../../sandbox/doppler/start.ts';
import { startTelegram, type TelegramStandIn } from '../../sandbox/telegram/start.ts';
import { telegram as kind } from '../../src/channels/kinds/telegram.ts';
import { configSchema } from '../../src/config/schema.ts';
import { findLeftConfig } from '../../src/steps/sweep-secrets.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { fakeClock, toolsFor } from '../channels/tools.ts';
import { aRecord } from '../support/record.ts';

const branch = 'dev_feature-auth';
const [devUrl, ownUrl] = ['http://127.0.0.1:9/dev', 'http://127.0.0.1:9/own'] as const;
const secret = 'a-webhook-secret-of-32-characters';

let telegram: TelegramStandIn;
let doppler: DopplerSandbox;
let root: string;

const credentials = (index: number) => ({
  TELEGRAM_BOT_TOKEN: telegram.bots[index]?.token ?? '',
  TELEGRAM_WEBHOOK_SECRET: secret,
});
const bot = (index: number) => kind.connect(credentials(index), toolsFor(telegram.endpoint));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pe-sweep-webhooks-'));
  telegram = await startTelegram({ seed: { bots: [{ name: 'Reports dev' }, { name: 'Reports own' }] } });
  await bot(0).setWebhook(devUrl);
  await bot(1).setWebhook(ownUrl);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([doppler.stop(), telegram.stop()]);
});

async function withConfig(own: Record<string, string>): Promise<void> {
  doppler = await startDoppler({
    seed: { reports: { dev: { secrets: credentials(0), branches: { [branch]: own } } } },
  });
  for (const [name, value] of Object.entries({ ...doppler.env, ...telegram.env })) vi.stubEnv(name, value);
}

const made = (channels: EnvironmentRecord['channels'] = []): EnvironmentRecord =>
  aRecord({
    secrets: { provider: 'doppler', config: branch, made: true, sealed: true, fingerprints: {} },
    channels,
  });

const find = (record: EnvironmentRecord | null, others: readonly EnvironmentRecord[] = []) =>
  findLeftConfig({
    names: [],
    environment: 'feature-auth',
    source: 'dev',
    others,
    record,
    config: configSchema.parse({ secrets: { provider: 'doppler', project: 'reports' } }),
    root,
    clock: fakeClock(),
    signal: new AbortController().signal,
    aws: () => Promise.reject(new Error('nobody asks AWS')),
  });

const verdicts = ({ things }: Awaited<ReturnType<typeof find>>): readonly string[] =>
  things.map(({ item, verdict }) => `${item.type} ${verdict}`);

it('goes before the config that has its credentials; that of the source stays', async () => {
  await withConfig(credentials(1));
  const left = await find(made());
  expect(verdicts(left)).toEqual(['webhook derived', 'secrets-config ours']);
  expect(left.looked).toContainEqual({ service: 'telegram', type: 'webhook', region: '-', seen: 1 });
  expect(JSON.stringify(left.things)).not.toContain(telegram.bots[1]?.token ?? 'nothing');
  for (const thing of left.things) expect(await left.remove(thing)).toMatchObject({ state: 'removed' });
  expect(await bot(1).readWebhook()).toEqual({ state: 'not-set' });
  expect(await bot(0).readWebhook()).toMatchObject({ state: 'set', url: devUrl });
  expect(doppler.configs('reports')).toEqual(['dev']);
});

it('is only suspected where the config is, and in its record where that has its URL', async () => {
  await withConfig(credentials(1));
  expect(verdicts(await find(null))).toEqual(['webhook suspected', 'secrets-config suspected']);
  const channel = { kind: 'telegram', bot: null, sharedWith: null, webhookUrl: ownUrl };
  expect(verdicts(await find(made([channel])))).toEqual(['webhook ours', 'secrets-config ours']);
});

it.each([
  ["the source's credentials", 0, []],
  [
    'a bot of another environment',
    1,
    [{ kind: 'telegram', sharedWith: null, webhookUrl: null, bot: { name: 'x', handle: null } }],
  ],
] as const)("is nobody else's: %s", async (_what, index, channels) => {
  await withConfig(credentials(index));
  const others = channels.map((each) =>
    aRecord({
      name: 'feature-auth-2',
      channels: [{ ...each, bot: { ...each.bot, id: telegram.bots[1]?.id ?? '' } }],
    }),
  );
  expect(verdicts(await find(made(), others))).toEqual(['secrets-config ours']);
});

it('holds the config back where it cannot be taken away, and is unreadable where nobody could look', async () => {
  await withConfig(credentials(1));
  const left = await find(made());
  const [webhook, config] = left.things;
  if (!webhook || !config) throw new Error('not both were found');
  telegram.inject({ path: '*', status: 500, times: 100 });
  expect(await left.remove(webhook)).toMatchObject({ state: 'failed' });
  expect(await left.remove(config)).toMatchObject({ state: 'held-back' });
  expect(doppler.configs('reports')).toContain(branch);
  telegram.clearFaults();
  telegram.revoke(telegram.bots[1]?.token ?? '');
  const blind = await find(made());
  expect(verdicts(blind)).toEqual(['secrets-config ours']);
  expect(blind.unreadable).toEqual([expect.objectContaining({ service: 'telegram', type: 'webhook' })]);
});
