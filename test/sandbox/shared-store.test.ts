/** Records in a bucket, as two machines see them: each has its own project folder and nothing else in common. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { s3Objects } from '../../src/aws/s3-objects.ts';
import { openStore } from '../../src/steps/store.ts';
import { createObjectStore } from '../../src/store/object-store.ts';
import { makeProject, runCli } from '../support/cli.ts';
import { aRecord } from '../support/record.ts';
import { writeRecord } from '../support/store.ts';

let sandbox: Sandbox;
let clients: AwsClients;

beforeAll(async () => {
  sandbox = await startSandbox();
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
  await (
    await clients.get('s3')
  ).createBucket({
    Bucket: 'team-records',
    CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-1' },
  });
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
});

const objects = async (prefix: string) => s3Objects(await clients.get('s3'), 'team-records', prefix);

describe('the store in S3', () => {
  it('writes on condition, lists page by page, and takes away', async () => {
    const place = await objects('conditions');
    const version = await place.put('a', '1', 'absent');
    expect(version).not.toBeNull();
    expect(await place.put('a', '2', 'absent')).toBeNull();
    expect(await place.put('a', '2', { version: '"other"' })).toBeNull();
    expect(await place.put('a', '2', { version: version ?? '' })).not.toBeNull();
    expect((await place.get('a'))?.text).toBe('2');
    await place.remove('a');
    expect(await place.get('a')).toBeNull();
  });

  it('gives a lock to one of many', async () => {
    const store = createObjectStore(await objects('locks'));
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => store.lock('feature-auth', 'x')));
    const won = taken.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    await won[0]?.release();
    await (await store.lock('feature-auth', 'x')).release();
  });

  it('shows one machine what another recorded, and gives both one key for fingerprints', async () => {
    const config = { 'provision-env.config.json': '{ "store": "s3://team-records/daily-report" }' };
    const [one, other] = [await makeProject([], config), await makeProject([], config)];
    const store = await openStore('s3://team-records/daily-report', join(one, '.provision-env'), () =>
      Promise.resolve(clients),
    );
    await writeRecord(store, aRecord({ expires: new Date(Date.now() + 3_600_000).toISOString() }));
    const { code, stderr } = await runCli(other, ['extend', 'feature-auth', '2d']);
    expect([code, stderr]).toEqual([0, '']);
    expect((await runCli(one, ['list'])).stdout).toContain('2 d');
    const keyOf = (root: string) => readFile(join(root, '.provision-env/fingerprint.key'), 'utf8');
    expect(await keyOf(one)).toBe(await keyOf(other));
  });

  it('says which bucket cannot be read', async () => {
    const project = await makeProject([], {
      'provision-env.config.json': '{ "store": "s3://no-such-bucket/x" }',
    });
    const { code, stderr } = await runCli(project, ['list']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('s3://no-such-bucket/x');
  });
});
