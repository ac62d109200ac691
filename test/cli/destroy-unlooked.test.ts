/** Gone is what was looked for and not found: where nobody can look, a destroy does not say so, and its record stays. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import '../support/mock-outside.ts';
import { runCommand } from '../worlds/command.ts';
import { makeWorld } from '../worlds/make.ts';
import { readFileOf, type Snapshot, type World, worldFrom } from '../worlds/world.ts';

const shape = { backend: 's3-file', module: 'two', company: 0, killed: false } as const;
const folder = mkdtempSync(join(tmpdir(), 'pe-unlooked-'));
let snapshot: Snapshot;
let world: World;
beforeAll(async () => {
  snapshot = await makeWorld(shape, folder);
}, 240_000);
beforeEach(() => {
  world = worldFrom(snapshot, shape, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ours = (): string[] =>
  world.account.things.filter(({ maker }) => maker === 'feature').map(({ name }) => name);
const isRecorded = (): boolean => readFileOf(world, '.provision-env/records/feature.json') !== null;
const destroy = ['destroy', 'feature', '--yes'];

it('ends with 4 where a kind of thing that it has cannot be listed; looks again, or takes the word of a person', async () => {
  world.account.refused['dynamodb.listTables'] = 'AccessDeniedException';
  const blind = await runCommand(world, destroy);
  expect([blind.exitCode, blind.document]).toMatchObject([4, { status: 'failed' }]);
  expect([ours(), isRecorded()]).toEqual([[], true]);
  // It stays so until it can be looked at.
  expect((await runCommand(world, destroy)).exitCode).toBe(4);

  const accepted = await runCommand(world, [...destroy, '--accept', 'state-own:aws_dynamodb_table']);
  expect([accepted.exitCode, isRecorded()]).toEqual([0, false]);
  expect(JSON.parse(readFileOf(world, '.provision-env/destroyed/feature.json') ?? '')).toMatchObject({
    accepted: [{ rule: 'state-own', subject: 'aws_dynamodb_table' }],
  });
});

it('looks again once it may', async () => {
  world.account.refused['dynamodb.listTables'] = 'AccessDeniedException';
  expect((await runCommand(world, destroy)).exitCode).toBe(4);
  world.account.refused = {};
  expect((await runCommand(world, destroy)).exitCode).toBe(0);
  expect(isRecorded()).toBe(false);
});

it('ends with 4 where the account answers nobody any more', async () => {
  world.account.refused['dynamodb.listTables'] = 'ExpiredTokenException';
  expect((await runCommand(world, destroy)).exitCode).toBe(4);
  expect([ours(), isRecorded()]).toEqual([[], true]);
});

it('is done where only kinds cannot be listed that it never had', async () => {
  world.account.refused['sfn.listStateMachines'] = 'AccessDeniedException';
  const { exitCode, document } = await runCommand(world, destroy);
  expect([exitCode, document]).toMatchObject([
    0,
    { sweep: { unreadable: [{ type: 'aws_sfn_state_machine' }] } },
  ]);
  expect(isRecorded()).toBe(false);
});
