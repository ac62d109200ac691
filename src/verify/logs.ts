import { awsError, classify, describeFailure, isFatal } from '../aws/errors.ts';
import type { VerifyContext } from './context.ts';
import { type InvocationLog, type LogEvent, linesOf } from './log-lines.ts';
import { pollUntil } from './wait.ts';

export interface LogRead extends InvocationLog {
  readonly group: string;
  /** Why the logs could not be read; lines are none then. */
  readonly unreadable?: string;
  readonly durationMs: number;
}

export interface LogRequest {
  readonly group: string;
  readonly requestId: string;
  readonly startedAt: Date;
  readonly limitMs: number;
}

/** The clock of this machine may be ahead; what is read too much is told apart by the request's id. */
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
  return { ...read, group: request.group, durationMs: context.clock.now().getTime() - started };
}

async function readOnce(
  context: VerifyContext,
  request: LogRequest,
): Promise<InvocationLog & { readonly unreadable?: string }> {
  const nothing = { lines: [], complete: false };
  try {
    return linesOf(await eventsSince(context, request), request.requestId);
  } catch (error) {
    const failure = classify(error, ['ResourceNotFoundException']);
    if (isFatal(failure)) throw awsError(error, `reading the logs in ${request.group}`);
    // Lambda makes a group that nobody declared with the first line: it may still come.
    if (failure.kind === 'not-found') return nothing;
    const denied =
      failure.kind === 'denied' ? { ...failure, action: failure.action ?? 'logs:FilterLogEvents' } : failure;
    return { ...nothing, unreadable: describeFailure(denied) };
  }
}

/** All events, unfiltered: a filter by the id would leave out what a handler prints without it. */
async function eventsSince(context: VerifyContext, request: LogRequest): Promise<LogEvent[]> {
  const logs = await context.clients.get('logs');
  const events: LogEvent[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await logs.filterLogEvents({
      logGroupName: request.group,
      startTime: request.startedAt.getTime() - clockSlackMs,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    for (const event of answer.events ?? []) {
      const lines = (event.message ?? '').replace(/\s+$/, '');
      events.push({ stream: event.logStreamName ?? '', message: lines });
    }
    ({ nextToken } = answer);
    if (nextToken === undefined) break;
  }
  return events;
}
