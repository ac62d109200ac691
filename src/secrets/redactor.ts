/**
 * Takes known secrets out of texts that others wrote: error messages of services, diagnostics of Terraform. A value
 * turns up there as it is, in a URL, in Base64, in JSON, or in Go's quoted form, so each of these is looked for.
 */
import type { SecretValues } from './in-memory.ts';

/** Shorter values are words: taking out every `on` or `1` would leave nothing to read, and hides no credential. */
const shortest = 4;

type Redactor = (text: string) => string;

/** Base64 of a value inside a longer run depends on where it starts: the part that is the same at each of three offsets. */
function inBase64(value: string, encoding: 'base64' | 'base64url'): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + value)
      .toString(encoding)
      .replaceAll('=', '');
    const [from, tail] = [Math.ceil((offset * 8) / 6), (offset + Buffer.byteLength(value)) % 3 === 0 ? 0 : 1];
    const sure = encoded.slice(from, tail === 0 ? undefined : -tail);
    return sure.length >= 8 ? [sure] : [];
  });
}

function spellingsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const uri = encodeURIComponent(value);
  return [
    value,
    value.trim(),
    json,
    // A JSON text inside a JSON text, as in a Terraform diagnostic about a policy or a secret string.
    JSON.stringify(json).slice(1, -1),
    uri,
    uri.toLowerCase(),
    encodeURI(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    ...inBase64(value, 'base64'),
    ...inBase64(value, 'base64url'),
    // The value of a multi-line secret is often shown line by line.
    ...value.split('\n').filter((line) => line.trim().length >= 12),
  ];
}

/** @returns a function that replaces every known secret in a text by `«secret KEY»` */
export function redactor(...holders: readonly SecretValues[]): Redactor {
  const marks = new Map<string, string>();
  for (const holder of holders) {
    for (const [key, value] of holder.revealAll()) {
      if (value.trim().length < shortest) continue;
      for (const spelling of spellingsOf(value)) {
        if (spelling.length >= shortest && !marks.has(spelling)) marks.set(spelling, `«secret ${key}»`);
      }
    }
  }
  // The longest first: one secret may hold another.
  const ordered = [...marks].sort(([a], [b]) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const [spelling, mark] of ordered) result = result.replaceAll(spelling, mark);
    return result;
  };
}
