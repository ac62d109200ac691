/** The store in a service that speaks S3, through the SDK as it is: what it does with conditions, and what it refuses. */
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { s3Objects } from '../../src/aws/s3-objects.ts';
import { createObjectStore } from '../../src/store/object-store.ts';
import type { Store } from '../../src/transfer/store.ts';
import { aRecord } from '../support/record.ts';
import { writeRecord } from '../support/store.ts';
import { type S3Service, startS3Service } from './support/s3-service.ts';

const name = 'feature-auth';
let service: S3Service;
const clients: S3[] = [];

beforeAll(async () => {
  service = await startS3Service();
});
afterEach(() => {
  service.content.clear();
  service.answer = () => undefined;
  service.skew = 0;
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => service.close());

function open(): Store {
  const client = new S3({
    endpoint: service.endpoint,
    forcePathStyle: true,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  clients.push(client);
  return createObjectStore(s3Objects(client, 'team', 'records-of-ours'));
}
const conditional = ({ headers }: { headers: Record<string, unknown> }): boolean =>
  'if-none-match' in headers || 'if-match' in headers;

it('keeps records, and a lock for one of many', async () => {
  await writeRecord(open(), aRecord());
  expect(await open().readRecord(name)).toEqual(aRecord());
  const taken = await Promise.allSettled(Array.from({ length: 8 }, () => open().lock(name, 'x')));
  const won = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(won).toHaveLength(1);
  await won[0]?.store.retireRecord(aRecord());
  await won[0]?.release();
  expect(await open().listRecords()).toEqual([]);
});

it('says since when by the clock of the service, and goes by it', async () => {
  service.skew = 5 * 3_600_000;
  const lock = await open().lock(name, 'provision');
  expect(Math.abs(Date.parse(lock.owner.since) - Date.now() - service.skew)).toBeLessThan(5_000);
  await expect(open().lock(name, 'destroy')).rejects.toMatchObject({
    code: 'transfer-locked',
    message: expect.stringMatching(
      /renewed \d s ago, by the clock of s3:\/\/team\/records-of-ours\.$/,
    ) as string,
  });
  await lock.release();
});

it('asks again where somebody wrote at the same instant', async () => {
  let conflicts = 3;
  service.answer = (request) =>
    conditional(request) && (conflicts -= 1) >= 0
      ? { status: 409, code: 'ConditionalRequestConflict' }
      : undefined;
  await (await open().lock(name, 'x')).release();
  expect(conflicts).toBeLessThan(0);
});

describe('a service that does not keep conditions is refused', () => {
  it.each([
    ['ignores them', () => 'ignore conditions' as const, 'both succeeded'],
    [
      'answers 501 to them',
      () => ({ status: 501, code: 'NotImplemented' }),
      'it answers 501 NotImplemented to a write with If-None-Match: *',
    ],
    ['answers 400 to them', () => ({ status: 400, code: 'InvalidArgument' }), '400 InvalidArgument'],
    ['answers 405 to them', () => ({ status: 405, code: 'MethodNotAllowed' }), '405 MethodNotAllowed'],
  ])('%s', async (_what, answer, tried) => {
    service.answer = (request) => (conditional(request) ? answer() : undefined);
    for (let round = 0; round < 5; round += 1) {
      const taken = await Promise.allSettled([open().lock(name, 'a'), open().lock(name, 'b')]);
      expect(taken.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }
    await expect(open().lock(name, 'x')).rejects.toMatchObject({
      code: 'store-unsuitable',
      exitCode: 2,
      message: expect.stringMatching(
        /^s3:\/\/team\/records-of-ours cannot keep records and locks: /,
      ) as string,
    });
    await expect(open().lock(name, 'x')).rejects.toThrow(tried);
    // Whoever only reads does.
    expect(await open().listRecords()).toEqual([]);
  });
});

describe('what keeps a bucket from being written is the environment’s', () => {
  it.each([
    [403, 'AccessDenied', 'access-denied'],
    [400, 'ExpiredToken', 'credentials-expired'],
    [403, 'InvalidAccessKeyId', 'credentials-expired'],
    [404, 'NoSuchBucket', 'store-unsuitable'],
    [500, 'InternalError', 'service-unavailable'],
    [503, 'ServiceUnavailable', 'service-unavailable'],
    [409, 'ConditionalRequestConflict', 'service-unavailable'],
  ])('%s %s', async (status, code, told) => {
    service.answer = ({ method }) => (method === 'PUT' ? { status, code } : undefined);
    const error: unknown = await open()
      .lock(name, 'x')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: told, hint: expect.stringMatching(/\S/) as string });
    expect(error).not.toMatchObject({ source: 'bug' });
    expect(String(error)).toContain('s3://team/records-of-ours');
  });
});
