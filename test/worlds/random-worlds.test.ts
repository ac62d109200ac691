/**
 * Whatever happened to its states, records, files and things: a command that takes an environment away leaves all others
 * alone, says that nothing is left only where that is so, and changes nothing where it refuses.
 *
 * A world that breaks a promise is printed as it is written down; WORLDS_PLAY='<that>' plays it again. WORLDS_RUNS and
 * WORLDS_SEED play more of them, or the same.
 */
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import '../support/mock-outside.ts';
import { anyScript, createPlayer, type Script } from './play.ts';

/** In memory where the system has such a folder: thousands of worlds are some hundred thousand small files. */
function fastFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

const folder = mkdtempSync(join(fastFolder(), 'pe-worlds-'));
const player = createPlayer(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const number = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined ? undefined : Number(text);
};

async function mustHold(script: Script): Promise<void> {
  const { runs, violations } = await player.play(script);
  if (violations.length === 0) return;
  const told = violations.map(({ promise, what }) => `- ${promise}: ${what}`);
  const said = runs.at(-1)?.stderr.slice(-1_000) ?? '';
  throw new Error(`${told.join('\n')}\nWORLDS_PLAY='${JSON.stringify(script)}'\n${said}`);
}

/** Worlds that chance seldom makes. */
const written: Readonly<Record<string, Script>> = {
  "another's thing in state and record, and another's state in no file": {
    shape: { backend: 's3-override', module: 'two', company: 1, killed: false },
    mishaps: [
      { kind: 'merge-states', a: 1, b: 2, only: false },
      { kind: 'edit-record', a: 2, b: 1, what: 'more-resources' },
      { kind: 'edit-record', a: 1, b: 2, what: 'no-resources' },
    ],
    target: -1,
    commands: ['destroy'],
  },
  "another's thing in state and record, and another's files that lead elsewhere": {
    shape: { backend: 's3-file', module: 'two', company: 1, killed: false },
    mishaps: [
      { kind: 'merge-states', a: 1, b: 2, only: false },
      { kind: 'edit-record', a: 2, b: 1, what: 'more-resources' },
      { kind: 'edit-record', a: 1, b: 2, what: 'fewer-resources' },
      { kind: 'repoint-backend', a: 1, b: 1, how: 'elsewhere' },
    ],
    target: -1,
    commands: ['destroy'],
  },
};
it.each(Object.entries(written))(
  'holds with %s',
  async (_title, script) => {
    await expect(mustHold(script)).resolves.toBeUndefined();
  },
  60_000,
);

const played = process.env['WORLDS_PLAY'];
const seed = number('WORLDS_SEED');

it(
  'holds in 2,000 random worlds',
  async () => {
    if (played !== undefined) return mustHold(JSON.parse(played) as Script);
    return fc.assert(fc.asyncProperty(anyScript, mustHold), {
      numRuns: number('WORLDS_RUNS') ?? 2_000,
      ...(seed === undefined ? {} : { seed }),
    });
  },
  15 * 60_000,
);
