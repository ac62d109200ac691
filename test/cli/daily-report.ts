/** A copy of examples/daily-report with the states that the real Terraform wrote, in files beside it. */
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/transfer/json.ts';

const root = join(import.meta.dirname, '..', '..');

export interface StateInstance {
  attributes: JsonObject & Record<string, unknown>;
}

export interface RawResource {
  mode: string;
  type: string;
  name: string;
  instances: StateInstance[];
}

interface RawState {
  resources: RawResource[];
}

export interface DailyReport {
  readonly dir: string;
  write(path: string, text: string): Promise<void>;
  /** Changes the state of an environment. */
  edit(environment: 'dev' | 'feature-auth', change: (state: RawState) => void): Promise<void>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

/** The attributes of one resource in a state. */
export function attributesOf(state: RawState, address: string): Record<string, unknown> {
  const [type, name] = address.split('.');
  const found = state.resources.find(
    (resource) => resource.mode === 'managed' && resource.type === type && resource.name === name,
  );
  const attributes = found?.instances[0]?.attributes;
  if (!attributes) throw new Error(`The state does not have ${address}.`);
  return attributes;
}

export function variablesOf(state: RawState, address: string): Record<string, string> {
  const [environment] = attributesOf(state, address)['environment'] as {
    variables: Record<string, string>;
  }[];
  if (!environment) throw new Error(`${address} has no environment.`);
  return environment.variables;
}

export async function dailyReport(): Promise<DailyReport> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'pe-daily-')));
  const terraform = join(dir, 'terraform');
  await cp(join(root, 'examples', 'daily-report', 'terraform'), terraform, {
    recursive: true,
    filter: (path) => !/\.terraform|\/envs(?:\/|$)/.test(path.slice(root.length)),
  });
  const versions = join(terraform, 'versions.tf');
  const text = await readFile(versions, 'utf8');
  await writeFile(versions, text.replace('backend "s3" {}', ''));
  const devVars = await readFile(join(terraform, 'terraform.dev.tfvars'), 'utf8');
  await writeFile(
    join(terraform, 'terraform.feature-auth.tfvars'),
    devVars.replace('= "dev"', '= "feature-auth"'),
  );
  for (const name of ['dev', 'feature-auth']) {
    const golden = join(root, 'test', 'golden', 'daily-report', `${name}.state.json`);
    await cp(golden, join(terraform, `terraform.${name}.tfstate`));
  }
  return {
    dir,
    write: (path, content) => writeFile(join(dir, path), content),
    async edit(environment, change) {
      const file = join(terraform, `terraform.${environment}.tfstate`);
      const state = JSON.parse(await readFile(file, 'utf8')) as RawState;
      change(state);
      await writeFile(file, JSON.stringify(state));
    },
    remove: (path) => rm(join(dir, path)),
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
