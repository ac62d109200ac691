/**
 * Tells a URL that an environment is about to end. Signed as Standard Webhooks says (https://www.standardwebhooks.com,
 * version 1), so that a receiver in any language checks it with a ready library; `text` stands in the payload too, for
 * chat services whose incoming webhooks show that.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock } from '../transfer/host.ts';

export interface Notice {
  readonly environment: string;
  readonly source: string;
  readonly owner: string;
  /** ISO 8601, UTC. */
  readonly expires: string;
  /** In words. */
  readonly left: string;
}

export interface NoticeTools {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds for one attempt; ten seconds if absent. */
  readonly timeoutMs?: number;
}

/** Where the signing secret is looked for. It is never given as an argument and never written down. */
export const noticeSecretVariable = 'PROVISION_ENV_NOTICE_SECRET';

const attempts = 3;

/** @throws ProvisionError `credentials-missing` where there is no secret, or it is none */
function signingKey(secret: string | undefined): Buffer {
  const [, text] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret ?? '') ?? [];
  const key = Buffer.from(text ?? '', 'base64');
  // Bounds of the standard.
  if (key.length >= 24 && key.length <= 64) return key;
  throw new ProvisionError(
    'credentials-missing',
    secret ? `${noticeSecretVariable} is not a signing secret.` : `${noticeSecretVariable} is not set.`,
    { hint: 'It is `whsec_` and 24 to 64 random bytes in base64: echo "whsec_$(openssl rand -base64 32)".' },
  );
}

/**
 * Posts the notice: at most three attempts, again only where that can help (no answer, 429, 5xx). Redirects are not
 * followed: what is signed goes where it was meant to go.
 *
 * @throws ProvisionError `credentials-missing`, `network-unreachable`; neither names more of the URL than its host,
 *   because the path of a webhook often is a secret
 */
export async function sendNotice(
  url: string,
  secret: string | undefined,
  notice: Notice,
  tools: NoticeTools,
): Promise<void> {
  const key = signingKey(secret);
  const { environment, left } = notice;
  const now = tools.clock.now();
  // The id stays the same over all attempts: a receiver that got it already knows.
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const body = JSON.stringify({
    type: 'environment.ending',
    timestamp: now.toISOString(),
    text: `The environment ${environment} is destroyed at ${notice.expires} (${left}). To keep it: provision-env extend ${environment} 2d`,
    data: notice,
  });
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const host = new URL(url).host;
  for (let attempt = 1; ; attempt += 1) {
    tools.signal.throwIfAborted();
    const answer = await post(
      url,
      body,
      {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
      tools,
    );
    if (answer.ok) return;
    tools.signal.throwIfAborted();
    if (!answer.again || attempt === attempts) {
      throw new ProvisionError(
        'network-unreachable',
        `The notice could not be delivered to ${host}: ${answer.why}.`,
        {
          hint: 'Check ttl.noticeUrl. The next gc tries again.',
        },
      );
    }
    await tools.clock.sleep(1000 * 2 ** (attempt - 1), tools.signal);
  }
}

type Answer = { readonly ok: true } | { readonly ok: false; readonly again: boolean; readonly why: string };

async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { fetch, signal, timeoutMs = 10_000 }: NoticeTools,
): Promise<Answer> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const {
      ok,
      status,
      body: stream,
    } = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers,
      body,
      signal: AbortSignal.any([limit, signal]),
    });
    await stream?.cancel();
    if (ok) return { ok };
    return { ok, again: status === 429 || status >= 500, why: `it answered ${status}` };
  } catch {
    const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : 'it cannot be reached';
    return { ok: false, again: true, why };
  }
}
