/** A text that a pattern of a `validation` block accepts, for the plain patterns that people write there. Pure. */

interface Cursor {
  readonly pattern: string;
  at: number;
}

const classes: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };

/** @returns `null` for what it does not know; whether the text is accepted, Terraform says */
export function sampleOf(pattern: string): string | null {
  try {
    const cursor: Cursor = { pattern: pattern.replace(/^\(\?[a-z]+\)/, ''), at: 0 };
    const text = alternatives(cursor);
    return cursor.at === cursor.pattern.length ? text : null;
  } catch {
    return null;
  }
}

/** The first of several. */
function alternatives(cursor: Cursor): string {
  const first = sequence(cursor);
  while (cursor.pattern[cursor.at] === '|') {
    cursor.at += 1;
    sequence(cursor);
  }
  return first;
}

function sequence(cursor: Cursor): string {
  let text = '';
  while (cursor.at < cursor.pattern.length && !'|)'.includes(cursor.pattern[cursor.at] ?? '')) {
    const atom = readAtom(cursor);
    text += atom.repeat(readCount(cursor));
  }
  return text;
}

function readAtom(cursor: Cursor): string {
  const { pattern } = cursor;
  const char = pattern[cursor.at] ?? '';
  cursor.at += 1;
  switch (char) {
    case '^':
    case '$':
      return '';
    case '.':
      return 'a';
    case '\\': {
      const next = pattern[cursor.at] ?? '';
      cursor.at += 1;
      if (next === 'b' || next === 'A' || next === 'z') return '';
      return classes[next] ?? next;
    }
    case '(': {
      const group = /^\?(?::|P?<\w+>)/.exec(pattern.slice(cursor.at))?.[0] ?? '';
      if (group === '' && pattern[cursor.at] === '?') throw new Error('a lookaround');
      cursor.at += group.length;
      const text = alternatives(cursor);
      if (pattern[cursor.at] !== ')') throw new Error('an open group');
      cursor.at += 1;
      return text;
    }
    case '[':
      return readClass(cursor);
    default:
      return char;
  }
}

/** Of a class the first that it has; of a negated one a letter or digit that it has not. */
function readClass(cursor: Cursor): string {
  const match = /^(\^?)((?:\\.|\[:\w+:\]|[^\]\\])+)\]/.exec(cursor.pattern.slice(cursor.at));
  if (match === null) throw new Error('an open class');
  const [whole, negated = '', inside = ''] = match;
  cursor.at += whole.length;
  const known = inside
    .replaceAll('[:alnum:]', 'a-z0-9')
    .replaceAll('[:alpha:]', 'a-z')
    .replaceAll('[:digit:]', '0-9');
  const test = new RegExp(`[${negated}${known}]`);
  const found = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+= '.split('').find((char) =>
    test.test(char),
  );
  if (found === undefined) throw new Error('a class of other characters');
  return found;
}

/** How often the atom before stands: as often as it has to, and a few times more where that is open. */
function readCount(cursor: Cursor): number {
  const match = /^(?:\{(\d+)(,(\d*))?\}|[*+?])\??/.exec(cursor.pattern.slice(cursor.at));
  if (match === null) return 1;
  cursor.at += match[0].length;
  const [sign, least] = match;
  if (least !== undefined) return Math.min(Number(least), 10_000);
  return sign.startsWith('?') ? 0 : 8;
}
