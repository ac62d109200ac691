/**
 * Finds many words in many texts in time linear in the texts. A word is an ARN, a URL, a host name, an id or a name;
 * it counts only where it stands as a whole: `bot-dev` is not in `bot-dev-2` nor in `robot-dev`.
 *
 * Every word is filed under the rarest of its atoms (runs of letters, digits, `-` and `_`), since all ARNs share
 * most of theirs. A text is cut into atoms, and only the words filed under one of these are compared.
 */
export interface WordHit<Owner> {
  readonly word: string;
  readonly owner: Owner;
  readonly start: number;
  readonly end: number;
}

export interface WordIndex<Owner> {
  readonly size: number;
  /** Hits from left to right; one that lies within a longer one is left out. */
  find(text: string): readonly WordHit<Owner>[];
  get(word: string): Owner | undefined;
}

interface Filed<Owner> {
  readonly word: string;
  readonly offset: number;
  readonly owner: Owner;
}

const atoms = /[A-Za-z0-9_-]+/g;
const isAtomChar = /[A-Za-z0-9_-]/;
/** In JSON text within JSON text a line feed is two characters, and the second one would stick to a word. */
const escapes = /\\[nrtbf]/g;

/** URLs are compared without scheme and final slash: both come and go. */
export function bareWord(word: string): string {
  return word.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/\/+$/, '');
}

export function createWordIndex<Owner>(words: Iterable<readonly [string, Owner]>): WordIndex<Owner> {
  const owners = new Map<string, Owner>();
  for (const [word, owner] of words) {
    const bare = bareWord(word);
    if (bare !== '' && !owners.has(bare)) owners.set(bare, owner);
  }
  const frequency = new Map<string, number>();
  for (const word of owners.keys()) {
    for (const [atom] of word.matchAll(atoms)) frequency.set(atom, (frequency.get(atom) ?? 0) + 1);
  }
  const files = new Map<string, Filed<Owner>[]>();
  for (const [word, owner] of owners) {
    let best: { atom: string; offset: number; count: number } | undefined;
    for (const { 0: atom, index } of word.matchAll(atoms)) {
      const count = frequency.get(atom) ?? 0;
      if (!best || count < best.count || (count === best.count && atom.length > best.atom.length)) {
        best = { atom, offset: index, count };
      }
    }
    if (!best) continue;
    const file = files.get(best.atom);
    const filed = { word, offset: best.offset, owner };
    if (file) file.push(filed);
    else files.set(best.atom, [filed]);
  }
  frequency.clear();

  const standsAlone = (text: string, start: number, end: number): boolean => {
    if (start > 0 && isAtomChar.test(text[start] ?? '') && isAtomChar.test(text[start - 1] ?? ''))
      return false;
    if (end >= text.length || !isAtomChar.test(text[end - 1] ?? '')) return true;
    // `bot-dev*` and `bot-dev-*` in a policy mean bot-dev as well.
    return !isAtomChar.test(text[end] ?? '') || /^[-_]+[*?]/.test(text.slice(end, end + 8));
  };
  const collect = (text: string, atom: string, at: number, hits: WordHit<Owner>[]): void => {
    for (const { word, offset, owner } of files.get(atom) ?? []) {
      const start = at - offset;
      if (start < 0 || !text.startsWith(word, start) || !standsAlone(text, start, start + word.length))
        continue;
      hits.push({ word, owner, start, end: start + word.length });
    }
  };

  return {
    size: owners.size,
    get: (word) => owners.get(bareWord(word)),
    find(raw) {
      const hits: WordHit<Owner>[] = [];
      if (files.size === 0) return hits;
      const text = raw.includes('\\') ? raw.replaceAll(escapes, '  ') : raw;
      for (const { 0: atom, index } of text.matchAll(atoms)) {
        collect(text, atom, index, hits);
        const next = text[index + atom.length];
        if ((next === '*' || next === '?') && /[-_]$/.test(atom)) {
          collect(text, atom.replace(/[-_]+$/, ''), index, hits);
        }
      }
      return hits.length > 1 ? outermost(hits) : hits;
    },
  };
}

function outermost<Owner>(hits: readonly WordHit<Owner>[]): readonly WordHit<Owner>[] {
  const kept: WordHit<Owner>[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (!last || hit.end > last.end) kept.push(hit);
  }
  return kept;
}
