/** Bytes as text, with the place of each character: what is no UTF-8 stands for itself, byte by byte. */
interface Decoded {
  readonly text: string;
  /** The byte at which the character of a UTF-16 code unit begins, and the one at which the next one does. */
  readonly startOf: (unit: number) => number;
  readonly endOf: (unit: number) => number;
}

/** How many bytes a character takes, by its first one; 1 for what begins none. */
function widthAt(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0;
  const width =
    first >= 0xf0 && first < 0xf5
      ? 4
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xc2 && first < 0xe0
          ? 2
          : 1;
  for (let more = 1; more < width; more += 1) if (((bytes[index + more] ?? 0) & 0xc0) !== 0x80) return 1;
  return width;
}

export function utf8(bytes: Uint8Array): Decoded {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (!/[^\0-\x7f]/.test(latin)) return { text: latin, startOf: (unit) => unit, endOf: (unit) => unit + 1 };
  const starts = new Int32Array(bytes.length);
  let text = '';
  let plain = 0;
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index] ?? 0;
    if (first < 0x80) {
      starts[text.length + index - plain] = index;
      index += 1;
      continue;
    }
    text += latin.slice(plain, index);
    const width = widthAt(bytes, index);
    let point = first;
    if (width > 1) {
      point &= 0xff >> (width + 1);
      for (let more = 1; more < width; more += 1) point = (point << 6) | ((bytes[index + more] ?? 0) & 0x3f);
    }
    const char = point <= 0x10_ff_ff ? String.fromCodePoint(point) : '\u{FFFD}';
    starts.fill(index, text.length, text.length + char.length);
    text += char;
    index += width;
    plain = index;
  }
  text += latin.slice(plain);
  return {
    text,
    startOf: (unit) => starts[unit] ?? 0,
    endOf(unit) {
      let next = unit + 1;
      // Both units of a pair begin at one byte.
      while (next < text.length && starts[next] === starts[unit]) next += 1;
      return next < text.length ? (starts[next] ?? 0) : bytes.length;
    },
  };
}
