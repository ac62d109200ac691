/**
 * Any service that signs its webhook requests with a shared secret and has no bot behind it: `Webhook-Signature` in
 * the form that Stripe made common, `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hex>`. There is no service to
 * ask, so a person enters the URL, and what can be proved is that the function takes requests signed with its secret.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { ProvisionError } from '../../transfer/errors.ts';
import type { Channel, ChannelKind, ChannelSecrets, ChannelTools } from '../channel.ts';
import { scrub } from '../scrub.ts';

const secretKey = 'WEBHOOK_SIGNING_SECRET';

export const signedWebhook: ChannelKind = {
  id: 'signed-webhook',
  title: 'Signed webhook',
  service: 'the webhook service',
  secrets: [
    {
      key: secretKey,
      title: 'Signing secret',
      where: 'made here; enter it at the service beside the URL',
      problem: (value) =>
        value.length >= 16 ? null : 'it has fewer than 16 characters and could be guessed',
      generate: () => randomBytes(32).toString('base64url'),
    },
  ],
  shownBy: [secretKey],
  guide: {
    link: 'https://docs.stripe.com/webhooks#verify-events',
    steps: [
      'At the service that sends the webhooks, add an endpoint for {env}.',
      'Enter the webhook URL of {env} there, and the signing secret of {env}.',
    ],
  },
  defaultApiBase: null,
  apiBaseVariable: 'WEBHOOK_API_BASE',
  provable: 'There is no service to ask: provable is that the function takes what is signed with its secret.',
  testerIs: 'nobody: these services have no users to write to',
  connect: connectSigned,
};

function connectSigned(secrets: ChannelSecrets, tools: ChannelTools): Channel {
  const secret = secrets[secretKey] ?? '';
  const byHand = (what: string) => Promise.resolve({ state: 'by-hand', what } as const);
  return {
    kind: 'signed-webhook',
    hasUsers: false,
    // Two environments with one secret are one receiver: the fingerprint tells, and does not give it away.
    identify: () => {
      const id = tools.fingerprint(secret);
      return Promise.resolve({ id, name: `signing secret ${id.slice(0, 12)}`, handle: null });
    },
    checkSecrets: () => Promise.resolve({ checked: false, detail: 'there is one secret only' }),
    readWebhook: () =>
      Promise.resolve({
        state: 'unreadable',
        reason: 'there is no service that could be asked for its webhook',
      }),
    setWebhook: (url) =>
      byHand(`Enter ${scrub(url, [secret])} as the endpoint at the service that sends the webhooks.`),
    testWebhook: () => Promise.resolve({ outcome: 'not-offered', detail: 'there is no service to ask' }),
    removeWebhook: () => byHand('Delete the endpoint at the service that sends the webhooks.'),
    webhookFingerprint: () => Promise.resolve('unreadable'),
    signedEvent: ({ text, userId }) => {
      const seconds = Math.floor(tools.clock.now().getTime() / 1000);
      const body = JSON.stringify({
        id: `evt_${randomBytes(12).toString('hex')}`,
        type: 'message',
        created: seconds,
        data: { user: userId, text },
      });
      const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
      return Promise.resolve({
        method: 'POST',
        headers: { 'content-type': 'application/json', 'webhook-signature': `t=${seconds},v1=${signature}` },
        body,
      });
    },
    sendMessage: () =>
      Promise.reject(
        new ProvisionError('needs-person', 'A signed webhook has no users: no message can be sent over it.', {
          hint: 'Configure no tester for this channel.',
        }),
      ),
    observeReplies: () => Promise.resolve(null),
  };
}
