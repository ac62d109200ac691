import { createColors } from 'picocolors';
import type { CommandEntry } from './commands/index.ts';
import { wrap } from '../report/wrap.ts';
import { type CliIo, wantsColor } from './io.ts';

/** What `provision-env --help` prints. */
export function overviewText(commands: Readonly<Record<string, CommandEntry>>, io: CliIo): string {
  const colors = createColors(wantsColor(io.stdout, io.env));
  const rows = Object.entries(commands).map(([name, { usage, summary }]) => ({
    left: `${name} ${usage}`.trim(),
    summary,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  const columns = Math.max(60, Math.min(io.stdout.columns ?? 80, 120));
  /** A text beside or below what it tells of, never wider than the terminal. */
  const filled = (text: string, indent: number): string =>
    wrap(text, columns - indent).replaceAll('\n', `\n${' '.repeat(indent)}`);
  return [
    'Makes a new, isolated environment from a working one, and proves it.',
    '',
    colors.bold('Usage'),
    '  provision-env <target> [from=<source>] [options]',
    '  provision-env <command> [options]',
    '',
    colors.bold('Commands'),
    ...rows.map(({ left, summary }) => `  ${left.padEnd(width)}  ${filled(summary, width + 4)}`),
    '',
    colors.bold('Examples'),
    '  $ provision-env feature-auth from=dev   make feature-auth from dev',
    '  $ provision-env plan staging from=dev   show what it would make, and no more',
    '  $ provision-env destroy feature-auth    take it away again',
    '',
    filled(
      'provision-env <command> --help tells more; provision-env --version tells the version. Exit codes: 0 done, 1 unexpected, 2 bad usage or input, 3 blocked, 4 verification failed, 5 stopped half-way (resume goes on), 6 waits on a person.',
      0,
    ),
    '',
  ].join('\n');
}
