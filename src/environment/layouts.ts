/**
 * Where projects keep the files of their environments, relative to the root module. `{env}` stands for the name.
 * The first pattern that fits counts.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import escapeStringRegexp from 'escape-string-regexp';

const folders = ['envs', 'environments', 'env'] as const;

const hclVarFiles = [
  'terraform.{env}.tfvars',
  '{env}.tfvars',
  ...folders.map((folder) => `${folder}/{env}/terraform.tfvars`),
  ...folders.map((folder) => `${folder}/{env}/{env}.tfvars`),
  ...folders.map((folder) => `${folder}/{env}.tfvars`),
  ...folders.map((folder) => `${folder}/terraform.{env}.tfvars`),
  'vars/{env}.tfvars',
  'tfvars/{env}.tfvars',
  'config/{env}.tfvars',
];

export const varFileLayouts: readonly string[] = hclVarFiles.flatMap((layout) => [layout, `${layout}.json`]);

/** `{type}` stands for the kind of the backend. */
export const backendFileLayouts: readonly string[] = [
  ...folders.map((folder) => `${folder}/{env}/backend.hcl`),
  '{env}.backend.hcl',
  'backend.{env}.hcl',
  'backend-{env}.hcl',
  'config.{env}.{type}.tfbackend',
  ...folders.map((folder) => `${folder}/{env}/config.{type}.tfbackend`),
  '{env}.{type}.tfbackend',
  '{env}.tfbackend',
  'backend.{env}.tfbackend',
  'backend-{env}.tfbackend',
  ...folders.map((folder) => `${folder}/{env}/backend.tfbackend`),
  ...folders.map((folder) => `${folder}/{env}.tfbackend`),
  ...folders.map((folder) => `${folder}/{env}.backend.hcl`),
  'backend/{env}.hcl',
  'backends/{env}.hcl',
  'backend/{env}.tfbackend',
  'backends/{env}.tfbackend',
];

/** Where a state file lies when no backend says so; the most specific first, the one Terraform uses by itself last. */
export const stateFileLayouts: readonly string[] = [
  'terraform.{env}.tfstate',
  '{env}.tfstate',
  ...folders.map((folder) => `${folder}/{env}/terraform.tfstate`),
  'terraform.tfstate',
];

export function fill(layout: string, values: { readonly env: string; readonly type?: string }): string {
  return layout.replaceAll('{env}', values.env).replaceAll('{type}', values.type ?? '');
}

export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** What stands for `{env}` in a text that fits the pattern; `null` if it does not fit. */
function environmentIn(pattern: string, text: string): string | null {
  const [first = '', ...rest] = pattern.split('{env}').map(escapeStringRegexp);
  // A name has no dots: `terraform.dev.tfvars` is not the file `{env}.tfvars` of an environment `terraform.dev`.
  const [head, ...again] = rest;
  const source =
    head === undefined ? first : `${first}([A-Za-z0-9][A-Za-z0-9_-]*)${[head, ...again].join('\\1')}`;
  return new RegExp(`^${source}$`).exec(text)?.[1] ?? null;
}

async function entries(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).toSorted();
  } catch {
    return [];
  }
}

/** All files that fit a layout, with the environment that each belongs to. */
export async function filesOfLayout(
  moduleDir: string,
  layout: string,
): Promise<readonly { readonly name: string; readonly file: string }[]> {
  const parts = layout.split('/');
  const at = parts.findIndex((part) => part.includes('{env}'));
  const dir = join(moduleDir, ...parts.slice(0, at));
  const found: { name: string; file: string }[] = [];
  for (const entry of await entries(dir)) {
    const name = environmentIn(parts[at] ?? '', entry);
    if (name === null) continue;
    const file = join(moduleDir, fill(layout, { env: name }));
    if (await isFile(file)) found.push({ name, file });
  }
  return found;
}
