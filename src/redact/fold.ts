/**
 * The form of a text in which secrets are looked for. Letters lose their case and their accents; what writers put into
 * a value or take out of it without changing what it says (spaces, line breaks, quotes, backslashes, marks that nobody
 * sees) is left out. Each character that stays knows where it stood.
 */

interface Folded {
  /** UTF-16 code units. */
  readonly codes: Uint16Array;
  /** For each of them, where its character begins in the text. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly length: number;
}

/** Spaces, controls, quotes, the escape character, and `+`, which stands for a space in forms. */
const leftOut = /[\s\p{C}\p{M}\\"'`+│╷╵]/u;

const plain = new Uint16Array(128).map((_, code) => {
  const char = String.fromCodePoint(code);
  return leftOut.test(char) ? 0 : (char.toLowerCase().codePointAt(0) ?? 0);
});

/** `ö` may be one character or two, `ß` becomes `SS`: the decomposed form, upper case and back, is the same for all. */
function foldPoint(char: string): string {
  return Array.from(char.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD'))
    .filter((each) => !leftOut.test(each))
    .join('');
}

export function fold(text: string): Folded {
  // One character may become several.
  let room = text.length + 16;
  let codes = new Uint16Array(room);
  let starts = new Int32Array(room);
  let ends = new Int32Array(room);
  let length = 0;
  const put = (code: number, start: number, end: number): void => {
    if (length === room) {
      room *= 2;
      [codes, starts, ends] = [grown(codes, room), grown32(starts, room), grown32(ends, room)];
    }
    codes[length] = code;
    starts[length] = start;
    ends[length] = end;
    length += 1;
  };
  const known = new Map<number, string>();
  for (let index = 0; index < text.length;) {
    const code = text.charCodeAt(index);
    if (code < 128) {
      const kept = plain[code] ?? 0;
      if (kept !== 0) put(kept, index, index + 1);
      index += 1;
      continue;
    }
    const point = text.codePointAt(index) ?? code;
    const width = point > 0xff_ff ? 2 : 1;
    let folded = known.get(point);
    if (folded === undefined) known.set(point, (folded = foldPoint(String.fromCodePoint(point))));
    for (let at = 0; at < folded.length; at += 1) put(folded.charCodeAt(at), index, index + width);
    index += width;
  }
  return { codes, starts, ends, length };
}

function grown(from: Uint16Array, room: number): Uint16Array<ArrayBuffer> {
  const result = new Uint16Array(room);
  result.set(from);
  return result;
}

function grown32(from: Int32Array, room: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(room);
  result.set(from);
  return result;
}

/** The same as a text, to compare and to count by. */
export function foldedText(text: string): string {
  const { codes, length } = fold(text);
  let result = '';
  for (let index = 0; index < length; index += 1) result += String.fromCharCode(codes[index] ?? 0);
  return result;
}
