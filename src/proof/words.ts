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

const isAtomChar = /[A-Za-z0-9_-]/;

/** Longer ones are looked up, however long. */
const longestAtom = 255;

/** The same as `isAtomChar`, by code: every text of a plan goes through here. */
const atomCodes = Uint8Array.from({ length: 128 }, (_value, code) =>
  isAtomChar.test(String.fromCodePoint(code)) ? 1 : 0,
);

function forEachAtom(text: string, visit: (start: number, end: number) => void): void {
  const { length } = text;
  let start = -1;
  for (let position = 0; position < length; position += 1) {
    if (atomCodes[text.charCodeAt(position)] === 1) {
      if (start < 0) start = position;
    } else if (start >= 0) {
      visit(start, position);
      start = -1;
    }
  }
  if (start >= 0) visit(start, length);
}

/** In JSON text within JSON text a line feed is two characters, and the second one would stick to a word. */
const escapes = /\\[nrtbf]/g;

/** URLs are compared without scheme and final slash: both come and go. */
export function bareWord(word: string): string {
  const bare = word.includes('://') ? word.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '') : word;
  return bare.endsWith('/') ? bare.replace(/\/+$/, '') : bare;
}

export function createWordIndex<Owner>(words: Iterable<readonly [string, Owner]>): WordIndex<Owner> {
  const owners = new Map<string, Owner>();
  for (const [word, owner] of words) {
    const bare = bareWord(word);
    if (bare !== '' && !owners.has(bare)) owners.set(bare, owner);
  }
  const frequency = new Map<string, number>();
  const cuts: {
    readonly word: string;
    readonly owner: Owner;
    readonly atoms: string[];
    readonly starts: number[];
  }[] = [];
  for (const [word, owner] of owners) {
    const atoms: string[] = [];
    const starts: number[] = [];
    forEachAtom(word, (start, end) => {
      const atom = word.slice(start, end);
      frequency.set(atom, (frequency.get(atom) ?? 0) + 1);
      atoms.push(atom);
      starts.push(start);
    });
    if (atoms.length > 0) cuts.push({ word, owner, atoms, starts });
  }
  const files = new Map<string, Filed<Owner>[]>();
  for (const { word, owner, atoms, starts } of cuts) {
    let best = 0;
    for (let position = 1; position < atoms.length; position += 1) {
      if (isRarer(atoms[position] ?? '', atoms[best] ?? '', frequency)) best = position;
    }
    const filed = { word, offset: starts[best] ?? 0, owner };
    const file = files.get(atoms[best] ?? '');
    if (file) file.push(filed);
    else files.set(atoms[best] ?? '', [filed]);
  }
  frequency.clear();
  // Most atoms of a plan are shorter than any that something is filed under, and need no look-up.
  const lengths = new Uint8Array(longestAtom + 1);
  for (const atom of files.keys()) lengths[Math.min(atom.length, longestAtom)] = 1;

  const standsAlone = (text: string, start: number, end: number): boolean => {
    if (start > 0 && isAtomChar.test(text[start] ?? '') && isAtomChar.test(text[start - 1] ?? ''))
      return false;
    if (end >= text.length || !isAtomChar.test(text[end - 1] ?? '')) return true;
    // `bot-dev*` and `bot-dev-*` in a policy mean bot-dev as well.
    return !isAtomChar.test(text[end] ?? '') || /^[-_]+[*?]/.test(text.slice(end, end + 8));
  };
  const collect = (text: string, atom: string, at: number, hits: WordHit<Owner>[]): void => {
    const file = files.get(atom);
    if (!file) return;
    for (const { word, offset, owner } of file) {
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
      forEachAtom(text, (start, end) => {
        if (lengths[Math.min(end - start, longestAtom)] === 1)
          collect(text, text.slice(start, end), start, hits);
        const next = text[end];
        if ((next === '*' || next === '?') && /[-_]/.test(text[end - 1] ?? '')) {
          collect(text, text.slice(start, end).replace(/[-_]+$/, ''), start, hits);
        }
      });
      return hits.length > 1 ? outermost(hits) : hits;
    },
  };
}

function isRarer(atom: string, other: string, frequency: ReadonlyMap<string, number>): boolean {
  const difference = (frequency.get(atom) ?? 0) - (frequency.get(other) ?? 0);
  return difference < 0 || (difference === 0 && atom.length > other.length);
}

function outermost<Owner>(hits: readonly WordHit<Owner>[]): readonly WordHit<Owner>[] {
  const kept: WordHit<Owner>[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (!last || hit.end > last.end) kept.push(hit);
  }
  return kept;
}
