import { describe, expect, it } from 'vitest';
import { errorInLine, isPlatformLine, linesOf, type LogEvent } from '../../src/verify/log-lines.ts';

const id = '11111111-2222-3333-4444-555555555555';
const other = '99999999-2222-3333-4444-555555555555';

function events(stream: string, ...messages: string[]): LogEvent[] {
  return messages.map((message) => ({ stream, message, at: 0 }));
}

const invocation = (request: string, ...own: string[]): string[] => [
  `START RequestId: ${request} Version: $LATEST`,
  ...own,
  `END RequestId: ${request}`,
  `REPORT RequestId: ${request}\tDuration: 1 ms`,
];

describe('linesOf', () => {
  it('takes what stands between START and REPORT, with or without the id', () => {
    const found = linesOf(events('a', ...invocation(id, 'printed by Python')), id);
    expect(found).toEqual({ lines: invocation(id, 'printed by Python'), complete: true });
  });

  it('leaves out the invocations before and after, and other streams', () => {
    const all = [
      ...events('a', ...invocation(other, 'before')),
      ...events('a', ...invocation(id, 'mine')),
      ...events('a', ...invocation(other, 'after')),
      ...events('b', ...invocation(other, 'elsewhere')),
    ];
    expect(linesOf(all, id).lines).toEqual(invocation(id, 'mine'));
  });

  it('tells interleaved streams apart', () => {
    const mine = events('a', ...invocation(id, 'mine'));
    const theirs = events('b', ...invocation(other, 'theirs'));
    const all = mine.flatMap((event, index) => [event, ...theirs.slice(index, index + 1)]);
    expect(linesOf(all, id).lines).toEqual(invocation(id, 'mine'));
  });

  it('keeps the initialisation of a cold start', () => {
    const lines = ['INIT_START Runtime Version: nodejs:20', 'printed while loading', ...invocation(id)];
    expect(linesOf(events('a', ...lines), id).lines).toEqual(lines);
  });

  it('keeps a time-out that is written after the report', () => {
    const lines = [...invocation(id), `2026-01-01T00:00:00Z ${id} Task timed out after 3.00 seconds`];
    expect(linesOf(events('a', ...lines, ...invocation(other)), id).lines).toEqual(lines);
  });

  it('is not complete before the report is there', () => {
    const started = invocation(id, 'mine').slice(0, 2);
    expect(linesOf(events('a', ...started), id)).toEqual({ lines: started, complete: false });
    expect(linesOf([], id)).toEqual({ lines: [], complete: false });
  });

  it('reads the JSON format', () => {
    const lines = [
      JSON.stringify({ type: 'platform.start', record: { requestId: id } }),
      JSON.stringify({ level: 'INFO', message: 'mine', requestId: id }),
      JSON.stringify({ type: 'platform.report', record: { requestId: id, status: 'success' } }),
    ];
    expect(linesOf(events('a', ...lines), id)).toEqual({ lines, complete: true });
    expect(lines.map(isPlatformLine)).toEqual([true, false, true]);
  });
});

describe('isPlatformLine', () => {
  it.each([
    ...invocation(id),
    'INIT_START Runtime',
    'EXTENSION Name: x',
    'TELEMETRY Name: x',
    'XRAY TraceId: 1',
    '',
  ])('%s', (line) => {
    expect(isPlatformLine(line)).toBe(true);
  });

  it.each(['hello', '{"level":"INFO"}', 'the START RequestId: of another', '[INFO]\tx'])('not %s', (line) => {
    expect(isPlatformLine(line)).toBe(false);
  });
});

describe('errorInLine', () => {
  const node = (level: string, text: string): string => `2026-01-01T00:00:00.000Z\t${id}\t${level}\t${text}`;

  it.each([
    [node('ERROR', 'boom'), /boom/],
    [node('ERROR', '{"errorType":"TypeError","errorMessage":"x is not a function"}'), /x is not a function/],
    [node('INFO', '{"level":"ERROR","message":"missing key"}'), /^missing key$/],
    ['{"level":"error","msg":"from a logger"}', /^from a logger$/],
    ['{"level":50,"msg":"from pino"}', /^from pino$/],
    [
      '{"level":"ERROR","message":{"errorType":"Error","errorMessage":"json format"}}',
      /^Error: json format$/,
    ],
    [`[ERROR]\t2026-01-01T00:00:00.000Z\t${id}\tfrom Python`, /from Python/],
    ['[ERROR] Runtime.ImportModuleError: no module', /ImportModuleError/],
    ['Traceback (most recent call last):', /Traceback/],
    [`2026-01-01T00:00:00.000Z ${id} Task timed out after 3.00 seconds`, /timed out/],
    ['ERROR: something', /something/],
    ['AccessDeniedException: no', /AccessDenied/],
    ['UnhandledPromiseRejectionWarning: x', /Unhandled/],
    [`REPORT RequestId: ${id}\tDuration: 1 ms\tStatus: timeout`, /^timeout$/],
    [`REPORT RequestId: ${id}\tStatus: error\tError Type: Runtime.ExitError`, /^error Runtime.ExitError$/],
    [
      '{"type":"platform.report","record":{"status":"error","errorType":"Runtime.Unknown"}}',
      /^error Runtime.Unknown$/,
    ],
    ['{"level":"INFO","message":"User: r is not authorized to perform: sqs:SendMessage"}', /sqs:SendMessage/],
  ])('%s', (line, error) => {
    expect(errorInLine(line)).toMatch(error);
  });

  it.each([
    ...invocation(id),
    node('INFO', 'all well, errors: 0'),
    node('INFO', '{"level":"INFO","message":"ERROR is a word here"}'),
    node('WARN', 'careful'),
    'ERROR_COUNT=0',
    'terrorist',
    '{"level":30,"msg":"x"}',
    '{"type":"platform.report","record":{"status":"success"}}',
    '{not json ERRORLESS',
  ])('no error in %s', (line) => {
    expect(errorInLine(line)).toBeNull();
  });
});
