import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ChannelSet,
  type DailyReportServices,
  dopplerProject,
  startServices,
} from '../../sandbox/daily-report.ts';
import { readInbox } from '../../sandbox/inbox/read.ts';
import { line } from '../../src/channels/kinds/line.ts';
import { telegram } from '../../src/channels/kinds/telegram.ts';
import { openProvider } from '../../src/secrets/open.ts';
import type { SecretsProvider } from '../../src/secrets/provider.ts';
import { startHook, type Hook } from '../channels/hook.ts';
import { toolsFor } from '../channels/tools.ts';
import { exampleFolder, exampleSecrets } from '../support/example.ts';

let services: DailyReportServices;
let hook: Hook;
beforeEach(async () => {
  services = await startServices();
  hook = await startHook();
});
afterEach(async () => {
  await services.close();
  await hook.stop();
});

const channelsOf = ({ secrets }: ChannelSet) => ({
  line: line.connect(secrets, toolsFor(services.line.endpoint)),
  telegram: telegram.connect(secrets, toolsFor(services.telegram.endpoint)),
});

/** As a user's project opens it: settings from doppler.yaml, everything else from the variables. */
const provider = (): Promise<SecretsProvider> =>
  openProvider(
    { provider: 'doppler' },
    {
      root: exampleFolder,
      clock: { now: () => new Date(), sleep: () => Promise.resolve() },
      aws: () => Promise.reject(new Error('AWS is not asked')),
      names: [],
      env: services.env,
    },
  );

describe.each(['dev', 'prod', 'spare'] as const)('the channels of %s', (name) => {
  it('are accepted by the official clients, token and secret of one channel', async () => {
    const set = services[name];
    const connected = channelsOf(set);
    expect(await connected.line.identify()).toEqual({
      id: set.line.botUserId,
      name: `Daily Report (${name})`,
      handle: set.line.basicId,
    });
    expect(await connected.line.checkSecrets()).toMatchObject({ checked: true });
    expect(await connected.telegram.identify()).toMatchObject({
      id: set.telegram.id,
      name: `Daily Report (${name})`,
    });
  });

  it('have the form that the services give them', () => {
    const { secrets, line: channel, telegram: bot } = services[name];
    for (const secret of [...line.secrets, ...telegram.secrets])
      expect([secret.key, secret.problem(secrets[secret.key] ?? '')]).toEqual([secret.key, null]);
    expect(channel.tester.id).toMatch(/^U[0-9a-f]{32}$/);
    expect(bot.tester.id).toMatch(/^\d+$/);
  });

  it('reach their testers, whose inboxes are pages', async () => {
    const set = services[name];
    const connected = channelsOf(set);
    await connected.line.sendMessage(set.line.tester.id, 'to LINE');
    await connected.telegram.sendMessage(set.telegram.tester.id, 'to Telegram');
    expect(await readInbox(services.line.endpoint, set.line.tester.id)).toMatchObject([{ text: 'to LINE' }]);
    expect(await (await fetch(set.line.tester.inbox)).text()).toContain('to LINE');
    expect(await (await fetch(set.telegram.tester.inbox)).text()).toContain('to Telegram');
  });
});

it('no two of the channels share anything', () => {
  const sets = [services.dev, services.prod, services.spare, services.makeChannels('another')];
  const values = sets.flatMap(({ secrets, line: channel, telegram: bot }) => [
    ...Object.values(secrets),
    channel.botUserId,
    channel.tester.id,
    bot.id,
    bot.tester.id,
  ]);
  expect(new Set(values).size).toBe(values.length);
});

describe('the Doppler project', () => {
  it('has what the example’s Terraform asks for, and no config of a target', async () => {
    const doppler = await provider();
    expect(await doppler.find('dev')).toBe('dev');
    expect(await doppler.find('prod')).toBe('prd');
    expect(await doppler.find('staging')).toBeNull();
    expect(await doppler.find('feature-auth')).toBeNull();
    const { values, unreadable } = await doppler.read('dev');
    expect(unreadable).toEqual([]);
    expect(values.keys()).toEqual(
      [...(await exampleSecrets()), 'AURORA_DATABASE', 'AURORA_PORT', 'AURORA_USER'].sort(),
    );
    for (const [key, value] of Object.entries(services.dev.secrets)) expect(values.reveal(key)).toBe(value);
    expect(await doppler.nameFor(feature)).toBe('dev_feature-auth');
    expect(await doppler.nameFor(staging)).toBe('staging');
  });

  it('shares one key of the models, and nothing else, among its environments', async () => {
    const doppler = await provider();
    const [dev, prod] = [(await doppler.read('dev')).values, (await doppler.read('prd')).values];
    expect(dev.keys().filter((key) => dev.sameValue(key, prod))).toEqual([
      'AURORA_DATABASE',
      'AURORA_PORT',
      'AURORA_USER',
      'OPENROUTER_API_KEY',
    ]);
  });

  it('can have Doppler’s default environments, empty', async () => {
    const other = await startServices({ emptyEnvironments: ['stg'] });
    expect(other.doppler.configs(dopplerProject)).toEqual(['dev', 'prd', 'stg']);
    await other.close();
  });

  it('gives Terraform its variables, the API bases among them', () => {
    expect(services.terraformVariables('dev')).toMatchObject({
      TF_VAR_line_channel_secret: services.dev.line.secret,
      TF_VAR_telegram_webhook_secret: services.dev.telegram.webhookSecret,
    });
    expect(services.env).toEqual({
      DOPPLER_API_HOST: services.doppler.url,
      DOPPLER_TOKEN: services.doppler.token,
      LINE_API_BASE: services.line.endpoint,
      TELEGRAM_API_BASE: services.telegram.endpoint,
      TF_VAR_line_api_base: services.line.endpoint,
      TF_VAR_telegram_api_base: services.telegram.endpoint,
    });
  });
});

describe('settling dev', () => {
  it('sets its webhooks and writes down where its database is', async () => {
    await services.settleDev({
      line_bot_function_url: hook.url,
      telegram_webhook_url: `${hook.url}telegram`,
      aurora_endpoint: 'dev.cluster-x.rds.amazonaws.com',
    });
    const connected = channelsOf(services.dev);
    expect(await connected.line.readWebhook()).toMatchObject({ state: 'set', url: hook.url, active: true });
    expect(await connected.telegram.readWebhook()).toMatchObject({
      state: 'set',
      url: `${hook.url}telegram`,
    });
    expect(services.doppler.secrets(dopplerProject, 'dev')['AURORA_HOST']).toBe(
      'dev.cluster-x.rds.amazonaws.com',
    );
    expect(await channelsOf(services.prod).line.readWebhook()).toEqual({ state: 'not-set' });
  });

  it('leaves out what dev does not have, and says what was refused without the token', async () => {
    await services.settleDev({ aurora_endpoint: null });
    expect(services.doppler.secrets(dopplerProject, 'dev')).not.toHaveProperty('AURORA_HOST');
    const refused = services.settleDev({ telegram_webhook_url: 'http://example.com/telegram' });
    await expect(refused).rejects.toThrow('An HTTPS URL must be provided');
    await expect(refused).rejects.not.toThrow(services.dev.telegram.token);
  });
});

it('frees its ports when it is closed, once or twice', async () => {
  await services.close();
  await services.close();
  for (const url of [services.doppler.url, services.line.endpoint, services.telegram.endpoint])
    await expect(fetch(url)).rejects.toThrow('fetch failed');
});

const source = { environment: 'dev', config: 'dev' };
const feature = { environment: 'feature-auth', standing: false, source };
const staging = { environment: 'staging', standing: true, source };
