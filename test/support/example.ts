/** The example project as its files say it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const exampleFolder = join(import.meta.dirname, '..', '..', 'examples', 'daily-report');

/** Keys of the secrets that its Terraform takes as variables. */
export async function exampleSecrets(): Promise<readonly string[]> {
  const text = await readFile(join(exampleFolder, 'terraform', 'secret_variables.tf'), 'utf8');
  return [...text.matchAll(/^variable "(\w+)"/gm)].map(([, name = '']) => name.toUpperCase());
}
