import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureLog, load, setEnvironment } from './handlers.ts';
import { type Service, startService } from './service.ts';

describe('report-worker', async () => {
  const handler = await load('report-worker');
  let line: Service;
  let log: Record<string, unknown>[];

  beforeEach(async () => {
    line = await startService();
    log = captureLog();
    setEnvironment({
      ENVIRONMENT: 'dev',
      LINE_CHANNEL_ACCESS_TOKEN: 'channel-token',
      LINE_API_BASE: line.base,
      REPORT_BUCKET: 'reports',
      REPORT_RECIPIENTS: 'U1,U2',
      REPORT_TIMEZONE: 'Asia/Bangkok',
    });
  });

  afterEach(async () => {
    await line[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const makeReport = { action: 'make-report', startedAt: '2026-01-14T18:00:00Z' };

  async function queued() {
    return { Records: [{ messageId: 'm1', body: JSON.stringify(await handler(makeReport)) }] };
  }

  it("makes the report of the readers' day", async () => {
    expect(await handler(makeReport)).toEqual({
      date: '2026-01-15',
      recipients: ['U1', 'U2'],
      text: 'Daily report of 2026-01-15 (dev)',
      document: 's3://reports/dev/2026-01-15.pdf',
    });
  });

  it('delivers it to everybody, with the same retry key at every attempt', async () => {
    const event = await queued();
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    await handler(event);

    expect(line.calls.map(({ body }) => (body as { to: string }).to)).toEqual(['U1', 'U2', 'U1', 'U2']);
    const [first, second, third] = line.calls.map(({ headers }) => headers['x-line-retry-key']);
    expect(first).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    expect(second).not.toBe(first);
    expect(third).toBe(first);
  });

  it.each([
    [500, ['m1']],
    [429, ['m1']],
    [409, []],
    [401, []],
  ])('on a %i from LINE gives back %j', async (status, failed) => {
    line.status = status;
    expect(await handler(await queued())).toEqual({
      batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect(log.filter(({ level }) => level === 'ERROR')).toEqual([]);
  });

  it('says that it is well', async () => {
    expect(await handler({ source: 'provision-env', check: 'health' })).toMatchObject({ statusCode: 200 });
  });

  it('fails the workflow, and tells a health check, when an environment variable is missing', async () => {
    setEnvironment({ LINE_API_BASE: '' });
    expect(await handler({})).toMatchObject({ statusCode: 500 });
    await expect(handler(makeReport)).rejects.toThrow('missing environment variables: LINE_API_BASE');
  });
});
