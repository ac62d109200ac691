/**
 * Finds many words in one pass (Aho and Corasick, 1975): time grows with the text and not with the number of words.
 * Works on code units that were folded before, where positions have to be kept: the packages for it take texts.
 */

export interface Word<Meaning> {
  readonly text: string;
  readonly meaning: Meaning;
}

/** @param length code units of the word, of which the last stands at `last` */
type Found<Meaning> = (meaning: Meaning, length: number, last: number) => void;

interface Node<Meaning> {
  readonly next: Map<number, Node<Meaning>>;
  readonly depth: number;
  meaning: Meaning | undefined;
  /** The longest proper suffix that is the beginning of a word. */
  fail: Node<Meaning> | null;
  /** The next shorter word that ends here. */
  shorter: Node<Meaning> | null;
  /** What words begin with this, if they are of one meaning. */
  leadsTo: Meaning | undefined;
}

export interface Automaton<Meaning> {
  /**
   * @param cut called where the beginning of a word is not followed by its rest
   */
  search(
    codes: Uint16Array,
    length: number,
    found: Found<Meaning>,
    cut?: (meaning: Meaning, length: number, last: number) => void,
  ): void;
}

function node<Meaning>(depth: number): Node<Meaning> {
  return { next: new Map(), depth, meaning: undefined, fail: null, shorter: null, leadsTo: undefined };
}

export function createAutomaton<Meaning>(words: readonly Word<Meaning>[]): Automaton<Meaning> {
  const root = node<Meaning>(0);
  for (const { text, meaning } of words) {
    if (text === '') continue;
    let at = root;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      let next = at.next.get(code);
      if (next === undefined) at.next.set(code, (next = node(at.depth + 1)));
      at = next;
      at.leadsTo ??= meaning;
    }
    at.meaning ??= meaning;
  }
  link(root);
  return {
    search(codes, length, found, cut) {
      let at = root;
      for (let index = 0; index < length; index += 1) {
        const code = codes[index] ?? 0;
        let next = at.next.get(code);
        if (next === undefined && at.depth > 0) {
          if (cut !== undefined && at.leadsTo !== undefined) cut(at.leadsTo, at.depth, index - 1);
          let fallen = at.fail;
          while (fallen !== null && (next = fallen.next.get(code)) === undefined) fallen = fallen.fail;
        }
        at = next ?? root;
        for (
          let word: Node<Meaning> | null = at.meaning === undefined ? at.shorter : at;
          word !== null;
          word = word.shorter
        )
          if (word.meaning !== undefined) found(word.meaning, word.depth, index);
      }
      if (cut !== undefined && at.depth > 0 && at.leadsTo !== undefined)
        cut(at.leadsTo, at.depth, length - 1);
    },
  };
}

/** Breadth first: the suffixes of a node are shorter than the node. */
function link<Meaning>(root: Node<Meaning>): void {
  const queue: Node<Meaning>[] = [root];
  for (const at of queue) {
    for (const [code, next] of at.next) {
      let fail = at.fail;
      while (fail !== null && !fail.next.has(code)) fail = fail.fail;
      next.fail = fail?.next.get(code) ?? root;
      next.shorter = next.fail.meaning === undefined ? next.fail.shorter : next.fail;
      queue.push(next);
    }
  }
}
