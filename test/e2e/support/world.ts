/** A world for end-to-end tests: the sandbox, a copy of a project, its `dev` made by the real Terraform. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { Document } from '../../../src/cli/document.ts';
import { applyByHand } from '../../../src/demo/by-hand.ts';
import { run } from '../../../src/process/run.ts';
import { providerSources } from '../../../src/tools/provider-sources.ts';
import { findOrInstallTerraform } from '../../../src/tools/terraform.ts';
import { zip } from '../../sandbox/zip.ts';

const root = join(import.meta.dirname, '..', '..', '..');
export const bin = join(root, 'dist', 'bin.mjs');

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface World {
  readonly sandbox: Sandbox;
  /** Folder of the project. */
  readonly project: string;
  readonly env: Record<string, string>;
  readonly terraform: string;
  readonly s3: S3Client;
  /** Runs the real command line, without a terminal. */
  cli(
    args: readonly string[],
    options?: { env?: Record<string, string | undefined>; cwd?: string; signal?: AbortSignal },
  ): Promise<CliResult>;
  /** The same with `--json`; fails if standard output is not exactly one document. */
  json(
    args: readonly string[],
    options?: { env?: Record<string, string | undefined>; cwd?: string },
  ): Promise<CliResult & { document: Document }>;
  /** Bytes of an object in the state bucket; `null` if it is not there. */
  object(key: string): Promise<string | null>;
  objects(): Promise<string[]>;
  read(path: string): Promise<string | null>;
  write(path: string, text: string): Promise<void>;
  putObject(key: string, body: string): Promise<void>;
  removeObject(key: string): Promise<void>;
  edit(path: string, change: (text: string) => string): Promise<void>;
  /** A fresh copy of the project beside the first, on the same account. */
  copy(): Promise<World>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Folder below `fixtures`. */
  readonly fixture: string;
  readonly bucket: string;
  /** Changes the copy before `dev` is made. */
  readonly prepare?: (project: string) => Promise<void>;
  /** `null` if dev is not to be made. */
  readonly apply?: { readonly init: readonly string[]; readonly apply: readonly string[] } | null;
}

const fixtures = join(import.meta.dirname, '..', 'fixtures');

export async function createWorld(options: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'pe-e2e-'));
  const sandbox = await startSandbox({ logFile: join(folder, 'sandbox.log') });
  const terraform = await findOrInstallTerraform({ env: process.env, notify: () => undefined });
  const { cliConfigFile } = await providerSources({ env: process.env });
  const env: Record<string, string> = {
    ...sandbox.env,
    TF_VAR_api_token: 'canary-token-of-feature',
    ...(cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: cliConfigFile }),
  };
  const s3 = new S3Client({
    region: 'ap-southeast-1',
    endpoint: sandbox.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  await s3.send(
    new CreateBucketCommand({
      Bucket: options.bucket,
      CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-1' },
    }),
  );
  const project = join(folder, 'project');
  await copyFixture(options.fixture, project);
  await options.prepare?.(project);
  if (options.apply !== null) {
    const { init, apply } = options.apply ?? {
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    };
    await applyByHand({
      terraform,
      dir: join(project, 'terraform'),
      env: {
        ...process.env,
        ...env,
        TF_VAR_api_token: 'canary-token-of-dev',
        TF_DATA_DIR: join(folder, 'dev-data'),
      },
      init,
      apply,
    });
  }
  return worldAt({ project, sandbox, terraform, env, s3, bucket: options.bucket, folder });
}

async function copyFixture(fixture: string, project: string): Promise<void> {
  await cp(join(fixtures, fixture), project, { recursive: true });
  const code = await readFile(join(project, 'src', 'index.mjs'), 'utf8');
  await writeFile(join(project, 'function.zip'), zip({ 'index.mjs': code }));
}

/** The real command line in a project, with the environment that its tools need. */
export function commandsIn(project: string, env: Record<string, string>): Pick<World, 'cli' | 'json'> {
  const cli: World['cli'] = (args, options = {}) =>
    run({
      command: process.execPath,
      args: [bin, ...args],
      cwd: options.cwd ?? project,
      env: { ...env, CI: undefined, NO_COLOR: '1', ...options.env },
      timeoutMs: 8 * 60_000,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  return {
    cli,
    async json(args, options) {
      const result = await cli([...args.slice(0, 1), '--json', ...args.slice(1)], options);
      try {
        return { ...result, document: JSON.parse(result.stdout) as Document };
      } catch {
        throw new Error(
          `not one JSON document (exit ${result.exitCode}):\n${result.stdout}\n${result.stderr}`,
        );
      }
    },
  };
}

interface Place {
  readonly project: string;
  readonly sandbox: Sandbox;
  readonly terraform: string;
  readonly env: Record<string, string>;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly folder: string;
}

function worldAt(place: Place): World {
  const { project, sandbox, terraform, env, s3, bucket, folder } = place;
  let copies = 0;
  return {
    sandbox,
    project,
    env,
    terraform,
    s3,
    ...commandsIn(project, env),
    async object(key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await Body?.transformToString()) ?? '';
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return null;
        throw error;
      }
    },
    async objects() {
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return (Contents ?? []).map(({ Key }) => Key ?? '').sort();
    },
    read: (path) => readFile(join(project, path), 'utf8').catch(() => null),
    async edit(path, change) {
      const file = join(project, path);
      await writeFile(file, change(await readFile(file, 'utf8')));
    },
    async write(path, text) {
      const file = join(project, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    async putObject(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    async removeObject(key) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    async copy() {
      copies += 1;
      const other = join(folder, `copy-${copies}`);
      await mkdir(other, { recursive: true });
      await cp(project, other, { recursive: true, filter: (path) => !path.includes('.provision-env') });
      return { ...worldAt({ ...place, project: other }), close: async () => undefined };
    },
    async close() {
      s3.destroy();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
