/** Takes credentials out of texts that a service or a library wrote: Telegram has the token in every URL. */

const mask = '[redacted]';

/** Shorter values are words. Credentials of the known services are far longer. */
const minimum = 6;

export function scrub(text: string, secrets: Iterable<string>): string {
  // The longest first: one secret may be part of another.
  const values = [...secrets].filter((value) => value.length >= minimum).sort((a, b) => b.length - a.length);
  let result = text;
  for (const value of values)
    for (const form of new Set([value, encodeURIComponent(value), Buffer.from(value).toString('base64')]))
      result = result.replaceAll(form, mask);
  // A Telegram token that is none of ours, for example of another environment.
  return result.replace(/\b\d{6,12}:[\w-]{30,}/g, mask);
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
