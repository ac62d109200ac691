// Function behind the HTTP API (payload format 2.0): the Telegram webhook and the mini app's data.
import { timingSafeEqual } from 'node:crypto';

const REQUIRED = ['ENVIRONMENT', 'TELEGRAM_BOT_TOKEN', 'TELEGRAM_API_BASE', 'WATCHLIST_TABLE'];

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

  const method = event?.requestContext?.http?.method;
  // An invocation that came through no API is somebody asking whether the function is well.
  const route = method ? `${method} ${event.rawPath}` : 'GET /health';
  switch (route) {
    case 'GET /health':
      log('INFO', 'health check', { source: event?.source ?? 'api' });
      return answer(200, { ok: true, function: 'telegram-api', environment: process.env.ENVIRONMENT });
    case 'GET /watchlist':
      log('INFO', 'watchlist read', { table: process.env.WATCHLIST_TABLE });
      return answer(200, { environment: process.env.ENVIRONMENT, tickers: ['PTT', 'CPALL', 'AOT'] });
    case 'POST /telegram/webhook':
      return webhook(event);
    default:
      log('INFO', 'no such route', { route });
      return answer(404, { ok: false, reason: `no such route: ${route}` });
  }
}

async function webhook(event) {
  if (!trusted(event.headers?.['x-telegram-bot-api-secret-token'])) {
    log('WARN', 'secret token does not match TELEGRAM_WEBHOOK_SECRET');
    return answer(401, { ok: false, reason: 'bad secret token' });
  }

  const update = parse(event);
  if (typeof update?.update_id !== 'number') {
    log('WARN', 'update is not what Telegram sends');
    return answer(400, { ok: false, reason: 'not a Telegram update' });
  }

  const { message } = update;
  if (typeof message?.text === 'string') {
    log('INFO', 'message received', { text: message.text, chat: message.chat?.id });
    await send(message.chat?.id, message.text);
  }
  return answer(200, { ok: true, update: update.update_id });
}

function trusted(token) {
  if (!process.env.TELEGRAM_WEBHOOK_SECRET) return true;
  const expected = Buffer.from(process.env.TELEGRAM_WEBHOOK_SECRET);
  const given = Buffer.from(token ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parse(event) {
  try {
    return JSON.parse(
      Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString('utf8'),
    );
  } catch {
    return undefined;
  }
}

// Anything but a 200 makes Telegram send the update again and again, so a refused answer is only a warning.
// The token is part of the URL: whatever fetch says about that URL must stay out of the logs.
async function send(chatId, text) {
  try {
    const url = `${process.env.TELEGRAM_API_BASE}/bot${process.env.TELEGRAM_BOT_TOKEN}/sendMessage`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: chatId, text: `Daily report (${process.env.ENVIRONMENT}): ${text}` }),
      signal: AbortSignal.timeout(5000),
    });
    if (response.ok) log('INFO', 'answer sent', { status: response.status });
    else log('WARN', 'answer not accepted', { status: response.status });
  } catch (cause) {
    log('WARN', 'answer not sent', { reason: cause.cause?.code ?? cause.name });
  }
}
