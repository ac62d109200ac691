import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const Manifest = z.object({ name: z.string().optional() });

/**
 * The folder of this package. The bundler moves code into `dist/`, so nothing may count on the place of its own file;
 * the Python files of the sandbox lie where the package says.
 */
export function packageRoot(start: string = fileURLToPath(import.meta.url)): string {
  for (let folder = path.dirname(start); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const parsed = Manifest.safeParse(JSON.parse(readFileSync(manifest, 'utf8')));
      if (parsed.data?.name === 'provision-env') return folder;
    }
    if (folder === path.dirname(folder)) {
      throw new Error(`No package.json of provision-env above ${start}: the installation is incomplete`);
    }
  }
}
