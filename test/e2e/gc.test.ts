/** As in CI: one machine makes an environment, another collects it, and they share nothing but the bucket. */
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({
    fixture: 'mini',
    bucket: 'mini-state',
    prepare: (project) =>
      writeFile(
        join(project, 'provision-env.config.json'),
        JSON.stringify({ store: 's3://mini-state/records', ttl: { max: '2d' } }),
      ),
  });
});
afterAll(() => world.close());

const recordKey = 'records/records/feature-old.json';

it('collects on one machine what another made, once its time is over and not before', async () => {
  const made = await world.json(['feature-old', 'from=dev', '--yes', '--ttl', '1d']);
  expect(made.document.error).toBeNull();
  expect([made.exitCode, made.document.status]).toEqual([0, 'verified']);
  const left = Date.parse(made.document.record?.expires ?? '') - Date.now();
  expect(left).toBeGreaterThan(23 * 3_600_000);
  expect(left).toBeLessThan(24 * 3_600_000);

  const other = await world.copy();
  // A verification there would have no plan, and so no cost of its own.
  expect(made.document.record?.cost).toMatchObject({
    currency: 'USD',
    monthlyDelta: made.document.cost?.monthlyDelta,
  });
  expect((await other.cli(['comment', 'feature-old', '--print'])).stdout).toMatch(/^\| Cost \| \+\$/m);
  expect((await other.json(['gc', '--yes'])).document.gc).toEqual({
    dryRun: false,
    environments: [],
    notices: [expect.objectContaining({ environment: 'feature-old', delivery: 'shown' })],
  });

  const record = JSON.parse((await world.object(recordKey)) ?? '') as EnvironmentRecord;
  const expires = new Date(Date.now() - 60_000).toISOString();
  await world.putObject(recordKey, JSON.stringify({ ...record, expires }));
  const place = { account: '123456789012', partition: 'aws', region: 'ap-southeast-1' };
  const dry = await other.json(['gc', '--dry-run']);
  expect([dry.exitCode, dry.document.gc?.environments]).toEqual([
    0,
    [{ environment: 'feature-old', expires, outcome: 'would-destroy', error: null, place }],
  ]);
  // Without a terminal and without --yes nobody agreed.
  expect((await other.json(['gc'])).exitCode).toBe(6);
  expect(await world.object(recordKey)).not.toBeNull();

  const collected = await other.json(['gc', '--yes']);
  expect(collected.document.gc?.environments).toEqual([
    { environment: 'feature-old', expires, outcome: 'destroyed', error: null, place },
  ]);
  expect(collected.exitCode).toBe(0);
  expect((await world.objects()).filter((key) => !key.startsWith('records/locks/'))).toEqual([
    'mini/dev/terraform.tfstate',
    // What was destroyed stays known, so that a sweep can tell what it left behind.
    'records/destroyed/feature-old.json',
    'records/fingerprint.key',
  ]);
  expect((await world.json(['list'])).document.records).toEqual([]);
});
