/**
 * How much room a text takes on a terminal, in columns: Thai vowels and other marks take none, Chinese, Japanese, Korean
 * and emoji take two (https://www.unicode.org/reports/tr11/). For texts without escape sequences.
 */

const narrow = /^[\x20-\x7e]*$/;
const none = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const double =
  /^[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]$/u;

const columnsOfCharacter = (character: string): number =>
  none.test(character) ? 0 : double.test(character) ? 2 : 1;

export function columnsOf(text: string): number {
  if (narrow.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/** The longest beginning that fits; never splits a character from its marks, and always takes one. */
export function beginningOf(text: string, columns: number): string {
  if (narrow.test(text.slice(0, columns + 1))) return text.slice(0, Math.max(1, columns));
  let taken = '';
  let used = 0;
  for (const character of text) {
    const more = columnsOfCharacter(character);
    if (used + more > columns && taken !== '') break;
    taken += character;
    used += more;
  }
  return taken;
}

/** The text itself, or its beginning and an ellipsis. */
export function cutTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  return columns <= 2 ? '…' : `${beginningOf(text, columns - 1)}…`;
}
