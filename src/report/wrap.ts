/**
 * Breaks a text without escape sequences into lines of at most `width` characters: between words where it can, within
 * a word only where that is longer than a line. Linear: `wrap-ansi` takes a minute for the cells of a large project.
 */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    let rest = word;
    while (rest.length > width) {
      lines.push(rest.slice(0, width));
      rest = rest.slice(width);
    }
    line = rest;
  }
  lines.push(line);
  return lines.join('\n');
}
