/**
 * A text as it was read out of another: with its escapes taken back, or out of a run of Base64 or hexadecimal. It knows
 * for each of its characters what stands for it in the text that it was read from.
 */

export interface Layer {
  readonly text: string;
  /** How many times something was read out of something. */
  readonly depth: number;
  /** Where `start` to `end` (not included) stands in the text that all began with. */
  origin(start: number, end: number): readonly [number, number];
}

export const asItIs = (text: string): Layer => ({ text, depth: 0, origin: (start, end) => [start, end] });

/** Part of a layer that reads as `text`. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The text of a layer with some of its pieces read as something else; `null` if there are none. */
export function withPieces(layer: Layer, pieces: Iterable<Piece>): Layer | null {
  // Where each stretch begins: in this text, in the other; and where a piece ends there.
  const here: number[] = [];
  const there: number[] = [];
  const ends: number[] = [];
  let text = '';
  let last = 0;
  const stretch = (read: string, from: number, to: number): void => {
    if (read === '') return;
    here.push(text.length);
    there.push(from);
    ends.push(to);
    text += read;
  };
  for (const piece of pieces) {
    stretch(layer.text.slice(last, piece.start), last, -1);
    stretch(piece.text, piece.start, piece.end);
    last = piece.end;
  }
  if (last === 0) return null;
  stretch(layer.text.slice(last), last, -1);
  return {
    text,
    depth: layer.depth + 1,
    origin(start, end) {
      const [first, final] = [lastUpTo(here, start), lastUpTo(here, end - 1)];
      const isPiece = (at: number): boolean => ends[at] !== -1;
      const from = (there[first] ?? 0) + (isPiece(first) ? 0 : start - (here[first] ?? 0));
      const to = isPiece(final) ? (ends[final] ?? 0) : (there[final] ?? 0) + end - (here[final] ?? 0);
      return layer.origin(from, to);
    },
  };
}

/** Where the last of ascending numbers stands that is no greater than `limit`. */
export function lastUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A text read out of a run of a layer. */
export function readOut(
  layer: Layer,
  text: string,
  /** What stands for the character at `position`, as places in the layer. */
  placeOf: (position: number) => readonly [number, number],
): Layer {
  return {
    text,
    depth: layer.depth + 1,
    origin(start, end) {
      return layer.origin(placeOf(start)[0], placeOf(end - 1)[1]);
    },
  };
}
