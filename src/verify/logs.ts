import { awsError, classify, describeFailure, isFatal } from '../aws/errors.ts';
import type { VerifyContext } from './context.ts';
import { type InvocationLog, type LogEvent, type LogEvents, linesOf, linesSince } from './log-lines.ts';
import { pollUntil } from './wait.ts';

export interface LogRead extends InvocationLog {
  readonly group: string;
  /** Why the logs could not be read; lines are none then. */
  readonly unreadable?: string;
  readonly durationMs: number;
}

type LogEventsRead = Pick<LogSoFar, 'lines' | 'more'>;

/** What stands in a log before anybody of us called. */
export interface LogSoFar {
  readonly group: string;
  readonly lines: readonly string[];
  /** There are more lines, which were not read. */
  readonly more: boolean;
  readonly unreadable?: string;
  readonly durationMs: number;
}

export interface LogGroup {
  readonly name: string;
  /** Of a group in which others write too: what the names of its own streams hold. */
  readonly streams: string | null;
}

export interface LogRequest {
  readonly group: LogGroup;
  /** `null` where nobody tells it: then all that was written since. */
  readonly requestId: string | null;
  readonly startedAt: Date;
  readonly limitMs: number;
}

const clockSlackMs = 5 * 60_000;

/** Bounds what one question reads of a group in which others write too. */
const maxPages = 20;

/** Answers without a new line after which a log counts as whole, where the runtime writes no last line. */
const quietRounds = 3;

/** Waits until the lines of an invocation are in CloudWatch Logs, where they arrive seconds after the answer. */
export async function readLogs(context: VerifyContext, request: LogRequest): Promise<LogRead> {
  const started = context.clock.now().getTime();
  let quiet = 0;
  let seen = -1;
  const read = await pollUntil(
    context,
    request.limitMs,
    () => readOnce(context, request),
    ({ lines, complete, unreadable }) => {
      quiet = lines.length > 0 && lines.length === seen ? quiet + 1 : 0;
      seen = lines.length;
      return complete || unreadable !== undefined || quiet >= quietRounds;
    },
  );
  return { ...read, group: request.group.name, durationMs: context.clock.now().getTime() - started };
}

/** What was written since, without waiting for more; nothing where there is no group yet. */
export async function logSoFar(context: VerifyContext, group: LogGroup, since: Date): Promise<LogSoFar> {
  const started = context.clock.now().getTime();
  const read = await reading<LogEventsRead>(group, { lines: [], more: false }, async () => {
    const { events, more } = await eventsSince(context, group, since.getTime());
    return { lines: linesSince(events, since).lines, more };
  });
  return { ...read, group: group.name, durationMs: context.clock.now().getTime() - started };
}

async function readOnce(
  context: VerifyContext,
  { group, requestId, startedAt }: LogRequest,
): Promise<InvocationLog & { readonly unreadable?: string }> {
  return reading<InvocationLog>(group, { lines: [], complete: false }, async () => {
    if (requestId === null)
      return linesSince((await eventsSince(context, group, startedAt.getTime())).events, startedAt);
    // The clock of this machine may be ahead; what is read too much is told apart by the request's id.
    return linesOf((await eventsSince(context, group, startedAt.getTime() - clockSlackMs)).events, requestId);
  });
}

async function reading<Read extends object>(
  group: LogGroup,
  nothing: Read,
  read: () => Promise<Read & { readonly unreadable?: string }>,
): Promise<Read & { readonly unreadable?: string }> {
  try {
    return await read();
  } catch (error) {
    const failure = classify(error, ['ResourceNotFoundException']);
    if (isFatal(failure)) throw awsError(error, `reading the logs in ${group.name}`);
    // Lambda makes a group that nobody declared with the first line: it may still come.
    if (failure.kind === 'not-found') return nothing;
    const denied =
      failure.kind === 'denied' ? { ...failure, action: failure.action ?? 'logs:FilterLogEvents' } : failure;
    return { ...nothing, unreadable: describeFailure(denied) };
  }
}

/** All events, unfiltered: a filter by the id would leave out what a handler prints without it. */
async function eventsSince(context: VerifyContext, group: LogGroup, since: number): Promise<LogEvents> {
  const logs = await context.clients.get('logs');
  const events: LogEvent[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await logs.filterLogEvents({
      logGroupName: group.name,
      startTime: Math.max(0, since),
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    for (const event of answer.events ?? []) {
      const stream = event.logStreamName ?? '';
      if (group.streams !== null && stream !== '' && !stream.includes(group.streams)) continue;
      const message = (event.message ?? '').replace(/\s+$/, '');
      events.push({ stream, message, at: event.timestamp ?? since });
    }
    ({ nextToken } = answer);
    if (nextToken === undefined) break;
  }
  return { events, more: nextToken !== undefined };
}
