/** Deletes the state of an environment that is gone, with what Terraform keeps beside it. */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EnvironmentBackend } from '../environment/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { StateModel } from './model.ts';
import {
  backendError,
  createBackendClients,
  placeOf,
  readObject,
  type S3BackendClients,
  type S3Place,
  unsupportedSettings,
} from './s3-backend.ts';
import { pulledState } from './runner.ts';
import { readStateFile } from './state-file.ts';

export interface RemoveStateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Of the state that was judged: another one is not deleted. '' where there was none. */
  readonly lineage?: string | undefined;
}

/**
 * Deletes nothing while the state still holds a resource: it would be the only trace of it.
 * @returns what was deleted, for people
 * @throws ProvisionError `destroy-failed` if something is left in the state, `state-locked` if somebody works on it
 */
export async function removeState(
  backend: EnvironmentBackend,
  options: RemoveStateOptions = {},
): Promise<readonly string[]> {
  if (backend.kind === 's3') return removeObject(backend, options);
  if (backend.stateFile === null) return [];
  return removeFiles(backend.stateFile, options.lineage);
}

function mustBeEmpty(state: StateModel | null, where: string, lineage: string | undefined): void {
  if (state !== null && lineage !== undefined && state.lineage !== lineage) {
    throw new ProvisionError(
      'destroy-failed',
      `The state ${where} is another one than was destroyed (lineage ${state.lineage}, not ${lineage || 'none'}); it was not deleted.`,
      { hint: 'Somebody has put it there meanwhile. Look whose it is.' },
    );
  }
  const left = [
    ...(state?.resources ?? []).filter(({ mode }) => mode === 'managed'),
    ...(state?.deposed ?? []),
  ];
  if (left.length === 0) return;
  const [first] = left;
  const more = left.length > 1 ? ` and ${left.length - 1} more` : '';
  throw new ProvisionError(
    'destroy-failed',
    `The state ${where} still holds ${first?.address}${more}; it was not deleted.`,
    {
      hint: 'Destroy the environment first: run the same command again.',
    },
  );
}

async function removeFiles(stateFile: string, lineage: string | undefined): Promise<string[]> {
  mustBeEmpty(await readStateFile(stateFile), stateFile, lineage);
  const folder = dirname(stateFile);
  const name = basename(stateFile);
  const entries = await readdir(folder).catch((): string[] => []);
  if (entries.includes(`.${name}.lock.info`)) {
    throw new ProvisionError(
      'state-locked',
      `Somebody works on the state ${stateFile}; it was not deleted.`,
      {
        hint: `Wait until that run has ended. If nobody runs Terraform there any more, delete .${name}.lock.info.`,
      },
    );
  }
  // Terraform names its copies `<state>.backup` and `<state>.<time>.backup`.
  const ours = entries.filter(
    (entry) =>
      entry === name ||
      (entry.startsWith(`${name}.`) && /^\.(?:\d+\.)?backup$/.test(entry.slice(name.length))),
  );
  const files = ours.sort().map((entry) => join(folder, entry));
  for (const file of files) await rm(file, { force: true });
  return files;
}

async function removeObject(backend: EnvironmentBackend, options: RemoveStateOptions): Promise<string[]> {
  const { settings } = backend;
  const place = placeOf(settings);
  const location = `s3://${place.bucket}/${place.key}`;
  const unsupported = unsupportedSettings(settings);
  if (unsupported.length > 0) {
    throw new ProvisionError(
      'backend-unsupported',
      `${location} cannot be deleted with the backend setting ${unsupported.join(', ')}.`,
      {
        hint: `The environment is destroyed; only its empty state is left. Delete it by hand: aws s3 rm ${location}`,
      },
    );
  }
  try {
    const clients = await createBackendClients(settings);
    try {
      return await removeWith(clients, place, settings['dynamodb_table'], options);
    } finally {
      clients.close();
    }
  } catch (error) {
    throw backendError(error, place, 'Deleting the state');
  }
}

async function removeWith(
  clients: S3BackendClients,
  place: S3Place,
  lockTable: unknown,
  { signal, lineage }: RemoveStateOptions,
): Promise<string[]> {
  const { bucket, key } = place;
  const options = signal === undefined ? {} : { abortSignal: signal };
  const location = `s3://${bucket}/${key}`;
  const text = await readObject(clients, place, signal);
  mustBeEmpty(pulledState(text ?? ''), location, lineage);
  if ((await readObject(clients, { bucket, key: `${key}.tflock` }, signal)) !== null) {
    throw new ProvisionError('state-locked', `Somebody works on the state ${location}; it was not deleted.`, {
      hint: `Wait until that run has ended. If nobody runs Terraform there any more: aws s3 rm ${location}.tflock`,
    });
  }
  const removed: string[] = [];
  if (typeof lockTable === 'string' && lockTable !== '') {
    const dynamodb = await clients.dynamodb();
    // The digest first: an object without digest is a state, a digest without object is an error to Terraform.
    const id = `${bucket}/${key}-md5`;
    await dynamodb.deleteItem({ TableName: lockTable, Key: { LockID: { S: id } } }, options);
    removed.push(`dynamodb:${lockTable}/${id}`);
  }
  if (text !== null) {
    await clients.s3.deleteObject({ Bucket: bucket, Key: key }, options);
    removed.push(location);
  }
  return removed;
}
