/** The commands that make what the report shows once more, as a person would type them. */
import type { Finding } from '../../transfer/finding.ts';
import type { Command } from './view.ts';

export interface CommandsInput {
  readonly source: string;
  readonly target: string;
  /** What was given with `--set`. Never of sensitive variables: the tool does not take those. */
  readonly set: Readonly<Record<string, string>>;
  /** Findings that a person overruled. */
  readonly accepted: readonly Pick<Finding, 'rule' | 'subject'>[];
  readonly keepLogRetention: boolean;
  readonly engine: 'terraform' | 'direct';
  /** True if the account was looked at, too. */
  readonly live: boolean;
  /** True if the environment stands: then it can be verified and destroyed. */
  readonly exists: boolean;
}

/** One word of a POSIX shell, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export function reproducingCommands(input: CommandsInput): readonly Command[] {
  const { source, target, set, accepted, keepLogRetention, engine, live, exists } = input;
  const line = (...words: string[]): string => ['provision-env', ...words].map(shellWord).join(' ');
  const transfer = [
    target,
    `from=${source}`,
    ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ...accepted.flatMap(({ rule, subject }) => ['--accept', `${rule}:${subject}`]),
    ...(keepLogRetention ? ['--keep-log-retention'] : []),
    ...(engine === 'direct' ? ['--engine', 'direct'] : []),
    ...(live ? ['--live'] : []),
  ];
  return [
    { text: line('plan', ...transfer), does: 'plans and proves it again; changes nothing' },
    { text: line(...transfer), does: 'makes it, or brings it up to date' },
    ...(exists ? [{ text: line('verify', target), does: 'verifies it again, layer by layer' }] : []),
    {
      text: line('report', target, '--format', 'html', '--output', 'report.html'),
      does: 'writes this page',
    },
    ...(exists
      ? [{ text: line('destroy', target), does: 'takes it away, and proves that nothing is left' }]
      : []),
  ];
}
