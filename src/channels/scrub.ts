/** Takes credentials out of texts that a service or a library wrote: Telegram has the token in every URL. */
import { createRedactor } from '../redact/redactor.ts';

/** @param secrets those of the channel: its errors go further than a run, which has a redactor of its own */
export function scrub(text: string, secrets: Iterable<string>): string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.learn('', secret);
  return redactor.text(text);
}

/** One short line of a service's own words. */
export function quoted(text: string, secrets: Iterable<string>): string {
  const line = scrub(text, secrets).replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** A URL to show: some put the token into the path, some a key into the query. */
export function shownUrl(url: string, secrets: Iterable<string>): string {
  if (!URL.canParse(url)) return quoted(url, secrets);
  const { origin, pathname, search } = new URL(url);
  return scrub(`${origin}${pathname}${search === '' ? '' : '?…'}`, secrets);
}
