import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelSet } from '../../sandbox/daily-report.ts';
import { documentSchema } from '../../src/cli/document.ts';
import type { Evidence } from '../../src/transfer/evidence.ts';
import { type ArgumentsWatch, watchArguments } from './support/arguments.ts';
import { codesOf } from './support/codes.ts';
import { createDailyReport, type DailyReport } from './support/daily-report.ts';
import { leftBehind } from './support/left-behind.ts';
import { startCli, until } from './support/running.ts';
import { startInTerminal } from './support/terminal.ts';

let daily: DailyReport;
let watch: ArgumentsWatch;
beforeAll(async () => {
  daily = await createDailyReport({ aurora: false });
  watch = watchArguments(allValues);
});
afterAll(async () => {
  await watch.stop();
  await daily.close();
});

const project = 'daily-report';
const password = { AURORA_PASSWORD: 'canary-aurora-of-the-target' };

/** Check and status of layer 4, by channel. */
const groundTruth = (evidence: readonly Evidence[]): readonly string[] =>
  evidence
    .filter(({ layer }) => layer === 4)
    .map(({ subject, check, status }) => `${subject} ${check} ${status}`);

async function webhooksOf(set: ChannelSet): Promise<{ line: unknown; telegram: unknown }> {
  const { line, telegram } = daily.world;
  const ask = async (url: string, headers: Record<string, string>): Promise<Record<string, unknown>> =>
    (await (await fetch(url, { headers })).json()) as Record<string, unknown>;
  const seen = await ask(`${line.endpoint}/v2/bot/channel/webhook/endpoint`, {
    authorization: `Bearer ${set.line.accessToken}`,
  });
  const info = await ask(`${telegram.endpoint}/bot${set.telegram.token}/getWebhookInfo`, {});
  return { line: seen['endpoint'], telegram: (info['result'] as Record<string, unknown>)['url'] };
}

/** Every secret that is in use in this file. */
function allValues(): readonly string[] {
  const { dev, spare, doppler } = daily.world;
  const values = [dev, spare].flatMap(({ secrets }) => Object.values(secrets));
  return [...values, ...Object.values(password), doppler.token];
}

async function expectNoValues(...texts: readonly string[]): Promise<void> {
  const all = [await leftBehind(daily.project), ...texts].join('\n');
  for (const value of allValues()) expect(all.includes(value)).toBe(false);
  expect(watch.exposed).toEqual([]);
}

describe('a feature environment with its own chat channels', () => {
  let devWebhooks: unknown;

  it('waits for a person to make them, and says how', async () => {
    devWebhooks = await webhooksOf(daily.world.dev);
    const { exitCode, document, stdout, stderr } = await daily.json(['feature-auth', 'from=dev', '--yes']);
    expect([exitCode, document.status, document.error?.code]).toEqual([6, 'waiting', 'needs-person']);
    expect(document.error?.message).toContain('LINE_CHANNEL_SECRET, TELEGRAM_BOT_TOKEN of feature-auth');
    expect(document.error?.hint).toContain('LINE channel: https://developers.line.biz/console/.');
    expect(document.error?.hint).toContain('Telegram bot: https://t.me/BotFather.');
    const step = document.steps.find(({ id }) => id === 'analyze-target');
    expect(step?.output).toMatchObject({
      constraints: expect.arrayContaining([
        expect.objectContaining({ constraint: 'LINE channel of its own', met: true }),
        expect.objectContaining({ constraint: 'Telegram bot of its own', met: true }),
      ]),
    });
    expect(document.record?.resources).toEqual([]);
    await expectNoValues(stdout, stderr);
  });

  it('names a token that the service does not accept, and credentials of two channels', async () => {
    const { spare, dev, doppler, line, telegram } = daily.world;
    const strange = { ...spare.secrets, ...password, LINE_CHANNEL_SECRET: dev.line.secret };
    const gone = telegram.createBot({ name: 'gone' });
    telegram.revoke(gone.token);
    doppler.set(project, 'dev_feature-auth', { ...strange, TELEGRAM_BOT_TOKEN: gone.token });
    const { exitCode, document } = await daily.json(['plan', 'feature-auth', 'from=dev']);
    expect([exitCode, document.status]).toEqual([3, 'blocked']);
    const messages = document.findings.map(({ message }) => message).join('\n');
    expect(messages).toContain('the credentials are of different LINE channels');
    expect(messages).toContain('Telegram does not accept the token');
    expect(line.inbox(spare.line.tester.id)).toEqual([]);
  });

  it('says that a service is down, and changes nothing', async () => {
    const { spare, doppler, line } = daily.world;
    // The webhook's secret is nobody's to find: it is made.
    const { TELEGRAM_WEBHOOK_SECRET: _, ...entered } = spare.secrets;
    doppler.set(project, 'dev_feature-auth', { ...entered, TELEGRAM_WEBHOOK_SECRET: '', ...password });
    line.inject({ path: '/v2/bot/info', status: 429, retryAfterSeconds: 3600, times: 2 });
    const { exitCode, document } = await daily.json(['resume', 'feature-auth', '--yes']);
    expect([exitCode, document.error?.code]).toEqual([1, 'rate-limited']);
    expect(document.error?.message).toContain('come back in 3600 s');
    expect(document.record?.resources).toEqual([]);
    line.clearFaults();
  });

  it('leaves no secret behind where it is killed', async () => {
    const running = startCli(daily, ['resume', 'feature-auth', '--yes']);
    await running.says('create aws_dynamodb_table.watchlist');
    running.signal('SIGKILL');
    const { stdout, stderr } = await running.ended;
    // Terraform ends what it has begun, and keeps its state.
    await until('terraform has given the lock of the state back', async () => {
      const list = await fetch(`${daily.world.aws.endpoint}/dr-daily-report-terraform-state?list-type=2`);
      const objects = await list.text();
      return objects.includes('feature-auth/terraform.tfstate') && !objects.includes('.tflock');
    });
    await expectNoValues(stdout, stderr);
  });

  it('stops half-way where the service refuses the webhook', async () => {
    const { line } = daily.world;
    line.inject({ path: '/v2/bot/channel/webhook/endpoint', method: 'PUT', status: 400 });
    const { exitCode, document } = await daily.json(['resume', 'feature-auth', '--yes']);
    expect([exitCode, document.status, document.error?.code]).toEqual([5, 'halfway', 'webhook-refused']);
    expect(document.error?.message).toContain('LINE refuses the webhook URL');
  });

  it('is wired, tried on both channels, and waits for the codes', async () => {
    const { spare } = daily.world;
    const { exitCode, document, stdout, stderr } = await daily.json(['resume', 'feature-auth', '--yes']);
    expect({ error: document.error, exitCode }).toEqual({ error: null, exitCode: 6 });
    expect(documentSchema.parse(document)).toBeTruthy();
    expect([document.status, document.record?.status]).toEqual(['waiting', 'waiting']);
    expect(document.evidence.filter(({ status, layer }) => layer < 4 && status !== 'pass')).toEqual([]);
    expect(groundTruth(document.evidence)).toEqual([
      'line webhook-configured pass',
      'line reply-on-own-channel pass',
      'line code-received-inbound pass',
      'line code-returned pending',
      'telegram webhook-configured pass',
      'telegram reply-on-own-channel pass',
      'telegram code-received-inbound pass',
      'telegram code-returned pending',
    ]);
    expect(document.proof).toMatchObject({ phase: 'after-apply', held: true });
    const { line_bot_function_url: line, telegram_webhook_url: telegram } = document.record?.outputs ?? {};
    expect(await webhooksOf(spare)).toEqual({ line, telegram });
    expect(await webhooksOf(daily.world.dev)).toEqual(devWebhooks);
    expect(document.record?.channels).toEqual([
      expect.objectContaining({ kind: 'line', sharedWith: null, webhookUrl: line }),
      expect.objectContaining({ kind: 'telegram', sharedWith: null, webhookUrl: telegram }),
    ]);
    await expectNoValues(stdout, stderr);
    const { line: code } = await codesOf(daily.world, spare);
    expect([await leftBehind(daily.project), stdout, stderr].join('\n')).not.toContain(code);
  });

  it('does not send another code while one is good', async () => {
    const before = await codesOf(daily.world, daily.world.spare);
    const { exitCode, document } = await daily.json(['verify', 'feature-auth', '--layer', '4']);
    expect({ error: document.error, exitCode }).toEqual({ error: null, exitCode: 6 });
    expect(new Set(document.evidence.map(({ layer }) => layer))).toEqual(new Set([4]));
    // What the other layers saw is kept.
    expect(document.record?.evidence.some(({ layer }) => layer === 1)).toBe(true);
    expect(await codesOf(daily.world, daily.world.spare)).toEqual(before);
  });

  it('fails with a wrong code, and is verified once both are back', async () => {
    const codes = await codesOf(daily.world, daily.world.spare);
    const wrong = await daily.json(['confirm', 'feature-auth', '0000-0000']);
    expect([wrong.exitCode, wrong.document.status]).toEqual([4, 'failed']);
    expect(groundTruth(wrong.document.evidence)).toContain('line code-returned fail');

    const first = await daily.json(['confirm', 'feature-auth', codes.telegram]);
    expect([first.exitCode, first.document.record?.status]).toEqual([4, 'failed']);
    expect(groundTruth(first.document.evidence)).toContain('telegram code-returned pass');
    const second = await daily.json(['confirm', 'feature-auth', codes.line.toLowerCase()]);
    expect({ error: second.document.error, exitCode: second.exitCode }).toEqual({ error: null, exitCode: 0 });
    expect([second.document.status, second.document.record?.status]).toEqual(['verified', 'verified']);

    const again = await daily.json(['confirm', 'feature-auth', codes.line]);
    expect([again.exitCode, again.document.error?.code]).toEqual([2, 'nothing-to-resume']);
  });

  it('has every line of the master checklist ticked by evidence', async () => {
    const { document, stdout, stderr } = await daily.json(['status', 'feature-auth']);
    expect(document.checklist?.filter(({ ticked }) => !ticked)).toEqual([]);
    expect(document.checklist).toHaveLength(14);
    const shown = await daily.cli(['status', 'feature-auth']);
    expect(shown.stdout).toContain('Master checklist: 14 of 14');
    await expectNoValues(stdout, stderr, shown.stdout);
  });

  it('takes its webhooks away before it goes', async () => {
    const { exitCode, document } = await daily.json(['destroy', 'feature-auth', '--yes']);
    expect({ error: document.error, exitCode }).toEqual({ error: null, exitCode: 0 });
    expect(document.evidence.filter(({ check }) => check === 'webhook-released')).toEqual([
      expect.objectContaining({
        subject: 'line',
        status: 'pending',
        observed: expect.stringContaining('LINE lets no program take a webhook URL away'),
      }),
      expect.objectContaining({ subject: 'telegram', status: 'pass' }),
    ]);
    expect((await webhooksOf(daily.world.spare)).telegram).toBe('');
    expect(await webhooksOf(daily.world.dev)).toEqual(devWebhooks);
    expect(daily.world.doppler.configs(project)).toEqual(['dev', 'prd']);
  });
});

describe('at a terminal', () => {
  it('leads a person through the channels, takes the codes, and shows no secret', async () => {
    const { doppler, line, telegram } = daily.world;
    const made = daily.world.makeChannels('typed');
    await daily.edit('provision-env.config.json', (text) =>
      text
        .replaceAll(daily.world.spare.line.tester.id, made.line.tester.id)
        .replaceAll(daily.world.spare.telegram.tester.id, made.telegram.tester.id),
    );
    const terminal = startInTerminal(daily, ['feature-typed', 'from=dev']);
    await terminal.shows('Create feature-typed from dev');
    terminal.type('y');
    await terminal.shows('Channel access token');
    // Pasted from the wrong place first: it is refused at once, and asked for again.
    terminal.type('nonsense\r');
    await terminal.shows('does not look like a channel access token');
    terminal.type(`${made.line.accessToken}\r`);
    await terminal.shows('Channel secret');
    terminal.type(`${made.line.secret}\r`);
    await terminal.shows('LINE channel of feature-typed: "Daily Report (typed)"');
    await terminal.shows('Bot token');
    terminal.type(`${made.telegram.token}\r`);
    await terminal.shows('AURORA_PASSWORD of feature-typed');
    terminal.type(`${password.AURORA_PASSWORD}\r`);
    await terminal.shows('received on line or telegram');
    const codes = await codesOf(daily.world, made);
    terminal.type(`${codes.telegram}\r`);
    // An answered question is shown once more: only what it asks tells it from the next one.
    await terminal.shows('received on line (');
    terminal.type(`${codes.line}\r`);
    expect(await terminal.ended).toBe(0);
    const { TELEGRAM_WEBHOOK_SECRET: webhookSecret, ...entered } = made.secrets;
    const stored = doppler.secrets(project, 'dev_feature-typed');
    expect(stored).toMatchObject({ ...entered, ...password });
    // Made by the tool, and not the one that the stand-in had in mind.
    expect(stored['TELEGRAM_WEBHOOK_SECRET']).toMatch(/^[\w-]{40,}$/);
    expect(stored['TELEGRAM_WEBHOOK_SECRET']).not.toBe(webhookSecret);
    const shown = terminal.shown() + (await leftBehind(daily.project));
    const secrets = [...Object.values(stored), ...Object.values(entered)].filter(({ length }) => length > 20);
    expect(secrets.filter((value) => shown.includes(value))).toEqual([]);
    expect(line.inbox(made.line.tester.id).length).toBeGreaterThan(0);
    expect(telegram.inbox(made.telegram.tester.id).length).toBeGreaterThan(0);
    const { document } = await daily.json(['status', 'feature-typed']);
    expect(document.record?.status).toBe('verified');
  });
});

/** What happened once: the credentials of dev's channel found their way into staging, and nobody got an answer. */
describe("the incident: staging with dev's LINE credentials", () => {
  const own = (): ChannelSet => daily.world.makeChannels('staging');
  // The environment above stands, and has the other one.
  const ownPassword = { AURORA_PASSWORD: 'canary-aurora-of-staging' };
  const accept = ['LINE_CHANNEL_ACCESS_TOKEN', 'LINE_CHANNEL_SECRET'].flatMap((key) => [
    '--accept',
    `credential-isolated:${key}`,
  ]);

  it('is blocked before anything is made', async () => {
    expect((await daily.json(['staging', 'from=dev', '--yes'])).exitCode).toBe(6);
    const { dev, doppler } = daily.world;
    doppler.set(project, 'staging', { ...own().secrets, ...ownPassword, ...lineOf(dev) });
    const { exitCode, document, stdout, stderr } = await daily.json(['resume', 'staging', '--yes']);
    expect([exitCode, document.status]).toEqual([3, 'blocked']);
    const errors = document.findings.filter(({ severity }) => severity === 'error');
    expect(new Set(errors.map(({ rule, subject }) => `${rule} ${subject}`))).toEqual(
      new Set(['credential-isolated LINE_CHANNEL_ACCESS_TOKEN', 'credential-isolated LINE_CHANNEL_SECRET']),
    );
    expect(errors.map(({ message }) => message).join('\n')).toContain(
      'the bot behind LINE_CHANNEL_ACCESS_TOKEN is "Daily Report (dev)"',
    );
    expect(document.record?.resources).toEqual([]);
    await expectNoValues(stdout, stderr);
  });

  it('overruled by hand, looks well on layers 1 to 3, and only layer 4 says where the replies go', async () => {
    const before = await webhooksOf(daily.world.dev);
    const { exitCode, document } = await daily.json(['resume', 'staging', '--yes', ...accept]);
    expect({ error: document.error, exitCode }).toEqual({ error: null, exitCode: 4 });
    expect([document.status, document.record?.status]).toEqual(['failed', 'failed']);
    expect(document.evidence.filter(({ status, layer }) => layer < 4 && status !== 'pass')).toEqual([]);
    const reply = document.evidence.find(
      ({ subject, check }) => subject === 'line' && check === 'reply-on-own-channel',
    );
    expect(reply).toMatchObject({
      status: 'fail',
      observed: expect.stringContaining(`dev's channel "Daily Report (dev)"`),
    });
    // Setting it would have taken dev's messages away.
    expect(await webhooksOf(daily.world.dev)).toEqual(before);
    expect(document.checklist?.find(({ line }) => line === 'New LINE channel created')).toMatchObject({
      ticked: false,
    });
  });
});

const lineOf = ({ secrets }: ChannelSet): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).filter(([key]) => key.startsWith('LINE_')));
