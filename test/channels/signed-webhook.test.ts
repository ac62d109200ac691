import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signedWebhook } from '../../src/channels/kinds/signed-webhook.ts';
import { toolsFor } from './tools.ts';

const secret = 'whsec_0123456789abcdef';
const channel = signedWebhook.connect({ WEBHOOK_SIGNING_SECRET: secret }, toolsFor(''));

describe('a signed webhook', () => {
  it('is told from others by the fingerprint of its secret', async () => {
    const identity = await channel.identify();
    expect(identity.id).toBe(`fingerprint-of-${secret.length}`);
    expect(JSON.stringify(identity)).not.toContain(secret);
  });

  it('signs time and body', async () => {
    const { headers, body } = await channel.signedEvent({ text: 'hello', userId: 'u' });
    const signature = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['webhook-signature'] ?? '');
    expect(signature?.[2]).toBe(
      createHmac('sha256', secret).update(`${signature?.[1]}.${body}`).digest('hex'),
    );
    expect(JSON.parse(body)).toMatchObject({ type: 'message', data: { text: 'hello' } });
  });

  it('says of every verb that a person has to do it', async () => {
    expect(await channel.readWebhook()).toMatchObject({ state: 'unreadable' });
    expect(await channel.setWebhook('https://example.com/hook')).toMatchObject({
      state: 'by-hand',
      what: expect.stringContaining('https://example.com/hook') as string,
    });
    expect(await channel.removeWebhook()).toMatchObject({ state: 'by-hand' });
    expect(await channel.testWebhook()).toMatchObject({ outcome: 'not-offered' });
    expect(await channel.checkSecrets()).toMatchObject({ checked: false });
    expect(await channel.observeReplies()).toBeNull();
    await expect(channel.sendMessage('u', 'x')).rejects.toMatchObject({ code: 'needs-person' });
  });
});
