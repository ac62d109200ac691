// Called twice for every report: by the workflow to make it, and by the queue to deliver it.
import { createHash } from 'node:crypto';

const REQUIRED = ['ENVIRONMENT', 'LINE_CHANNEL_ACCESS_TOKEN', 'LINE_API_BASE', 'REPORT_BUCKET'];

const METHODS = { INFO: 'log', WARN: 'warn', ERROR: 'error' };
const log = (level, message, fields = {}) =>
  console[METHODS[level]](
    JSON.stringify({ level, message, environment: process.env.ENVIRONMENT, ...fields }),
  );

export async function handler(event) {
  const missing = REQUIRED.filter((key) => !process.env[key]);
  if (missing.length > 0) {
    const message = `missing environment variables: ${missing.join(', ')}`;
    log('ERROR', message, { missing });
    // The workflow and the queue take every answer for a success: only a failed invocation stops them.
    if (event?.action || event?.Records) throw new Error(message);
    return { statusCode: 500, body: JSON.stringify({ error: message }) };
  }

  if (event?.Records) return deliver(event.Records);
  if (event?.action === 'make-report') return makeReport(event);

  log('INFO', 'health check', { source: event?.source ?? 'unknown' });
  return {
    statusCode: 200,
    body: JSON.stringify({ ok: true, function: 'report-worker', environment: process.env.ENVIRONMENT }),
  };
}

function makeReport({ startedAt }) {
  const date = (startedAt ? new Date(startedAt) : new Date()).toLocaleDateString('sv-SE', {
    timeZone: process.env.REPORT_TIMEZONE || 'UTC',
  });
  const recipients = (process.env.REPORT_RECIPIENTS ?? '').split(',').filter(Boolean);
  log('INFO', 'report made', { date, recipients: recipients.length });
  return {
    date,
    recipients,
    text: `Daily report of ${date} (${process.env.ENVIRONMENT})`,
    document: `s3://${process.env.REPORT_BUCKET}/${process.env.ENVIRONMENT}/${date}.pdf`,
  };
}

// Only the messages that may succeed later go back to the queue; LINE's retry key keeps those who already have
// the report from getting it twice.
async function deliver(records) {
  const batchItemFailures = [];
  for (const { messageId, body } of records) {
    const { date, recipients = [], text } = JSON.parse(body);
    const outcomes = [];
    for (const to of recipients) outcomes.push(await push(to, text, retryKey(messageId, to)));
    const sent = outcomes.filter((outcome) => outcome === 'sent').length;
    log('INFO', 'report delivered', { date, recipients: recipients.length, sent });
    if (outcomes.includes('later')) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}

async function push(to, text, key) {
  try {
    const response = await fetch(`${process.env.LINE_API_BASE}/v2/bot/message/push`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${process.env.LINE_CHANNEL_ACCESS_TOKEN}`,
        'content-type': 'application/json',
        'x-line-retry-key': key,
      },
      body: JSON.stringify({ to, messages: [{ type: 'text', text }] }),
      signal: AbortSignal.timeout(5000),
    });
    // 409: LINE took this retry key before.
    if (response.ok || response.status === 409) return 'sent';
    log('WARN', 'push not accepted', { status: response.status });
    return response.status === 429 || response.status >= 500 ? 'later' : 'refused';
  } catch (cause) {
    log('WARN', 'push not sent', { reason: cause.cause?.code ?? cause.name });
    return 'later';
  }
}

// The same for every attempt at one message to one person, and in the form of a UUID, as LINE asks for.
function retryKey(messageId, to) {
  const hex = createHash('sha256').update(`${messageId} ${to}`).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}
