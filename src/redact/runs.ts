/** Reads what bytes written as text say: Base64 wherever it begins, hexadecimal, lists of numbers, dumps of memory. */
import { lastUpTo, type Layer, readOut } from './layer.ts';
import { utf8 } from './utf8.ts';

/** Shorter texts come out of any run by chance. */
const shortest = 5;

/** Stands between texts that have nothing to do with one another: no secret and no URL goes over it. */
const between = 0x3c;

/** Bytes that were read out of a run, and the place of what stands for each of them. */
interface Read {
  readonly bytes: Uint8Array;
  readonly startOf: (index: number) => number;
  readonly endOf: (index: number) => number;
}

/** What a byte may be: none of a text, a character, a zero of UTF-16, one that goes on, and what begins two to four. */
const [no, character, zero, goesOn] = [0, 1, 2, 3];
const meanings = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0xf5) return no;
  if (byte >= 0xc2) return byte >= 0xf0 ? 6 : byte >= 0xe0 ? 5 : 4;
  if (byte >= 0x80) return byte < 0xc0 ? goesOn : no;
  if (byte === 0) return zero;
  return (byte >= 0x20 && byte !== 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09 ? character : no;
});

/**
 * Keeps the stretches of bytes that may be text. All of a kind become one text, so that a large file of short runs costs
 * no more than one of long ones.
 */
class Stretches {
  /** For each: what it was read from, where it begins there, and where it begins in the text that is made of all. */
  readonly #reads: Read[] = [];
  readonly #froms: number[] = [];
  readonly #ats: number[] = [];
  #bytes = new Uint8Array(1024);
  #length = 0;

  take(read: Read): void {
    const { bytes } = read;
    let [from, readable, wants] = [0, 0, 0];
    for (let index = 0; index < bytes.length; index += 1) {
      const meaning = meanings[bytes[index] ?? 0] ?? no;
      if (wants > 0 && meaning === goesOn) {
        wants -= 1;
        continue;
      }
      const begins = meaning > goesOn || meaning === character || (meaning === zero && readable > 0);
      if (wants > 0 || !begins) {
        if (readable >= shortest) this.#keep(read, from, index);
        [from, readable] = [begins ? index : index + 1, 0];
      }
      if (begins && meaning !== zero) readable += 1;
      wants = meaning > goesOn ? meaning - goesOn : 0;
    }
    if (readable >= shortest) this.#keep(read, from, bytes.length);
  }

  #keep(read: Read, from: number, to: number): void {
    const room = this.#length + to - from + 1;
    if (room > this.#bytes.length) {
      const grown = new Uint8Array(2 * room);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#reads.push(read);
    this.#froms.push(from);
    this.#ats.push(this.#length);
    this.#bytes.set(read.bytes.subarray(from, to), this.#length);
    this.#bytes[room - 1] = between;
    this.#length = room;
  }

  read(layer: Layer): Layer | null {
    if (this.#length === 0) return null;
    const { text, startOf, endOf } = utf8(this.#bytes.subarray(0, this.#length));
    return readOut(layer, text, (position) => {
      const first = startOf(position);
      const stretch = lastUpTo(this.#ats, first);
      const read = this.#reads[stretch];
      if (read === undefined) return [0, 0];
      const offset = (this.#froms[stretch] ?? 0) - (this.#ats[stretch] ?? 0);
      return [read.startOf(first + offset), read.endOf(endOf(position) - 1 + offset)];
    });
  }
}

/** A run without what stands between its digits, and where each of them stands. */
function digitsOf(
  run: string,
  index: number,
  between: RegExp,
): { digits: string; placeOf: (at: number) => number } {
  if (run.search(between) === -1) return { digits: run, placeOf: (at) => index + at };
  const places = new Int32Array(run.length);
  let digits = '';
  let last = 0;
  const take = (end: number): void => {
    for (let at = last; at < end; at += 1) places[digits.length + at - last] = index + at;
    digits += run.slice(last, end);
  };
  for (const { 0: found, index: at } of run.matchAll(between)) {
    take(at);
    last = at + found.length;
  }
  take(run.length);
  return { digits, placeOf: (at) => places[at] ?? 0 };
}

/** Lines that were broken at some width, or one run. */
const base64Run = /(?:[\w+/-]{32,}\r?\n[ \t]*)*[\w+/-]{7,}/g;

function inBase64(layer: Layer): Layer | null {
  const found = new Stretches();
  for (const { 0: run, index } of layer.text.matchAll(base64Run)) {
    const { digits, placeOf } = digitsOf(run, index, /\s+/g);
    // It may begin anywhere in what looks like one run.
    for (let phase = 0; phase < 4; phase += 1)
      found.take({
        bytes: Buffer.from(digits.slice(phase), 'base64'),
        startOf: (at) => placeOf(phase + Math.floor((8 * at) / 6)),
        endOf: (at) => placeOf(phase + Math.floor((8 * at + 7) / 6)) + 1,
      });
  }
  return found.read(layer);
}

/** `736563`, `73 65 63`, `73:65:63`, `0x73, 0x65, 0x63`; two or four digits at a time. */
const hexRun = /(?:0x)?[0-9a-f]{2}(?:(?:[ :-]|,\s*)?(?:0x)?[0-9a-f]{2}){4,}/gi;

function inHex(layer: Layer): Layer | null {
  const found = new Stretches();
  for (const { 0: run, index } of layer.text.matchAll(hexRun)) {
    const { digits, placeOf } = digitsOf(run, index, /[\s:,-]+|0x/gi);
    for (const phase of [0, 1])
      found.take({
        bytes: Buffer.from(digits.slice(phase), 'hex'),
        startOf: (at) => placeOf(phase + 2 * at),
        endOf: (at) => placeOf(phase + 2 * at + 1) + 1,
      });
  }
  return found.read(layer);
}

/** How Go prints bytes, and JSON: `[115 101 99]`, `[115,101,99]`. */
const numbersRun = /\b\d{1,3}(?:(?:,\s*| +)\d{1,3}){4,}\b/g;

function inNumbers(layer: Layer): Layer | null {
  const found = new Stretches();
  for (const { 0: run, index } of layer.text.matchAll(numbersRun)) {
    const numbers = [...run.matchAll(/\d+/g)].filter(([each]) => Number(each) < 256);
    const startOf = (at: number): number => index + (numbers[at]?.index ?? 0);
    found.take({
      bytes: Uint8Array.from(numbers, ([each]) => Number(each)),
      startOf,
      endOf: (at) => startOf(at) + (numbers[at]?.[0].length ?? 0),
    });
  }
  return found.read(layer);
}

/** `xxd`, `hexdump -C`: an address, bytes, and beside them the text itself, so that whole lines are taken out. */
const dumpLine =
  /^[ \t]*[0-9a-f]{4,16}:?[ \t]+((?:[0-9a-f]{4} ){0,7}[0-9a-f]{2}(?:[0-9a-f]{2})?|[0-9a-f]{2}(?: {1,2}[0-9a-f]{2}){0,15})(?=\s|$).*$/gim;

function inDumps(layer: Layer): Layer | null {
  const found = new Stretches();
  const lines = [...layer.text.matchAll(dumpLine)].map(({ 0: line, 1: hex = '', index }) => ({
    bytes: Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'),
    start: index,
    end: index + line.length,
  }));
  const lineOf = lines.flatMap((line) => Array.from(line.bytes, () => line));
  found.take({
    bytes: Buffer.concat(lines.map(({ bytes }) => bytes)),
    startOf: (at) => lineOf[at]?.start ?? 0,
    endOf: (at) => lineOf[at]?.end ?? 0,
  });
  return found.read(layer);
}

export function runsOf(layer: Layer): readonly Layer[] {
  return [inBase64(layer), inHex(layer), inNumbers(layer), inDumps(layer)].filter((inner) => inner !== null);
}
