/** The text of a dotenv file: read, and changed without touching the lines that are not concerned. */

interface Assignment {
  readonly key: string;
  readonly value: string;
  /** Where it stands in the text. */
  readonly from: number;
  readonly to: number;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** `KEY=value`, `export KEY="two\nlines"`, `KEY='as it is'`, and comments after values that are not quoted. */
const assignment =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|([^\r\n]*?))[ \t]*(?:(?<=["'\s])#[^\r\n]*)?$/gm;

function assignments(text: string): readonly Assignment[] {
  return [...text.matchAll(assignment)].map((match) => {
    const [whole, key = '', double, single, plain = ''] = match;
    const unescaped = double?.replaceAll(/\\([\s\S])/g, (_all, char: string) => escapes[char] ?? char);
    const value = unescaped ?? single ?? plain.replace(/(?:^|\s)#.*$/, '').trim();
    return { key, value, from: match.index, to: match.index + whole.length };
  });
}

export function parseDotenv(text: string): ReadonlyMap<string, string> {
  return new Map(assignments(text).map(({ key, value }) => [key, value] as const));
}

function written(key: string, value: string): string {
  if (/^[A-Za-z0-9_./:@%+=,-]*$/.test(value)) return `${key}=${value}`;
  const quoted = value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    // Tools that expand variables leave an escaped dollar alone.
    .replaceAll('$', String.raw`\$`);
  return `${key}="${quoted}"`;
}

/** @param changes value by key; `null` takes the line away */
export function changeDotenv(text: string, changes: ReadonlyMap<string, string | null>): string {
  let result = text;
  const left = new Map(changes);
  for (const { key, value, from, to } of assignments(text).toReversed()) {
    const change = changes.get(key);
    if (change === undefined) continue;
    left.delete(key);
    if (change === value) continue;
    const after = change === null ? result.slice(to).replace(/^\r?\n/, '') : result.slice(to);
    result = result.slice(0, from) + (change === null ? '' : written(key, change)) + after;
  }
  const added = [...left].flatMap(([key, value]) => (value === null ? [] : [`${written(key, value)}\n`]));
  const separator = result === '' || result.endsWith('\n') || added.length === 0 ? '' : '\n';
  return result + separator + added.join('');
}
