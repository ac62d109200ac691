/** Installs an official release of Terraform into the user's cache, checked against its published checksum. */
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { unzip } from 'fflate';
import { ProvisionError } from '../transfer/errors.ts';
import type { TransferEvent } from '../transfer/host.ts';

/** Tested with this one; a project that needs another has it on its machines. */
export const INSTALLED_VERSION = '1.11.4';
const RELEASES = 'https://releases.hashicorp.com/terraform';
/** A release is about 30 MB. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const HINT =
  'Install Terraform yourself (https://developer.hashicorp.com/terraform/install), or OpenTofu, and put it on PATH or name it in PROVISION_ENV_TERRAFORM.';

export interface InstallOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  readonly notify?: (event: TransferEvent) => void;
  readonly version?: string;
  /** Base address of the releases; for tests and for mirrors of a company. */
  readonly releases?: string;
}

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  ia32: '386',
  arm: 'arm',
};
const systems: Readonly<Record<string, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
};

function missing(message: string, cause?: unknown): ProvisionError {
  return new ProvisionError('tool-missing', message, { hint: HINT, cause });
}

function platform(): string {
  const system = systems[process.platform];
  const architecture = architectures[process.arch];
  if (system === undefined || architecture === undefined) {
    throw missing(`There is no Terraform release for ${process.platform} on ${process.arch}.`);
  }
  return `${system}_${architecture}`;
}

async function download(url: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(DOWNLOAD_LIMIT_MS);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (signal?.aborted)
      throw new ProvisionError('interrupted', 'The download of Terraform was interrupted.');
    const { cause } = error as Error;
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : (error as Error).message;
    throw missing(
      `Neither terraform nor tofu is here, and ${url} could not be downloaded: ${reason}.`,
      error,
    );
  }
}

function checkSum(archive: Uint8Array, name: string, sums: string): void {
  const line = sums.split('\n').find((text) => text.trim().endsWith(`  ${name}`));
  const expected = line?.trim().split(/\s+/)[0];
  const actual = createHash('sha256').update(archive).digest('hex');
  if (expected === actual) return;
  throw missing(
    expected === undefined
      ? `The list of checksums does not name ${name}.`
      : `${name} is not what was published: its SHA-256 is ${actual}, it should be ${expected}.`,
  );
}

function extract(archive: Uint8Array, file: string): Promise<Uint8Array> {
  return new Promise((done, failed) => {
    unzip(archive, { filter: ({ name }) => name === file }, (error, files) => {
      const content = files?.[file];
      if (error || content === undefined) failed(missing(`The release holds no ${file}.`, error));
      else done(content);
    });
  });
}

/**
 * @returns path of the program
 * @throws ProvisionError `tool-missing` without network, or if the checksum is not the published one
 */
export async function installTerraform(options: InstallOptions = {}): Promise<string> {
  const { signal, version = INSTALLED_VERSION, releases = RELEASES } = options;
  const env = options.env ?? process.env;
  const cache = env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  const folder = path.join(cache, 'provision-env', 'terraform', version);
  const file = process.platform === 'win32' ? 'terraform.exe' : 'terraform';
  const target = path.join(folder, file);
  const there = await access(target).then(
    () => true,
    () => false,
  );
  if (there) return target;

  options.notify?.({ type: 'waiting', what: `downloading Terraform ${version}`, expectMs: 20_000 });
  const name = `terraform_${version}_${platform()}.zip`;
  const [archive, sums] = await Promise.all([
    download(`${releases}/${version}/${name}`, signal),
    download(`${releases}/${version}/terraform_${version}_SHA256SUMS`, signal),
  ]);
  checkSum(archive, name, new TextDecoder().decode(sums));
  const program = await extract(archive, file);
  await mkdir(folder, { recursive: true });
  // Only a whole program gets the final name: two processes may install at once, and one may be killed.
  const draft = path.join(folder, `.${file}-${randomUUID()}`);
  try {
    await writeFile(draft, program, { mode: 0o755 });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw missing(`Terraform could not be written to ${folder}: ${(error as Error).message}.`, error);
  }
  return target;
}
