/**
 * Keeps secrets out of evidence. What a function answers or logs may hold anything: its own token in an error
 * message, a connection string. Known secrets are taken out by value, unknown ones by their look.
 */
import type { StateModel, StateResource } from '../terraform/model.ts';
import { isJsonObject } from '../transfer/json.ts';

const mask = '[redacted]';

/** Shorter values are words, not secrets: taking out every `on` would leave nothing to read. */
const minimum = 6;

const secretKey = /token|secret|passw|pwd|credential|private|api_?key|auth|dsn|database_url|connection/i;

/** Values that must never be shown: what Terraform marks as sensitive, and variables with a telling name. */
export function secretsOf(state: StateModel): readonly string[] {
  const found = new Set<string>();
  for (const resource of state.resources) {
    for (const path of resource.sensitivePaths) collect(at(resource.values, path), found);
    collectEnvironment(resource, found);
  }
  // The longest first: a secret may hold another one.
  return [...found].filter((value) => value.length >= minimum).toSorted((a, b) => b.length - a.length);
}

function collectEnvironment(resource: StateResource, into: Set<string>): void {
  const variables = at(resource.values, 'environment.0.variables');
  if (!isJsonObject(variables)) return;
  for (const [key, value] of Object.entries(variables)) if (secretKey.test(key)) collect(value, into);
}

function at(value: unknown, path: string): unknown {
  let current = value;
  for (const step of path.split('.')) {
    if (Array.isArray(current)) current = (current as unknown[])[Number(step)];
    else if (isJsonObject(current)) current = current[step];
    else return undefined;
  }
  return current;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    into.add(value);
    const parsed = parse(value);
    if (parsed !== undefined) collect(parsed, into);
  } else if (Array.isArray(value)) {
    for (const each of value) collect(each, into);
  } else if (isJsonObject(value)) {
    for (const each of Object.values(value)) collect(each, into);
  }
}

/** A secret is often a JSON text with several secrets in it. */
function parse(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** ARNs and UUIDs are what people need to read, and neither is a secret. */
const harmless =
  /arn:aws[\w-]*:[\w-]*:[\w-]*:\d*:[^\s"',;)]+|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

const looks: readonly (readonly [RegExp, string])[] = [
  // user:password@ in a URL
  [/(\w+:\/\/)[^\s/:@]*:[^\s/@]+@/g, `$1${mask}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${mask}`],
  // Telegram bot tokens
  [/\b\d{6,12}:[\w-]{30,}/g, mask],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mask],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, mask],
  [/((?:token|secret|passw(?:or)?d|pwd|api[_-]?key)["']?\s*[:=]\s*["']?)[^\s"',;&)}]+/gi, `$1${mask}`],
];

export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, mask);
  let shown = '';
  let last = 0;
  for (const match of result.matchAll(harmless)) {
    shown += maskByLook(result.slice(last, match.index)) + match[0];
    last = match.index + match[0].length;
  }
  return shown + maskByLook(result.slice(last));
}

function maskByLook(text: string): string {
  let result = text;
  for (const [look, replacement] of looks) result = result.replace(look, replacement);
  return result.replace(/[\w+/=-]{20,}/g, (run) => (looksRandom(run) ? mask : run));
}

/** Long runs that mix digits with both cases, or are hexadecimal through and through. */
function looksRandom(run: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(run)) return true;
  return /\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run);
}

/** One short line for evidence. */
export function shortened(text: string, secrets: readonly string[], length = 120): string {
  const line = redact(text, secrets).replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
