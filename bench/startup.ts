import { join } from 'node:path';
import { run } from '../src/process/run.ts';

const rounds = 15;

async function median(args: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push((await run({ command: process.execPath, args, timeoutMs: 30_000 })).durationMs);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

/** `provision-env --version` against a bare `node -e 0`: at most 1.5 times. */
export async function startupBench(): Promise<void> {
  const bin = join(import.meta.dirname, '..', 'dist', 'bin.mjs');
  const bare = await median(['-e', '0']);
  const version = await median([bin, '--version']);
  const help = await median([bin, '--help']);
  console.log(`  node -e 0                  ${bare.toFixed(0)} ms`);
  console.log(
    `  provision-env --version    ${version.toFixed(0)} ms, ${(version / bare).toFixed(2)} times (limit 1.50)`,
  );
  console.log(`  provision-env --help       ${help.toFixed(0)} ms`);
}
