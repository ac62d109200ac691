/** Bytes as text, with the place of each character: what is no UTF-8 stands for itself, byte by byte. */
interface Decoded {
  readonly text: string;
  /** For each UTF-16 code unit the byte at which its character begins. */
  readonly starts: readonly number[];
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
  const starts: number[] = [];
  const parts: string[] = [];
  for (let index = 0; index < bytes.length;) {
    const width = widthAt(bytes, index);
    let point = bytes[index] ?? 0;
    if (width > 1) {
      point &= 0xff >> (width + 1);
      for (let more = 1; more < width; more += 1) point = (point << 6) | ((bytes[index + more] ?? 0) & 0x3f);
    }
    const char = point <= 0x10_ff_ff ? String.fromCodePoint(point) : '\u{FFFD}';
    for (let unit = 0; unit < char.length; unit += 1) starts.push(index);
    parts.push(char);
    index += width;
  }
  return { text: parts.join(''), starts };
}
