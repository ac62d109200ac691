/** Everything that runs left behind in a project, as one text: what a secret must not stand in. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function leftBehind(project: string): Promise<string> {
  const entries = await readdir(join(project, '.provision-env'), { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    entries
      // Terraform's provider is a big program that knows nothing of us.
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('/providers'))
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  );
  return texts.join('\n');
}
