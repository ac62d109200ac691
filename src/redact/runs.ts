/** Reads what bytes written as text say: Base64 wherever it begins, hexadecimal, lists of numbers, dumps of memory. */
import { type Layer, readOut } from './layer.ts';
import { utf8 } from './utf8.ts';

/** Shorter texts come out of any run by chance. */
const shortest = 5;

/** Stands between texts that have nothing to do with one another. */
const between = new TextEncoder().encode('¦');

/**
 * Takes bytes one by one and keeps the stretches that may be text, with the place of what stands for each byte. All of
 * a kind become one text, so that a large file of short runs costs no more than one of long ones.
 */
class Stretches {
  #bytes = new Uint8Array(1024);
  #places = new Int32Array(2048);
  #length = 0;
  /** Where the present stretch begins; how many characters it has; how many bytes its last one still wants. */
  #begin = 0;
  #readable = 0;
  #wants = 0;

  put(byte: number, start: number, end: number): void {
    const goesOn = (byte & 0xc0) === 0x80;
    if (this.#wants > 0 && goesOn) this.#wants -= 1;
    else {
      if (this.#wants > 0 || !this.#mayBegin(byte)) this.end();
      if (!this.#mayBegin(byte)) return;
      this.#wants = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0x80 ? 1 : 0;
      if (byte !== 0) this.#readable += 1;
    }
    this.#keep(byte, start, end);
  }

  /** True for the first byte of a character that is read. A zero between characters is UTF-16. */
  #mayBegin(byte: number): boolean {
    if (byte >= 0x80) return byte >= 0xc2 && byte <= 0xf4;
    if (byte >= 0x20) return byte !== 0x7f;
    return byte === 0x0a || byte === 0x0d || byte === 0x09 || (byte === 0 && this.#readable > 0);
  }

  #keep(byte: number, start: number, end: number): void {
    const at = this.#length;
    if (at === this.#bytes.length) this.#grow();
    this.#bytes[at] = byte;
    this.#places[2 * at] = start;
    this.#places[2 * at + 1] = end;
    this.#length = at + 1;
  }

  #grow(): void {
    const [bytes, places] = [new Uint8Array(2 * this.#bytes.length), new Int32Array(2 * this.#places.length)];
    bytes.set(this.#bytes);
    places.set(this.#places);
    this.#bytes = bytes;
    this.#places = places;
  }

  /** Ends a stretch: what comes next has nothing to do with it. */
  end(): void {
    if (this.#readable < shortest) this.#length = this.#begin;
    // As two bytes, which is how UTF-8 has it.
    else for (const byte of between) this.#keep(byte, 0, 0);
    this.#begin = this.#length;
    this.#readable = this.#wants = 0;
  }

  read(layer: Layer): Layer | null {
    this.end();
    if (this.#length === 0) return null;
    const { text, starts } = utf8(this.#bytes.subarray(0, this.#length));
    return readOut(layer, text, (position) => {
      const first = starts[position] ?? 0;
      let next = position + 1;
      while (starts[next] === first) next += 1;
      const last = (starts[next] ?? this.#length) - 1;
      return [this.#places[2 * first] ?? 0, this.#places[2 * last + 1] ?? 0];
    });
  }
}

/** Lines that were broken at some width, or one run. */
const base64Run = /(?:[\w+/-]{32,}\r?\n[ \t]*)*[\w+/-]{7,}/g;

const sextets = new Int8Array(128).fill(-1);
for (const [letters, first] of [
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 0],
  ['-_', 62],
] as const)
  for (const [index, letter] of letters.split('').entries()) sextets[letter.charCodeAt(0)] = first + index;

function inBase64(layer: Layer): Layer | null {
  const { text } = layer;
  const found = new Stretches();
  for (const { 0: run, index } of text.matchAll(base64Run)) {
    // It may begin anywhere in what looks like one run.
    for (let phase = 0; phase < 4; phase += 1) {
      let [bits, held, skip, start] = [0, 0, phase, 0];
      for (let at = index; at < index + run.length; at += 1) {
        const value = sextets[text.charCodeAt(at)] ?? -1;
        if (value < 0) continue;
        if (skip > 0) {
          skip -= 1;
          continue;
        }
        const before = start;
        start = at;
        bits = ((bits << 6) | value) & 0xff_ff;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        found.put((bits >> held) & 0xff, before, at + 1);
      }
      found.end();
    }
  }
  return found.read(layer);
}

/** `736563`, `73 65 63`, `73:65:63`, `0x73, 0x65, 0x63`; two or four digits at a time. */
const hexRun = /(?:0x)?[0-9a-f]{2}(?:(?:[ :-]|,\s*)?(?:0x)?[0-9a-f]{2}){4,}/gi;

function inHex(layer: Layer): Layer | null {
  const { text } = layer;
  const found = new Stretches();
  for (const { 0: run, index } of text.matchAll(hexRun)) {
    for (const phase of [0, 1]) {
      let [high, start, skip] = [-1, 0, phase];
      for (let at = index; at < index + run.length; at += 1) {
        const code = text.charCodeAt(at) | 0x20;
        const digit =
          code >= 0x61 && code <= 0x66 ? code - 0x57 : code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
        if (digit < 0 || (digit === 0 && (text.charCodeAt(at + 1) | 0x20) === 0x78)) continue;
        if (skip > 0) skip -= 1;
        else if (high < 0) [high, start] = [digit, at];
        else {
          found.put(high * 16 + digit, start, at + 1);
          high = -1;
        }
      }
      found.end();
    }
  }
  return found.read(layer);
}

/** How Go prints bytes, and JSON: `[115 101 99]`, `[115,101,99]`. */
const numbersRun = /\b\d{1,3}(?:(?:,\s*| +)\d{1,3}){4,}\b/g;

function inNumbers(layer: Layer): Layer | null {
  const found = new Stretches();
  for (const { 0: run, index } of layer.text.matchAll(numbersRun)) {
    for (const { 0: each, index: at } of run.matchAll(/\d+/g))
      if (Number(each) < 256) found.put(Number(each), index + at, index + at + each.length);
    found.end();
  }
  return found.read(layer);
}

/** `xxd`, `hexdump -C`: an address, bytes, and beside them the text itself, so that whole lines are taken out. */
const dumpLine =
  /^[ \t]*[0-9a-f]{4,16}:?[ \t]+((?:[0-9a-f]{4} ){0,7}[0-9a-f]{2}(?:[0-9a-f]{2})?|[0-9a-f]{2}(?: {1,2}[0-9a-f]{2}){0,15})(?=\s|$).*$/gim;

function inDumps(layer: Layer): Layer | null {
  const found = new Stretches();
  for (const { 0: line, 1: hex = '', index } of layer.text.matchAll(dumpLine))
    for (const byte of Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
      found.put(byte, index, index + line.length);
  return found.read(layer);
}

export function runsOf(layer: Layer): readonly Layer[] {
  return [inBase64(layer), inHex(layer), inNumbers(layer), inDumps(layer)].filter((inner) => inner !== null);
}
