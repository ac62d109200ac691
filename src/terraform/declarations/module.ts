/** The files of one module folder, override files merged in. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJsonSource } from '../../hcl/json-source.ts';
import type { HclParser } from '../../hcl/parser.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import { type RawBlock, rawHclBlock, rawJsonBlocks } from './raw.ts';

/** True for files that Terraform reads as configuration: no editor's backups, no hidden files. */
export function isConfigurationFile(name: string): boolean {
  const ignored = name.startsWith('.') || name.endsWith('~') || (name.startsWith('#') && name.endsWith('#'));
  return !ignored && (name.endsWith('.tf') || name.endsWith('.tf.json'));
}

const isOverride = (name: string): boolean => /(?:^|_)override\.tf(?:\.json)?$/.test(name);

async function readBlocks(file: string, hcl: HclParser): Promise<readonly RawBlock[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ProvisionError('configuration-invalid', 'A configuration file cannot be read.', {
      where: { file },
      hint: 'Check that it exists and that you may read it.',
      cause,
    });
  }
  if (file.endsWith('.json')) return rawJsonBlocks(parseJsonSource(text, file), hcl);
  const source = hcl.parse(text, file);
  return source.body.blocks.map((block) => rawHclBlock(block, source));
}

const keyOf = (block: RawBlock): string => [block.type, ...block.labels].join(' ');

/** What is left of a block where an override replaces arguments, and all nested blocks of a type together. */
function withoutOverridden(base: RawBlock, override: RawBlock): RawBlock {
  const attributes = new Set(override.attributes.map((attribute) => attribute.name));
  const blocks = new Set(override.blocks.map((inner) => inner.type));
  // A backend and a cloud block exclude each other; required providers are overridden one by one.
  if (blocks.has('cloud') || blocks.has('backend')) blocks.add('cloud').add('backend');
  blocks.delete('required_providers');
  return {
    ...base,
    attributes: base.attributes.filter((attribute) => !attributes.has(attribute.name)),
    blocks: base.blocks.filter((inner) => !blocks.has(inner.type)),
  };
}

function withOverride(blocks: readonly RawBlock[], override: RawBlock): readonly RawBlock[] {
  const key = keyOf(override);
  const same = blocks.filter((block) => keyOf(block) === key);
  // Blocks that may stand several times in a module are overridden wherever they stand.
  if (same.length === 0 || override.type === 'terraform' || override.type === 'locals') {
    return [
      ...blocks.map((block) => (same.includes(block) ? withoutOverridden(block, override) : block)),
      override,
    ];
  }
  return blocks.map((block) => {
    if (!same.includes(block)) return block;
    const rest = withoutOverridden(block, override);
    return {
      ...rest,
      attributes: [...rest.attributes, ...override.attributes],
      blocks: [...rest.blocks, ...override.blocks],
    };
  });
}

/** @returns all blocks of the folder, or `null` if there is no configuration in it */
export async function readModuleBlocks(dir: string, hcl: HclParser): Promise<readonly RawBlock[] | null> {
  let names: string[];
  try {
    names = await readdir(dir);
  } catch {
    return null;
  }
  const files = names.filter(isConfigurationFile).toSorted();
  if (files.length === 0) return null;
  const read = async (file: string): Promise<readonly RawBlock[]> => readBlocks(join(dir, file), hcl);
  const blocks = (await Promise.all(files.filter((file) => !isOverride(file)).map(read))).flat();
  const overrides = (await Promise.all(files.filter(isOverride).map(read))).flat();
  return overrides.reduce<readonly RawBlock[]>(withOverride, blocks);
}
