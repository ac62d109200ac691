/**
 * The last thing that happens to a text before it leaves for a terminal or a log. Whatever was printed (answers of
 * functions, log lines, names of branches, what Terraform says): no line of it is an instruction to who reads the log.
 *
 * GitHub's runner takes a line for a command that begins with `::`, white space before it or not, and wherever `##[`
 * stands; others have a word between (`##vso[`, `##teamcity[`). GitLab folds sections by escape sequences
 * (https://docs.gitlab.com/ci/jobs/job_logs/).
 */
/** The escape sequences that our own colours are: nothing moves, nothing is hidden. */
const color = String.raw`\u001B\[(?:0|1|2|22|3[0-9]|39|9[0-7])m`;
const active = new RegExp(`${color}|\\r\\n|[\\p{Cc}\\p{Cf}\\u2028\\u2029]`, 'gu');
const leading = new RegExp(`^(?:\\s|${color})*`, 'u');
const command = new RegExp(`^:(?:${color})*:`, 'u');
const oneColon = new RegExp(`^:(?:${color})*$`, 'u');
const secondColon = new RegExp(`^(?:${color})*:`, 'u');
const onlyColor = new RegExp(`^(?:${color})*$`, 'u');
const oldCommand = new RegExp(`(##(?:${color}|\\w)*)\\[`, 'gu');
const beginsOldCommand = new RegExp(`##?(?:${color}|\\w)*$`, 'u');

/** How far the line is that the next text goes on with. */
type LineSoFar = 'blank' | 'colon' | 'text';

/** @returns takes texts in the order in which they are written, and gives what is to be written */
export function createOutputGuard(options: { readonly color: boolean }): (text: string) => string {
  let soFar: LineSoFar = 'blank';
  let hashes = '';

  const guardLine = (line: string): string => {
    if (soFar === 'text' || line === '') return line;
    const begin = soFar === 'blank' ? (leading.exec(line)?.[0].length ?? 0) : 0;
    const rest = line.slice(begin);
    const isCommand = (soFar === 'blank' ? command : secondColon).test(rest);
    if (rest !== '') soFar = (soFar === 'blank' ? oneColon : onlyColor).test(rest) ? 'colon' : 'text';
    return isCommand ? `${line.slice(0, begin)}\\${rest}` : line;
  };

  return (text) => {
    const clean = text.replaceAll(active, (found) => {
      if (found === '\n' || found === '\t') return found;
      if (found === '\r\n') return '\n';
      if (found.length > 1) return options.color ? found : '';
      return /\p{Cc}|[\u2028\u2029]/u.test(found) ? ' ' : '\uFFFD';
    });
    const before = hashes;
    hashes = beginsOldCommand.exec(before + clean)?.[0] ?? '';
    const parted = (before + clean).replaceAll(oldCommand, String.raw`$1\[`).slice(before.length);
    return parted
      .split('\n')
      .map((line, index) => {
        if (index > 0) soFar = 'blank';
        return guardLine(line);
      })
      .join('\n');
  };
}

/**
 * A document as `--json` prints it: read back it is the same, and nothing in it is active on the way through a log or
 * over a terminal. All of it stands within strings, where JSON has a way to write any character.
 */
export function jsonText(value: unknown): string {
  const escaped = (found: string): string =>
    Array.from({ length: found.length }, (_, index) => found.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join('');
  return `${JSON.stringify(value, null, 2)
    .replaceAll(/[\u007F-\u009F\u2028\u2029]|\p{Cf}/gu, escaped)
    .replaceAll(/(##\w*)\[/g, String.raw`$1\u005b`)}\n`;
}
