/**
 * Reads the state of an environment and does nothing else: no lock, no provider, nothing written beside it, the
 * environment's own `.terraform` untouched.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import type { EnvironmentBackend } from '../environment/model.ts';
import type { Redactor } from '../redact/redactor.ts';
import { learnBackend } from '../secrets/learn.ts';
import { privateFolder } from '../tools/private-folder.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { TransferEvent } from '../transfer/host.ts';
import type { StateModel } from './model.ts';
import { createTerraform, pulledState } from './runner.ts';
import {
  backendError,
  createBackendClients,
  placeOf,
  readObject,
  type S3Place,
  unsupportedSettings,
} from './s3-backend.ts';
import { readStateFile } from './state-file.ts';

export interface ReadStateOptions {
  /** Terraform, for backends with settings that only it can honour. */
  readonly binary: string;
  readonly signal?: AbortSignal | undefined;
  readonly notify: (event: TransferEvent) => void;
  /** Learns what is secret in it. */
  readonly redactor?: Redactor | undefined;
}

/**
 * @returns `null` if there is no state: nothing was applied there yet
 * @throws ProvisionError `state-unreadable`, `backend-invalid`, or what keeps us from reading: credentials, permission,
 *   network
 */
export async function readState(
  backend: EnvironmentBackend,
  options: ReadStateOptions,
): Promise<StateModel | null> {
  if (options.redactor !== undefined) learnBackend(options.redactor, backend.settings);
  if (backend.kind !== 's3') {
    if (backend.stateFile !== null) return readStateFile(backend.stateFile, options.redactor);
    throw new ProvisionError('backend-invalid', 'It is not known in which file the state lies.');
  }
  if (needsTerraform(backend)) return pullWithTerraform(backend, options);
  const place = placeOf(backend.settings);
  try {
    const clients = await createBackendClients(backend.settings);
    try {
      return parsed((await readObject(clients, place, options.signal)) ?? '', place, options.redactor);
    } finally {
      clients.close();
    }
  } catch (error) {
    throw backendError(error, place, 'Reading the state');
  }
}

/** Says of a state that cannot be read which one it is. */
function parsed(text: string, { bucket, key }: S3Place, redactor: Redactor | undefined): StateModel | null {
  try {
    return pulledState(text, redactor);
  } catch (error) {
    if (!isProvisionError(error)) throw error;
    const { cause, code, hint, message } = error;
    throw new ProvisionError(code, `s3://${bucket}/${key}: ${message}`, { hint, cause });
  }
}

/** Settings of the backend that Terraform takes from its environment, and the SDK does not. */
const onlyTerraform = ['AWS_S3_ENDPOINT', 'AWS_DYNAMODB_ENDPOINT', 'AWS_STS_ENDPOINT'];

/** True where the SDK would not read the same object with the same identity as Terraform. */
function needsTerraform({ declaration, fileText, settings }: EnvironmentBackend): boolean {
  if (unsupportedSettings(settings).length > 0) return true;
  // Written as a nested block, which is not among the settings.
  const written = `${declaration?.text ?? ''}\n${fileText ?? ''}`;
  if (/\bassume_role\w*\s*\{/.test(written) && settings['assume_role'] === undefined) return true;
  // Terraform goes through a proxy that stands in the environment; the SDK does not.
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', ...onlyTerraform].some((name) =>
    Boolean(process.env[name]),
  );
}

/**
 * `terraform state pull` in a folder that holds nothing but the backend block: there Terraform needs no provider and
 * cannot do anything to the environment.
 */
async function pullWithTerraform(
  backend: EnvironmentBackend,
  options: ReadStateOptions,
): Promise<StateModel | null> {
  const folder = await privateFolder('state');
  try {
    const block = backend.declaration?.text ?? 'backend "s3" {}';
    await writeFile(join(folder.path, 'main.tf'), `terraform {\n${block}\n}\n`, { mode: 0o600 });
    // The text rather than the file: the name is kept for its ending, which says whether it is HCL or JSON.
    const file =
      backend.fileText === null ? null : join(folder.path, basename(backend.file ?? 'backend.hcl'));
    if (file !== null) await writeFile(file, backend.fileText ?? '', { mode: 0o600 });
    const terraform = createTerraform({
      binary: options.binary,
      moduleDir: folder.path,
      dataDir: join(folder.path, '.terraform'),
      signal: options.signal,
      notify: options.notify,
      redactor: options.redactor,
    });
    // The providers of what is in the state are wanted too. An empty folder to look in keeps Terraform from
    // downloading them; it complains after the backend is set up, and that is all that `state pull` needs.
    const pluginDir = join(folder.path, 'no-providers');
    await mkdir(pluginDir);
    try {
      await terraform.init({ backend: { ...backend, file }, pluginDir });
    } catch (error) {
      if (!isProvisionError(error) || error.code !== 'provider-unavailable') throw error;
    }
    return await terraform.statePull();
  } finally {
    await folder.remove();
  }
}
