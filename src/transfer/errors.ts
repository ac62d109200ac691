import type { Finding } from './finding.ts';
import { type ErrorCode, type ErrorSource, errorKinds, type ExitCode, exitCodes } from './error-codes.ts';
import { describeSystemError } from './system-errors.ts';

/** Recognised by brand: two copies of this module in one process must know each other's errors. */
const brand = Symbol.for('provision-env.error');

/** Where in the user's files an error lies. Lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetails {
  /** What to do about it, in one or two sentences. */
  readonly hint?: string | undefined;
  readonly where?: SourceLocation | undefined;
  readonly cause?: unknown;
  /** Something was changed before: the process ends with `halfway`, whatever the code alone would end it with. */
  readonly begun?: boolean | undefined;
  /** For `blocked`: what stands in the way. */
  readonly findings?: readonly Finding[] | undefined;
}

/**
 * The one kind of error that commands report. `message` says what was wrong and with which value; `hint` says what
 * to change. Neither ever holds a secret's value.
 */
export class ProvisionError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly where: SourceLocation | undefined;
  readonly begun: boolean;
  readonly findings: readonly Finding[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'ProvisionError';
    this.code = code;
    this.hint = details.hint;
    this.where = details.where;
    this.begun = details.begun ?? false;
    this.findings = details.findings ?? [];
  }

  get source(): ErrorSource {
    return errorKinds[this.code].source;
  }

  get exitCode(): ExitCode {
    return this.begun ? exitCodes.halfway : errorKinds[this.code].exitCode;
  }
}

export function isProvisionError(value: unknown): value is ProvisionError {
  return typeof value === 'object' && value !== null && brand in value;
}

/**
 * What the system answers where a file cannot be written or read.
 *
 * @param path the file that was meant, where the system names a draft of it or none
 * @returns what was thrown, if it is none of these
 */
export function systemError(thrown: unknown, path?: string): unknown {
  const told = isProvisionError(thrown) ? null : describeSystemError(thrown, path);
  return told === null
    ? thrown
    : new ProvisionError(told.code, told.message, { cause: thrown, hint: told.hint });
}

/** Turns whatever was thrown into a `ProvisionError`; what is not one yet is unexpected, hence a bug. */
export function toProvisionError(given: unknown): ProvisionError {
  const thrown = systemError(given);
  if (isProvisionError(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ProvisionError('unexpected', message, {
    cause: thrown,
    hint: 'This is a bug in provision-env. Please report it with what you ran.',
  });
}
