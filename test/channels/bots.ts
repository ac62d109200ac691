/** A function that answers messages, as the examples do: checks the signature, logs, replies with the token it has. */
import { createHmac } from 'node:crypto';
import type { HookRequest } from './hook.ts';

export interface BotSettings {
  readonly apiBase: string;
  token: string;
  secret: string;
  readonly log: string[];
}

interface LineBody {
  readonly events: readonly { readonly replyToken: string; readonly message: { readonly text: string } }[];
}

/** Answers the status that the function would. */
export async function lineFunction(request: HookRequest, settings: BotSettings): Promise<number> {
  const expected = createHmac('sha256', settings.secret).update(request.body).digest('base64');
  if (request.headers['x-line-signature'] !== expected) return 401;
  const { events } = JSON.parse(request.body) as LineBody;
  for (const { replyToken, message } of events) {
    settings.log.push(`message received ${message.text}`);
    // A refused reply is only a warning: that is why layers 1 to 3 see nothing.
    await fetch(`${settings.apiBase}/v2/bot/message/reply`, {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        replyToken,
        messages: [{ type: 'text', text: `Daily report: ${message.text}` }],
      }),
    });
  }
  return 200;
}

interface Update {
  readonly message?: { readonly text: string; readonly chat: { readonly id: number } };
}

export async function telegramFunction(request: HookRequest, settings: BotSettings): Promise<number> {
  if (request.headers['x-telegram-bot-api-secret-token'] !== settings.secret) return 401;
  const { message } = JSON.parse(request.body) as Update;
  if (message === undefined) return 200;
  settings.log.push(`message received ${message.text}`);
  await fetch(`${settings.apiBase}/bot${settings.token}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: message.chat.id, text: `Daily report: ${message.text}` }),
  });
  return 200;
}
