import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LineStandIn, startLine } from '../../sandbox/line/start.ts';
import { startTelegram, type TelegramStandIn } from '../../sandbox/telegram/start.ts';
import type { Channel } from '../../src/channels/channel.ts';
import { confirmCode } from '../../src/channels/confirm.ts';
import { line as lineKind } from '../../src/channels/kinds/line.ts';
import { telegram as telegramKind } from '../../src/channels/kinds/telegram.ts';
import type { Evidence } from '../../src/transfer/evidence.ts';
import { type GroundTruthSubject, judgeReply, verifyGroundTruth } from '../../src/verify/ground-truth.ts';
import { type BotSettings, lineFunction, telegramFunction } from './bots.ts';
import { type Hook, startHook } from './hook.ts';
import { fakeClock, toolsFor } from './tools.ts';

let line: LineStandIn;
let telegram: TelegramStandIn;
let hook: Hook;
let settings: BotSettings;

beforeEach(async () => {
  hook = await startHook();
  line = await startLine({
    seed: { channels: [{ name: 'Daily dev' }, { name: 'Daily staging' }], users: [{ name: 'Mali' }] },
  });
  telegram = await startTelegram({
    seed: { bots: [{ name: 'Daily dev' }, { name: 'Daily staging' }], users: [{ name: 'Mali' }] },
  });
});
afterEach(async () => {
  await Promise.all([line.stop(), telegram.stop(), hook.stop()]);
});

function lineChannel(index: number, token = line.channels[index]?.accessToken ?? ''): Channel {
  return lineKind.connect(
    { LINE_CHANNEL_ACCESS_TOKEN: token, LINE_CHANNEL_SECRET: line.channels[index]?.secret ?? '' },
    toolsFor(line.endpoint),
  );
}

function telegramChannel(index: number): Channel {
  return telegramKind.connect(
    { TELEGRAM_BOT_TOKEN: telegram.bots[index]?.token ?? '', TELEGRAM_WEBHOOK_SECRET: 'hook-secret' },
    toolsFor(telegram.endpoint),
  );
}

const context = () => ({
  clock: fakeClock(),
  fetch: globalThis.fetch,
  notify: () => undefined,
  limitMs: 2000,
  codeTtlMs: 600_000,
});

const found = (text: string) => settings.log.some((entry) => entry.includes(text));

/** Staging on LINE, right in every respect. */
async function lineSubject(over: Partial<GroundTruthSubject> = {}): Promise<GroundTruthSubject> {
  const { accessToken = '', secret = '' } = line.channels[1] ?? {};
  settings = { apiBase: line.endpoint, token: accessToken, secret, log: [] };
  hook.onRequest = async (request) => {
    hook.status = await lineFunction(request, settings);
  };
  const channel = lineChannel(1);
  await channel.setWebhook(hook.url);
  return {
    subject: 'line',
    environment: 'staging',
    service: 'LINE',
    channel,
    webhookUrl: hook.url,
    tester: line.users[0]?.id ?? '',
    others: [{ environment: 'dev', identity: await lineChannel(0).identify() }],
    logs: (text) =>
      Promise.resolve({ state: found(text) ? 'found' : 'absent', where: '/aws/lambda/line-bot' }),
    held: [{ where: 'aws_lambda_function.line_bot', channel }],
    ...over,
  };
}

const byCheck = (evidence: readonly Evidence[]) =>
  Object.fromEntries(evidence.map(({ check, status, observed }) => [check, [status, observed]]));

function codeIn(texts: readonly string[]): string {
  return /confirm \S+ (\S+)$/.exec(texts.at(-1) ?? '')?.[1] ?? '';
}

describe('layer 4 on LINE', () => {
  it('passes where everything is right, but for the code that a person returns', async () => {
    const { evidence, challenges } = await verifyGroundTruth(context(), [await lineSubject()]);
    expect(evidence.map(({ check, status }) => [check, status])).toEqual([
      ['webhook-configured', 'pass'],
      ['reply-on-own-channel', 'pass'],
      ['code-received-inbound', 'pass'],
      ['code-returned', 'pending'],
    ]);
    expect(byCheck(evidence)['reply-on-own-channel']?.[1]).toContain('"Daily staging"');
    const inbox = line.inbox(line.users[0]?.id ?? '').map(({ text }) => text);
    expect(inbox[0]).toMatch(/^Daily report: provision-env [0-9a-f]{12}$/);
    const code = codeIn(inbox);
    expect(JSON.stringify([evidence, challenges])).not.toContain(code);
    const confirmed = confirmCode({ evidence, challenges }, code, new Date('2026-11-23T10:01:00Z'));
    expect(confirmed.verdict).toBe('accepted');
    expect(confirmed.evidence.every(({ status }) => status === 'pass')).toBe(true);
  });

  it("says that the reply went to dev's channel", async () => {
    const subject = await lineSubject({ held: [] });
    settings.token = line.channels[0]?.accessToken ?? '';
    const { evidence } = await verifyGroundTruth(context(), [subject]);
    const [status, observed] = byCheck(evidence)['reply-on-own-channel'] ?? [];
    expect(hook.status).toBe(200);
    expect(status).toBe('fail');
    expect(observed).toMatch(
      /^the reply went to dev's channel "Daily dev" \(@[0-9a-f]{8}\), where LINE refused it: Invalid reply token; nobody received it on "Daily staging"/,
    );
  });

  it("fails where secrets and function alike are dev's", async () => {
    const dev = lineChannel(0);
    const { accessToken = '', secret = '' } = line.channels[0] ?? {};
    const subject = await lineSubject({ held: [] });
    Object.assign(settings, { token: accessToken, secret });
    await dev.setWebhook('http://127.0.0.1:9/dev');
    const { evidence } = await verifyGroundTruth(context(), [{ ...subject, channel: dev }]);
    expect(byCheck(evidence)['webhook-configured']?.[1]).toContain('the webhook is http://127.0.0.1:9/dev');
    expect(byCheck(evidence)['reply-on-own-channel']).toEqual([
      'fail',
      expect.stringMatching(
        /^the reply went to dev's channel "Daily dev" .*: this environment has the credentials of dev$/,
      ) as string,
    ]);
  });

  it('names a function with another secret, one that does not reply, and a token that nobody knows', async () => {
    const subject = await lineSubject({ held: [] });
    settings.secret = line.channels[0]?.secret ?? '';
    const other = byCheck((await verifyGroundTruth(context(), [subject])).evidence);
    expect(other['reply-on-own-channel']?.[1]).toContain('the function holds another one');
    expect(other['webhook-configured']?.[1]).toContain('LINE cannot call');
    expect(other['code-received-inbound']?.[0]).toBe('fail');

    hook.onRequest = () => Promise.resolve();
    hook.status = 200;
    const silent = byCheck((await verifyGroundTruth(context(), [subject])).evidence);
    expect(silent['reply-on-own-channel']?.[1]).toBe('the webhook answered HTTP 200, but no reply came');

    const unknown = await lineSubject({ held: [] });
    settings.token = 'x'.repeat(40);
    const lost = byCheck((await verifyGroundTruth(context(), [unknown])).evidence);
    expect(lost['reply-on-own-channel']?.[1]).toBe('the reply was sent with a token that LINE does not know');
  });

  it('names a webhook that is not set, not ours, switched off, or without a URL', async () => {
    const subject = await lineSubject();
    const observed = async (over: Partial<GroundTruthSubject>) =>
      byCheck((await verifyGroundTruth(context(), [{ ...subject, ...over }])).evidence)['webhook-configured'];
    expect(await observed({ channel: lineChannel(0) })).toEqual(['fail', 'LINE has no webhook set']);
    expect(await observed({ webhookUrl: `${hook.url}/other` })).toEqual([
      'fail',
      expect.stringContaining('the webhook is') as string,
    ]);
    expect((await observed({ webhookUrl: null }))?.[0]).toBe('fail');
    line.useWebhook(line.channels[1]?.channelId ?? '', false);
    expect((await observed({}))?.[1]).toContain('"Use webhook" is off');
  });

  it('takes a revoked token for evidence, not for a crash', async () => {
    const subject = await lineSubject();
    line.revoke(line.channels[1]?.accessToken ?? '');
    const { evidence } = await verifyGroundTruth(context(), [{ ...subject, channel: lineChannel(1) }]);
    expect(evidence.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail', 'fail']);
    expect(evidence[0]?.observed).toContain('LINE does not accept the token');
  });

  it('sends no second code while the first is good, and none without a tester', async () => {
    const subject = await lineSubject();
    const first = await verifyGroundTruth(context(), [subject]);
    const outstanding = first.challenges[0] ?? null;
    const before = line.inbox(subject.tester ?? '').length;
    const second = await verifyGroundTruth(context(), [{ ...subject, outstanding }]);
    expect(second.challenges).toEqual(first.challenges);
    // One more reply, and no code.
    expect(line.inbox(subject.tester ?? '')).toHaveLength(before + 1);
    const nobody = await verifyGroundTruth(context(), [{ ...subject, tester: null }]);
    expect(byCheck(nobody.evidence)['code-returned']?.[0]).toBe('pending');
    expect(nobody.challenges).toEqual([]);
  });
});

describe('layer 4 on Telegram', () => {
  async function subject(): Promise<GroundTruthSubject> {
    settings = {
      apiBase: telegram.endpoint,
      token: telegram.bots[1]?.token ?? '',
      secret: 'hook-secret',
      log: [],
    };
    hook.onRequest = async (request) => {
      hook.status = await telegramFunction(request, settings);
    };
    const channel = telegramChannel(1);
    await channel.setWebhook(hook.url);
    telegram.start(telegram.users[0]?.id ?? '', telegram.bots[1]?.id ?? '');
    return {
      subject: 'telegram',
      environment: 'staging',
      service: 'Telegram',
      channel,
      webhookUrl: hook.url,
      tester: telegram.users[0]?.id ?? '',
      others: [{ environment: 'dev', identity: await telegramChannel(0).identify() }],
      logs: (text) => Promise.resolve({ state: found(text) ? 'found' : 'absent', where: 'logs' }),
      held: [],
    };
  }

  it('passes where everything is right', async () => {
    const { evidence } = await verifyGroundTruth(context(), [await subject()]);
    expect(evidence.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pending']);
  });

  it.each([true, false])("says that the reply went to dev's bot (its chat is open: %s)", async (open) => {
    const staging = await subject();
    settings.token = telegram.bots[0]?.token ?? '';
    if (open) telegram.start(telegram.users[0]?.id ?? '', telegram.bots[0]?.id ?? '');
    const { evidence } = await verifyGroundTruth(context(), [staging]);
    const [status, observed] = byCheck(evidence)['reply-on-own-channel'] ?? [];
    expect(status).toBe('fail');
    expect(observed).toContain("the reply went to dev's channel");
    expect(observed?.includes('refused it: Bad Request: chat not found')).toBe(!open);
  });
});

describe('judgeReply, where no program sees replies', () => {
  const own = { id: 'U2', name: 'Daily staging', handle: '@staging' };
  const dev = { id: 'U1', name: 'Daily dev', handle: '@dev' };
  const seen = {
    service: 'LINE',
    hasUsers: true,
    identity: own,
    others: [{ environment: 'dev', identity: dev }],
    status: 200,
    held: [{ where: 'aws_lambda_function.line_bot', identity: own }],
    replies: null,
  };

  it('waits for a person', () => {
    expect(judgeReply(seen)).toEqual({
      status: 'pending',
      observed:
        'the webhook took the signed event, and the functions hold the token of "Daily staging" (@staging); that the answer arrives, the tester has to confirm',
    });
  });

  it("fails without a person where the function holds dev's token, or one that nobody knows", () => {
    const where = 'aws_lambda_function.line_bot';
    expect(judgeReply({ ...seen, held: [{ where, identity: dev }] })).toEqual({
      status: 'fail',
      observed: `${where} holds the token of dev's channel "Daily dev" (@dev): its replies go there`,
    });
    expect(judgeReply({ ...seen, held: [{ where, identity: null }] }).status).toBe('fail');
  });

  it.each([
    [401, 'the function holds another one'],
    [500, 'HTTP 500'],
    [null, 'did not answer'],
  ])('fails where the webhook answers %s', (status, observed) => {
    expect(judgeReply({ ...seen, status })).toEqual({
      status: 'fail',
      observed: expect.stringContaining(observed) as string,
    });
  });

  it('asks for no reply where there are no users', () => {
    expect(judgeReply({ ...seen, hasUsers: false }).status).toBe('pass');
  });
});
