/** How long an environment lives: durations as people write them, and the caps of the configuration. */
import ms from 'ms';
import { ProvisionError } from '../transfer/errors.ts';
import { isProtected } from './names.ts';

/** What the configuration says under `ttl`, as far as the end of an environment depends on it. */
export interface TtlRules {
  /** For environments that are made without `--ttl`. */
  readonly default?: string | undefined;
  /** Longest time from now to the end. */
  readonly max?: string | undefined;
  /** Longest time from the making to the end, however often it is extended. */
  readonly maxTotal?: string | undefined;
}

/** The configuration, as far as the end of an environment depends on it. */
export interface LifeRules {
  readonly protected: readonly string[];
  readonly ttl: TtlRules;
}

/** What is recorded of an environment's life. */
export interface Life {
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly expires: string | null;
}

const minute = 60_000;
const longest = 3650 * 24 * 60 * minute;
const forms = 'Write a number and a unit: 45m, 12h, 3d, 2w.';

/** A word for "no end". */
export const never = 'never';

/** Why a text is no duration; `null` if it is one. */
export function durationProblem(text: string): string | null {
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return 'has no unit';
  if (!/^\d+(?:\.\d+)?\s*[a-zA-Z]+$/.test(text)) return 'is not a duration';
  // `ms` reads 3M as minutes; who writes it may mean months.
  if (/[A-Z]/.test(text)) return 'has its unit in upper case';
  const value: number | undefined = text.length > 40 ? undefined : ms(text as ms.StringValue);
  if (value === undefined || Number.isNaN(value)) return 'has a unit that is not known';
  if (value < minute) return 'is shorter than a minute';
  if (value > longest) return 'is longer than ten years';
  return null;
}

/**
 * Milliseconds of a duration such as `45m`, `12h`, `3d`, `2w`.
 * @throws ProvisionError `ttl-invalid`
 */
export function parseDuration(text: string): number {
  const problem = durationProblem(text);
  if (problem === null) return ms(text as ms.StringValue);
  throw new ProvisionError('ttl-invalid', `${JSON.stringify(text.slice(0, 60))} ${problem}.`, {
    hint: forms,
  });
}

function checkCaps(name: string, end: number, created: number, now: Date, { ttl }: LifeRules): void {
  const { max, maxTotal } = ttl;
  if (max !== undefined && end > now.getTime() + parseDuration(max)) {
    throw new ProvisionError('ttl-invalid', `${name} may end at most ${max} from now.`, {
      hint: `The configuration says so: ttl.max. The latest end is ${new Date(now.getTime() + parseDuration(max)).toISOString()}.`,
    });
  }
  if (maxTotal !== undefined && end > created + parseDuration(maxTotal)) {
    throw new ProvisionError('ttl-invalid', `${name} may live for ${maxTotal} in all.`, {
      hint: `The configuration says so: ttl.maxTotal. It was made at ${new Date(created).toISOString()}, so its latest end is ${new Date(created + parseDuration(maxTotal)).toISOString()}.`,
    });
  }
}

/**
 * When an environment that is made or updated now ends. Without `--ttl` one that is recorded keeps its end, and a new
 * one gets the default of the configuration, or its cap.
 *
 * @param ttl as on the command line: a duration from now, `never`, or nothing
 * @returns ISO 8601, UTC; `null` if it has no end
 * @throws ProvisionError `ttl-invalid` above a cap, and for protected environments: nothing ever ends them
 */
export function endOf(
  name: string,
  ttl: string | undefined,
  record: Life | null,
  config: LifeRules,
  now: Date,
): string | null {
  if (isProtected(name, config)) {
    if (ttl === undefined || ttl === never) return null;
    throw new ProvisionError('ttl-invalid', `${name} is protected: nothing destroys it, so it has no end.`, {
      hint: 'Leave --ttl out.',
    });
  }
  if (ttl === undefined && record !== null) return record.expires;
  const capped = config.ttl.max ?? config.ttl.maxTotal;
  if (ttl === never) {
    if (capped === undefined) return null;
    throw new ProvisionError('ttl-invalid', `${name} cannot live for ever.`, {
      hint: `The configuration allows at most ${capped}: ttl.${config.ttl.max === undefined ? 'maxTotal' : 'max'}.`,
    });
  }
  const wanted = ttl ?? config.ttl.default ?? capped;
  if (wanted === undefined) return null;
  const end = now.getTime() + parseDuration(wanted);
  checkCaps(name, end, record === null ? now.getTime() : Date.parse(record.created), now, config);
  return new Date(end).toISOString();
}

/** @throws ProvisionError `protected-environment` for what has no end by its name */
export function refuseEndless(name: string, config: LifeRules): void {
  if (!isProtected(name, config)) return;
  throw new ProvisionError('protected-environment', `${name} is protected: it has no end to be put off.`);
}

/**
 * The end of an environment put off by a duration: counted from its end, or from now where that is past already.
 * @throws ProvisionError `protected-environment`, or `ttl-invalid` where it has no end or a cap forbids it
 */
export function extended(name: string, by: string, record: Life, config: LifeRules, now: Date): string {
  refuseEndless(name, config);
  if (record.expires === null) {
    throw new ProvisionError('ttl-invalid', `${name} has no end: it lives until somebody destroys it.`, {
      hint: `provision-env ${name} --ttl ${durationProblem(by) === null ? by : '3d'} gives it one.`,
    });
  }
  const end = Math.max(now.getTime(), Date.parse(record.expires)) + parseDuration(by);
  checkCaps(name, end, Date.parse(record.created), now, config);
  return new Date(end).toISOString();
}

/** `2 d 5 h`, `5 h 12 min`, `40 min`; milliseconds below a minute count as 0 min. */
function span(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / minute);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return `${days} d${hours > 0 ? ` ${hours} h` : ''}`;
  if (hours > 0) return `${hours} h${rest > 0 ? ` ${rest} min` : ''}`;
  return `${rest} min`;
}

/** How long an environment still lives, in words: `2 d 5 h left`, `ended 3 h ago`, `no end`. */
export function timeLeft(expires: string | null, now: Date): string {
  if (expires === null) return 'no end';
  const left = Date.parse(expires) - now.getTime();
  return left > 0 ? `${span(left)} left` : `ended ${span(-left)} ago`;
}
