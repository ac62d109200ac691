/**
 * Writes the documents that are generated from code, or, with `--check`, fails where one is out of date. What the
 * code knows is never written down a second time by hand.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { documentSchema } from '../../src/cli/document.ts';
import { configSchema } from '../../src/config/schema.ts';
import { bundledPrices } from '../../src/cost/prices/table.ts';
import { rules } from '../../src/proof/rules/index.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import { renderErrors } from './errors.ts';
import { renderPrices } from './prices.ts';
import { renderResourceTypes } from './resource-types.ts';
import { renderRules } from './rules.ts';

const root = join(import.meta.dirname, '..', '..');

const asSchema = (schema: z.ZodType, io: 'input' | 'output'): string =>
  JSON.stringify(z.toJSONSchema(schema, { io }), null, 2);

const documents: Readonly<Record<string, () => string>> = {
  'docs/rules.md': () => renderRules(rules),
  'docs/errors.md': renderErrors,
  'docs/prices.md': () => renderPrices(bundledPrices),
  'docs/resource-types.md': () => renderResourceTypes(resourceTypes),
  'schema/document.json': () => asSchema(documentSchema, 'output'),
  'schema/config.json': () => asSchema(configSchema, 'input'),
};

const check = process.argv.includes('--check');
const outdated: string[] = [];
for (const [path, render] of Object.entries(documents)) {
  const file = join(root, path);
  const wanted = await format(render(), { ...(await resolveConfig(file)), filepath: file });
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present === wanted) continue;
  outdated.push(path);
  if (check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, wanted);
}
if (check && outdated.length > 0) {
  console.error(`Out of date: ${outdated.join(', ')}. Run npm run docs.`);
  process.exitCode = 1;
} else if (outdated.length > 0) {
  console.log(`Written: ${outdated.join(', ')}`);
}
