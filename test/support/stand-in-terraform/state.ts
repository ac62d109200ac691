/** States in format version 4, and where the three kinds of backend keep them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Json, JsonObject } from '../../../src/transfer/json.ts';
import type { Account } from './account.ts';
import { Complaint } from './complaint.ts';
import { textOf } from '../text-of.ts';

export const terraformVersion = '1.11.4';
export const providerName = 'registry.terraform.io/hashicorp/aws';
/** As a state names it. */
export const provider = `provider["${providerName}"]`;

export interface Instance {
  readonly schema_version: number;
  readonly attributes: JsonObject;
  readonly sensitive_attributes: readonly Json[];
  readonly dependencies?: readonly string[];
}

export interface StateResource {
  readonly mode: 'managed';
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly instances: readonly Instance[];
}

export interface State {
  readonly version: 4;
  readonly terraform_version: string;
  readonly serial: number;
  readonly lineage: string;
  readonly outputs: Readonly<Record<string, JsonObject>>;
  readonly resources: readonly StateResource[];
  readonly check_results: null;
}

export const addressOf = ({ type, name }: Pick<StateResource, 'type' | 'name'>): string => `${type}.${name}`;

export const noState: State = {
  version: 4,
  terraform_version: terraformVersion,
  serial: 0,
  lineage: '',
  outputs: {},
  resources: [],
  check_results: null,
};

export const printed = (state: State): string => `${JSON.stringify(state, null, 2)}\n`;

/** @throws Complaint as Terraform has it for what it cannot read */
export function parseState(text: string | null, doing = 'Error refreshing state'): State {
  if (text === null || text.trim() === '') return noState;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new Complaint(
      `${doing}: 2 problems:`,
      '- Unsupported state file format: The state file could not be parsed as JSON: syntax error at byte offset 1.\n- Unsupported state file format: The state file does not have a "version" attribute, which is required to identify the format version.',
    );
  }
  const { version, terraform_version: by } = (raw ?? {}) as Partial<Record<string, Json>>;
  if (version !== 4) {
    throw new Complaint(
      `${doing}: Unsupported state file format: The state file uses format version ${textOf(version)}, which is not supported by Terraform ${terraformVersion}. This state file was created by Terraform ${textOf(by)}.`,
    );
  }
  return { ...noState, ...(raw as State) };
}

/** Where `init` wrote down which backend it is; the rest of the commands go by that. */
export interface Backend {
  readonly type: string;
  readonly settings: JsonObject;
}

const pointerFile = (dataDir: string): string => join(dataDir, 'terraform.tfstate');

export function rememberBackend(dataDir: string, backend: Backend): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(pointerFile(dataDir), JSON.stringify({ version: 3, backend }));
}

export function rememberedBackend(dataDir: string): Backend | null {
  if (!existsSync(pointerFile(dataDir))) return null;
  return (JSON.parse(readFileSync(pointerFile(dataDir), 'utf8')) as { backend: Backend }).backend;
}

export interface Storage {
  read(): string | null;
  write(text: string): void;
}

export interface StorageRequest {
  readonly backend: Backend | null;
  readonly cwd: string;
  readonly account: Account;
  readonly workspace: string;
  /** `-state`, where no backend is declared. */
  readonly stateFile: string | null;
}

export function openStorage({ account, backend, cwd, stateFile, workspace }: StorageRequest): Storage {
  if (backend?.type === 's3') {
    const { bucket, key } = backend.settings;
    const prefix = workspace === 'default' ? '' : `env:/${workspace}/`;
    const object = `${textOf(bucket)}/${prefix}${textOf(key).replace(/^\/+/, '')}`;
    return {
      read() {
        if (account.unreadable.includes(object))
          throw new Complaint(
            'Error refreshing state: operation error S3: GetObject, https response error StatusCode: 403, RequestID: 0000, api error AccessDenied: Access Denied',
          );
        return account.objects[object] ?? null;
      },
      write(text) {
        account.objects[object] = text;
      },
    };
  }
  const path = backend?.settings['path'];
  const named = stateFile ?? (typeof path === 'string' && path !== '' ? path : 'terraform.tfstate');
  const file = resolve(cwd, workspace === 'default' ? named : join('terraform.tfstate.d', workspace, named));
  return {
    read: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    write(text) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
  };
}
