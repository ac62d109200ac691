import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inboxText, readInbox } from '../../sandbox/inbox/read.ts';
import { type LineStandIn, startLine } from '../../sandbox/line/start.ts';
import { startHook, type Hook } from '../channels/hook.ts';

let line: LineStandIn;
let hook: Hook;

beforeEach(async () => {
  hook = await startHook();
  line = await startLine({
    now: () => Date.parse('2026-11-23T10:00:00Z'),
    seed: { channels: [{ name: '<b>Daily & dev</b>', endpoint: hook.url }], users: [{ name: 'Mali' }] },
  });
});
afterEach(async () => {
  await line.stop();
  await hook.stop();
});

const mali = (): string => line.users[0]?.id ?? '';

describe('the inbox of a test user', () => {
  it('is a page of its own, in which nothing of a message is markup', async () => {
    await line.say(mali(), line.channels[0]?.channelId ?? '', '<script>alert(1)</script>');
    const page = await (await fetch(`${line.endpoint}/sandbox/inbox/${mali()}`)).text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;Daily &amp; dev&lt;/b&gt;');
    expect(page).not.toMatch(/<script|https?:\/\//);
    expect(await (await fetch(`${line.endpoint}/sandbox/inbox`)).text()).toContain('Mali');
  });

  it('is JSON and text as well', async () => {
    expect(inboxText(await readInbox(line.endpoint, mali()))).toBe('No messages.\n');
    await line.say(mali(), line.channels[0]?.channelId ?? '', 'hello');
    const messages = await readInbox(line.endpoint, mali());
    expect(messages).toMatchObject([{ from: 'user', text: 'hello' }]);
    expect(inboxText(messages)).toBe('2026-11-23T10:00:00.000Z  to <b>Daily & dev</b>: hello\n');
  });

  it('lets the user write', async () => {
    const url = `${line.endpoint}/sandbox/inbox/${mali()}/write`;
    expect(await (await fetch(url)).text()).toContain('<select name="bot">');
    const bot = line.channels[0]?.botUserId ?? '';
    const sent = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ bot, text: 'from the page' }),
      redirect: 'manual',
    });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/sandbox/inbox/${mali()}`]);
    expect(hook.event(0).message.text).toBe('from the page');
  });

  it('takes faults and messages over HTTP, and says what it cannot read', async () => {
    const post = (path: string, body: unknown) =>
      fetch(`${line.endpoint}/sandbox${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const bot = line.channels[0]?.botUserId ?? '';
    expect(await (await post(`/users/${mali()}/messages`, { bot, text: 'hi' })).json()).toEqual({
      status: 200,
    });
    expect((await post('/faults', { path: '/v2/bot/info', status: 500 })).status).toBe(200);
    expect((await fetch(`${line.endpoint}/v2/bot/info`)).status).toBe(500);
    expect((await post('/faults', { path: 7 })).status).toBe(400);
    expect((await fetch(`${line.endpoint}/sandbox/conversations/none/replies`)).status).toBe(404);
  });
});
