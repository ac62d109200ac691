/**
 * A world: one project with its environments, their states, the account that they share, and who made what in it.
 * All of it can be copied, so that environments are made once for each shape and then suffer any number of mishaps.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Account } from '../support/stand-in-terraform/account.ts';

/** How states are kept apart: by a file for each environment, by the configuration, or by no backend at all. */
export const backendKinds = ['s3-file', 's3-override', 'local', 'none'] as const;
export type BackendKind = (typeof backendKinds)[number];

/** What the root module declares. `shared`: one queue has no environment in its name. */
export const moduleKinds = ['two', 'all', 'shared'] as const;
export type ModuleKind = (typeof moduleKinds)[number];

/** `dev` is the source, `staging` is made by hand, the rest by the product. */
export const companies = [
  ['dev', 'feature'],
  ['dev', 'feature', 'feature-2'],
  ['dev', 'staging', 'feature'],
  ['dev', 'staging', 'feature', 'feature-2'],
] as const;

export interface Shape {
  readonly backend: BackendKind;
  readonly module: ModuleKind;
  readonly company: number;
  /** The apply that makes the last environment is killed before it saves the state. */
  readonly killed: boolean;
}

export type Role = 'source' | 'by-hand' | 'ours';

export interface Environment {
  readonly name: string;
  readonly role: Role;
  /** Relative to the project. */
  readonly varFile: string;
  readonly backendFile: string | null;
  readonly secretsFile: string;
  readonly record: string;
  /** Where its state lay when it was made: an object, or a file relative to the project. */
  readonly home: { readonly object: string } | { readonly file: string };
}

export const region = 'ap-southeast-1';
export const bucket = 'states';

export function environmentsOf({ backend, company }: Shape): readonly Environment[] {
  return (companies[company] ?? companies[0]).map((name) => ({
    name,
    role: name === 'dev' ? 'source' : name === 'staging' ? 'by-hand' : 'ours',
    varFile: `terraform/terraform.${name}.tfvars`,
    backendFile: backend === 's3-file' || backend === 'local' ? `terraform/envs/${name}/backend.hcl` : null,
    secretsFile: `.env.${name}`,
    record: `.provision-env/records/${name}.json`,
    home:
      backend === 'local'
        ? { file: `terraform/states/${name}.tfstate` }
        : backend === 'none'
          ? { file: `terraform/terraform.${name}.tfstate` }
          : { object: `${bucket}/app/${name}/terraform.tfstate` },
  }));
}

type Entry = { readonly text: string } | { readonly link: string };

/** Files of a folder by path; links as what they lead to. */
export type Files = Readonly<Record<string, Entry>>;

export function readFiles(folder: string, below = folder, found: Record<string, Entry> = {}): Files {
  for (const name of readdirSync(below).sort()) {
    const path = join(below, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) found[relative(folder, path)] = { link: readlinkSync(path) };
    else if (stat.isDirectory()) readFiles(folder, path, found);
    else found[relative(folder, path)] = { text: readFileSync(path, 'utf8') };
  }
  return found;
}

export function writeFiles(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  const made = new Set<string>();
  for (const [name, entry] of Object.entries(files)) {
    const path = join(folder, name);
    if (!made.has(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    made.add(dirname(path));
    if ('link' in entry) symlinkSync(entry.link, path);
    else writeFileSync(path, entry.text, { mode: 0o600 });
  }
}

export interface Snapshot {
  readonly files: Files;
  readonly account: Account;
}

export interface World {
  readonly shape: Shape;
  /** Folder that holds the project, and what lies beside it. */
  readonly folder: string;
  readonly account: Account;
  readonly environments: readonly Environment[];
  /** Variables of whoever calls. */
  readonly env: Record<string, string>;
}

export const projectOf = ({ folder }: Pick<World, 'folder'>): string => join(folder, 'project');

export const takeSnapshot = ({ account, folder }: World): Snapshot => ({
  files: readFiles(folder),
  account: structuredClone(account),
});

export function worldFrom({ account, files }: Snapshot, shape: Shape, folder: string): World {
  writeFiles(folder, files);
  return { shape, folder, account: structuredClone(account), environments: environmentsOf(shape), env: {} };
}

export function readFileOf(world: World, path: string): string | null {
  const file = join(projectOf(world), path);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : null;
}

export function writeFileOf(world: World, path: string, text: string | null): void {
  const file = join(projectOf(world), path);
  rmSync(file, { force: true, recursive: true });
  if (text === null) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

export function readHome(world: World, { home }: Environment): string | null {
  return 'object' in home ? (world.account.objects[home.object] ?? null) : readFileOf(world, home.file);
}

export function writeHome(world: World, { home }: Environment, text: string | null): void {
  if ('file' in home) writeFileOf(world, home.file, text);
  else if (text === null) delete world.account.objects[home.object];
  else world.account.objects[home.object] = text;
}
