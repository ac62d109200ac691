import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LineStandIn, startLine } from '../../sandbox/line/start.ts';
import { startTelegram } from '../../sandbox/telegram/start.ts';
import { guide } from '../../src/channels/guide.ts';
import type { ChannelHolder } from '../../src/channels/isolation.ts';
import { line as kind } from '../../src/channels/kinds/line.ts';
import { telegram } from '../../src/channels/kinds/telegram.ts';
import { ProvisionError } from '../../src/transfer/errors.ts';
import type { Host } from '../../src/transfer/host.ts';
import { fakeHost, notesOf, toolsFor } from './tools.ts';

let line: LineStandIn;
beforeEach(async () => {
  line = await startLine({ seed: { channels: [{ name: 'Daily dev' }, { name: 'Daily staging' }] } });
});
afterEach(() => line.stop());

const request = { kind, environment: 'staging', others: [] as ChannelHolder[] };

const secretsOf = (index: number): [string, string] => {
  const { accessToken = '', secret = '' } = line.channels[index] ?? {};
  return [accessToken, secret];
};

const devBot = (): ChannelHolder => ({
  environment: 'dev',
  kind: 'line',
  title: 'LINE channel',
  key: 'LINE_CHANNEL_ACCESS_TOKEN',
  identity: { id: line.channels[0]?.botUserId ?? '', name: 'Daily dev', handle: null },
});

describe('guide', () => {
  it('shows the way, asks, checks at the service and hands the values over', async () => {
    const [token, secret] = secretsOf(1);
    const host = fakeHost([` ${token}\n`, secret]);
    const guided = await guide(request, host, toolsFor(line.endpoint));
    expect(guided.secrets).toEqual({ LINE_CHANNEL_ACCESS_TOKEN: token, LINE_CHANNEL_SECRET: secret });
    expect(guided.identity.name).toBe('Daily staging');
    const notes = notesOf(host.events);
    expect(notes[0]).toContain('https://developers.line.biz/console/');
    expect(notes.join('\n')).toContain('1. Create a LINE Official Account for staging');
    expect(notes.at(-1)).toContain('LINE channel of staging: "Daily staging"');
    expect(host.asked.map(({ kind: asked, id }) => [asked, id])).toEqual([
      ['secret', 'channel-line-LINE_CHANNEL_ACCESS_TOKEN'],
      ['secret', 'channel-line-LINE_CHANNEL_SECRET'],
    ]);
    expect(JSON.stringify([host.events, host.asked])).not.toContain(secret);
  });

  it('asks again for what cannot be right', async () => {
    const [token, secret] = secretsOf(1);
    const host = fakeHost(['', 'short', token, secret]);
    await guide(request, host, toolsFor(line.endpoint));
    expect(notesOf(host.events).filter((text) => text.startsWith('LINE_CHANNEL'))).toHaveLength(2);
    await expect(guide(request, fakeHost(['', '', '']), toolsFor(line.endpoint))).rejects.toMatchObject({
      code: 'needs-person',
      exitCode: 6,
    });
  });

  it("asks again for another environment's channel, and for halves of two", async () => {
    const [dev, staging] = [secretsOf(0), secretsOf(1)];
    const host = fakeHost([...dev, staging[0], dev[1], ...staging]);
    await guide({ ...request, others: [devBot()] }, host, toolsFor(line.endpoint));
    const warnings = host.events.flatMap((event) =>
      event.type === 'note' && event.level === 'warning' ? [event.text] : [],
    );
    expect(warnings[0]).toContain('staging would use the LINE channel of dev');
    expect(warnings[1]).toContain('are of different LINE channels');
  });

  it('gives up after three channels that are wrong', async () => {
    const dev = secretsOf(0);
    const host = fakeHost([...dev, ...dev, ...dev]);
    const work = guide({ ...request, others: [devBot()] }, host, toolsFor(line.endpoint));
    await expect(work).rejects.toMatchObject({ code: 'blocked' });
  });

  it('does not ask for what is there, and makes what nobody looks up', async () => {
    const [token, secret] = secretsOf(1);
    const have = { LINE_CHANNEL_ACCESS_TOKEN: token };
    const host = fakeHost([secret]);
    await guide({ ...request, have }, host, toolsFor(line.endpoint));
    expect(host.asked).toHaveLength(1);

    const service = await startTelegram({ seed: { bots: [{ name: 'Daily staging' }] } });
    const botHost = fakeHost([service.bots[0]?.token ?? '']);
    const { secrets } = await guide({ ...request, kind: telegram }, botHost, toolsFor(service.endpoint));
    expect(secrets['TELEGRAM_WEBHOOK_SECRET']).toMatch(/^[\w-]{43}$/);
    await service.stop();
  });

  it('passes on that nobody is there to answer', async () => {
    const host = fakeHost([]);
    const nobody: Host = {
      notify: (event) => host.notify(event),
      ask: (): Promise<never> => Promise.reject(new ProvisionError('needs-person', 'nobody is there')),
    };
    await expect(guide(request, nobody, toolsFor(line.endpoint))).rejects.toMatchObject({ exitCode: 6 });
    expect(notesOf(host.events).length).toBeGreaterThan(3);
  });

  it('does not ask again while the service is down', async () => {
    line.inject({ path: '*', status: 500, times: 20 });
    const host = fakeHost(secretsOf(1));
    await expect(guide(request, host, toolsFor(line.endpoint))).rejects.toMatchObject({
      code: 'service-unavailable',
    });
  });
});
