/**
 * Reads the configuration of a root module and of the modules it calls, as far as they are on disk. Nothing is
 * evaluated and no process is started: this is what the rules need and neither plan nor state shows.
 */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createHclParser, type HclParser } from '../hcl/parser.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import {
  type ModuleCall,
  readBackend,
  readCall,
  readMove,
  readRequiredProviders,
  readResource,
  readVariable,
} from './declarations/blocks.ts';
import { readModuleBlocks } from './declarations/module.ts';
import { findAttribute, literalString, type RawBlock } from './declarations/raw.ts';
import type { Declarations, ExpressionFacts, ModuleDeclarations } from './model.ts';

export interface DeclarationOptions {
  /** Terraform's data folder, where `init` notes which folder each module came to lie in. */
  readonly dataDir?: string | undefined;
  /** A parser to share: files that it has read already are not parsed again. */
  readonly hcl?: HclParser | undefined;
}

/** More levels than any configuration has; a module that calls itself ends here. */
const deepestNesting = 30;

function readModule(dir: string, blocks: readonly RawBlock[]): ModuleDeclarations {
  const resources: [string, ModuleDeclarations['resources'][string]][] = [];
  const variables: [string, ModuleDeclarations['variables'][string]][] = [];
  const locals: [string, ExpressionFacts][] = [];
  const outputs: [string, ExpressionFacts][] = [];
  const calls: [string, ModuleCall][] = [];
  const moves: { from: string; to: string }[] = [];
  for (const block of blocks) {
    const [label = ''] = block.labels;
    switch (block.type) {
      case 'resource':
      case 'data': {
        const resource = readResource(block);
        resources.push([resource.address, resource]);
        break;
      }
      case 'variable': {
        variables.push([label, readVariable(block)]);
        break;
      }
      case 'locals': {
        for (const attribute of block.attributes) locals.push([attribute.name, attribute.facts()]);
        break;
      }
      case 'output': {
        const value = findAttribute(block, 'value');
        if (value) outputs.push([label, value.facts()]);
        break;
      }
      case 'moved': {
        moves.push(...readMove(block));
        break;
      }
      case 'module': {
        calls.push([label, readCall(block)]);
        break;
      }
      default: {
        break;
      }
    }
  }
  return {
    dir,
    resources: Object.fromEntries(resources),
    locals: Object.fromEntries(locals),
    variables: Object.fromEntries(variables),
    outputs: Object.fromEntries(outputs),
    ...(moves.length === 0 ? {} : { moves }),
    calls: Object.fromEntries(calls),
  };
}

/** Module path → folder, as `terraform init` has noted it. Empty before the first init. */
async function installedModules(moduleDir: string, dataDir: string): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  let manifest: Json;
  try {
    manifest = JSON.parse(await readFile(join(dataDir, 'modules', 'modules.json'), 'utf8')) as Json;
  } catch {
    // No manifest, or one that an interrupted init left half-written: remote modules count as not installed.
    return folders;
  }
  const entries = isJsonObject(manifest) ? manifest['Modules'] : undefined;
  for (const entry of Array.isArray(entries) ? (entries as readonly Json[]) : []) {
    if (!isJsonObject(entry)) continue;
    const { Key: key, Dir: dir } = entry;
    if (typeof key === 'string' && key !== '' && typeof dir === 'string')
      folders.set(key, resolve(moduleDir, dir));
  }
  return folders;
}

const isLocal = (source: string): boolean => /^\.{1,2}(?:[/\\]|$)/.test(source);

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * @param moduleDir absolute folder of the root module
 * @throws ProvisionError `project-not-found` if there is no configuration, `configuration-invalid` with file and
 *   line if it does not parse
 */
export async function readDeclarations(
  moduleDir: string,
  options: DeclarationOptions = {},
): Promise<Declarations> {
  const hcl = options.hcl ?? (await createHclParser());
  const root = await readModuleBlocks(moduleDir, hcl);
  if (!root) {
    throw new ProvisionError(
      'project-not-found',
      'There are no Terraform files (`*.tf`, `*.tf.json`) in the folder.',
      {
        where: { file: moduleDir },
        hint: 'Name the folder of the root module in provision-env.config.*, under `terraform.dir`.',
      },
    );
  }
  const installed = await installedModules(moduleDir, options.dataDir ?? join(moduleDir, '.terraform'));
  const modules: Record<string, ModuleDeclarations> = {};
  const unresolvedCalls: string[] = [];
  // One folder may be called many times; what is in it does not depend on the call.
  const read = new Map<string, ModuleDeclarations | null>();

  const descend = async (path: string, module: ModuleDeclarations, depth: number): Promise<void> => {
    modules[path] = module;
    for (const [name, call] of Object.entries(module.calls)) {
      const innerPath = path === '' ? name : `${path}.${name}`;
      const local =
        call.source !== null && isLocal(call.source) ? resolve(module.dir, call.source) : undefined;
      const dir = local !== undefined && (await isFolder(local)) ? local : installed.get(innerPath);
      if (dir !== undefined && !read.has(dir)) {
        const blocks = await readModuleBlocks(dir, hcl);
        read.set(dir, blocks && readModule(dir, blocks));
      }
      const inner = dir === undefined ? undefined : read.get(dir);
      if (inner && depth < deepestNesting) await descend(innerPath, inner, depth + 1);
      else unresolvedCalls.push(innerPath);
    }
  };
  await descend('', readModule(moduleDir, root), 0);

  const settings = root.filter((block) => block.type === 'terraform');
  const versions = settings
    .map((block) => literalString(block, 'required_version'))
    .filter((text) => text !== null);
  return {
    backend: settings.map(readBackend).findLast((backend) => backend !== null) ?? null,
    requiredVersion: versions.length > 0 ? versions.join(', ') : null,
    requiredProviders: Object.fromEntries(settings.flatMap(readRequiredProviders)),
    modules,
    unresolvedCalls,
  };
}
