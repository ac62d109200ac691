/** How records and rows of journals stand in objects. Pure. */

const tokenKey = 'lockToken';

/** @param content `null`: there is none any more, and the object only says so */
export function withToken(content: object | null, token: number): string {
  return `${JSON.stringify({ [tokenKey]: token, ...content, ...(content === null ? { gone: true } : {}) }, null, 2)}\n`;
}

/** @returns token 0 for what carries none; `undefined` for what does not parse */
export function parseStored(text: string): {
  readonly token: number;
  readonly content: object | null | undefined;
} {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return { token: 0, content: undefined };
  const { [tokenKey]: token, ...content } = value as Record<string, unknown>;
  return {
    token: typeof token === 'number' ? token : 0,
    content: content['gone'] === true ? null : content,
  };
}

const digits = (token: number): string => String(token).padStart(10, '0');

/** Sorts by token, then by time, then by the order within one process. */
export function journalEntry(prefix: string, token: number, at: string, row: number, id: string): string {
  return `${prefix}${digits(token)}-${at}-${String(row).padStart(6, '0')}-${id.slice(0, 8)}.json`;
}

const sealName = 'sealed.json';

export function sealKey(prefix: string, token: number): string {
  return `${prefix}${digits(token)}-${sealName}`;
}

const tokenOf = (prefix: string, key: string): number =>
  Number(/^\d{10}(?=-)/.exec(key.slice(prefix.length))?.[0] ?? 0);

/** The rows that count, in order: without those that came under a token that somebody had taken over by then. */
export function countingRows(
  prefix: string,
  objects: readonly { readonly key: string; readonly text: string }[],
): readonly string[] {
  const seals = objects
    .filter(({ key }) => key.endsWith(`-${sealName}`))
    .map(({ key, text }) => ({ token: tokenOf(prefix, key), there: new Set(sealedKeys(text)) }));
  return objects
    .filter(({ key }) => !key.endsWith(`-${sealName}`))
    .filter(({ key }) => seals.every(({ token, there }) => tokenOf(prefix, key) >= token || there.has(key)))
    .toSorted((a, b) => tokenOf(prefix, a.key) - tokenOf(prefix, b.key) || (a.key < b.key ? -1 : 1))
    .map(({ text }) => text);
}

function sealedKeys(text: string): readonly string[] {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || !('sealed' in value) || !Array.isArray(value.sealed))
    return [];
  return value.sealed.filter((key) => typeof key === 'string');
}

export function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
