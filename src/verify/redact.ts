/**
 * Keeps secrets out of evidence. What a function answers or logs may hold anything: its own token in an error message.
 * What the run knows, and what has the look of a credential, its redactor takes out; here goes what is only likely to be
 * one, by the name before it or because it looks random.
 */
import { type Redactor, unknownMark as mask } from '../redact/redactor.ts';
import { mayBeSecret } from '../secrets/may-be-secret.ts';

/** ARNs and UUIDs are what people need to read, and neither is a secret. */
const harmless =
  /arn:aws[\w-]*:[\w-]*:[\w-]*:\d*:[^\s"',;)]+|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** A value under a name: in JSON, in a query, in a log line. */
const named = /([A-Za-z][\w.-]*)(\\*["']?\s*[:=]\s*\\*["']?)([^\s"',;&)}«\\]{2,})/g;

/** `Unique key: id` names no secret, and `token: EOF` none either. */
const maskNamed = (text: string): string =>
  text.replace(named, (whole: string, name: string, between: string) =>
    mayBeSecret(name) && !/^key$/i.test(name) ? `${name}${between}${mask}` : whole,
  );

export function redact(text: string, redactor: Redactor): string {
  const result = redactor.text(text);
  let shown = '';
  let last = 0;
  for (const match of result.matchAll(harmless)) {
    shown += maskByLook(result.slice(last, match.index)) + match[0];
    last = match.index + match[0].length;
  }
  return shown + maskByLook(result.slice(last));
}

/** The public half of a pair: the id of a resource elsewhere, and of use to nobody who reads evidence. */
const accessKey = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;

function maskByLook(text: string): string {
  return maskNamed(text.replace(accessKey, mask)).replace(/[\w+/=-]{20,}/g, (run) =>
    looksRandom(run) ? mask : run,
  );
}

/** Long runs that mix digits with both cases, or are hexadecimal through and through. */
function looksRandom(run: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(run)) return true;
  return /\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run);
}

/** One short line for evidence. */
export function shortened(text: string, redactor: Redactor, length = 120): string {
  const line = redact(text, redactor).replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
