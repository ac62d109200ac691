/** What `init` looks for beyond what every command finds by itself. Reads only. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Project } from '../environment/model.ts';
import { readVarFile } from '../environment/var-file.ts';
import { createHclParser } from '../hcl/parser.ts';
import { isConfigurationFile } from '../terraform/declarations/module.ts';

/** Folders that hold nothing of the project's own environments. */
const passedOver = new Set(['node_modules', 'modules', 'vendor', 'dist', 'examples', 'test', 'tests']);
const deepest = 4;

/** Calls `visit` for the folder and those below it, not for hidden ones, with the names of its files. */
async function eachFolder(
  root: string,
  visit: (folder: string, files: readonly string[]) => void,
  depth = 0,
  folder = '',
): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  visit(
    folder,
    entries.filter((entry) => entry.isFile()).map(({ name }) => name),
  );
  if (depth === deepest) return;
  for (const entry of entries) {
    if (entry.isDirectory() && !entry.name.startsWith('.') && !passedOver.has(entry.name))
      await eachFolder(root, visit, depth + 1, join(folder, entry.name));
  }
}

/** Folders with a configuration that could be a root module: not below `modules/`, not hidden. */
export async function moduleFolders(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  await eachFolder(root, (folder, files) => {
    if (files.some(isConfigurationFile)) found.push(folder);
  });
  return found.toSorted();
}

/**
 * Where var-files lie that are in none of the usual places: each pattern, relative to the root module, has `{env}`
 * where the paths of some have what they say the environment is called.
 */
export async function varFilePatterns({
  root,
  moduleDir,
  environmentVariable,
}: Project): Promise<readonly string[]> {
  const files: string[] = [];
  await eachFolder(root, (folder, names) => {
    files.push(
      ...names.filter((name) => /\.tfvars(?:\.json)?$/.test(name)).map((name) => join(folder, name)),
    );
  });
  const hcl = await createHclParser();
  const patterns = new Set<string>();
  for (const file of files) {
    const path = join(root, file);
    const values = await readVarFile(path, { hcl }).then(
      (read) => read.values,
      () => null,
    );
    const name = values?.[environmentVariable];
    if (typeof name !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) continue;
    const folders = relative(moduleDir, path).split('/').slice(0, -1);
    const parts = basename(path).split('.');
    const pattern = [
      ...folders.map((part) => (part === name ? '{env}' : part)),
      parts.map((part) => (part === name ? '{env}' : part)).join('.'),
    ].join('/');
    if (pattern.includes('{env}')) patterns.add(pattern);
  }
  return [...patterns].toSorted();
}

/** Whether the root module's own files name things by the workspace; comments do not count. */
export async function usesWorkspaces(moduleDir: string): Promise<boolean> {
  const names = (await readdir(moduleDir)).filter(isConfigurationFile);
  const texts = await Promise.all(names.map((name) => readFile(join(moduleDir, name), 'utf8')));
  return texts.some((text) => /\bterraform\.workspace\b/.test(text.replaceAll(/^\s*(?:#|\/\/).*$/gm, '')));
}
