/**
 * Brings texts of both sides into one form, in which a text of the target is equal to the source's if it says the
 * same of its own things: known ids and ARNs become the address of what they belong to, differing variables their
 * name, and the environments' names one mark.
 */
import type { Pairing } from './counterparts.ts';
import { visitNames } from './owned.ts';
import type { ProofInput } from './rule.ts';
import type { Target } from './target.ts';
import { createWordIndex, type WordIndex } from './words.ts';
import { attribute } from './values.ts';

/** A variable of the root module whose values differ. */
export interface VariableValues {
  readonly source: unknown;
  readonly target: unknown;
  readonly sensitive: boolean;
}

export interface Translator {
  readonly ofSource: (text: string) => string;
  readonly ofTarget: (text: string) => string;
}

/** Values shorter than this are no words: `1` may stand for anything. */
const shortest = 4;

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value.length >= shortest;
}

export function createTranslator(
  input: ProofInput,
  target: Target,
  pairing: Pairing,
  differing: ReadonlyMap<string, VariableValues>,
): Translator {
  const before: [string, string][] = [];
  const after: [string, string][] = [];
  const join = (name: string, source: unknown, other: unknown): void => {
    if (!isWord(source) || !isWord(other) || source === other) return;
    before.push([source, name]);
    after.push([other, name]);
  };
  for (const { source, target: other } of pairing.pairs) {
    const facts = input.types.get(source.type);
    visitNames(source.values, facts, (value, kind, path) => {
      // The identity of a part is made of what it refers to: that it refers to something else must not be lost.
      if (kind === 'name' && facts?.scope === 'parent') return;
      const counterpart = attribute(other.values, path);
      if (value === counterpart || !isWord(counterpart)) return;
      // What ρ takes to each other needs no table: the environments are masked anyway.
      if (input.rename.mask(value) === input.rename.mask(counterpart)) return;
      join(`<${source.address}.${path}>`, value, counterpart);
    });
  }
  // Another account or region shows in what the data sources read.
  for (const resource of input.source.state.resources) {
    const other = resource.mode === 'data' ? target.byAddress.get(resource.address) : undefined;
    if (!other) continue;
    for (const [key, value] of Object.entries(resource.values)) {
      if (isWord(value) && isIdentifying(value))
        join(`<${resource.address}.${key}>`, value, other.values[key]);
    }
  }
  for (const [name, values] of differing) join(`<var.${name}>`, values.source, values.target);

  const inSource = createWordIndex(before);
  const inTarget = createWordIndex([...after, ...before]);
  return {
    ofSource: (text) => input.rename.mask(replaced(text, inSource)),
    // What still says the source's own is equal here; that it may not is no-reference-to-source's to say.
    ofTarget: (text) => input.rename.mask(replaced(text, inTarget)),
  };
}

/** Ids, ARNs and hosts, no prose: names of things have no spaces. */
function isIdentifying(value: string): boolean {
  return value.length <= 2048 && !/[\s{}"]/.test(value);
}

function replaced(text: string, words: WordIndex<string>): string {
  const hits = words.find(text);
  if (hits.length === 0) return text;
  let result = '';
  let last = 0;
  for (const { start, end, owner } of hits) {
    if (start < last) continue;
    result += text.slice(last, start) + owner;
    last = end;
  }
  return result + text.slice(last);
}
