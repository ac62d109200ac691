/** The command that asks for the same transfer once more, as a person would type it. */
import type { TransferRequest } from '../steps/context.ts';

/** What was asked for. `set` never holds a value of a sensitive variable: the tool does not take those. */
export type Asked = Pick<TransferRequest, 'source' | 'target'> &
  Partial<
    Pick<
      TransferRequest,
      'set' | 'accept' | 'keepLogRetention' | 'engine' | 'live' | 'invoke' | 'ttl' | 'maxMonthly' | 'prices'
    >
  >;

/** One word of a POSIX shell, quoted where it has to be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export const commandLine = (...words: readonly string[]): string =>
  ['provision-env', ...words].map(shellWord).join(' ');

/** @param command where it is not `provision`, which may be left out */
export function askAgain(asked: Asked, ...command: readonly string[]): string {
  const { source, target, set = {}, accept = [], keepLogRetention, engine, live } = asked;
  const { invoke, ttl, maxMonthly, prices } = asked;
  return commandLine(
    ...command,
    target,
    `from=${source}`,
    ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ...accept.flatMap((each) => ['--accept', each]),
    ...(keepLogRetention ? ['--keep-log-retention'] : []),
    ...(engine === 'direct' ? ['--engine', engine] : []),
    ...(live ? ['--live'] : []),
    ...(invoke === undefined ? [] : ['--invoke', invoke]),
    ...(ttl === undefined ? [] : ['--ttl', ttl]),
    ...(maxMonthly === undefined ? [] : ['--max-monthly', String(maxMonthly)]),
    ...(prices === undefined ? [] : ['--prices', prices]),
  );
}
