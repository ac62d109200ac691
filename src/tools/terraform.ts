/** Finds Terraform or OpenTofu on this machine, and installs Terraform where there is neither. */
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import semver from 'semver';
import { ProvisionError } from '../transfer/errors.ts';
import type { TransferEvent } from '../transfer/host.ts';
import { installTerraform } from './install-terraform.ts';
import { readVersion, type TerraformVersion } from './version.ts';

/**
 * The oldest of each that is used. 1.5 is the first with `import` blocks and `check`, and the last under the licence
 * that many stayed with; its `plan -json`, `show -json` and state format are those that are read here. What a
 * project itself needs (`use_lockfile` of the S3 backend: 1.10, `removed` blocks: 1.7) Terraform says by itself.
 */
export const OLDEST: Readonly<Record<TerraformVersion['product'], string>> = {
  terraform: '1.5.0',
  tofu: '1.6.0',
};

const HINT =
  'Install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install), or name the program in PROVISION_ENV_TERRAFORM.';

export interface FindOptions {
  /** Program named in the configuration: a path, or a name on PATH. */
  readonly configured?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundTerraform extends TerraformVersion {
  /** Absolute. */
  readonly path: string;
}

/** All programs of that name on PATH, absolute, in order. */
async function onPath(name: string, env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  if (name.includes('/') || path.isAbsolute(name)) return [path.resolve(name)];
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const found: string[] = [];
  for (const folder of folders) {
    for (const ending of endings) {
      const file = path.resolve(folder, name + ending);
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) found.push(file);
    }
  }
  return [...new Set(found)];
}

function isOldEnough({ product, version }: TerraformVersion): boolean {
  // A prerelease of a newer version counts as that version.
  return semver.gte(semver.coerce(version) ?? version, OLDEST[product]);
}

function tooOld(found: FoundTerraform): ProvisionError {
  const name = found.product === 'tofu' ? 'OpenTofu' : 'Terraform';
  return new ProvisionError(
    'tool-too-old',
    `${name} ${found.version} (${found.path}) is too old: ${OLDEST[found.product]} or newer is needed.`,
    { hint: HINT },
  );
}

/**
 * The program that was named, or the first of `terraform` and `tofu` on PATH that works and is new enough.
 * @throws ProvisionError `tool-missing`, or `tool-too-old` naming what was found and what is needed
 */
export async function findTerraform(options: FindOptions = {}): Promise<FoundTerraform> {
  const env = options.env ?? process.env;
  // The variable wins over the file: it is what a person reaches for to try another one once.
  const named = env['PROVISION_ENV_TERRAFORM'] || options.configured;
  let old: FoundTerraform | undefined;
  for (const name of named ? [named] : ['terraform', 'tofu']) {
    for (const file of await onPath(name, env)) {
      options.signal?.throwIfAborted();
      // A shim of a version manager may be on PATH and yet not work: then the next one is tried.
      const version = await readVersion(file, { env: options.env, signal: options.signal });
      if (version === null) continue;
      const found = { ...version, path: file };
      if (isOldEnough(found)) return found;
      old ??= found;
    }
  }
  if (old) throw tooOld(old);
  throw new ProvisionError(
    'tool-missing',
    named
      ? `${named} is not there, or is neither Terraform nor OpenTofu.`
      : 'Neither terraform nor tofu is on PATH.',
    { hint: HINT },
  );
}

export interface FindOrInstallOptions extends FindOptions {
  readonly notify: (event: TransferEvent) => void;
  /** Where releases are; for tests. */
  readonly releases?: string;
}

/**
 * What is there, or a release of our own in the user's cache. A program that somebody named is never replaced.
 * @returns path of the program
 * @throws ProvisionError `tool-missing`, `tool-too-old`
 */
export async function findOrInstallTerraform(options: FindOrInstallOptions): Promise<string> {
  const env = options.env ?? process.env;
  try {
    return (await findTerraform(options)).path;
  } catch (error) {
    const installable = error instanceof ProvisionError && error.code === 'tool-missing';
    if (!installable || env['PROVISION_ENV_TERRAFORM'] || options.configured) throw error;
    return installTerraform({
      env,
      signal: options.signal,
      notify: options.notify,
      ...(options.releases === undefined ? {} : { releases: options.releases }),
    });
  }
}
