/** Runs the real Terraform for tests, offline where a mirror of the providers lies on the machine. */
import { access, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { run, type RunResult } from '../../src/process/run.ts';

const MIRROR_ROOTS = ['/opt', '/usr/local/share', '/usr/share', path.join(homedir(), '.terraform.d')];

/** The folder above `registry.terraform.io`: the usual places for a mirror, two levels deep. */
async function findMirror(): Promise<string | undefined> {
  for (const root of MIRROR_ROOTS) {
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    const folders = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(root, entry.name));
    for (const folder of [root, ...folders, ...folders.map((inner) => path.join(inner, 'plugins'))]) {
      const found = await access(path.join(folder, 'registry.terraform.io')).then(
        () => true,
        () => false,
      );
      if (found) return folder;
    }
  }
  return undefined;
}

export interface Terraform {
  run(...args: string[]): Promise<RunResult>;
}

/** Terraform in `folder`, with its own settings and no others of the user. */
export async function terraformIn(folder: string, env: Readonly<Record<string, string>>): Promise<Terraform> {
  const mirror = await findMirror();
  const settings = path.join(folder, 'terraform.rc');
  const installation = mirror ? `filesystem_mirror { path = ${JSON.stringify(mirror)} }` : 'direct {}';
  await writeFile(settings, `provider_installation {\n  ${installation}\n}\ndisable_checkpoint = true\n`);
  return {
    async run(...args) {
      const result = await run({
        command: 'terraform',
        args,
        cwd: folder,
        timeoutMs: 300_000,
        env: { ...env, TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: '1', TF_INPUT: '0' },
      });
      if (result.exitCode !== 0 && !args.includes('-detailed-exitcode')) {
        throw new Error(`terraform ${args.join(' ')}: ${result.notStarted ?? result.stdout + result.stderr}`);
      }
      return result;
    },
  };
}
