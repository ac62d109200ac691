/**
 * The one redactor of a run: it knows every secret that the run has read, and takes them out of whatever leaves. A
 * secret turns up in spellings without number, so they are not listed: the text is read the way its readers would (see
 * `layer.ts`), secrets are looked for in every reading, and what stands for them in the text itself is cut out.
 */
import { isJsonObject, type Json } from '../transfer/json.ts';
import { type Automaton, createAutomaton, type Word } from './automaton.ts';
import { quotedPrintable, unescaped } from './escapes.ts';
import { fold, foldedText } from './fold.ts';
import { asItIs, type Layer } from './layer.ts';
import { credentialsIn } from './looks.ts';
import { runsOf } from './runs.ts';
import { type Reach, reachOf } from './strength.ts';

export interface Redactor {
  /** Remembers a secret, and what it is called: that is what a reader sees in its place. */
  learn(name: string, value: string): void;
  /** What may be shown although a secret has the same value: names, regions, ARNs. */
  publish(values: Iterable<string>): void;
  /** The same text where there is nothing to take out. */
  text(text: string): string;
  /** Every text in it, keys too. Of the same shape: do this before a value is written as JSON or laid out. */
  value<Value>(value: Value): Value;
  holdsSecret(text: string): boolean;
}

interface Meaning {
  readonly mark: string;
  readonly reach: Reach;
  /** Characters that stand before the secret itself: its name and what follows it. */
  readonly lead: number;
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

export const unknownMark = '«secret»';
const marks = /«secret[^«»]*»/g;

/** True where something was taken out: what is left is for people to read, and is no value any more. */
export const wasRedacted = (text: string): boolean => text.search(marks) !== -1;

/** Values that were written down, without those that are none any more. */
export const whole = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !wasRedacted(value)));

/** A text in a text in a text in a text; deeper ones nobody writes. */
const deepest = 4;

/** So much of the beginning of a secret is worth hiding where a mark says that the rest was cut off. */
const worthHiding = 8;
const cutHere = /^\s*[([<]?(?:…|\.\.\.|truncated|snip)/i;

/** The same where nothing is said, but a line or a run ends: a word may begin so, too. */
const cutSilently = /^["'`)\]}]*(?:\r?\n|<|$)/;
const looksCut = /^(?=.*\d)[\w+/=.-]{12,}$/;

/** Lines of a secret of several lines are shown one by one. */
const shortestLine = 12;

const letter = /[\p{L}\p{N}]/u;
const joined = /[\p{L}\p{N}_-]/u;

const markOf = (name: string): string => {
  const shown = name.replaceAll(/[^\w.:/ -]/g, '').trim();
  return shown === '' ? unknownMark : `«secret ${shown}»`;
};

/** How numbers are printed by those who take them for one: `4.8213377e+07`, `48,213,377`. */
function asNumbers(value: string): readonly string[] {
  if (!/^[1-9]\d{5,20}$/.test(value)) return [];
  const [digits = '', power = ''] = Number(value).toExponential().split('e+');
  return [
    `${digits}e+${power}`,
    `${digits}e+${power.padStart(2, '0')}`,
    value.replaceAll(/\B(?=(?:\d{3})+$)/g, ','),
  ];
}

/** The readings of a value, as those of the text that holds it. */
function readings(value: string): readonly string[] {
  const found: string[] = [...asNumbers(value)];
  for (
    let layer: Layer | null = asItIs(value);
    layer !== null && layer.depth <= deepest;
    layer = unescaped(layer)
  )
    found.push(layer.text);
  return found;
}

function wordsOf(name: string, value: string, reach: Reach): readonly Word<Meaning>[] {
  const mark = markOf(name);
  const lines = value.split(/\r?\n/).filter((line) => /[\w+/=-]{8}/.test(line) && !line.startsWith('-----'));
  const parts = lines.length > 1 ? lines.filter((line) => foldedText(line).length >= shortestLine) : [];
  return [...readings(value), ...parts].flatMap((text): Word<Meaning>[] => {
    const word = foldedText(text);
    if (reach !== 'beside-its-name')
      return word.length < 4 ? [] : [{ text: word, meaning: { mark, reach, lead: 0 } }];
    const called = foldedText(name.split('.').at(-1) ?? name);
    return called.length < 3 || word === ''
      ? []
      : ['=', ':', '=>', 'is'].map((between) => ({
          text: called + between + word,
          meaning: { mark, reach, lead: called.length + between.length },
        }));
  });
}

/** Overlapping and touching cuts are one; the first says what it was. */
function apply(text: string, cuts: readonly Cut[]): string {
  let result = '';
  let last = 0;
  for (const { start, end, mark } of [...cuts].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= last) continue;
    if (start >= last) result += text.slice(last, start) + mark;
    last = end;
  }
  return result + text.slice(last);
}

/**
 * What was taken out before stays as it is: the names of secrets may hold words that are secrets. Only marks of our own
 * count: anybody may write one around anything.
 */
function outside(text: string, cuts: readonly Cut[], ours: ReadonlySet<string>): readonly Cut[] {
  if (cuts.length === 0 || !text.includes('«secret')) return cuts;
  const taken = [...text.matchAll(marks)]
    .filter(([mark]) => ours.has(mark))
    .map(({ 0: mark, index }) => [index, index + mark.length] as const);
  return cuts.filter(
    ({ start, end }) => !taken.some(([from, to]) => start < to && end > from && !(start < from && end > to)),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

class Search {
  readonly #automaton: Automaton<Meaning>;
  readonly cuts: Cut[] = [];

  constructor(automaton: Automaton<Meaning>) {
    this.#automaton = automaton;
  }

  /** Reads a layer, and what can be read out of it. */
  read(layer: Layer): void {
    this.#find(layer);
    if (layer.depth >= deepest) return;
    const plain = unescaped(layer);
    if (plain !== null) this.read(plain);
    const mail = quotedPrintable(layer);
    if (mail !== null) this.#find(mail);
    for (const inner of runsOf(layer)) this.read(inner);
  }

  #find(layer: Layer): void {
    const { text } = layer;
    const folded = fold(text);
    const { codes, starts, ends, length } = folded;
    const cut = (start: number, end: number, mark: string): void => {
      const [from, to] = layer.origin(start, end);
      this.cuts.push({ start: from, end: to, mark });
    };
    this.#automaton.search(
      codes,
      length,
      ({ mark, reach, lead }, width, last) => {
        const [first, end] = [starts[last - width + 1 + lead] ?? 0, ends[last] ?? 0];
        const begin = starts[last - width + 1] ?? 0;
        if (reach === 'anywhere' || this.#standsAlone(text, begin, end)) cut(first, end, mark);
      },
      ({ mark, lead, reach }, width, last) => {
        if (width < worthHiding || lead > 0) return;
        const [start, end] = [starts[last - width + 1] ?? 0, ends[last] ?? 0];
        const after = text.slice(end, end + 16);
        const silently = (): boolean =>
          reach === 'anywhere' && cutSilently.test(after) && looksCut.test(text.slice(start, end));
        if (cutHere.test(after) || silently()) cut(start, end, mark);
      },
    );
    for (const { start, end } of credentialsIn(text)) cut(start, end, unknownMark);
  }

  /** A word within a longer one is another word; names join words by `-` and `_`. */
  #standsAlone(text: string, start: number, end: number): boolean {
    const beside = /\d/.test(text.slice(start, end)) ? letter : joined;
    return !beside.test(text[start - 1] ?? '') && !beside.test(text[end] ?? '');
  }
}

export function createRedactor(): Redactor {
  const secrets = new Map<string, string>();
  const ours = new Set([unknownMark]);
  const open = new Set<string>();
  let automaton: Automaton<Meaning> | null = null;
  /** The same short texts come again and again in a document. */
  let seen = new Map<string, string>();

  const learn = (name: string, value: string): void => {
    if (value.trim() === '' || secrets.has(value)) return;
    secrets.set(value, name);
    ours.add(markOf(name));
    automaton = null;
  };
  const built = (): Automaton<Meaning> => {
    if (automaton === null) {
      seen = new Map();
      automaton = createAutomaton(
        [...secrets].flatMap(([value, name]) =>
          wordsOf(
            name,
            value,
            reachOf(value, (each) => open.has(each)),
          ),
        ),
      );
    }
    return automaton;
  };
  const text = (given: string): string => {
    if (given.length < 2) return given;
    const search = new Search(built());
    const known = seen.get(given);
    if (known !== undefined) return known;
    search.read(asItIs(given));
    const result = apply(given, outside(given, search.cuts, ours));
    if (given.length < 400) seen.set(given, result);
    return result;
  };
  const asNumber = (given: number): Json => {
    const digits = String(given);
    const shown = text(digits);
    return shown === digits ? given : shown;
  };
  const value = (given: Json): Json => {
    if (typeof given === 'string') return text(given);
    // One of a few digits is counted, measured or priced, and its reader wants a number.
    if (typeof given === 'number') return Math.abs(given) < 1e5 ? given : asNumber(given);
    if (Array.isArray(given)) return (given as Json[]).map(value);
    // What is of a class shows what it wants to show by itself.
    if (isJsonObject(given) && isPlain(given))
      return Object.fromEntries(Object.entries(given).map(([key, inner]) => [text(key), value(inner)]));
    return given;
  };
  return {
    learn,
    publish(values) {
      for (const each of values)
        if (each.trim() !== '' && !open.has(each.trim())) {
          open.add(each.trim());
          automaton = null;
        }
    },
    text,
    value: <Value>(given: Value) => value(given as Json) as Value,
    holdsSecret: (given) => text(given) !== given,
  };
}
