// Function behind the Function URL that the LINE channel calls. Without dependencies: the zip is this file.
import { createHmac, timingSafeEqual } from 'node:crypto';

const REQUIRED = ['ENVIRONMENT', 'LINE_CHANNEL_ACCESS_TOKEN', 'LINE_CHANNEL_SECRET', 'LINE_API_BASE'];

const METHODS = { INFO: 'log', WARN: 'warn', ERROR: 'error' };
const log = (level, message, fields = {}) =>
  console[METHODS[level]](
    JSON.stringify({ level, message, environment: process.env.ENVIRONMENT, ...fields }),
  );

const answer = (statusCode, body) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export async function handler(event) {
  const missing = REQUIRED.filter((key) => !process.env[key]);
  if (missing.length > 0) {
    log('ERROR', `missing environment variables: ${missing.join(', ')}`, { missing });
    return answer(500, { error: `missing environment variables: ${missing.join(', ')}` });
  }

  if (!event?.body) {
    log('INFO', 'health check', { source: event?.source ?? 'unknown' });
    return answer(200, { ok: true, function: 'line-bot', environment: process.env.ENVIRONMENT });
  }

  const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (!signed(body, event.headers?.['x-line-signature'])) {
    log('WARN', 'signature does not match LINE_CHANNEL_SECRET');
    return answer(401, { ok: false, reason: 'bad signature' });
  }

  const webhook = parse(body);
  if (!Array.isArray(webhook?.events)) {
    log('WARN', 'webhook is not what LINE sends');
    return answer(400, { ok: false, reason: 'not a LINE webhook' });
  }

  // LINE's own "verify" button sends no events at all; that is a good webhook too.
  for (const { type, message, replyToken, source } of webhook.events) {
    if (type !== 'message' || message?.type !== 'text') continue;
    log('INFO', 'message received', { text: message.text, user: source?.userId });
    await reply(replyToken, message.text);
  }
  return answer(200, { ok: true, received: webhook.events.length });
}

function signed(body, signature) {
  const expected = createHmac('sha256', process.env.LINE_CHANNEL_SECRET).update(body).digest();
  const given = Buffer.from(signature ?? '', 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parse(body) {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

// LINE wants its 200 whatever becomes of the reply, so a refused reply is a warning and nothing more. It also
// means that a wrong token shows nowhere but on the user's phone.
async function reply(replyToken, text) {
  try {
    const response = await fetch(`${process.env.LINE_API_BASE}/v2/bot/message/reply`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${process.env.LINE_CHANNEL_ACCESS_TOKEN}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        replyToken,
        messages: [{ type: 'text', text: `Daily report (${process.env.ENVIRONMENT}): ${text}` }],
      }),
      signal: AbortSignal.timeout(5000),
    });
    if (response.ok) log('INFO', 'reply sent', { status: response.status });
    else log('WARN', 'reply not accepted', { status: response.status });
  } catch (cause) {
    log('WARN', 'reply not sent', { reason: cause.cause?.code ?? cause.name });
  }
}
