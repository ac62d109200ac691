/** Which log lines belong to an invocation, and what they say. Pure. */
import { findDenial } from '../aws/access-denied.ts';
import { isJsonObject, type JsonObject } from '../transfer/json.ts';

export interface LogEvent {
  readonly stream: string;
  readonly message: string;
  /** Milliseconds since 1970, by the clock of the service. */
  readonly at: number;
}

export interface InvocationLog {
  readonly lines: readonly string[];
  /** The runtime's last line of the invocation is there: nothing more will come. */
  readonly complete: boolean;
}

/** Events of one reading. */
export interface LogEvents {
  readonly events: readonly LogEvent[];
  /** There are more, which were not read. */
  readonly more: boolean;
}

/**
 * An execution environment runs one invocation at a time and writes to one stream, so what stands between the first
 * and the last line with the request's id belongs to it, also what a handler prints without the id. What stands
 * before, back to the end of the invocation before, is the initialisation of the environment.
 */
export function linesOf(events: readonly LogEvent[], requestId: string): InvocationLog {
  const streams = new Map<string, string[]>();
  for (const { stream, message } of events) {
    const lines = streams.get(stream);
    if (lines) lines.push(message);
    else streams.set(stream, [message]);
  }
  for (const lines of streams.values()) {
    const first = lines.findIndex((line) => line.includes(requestId));
    if (first < 0) continue;
    const last = lines.findLastIndex((line) => line.includes(requestId));
    const complete = lines.some((line) => isReport(line) && line.includes(requestId));
    const before = lines.slice(0, first).findLastIndex((line) => isReport(line) || timeOut.test(line));
    const next = lines.findIndex((line, index) => index > last && isStart(line));
    const end = complete ? last + 1 : next < 0 ? lines.length : next;
    return { lines: lines.slice(before + 1, end), complete };
  }
  return { lines: [], complete: false };
}

/** All that was written since: of a call whose request id nobody tells, and of what others called. */
export function linesSince(events: readonly LogEvent[], since: Date): InvocationLog {
  const lines = events.filter(({ at }) => at >= since.getTime()).map(({ message }) => message);
  return { lines, complete: lines.some(isReport) };
}

const timeOut = /Task timed out after/;

function isReport(line: string): boolean {
  return line.startsWith('REPORT RequestId:') || platformType(line) === 'platform.report';
}

function isStart(line: string): boolean {
  return line.startsWith('START RequestId:') || platformType(line) === 'platform.start';
}

const platformLine =
  /^(?:INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT|START RequestId:|END RequestId:|REPORT RequestId:|EXTENSION|TELEMETRY|LOGS\s|XRAY TraceId:)/;

/** What Lambda itself writes, in the text or in the JSON log format. */
export function isPlatformLine(line: string): boolean {
  return platformLine.test(line) || platformType(line) !== null || line.trim() === '';
}

function platformType(line: string): string | null {
  const type = object(line)?.['type'];
  return typeof type === 'string' && type.startsWith('platform.') ? type : null;
}

function object(line: string): JsonObject | null {
  const start = line.indexOf('{');
  // Node's text format puts time, id and level before the JSON that a handler prints.
  if (start < 0 || (start > 0 && line[start - 1] !== '\t')) return null;
  try {
    const value: unknown = JSON.parse(line.slice(start));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** An error whatever the level of its line: nobody writes these on purpose. */
const certain =
  /Traceback \(most recent call last\)|Task timed out after|AccessDenied|is not authorized to perform|\bUnhandled|Runtime\.(?:ExitError|ImportModuleError|HandlerNotFound|UserCodeSyntaxError)|Runtime exited/;

const byLevel = /(?:^|[\s[])(?:ERROR|CRITICAL|FATAL)(?:[\s\]:]|$)/;

/** The error that a line reports, in its own words and not yet redacted; `null` if it reports none. */
export function errorInLine(line: string): string | null {
  // Whole, whatever its form: which permission lacks is read out of it later.
  if (findDenial(line)) return line;
  const parsed = object(line);
  if (platformLine.test(line)) {
    const status = /\bStatus: (error|timeout|failure)\b(?:\s+Error Type: (\S+))?/.exec(line);
    return status ? `${status[1]}${status[2] === undefined ? '' : ` ${status[2]}`}` : null;
  }
  if (!parsed) return certain.test(line) || byLevel.test(line) ? line : null;
  if (byLevel.test(line.slice(0, line.indexOf('{')))) return textOf(parsed);
  const level = parsed['level'] ?? parsed['levelname'] ?? parsed['severity'] ?? parsed['log_level'];
  if (typeof level === 'string' && /^(?:error|critical|fatal)$/i.test(level)) return textOf(parsed);
  // Pino and bunyan number their levels: 50 is error, 60 is fatal.
  if (typeof level === 'number' && level >= 50 && level < 100) return textOf(parsed);
  const { status, errorType } = isJsonObject(parsed['record']) ? parsed['record'] : {};
  if (status === 'error' || status === 'timeout' || status === 'failure')
    return typeof errorType === 'string' ? `${status} ${errorType}` : status;
  return certain.test(line) ? textOf(parsed) : null;
}

function textOf(parsed: JsonObject): string {
  const { message, msg, errorMessage, errorType } = parsed;
  const inner = isJsonObject(message) ? message : parsed;
  if (typeof inner['errorMessage'] === 'string')
    return [inner['errorType'], inner['errorMessage']].filter((each) => typeof each === 'string').join(': ');
  const text = [errorType, errorMessage ?? message ?? msg]
    .filter((each) => typeof each === 'string')
    .join(': ');
  return text === '' ? 'an error without a message' : text;
}
