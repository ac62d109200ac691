/** The command line within the test's own process, on a project in a temporary folder. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import type { PlainIo } from '../../src/cli/gate.ts';
import { createFileStore } from '../../src/store/file-store.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { writeRecord } from './store.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project with one root module and the environment `dev`; files by path, relative to the project. */
export async function makeProject(
  records: readonly EnvironmentRecord[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pe-cli-'));
  const all = {
    'terraform/main.tf': 'variable "environment" {\n  type = string\n}\n',
    'terraform/terraform.dev.tfvars': 'environment = "dev"\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, '.git'), { recursive: true });
  const store = createFileStore(join(root, '.provision-env'));
  for (const record of records) await writeRecord(store, record);
  return root;
}

/** Runs a command without a terminal, or, where keys are given, at one: each is pressed when a question stands. */
export async function runCli(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  keys: readonly string[] = [],
): Promise<CliRun> {
  const texts = { stdout: '', stderr: '' };
  const left = [...keys];
  const stdin = new PassThrough() as unknown as NodeJS.ReadStream;
  const terminal = keys.length > 0 ? { isTTY: true, columns: 100, rows: 40 } : {};
  Object.assign(stdin, terminal, { setRawMode: () => stdin });
  let asking: NodeJS.Timeout | undefined;
  const stream = (name: keyof typeof texts): NodeJS.WriteStream =>
    Object.assign(new PassThrough(), name === 'stderr' ? terminal : {}).on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
      // Once nothing more is drawn, the question stands.
      clearTimeout(asking);
      if (left.length > 0)
        asking = setTimeout(() => (stdin as unknown as PassThrough).write(left.shift()), 50);
    }) as unknown as NodeJS.WriteStream;
  const io: PlainIo = {
    cwd,
    env,
    stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  };
  const code = await main(args, io);
  return { code, ...texts };
}
