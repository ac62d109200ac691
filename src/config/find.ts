import { dirname, join, resolve } from 'node:path';
import { stat } from 'node:fs/promises';

/** Names that the configuration file may have, in the order in which they are looked for. */
export const configFileNames: readonly string[] = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (extension) => `provision-env.config.${extension}`,
);

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/** The configuration file of the nearest folder that has one, from `start` up to the repository's; `null` if none has. */
export async function findConfigFile(start: string): Promise<string | null> {
  for (let dir = resolve(start); ; dir = dirname(dir)) {
    for (const name of configFileNames) if (await exists(join(dir, name))) return join(dir, name);
    // Beyond the repository lies somebody else's project.
    if ((await exists(join(dir, '.git'))) || dirname(dir) === dir) return null;
  }
}
