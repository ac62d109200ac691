/** Runs a command of the product in this process, in a world. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runCli } from '../cli/run.ts';
import { withOutside } from '../support/outside.ts';
import { projectOf, region, type World } from './world.ts';

export interface Ran {
  readonly exitCode: number;
  readonly stderr: string;
  /** What `--json` printed; `null` where that is no document. */
  readonly document: Document | null;
}

/** As much of the document as is looked at. */
interface Document {
  readonly error?: { readonly code: string; readonly message: string } | null;
  readonly gc?: {
    readonly environments: readonly {
      readonly environment: string;
      readonly outcome: string;
      readonly error?: { readonly code: string; readonly message: string } | null;
    }[];
  };
}

/** Where the clock of all worlds begins: a test must not depend on the day. */
export const dayOne = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A clock on which waiting takes no time. */
function worldClock(start: number): { now(): Date; sleep(ms: number): Promise<void> } {
  let time = start;
  return {
    now: () => new Date((time += 1)),
    sleep(ms) {
      time += ms;
      return Promise.resolve();
    },
  };
}

export async function runCommand(world: World, args: readonly string[], start = dayOne): Promise<Ran> {
  const folder = join(world.folder, 'tmp');
  mkdirSync(folder, { recursive: true });
  const given = {
    ...world.env,
    AWS_REGION: region,
    PROVISION_ENV_TERRAFORM: '/stand-in-terraform',
    TMPDIR: folder,
  };
  const before = { ...process.env };
  Object.assign(process.env, given);
  try {
    const env = { ...given, TF_CLI_CONFIG_FILE: import.meta.filename };
    const { exitCode, stderr, stdout } = await withOutside(
      { account: world.account, region, env: { ...process.env } },
      () => runCli(projectOf(world), [...args, '--json'], env, 160, { clock: worldClock(start) }),
    );
    return { exitCode, stderr, document: documentOf(stdout) };
  } finally {
    for (const name of Object.keys(given)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

function documentOf(text: string): Document | null {
  try {
    return JSON.parse(text) as Document;
  } catch {
    return null;
  }
}
