/**
 * Where the AWS provider will act, as far as its configuration says: the `provider` blocks of the root module,
 * evaluated with the variables of one environment. No process is started and nothing is asked.
 */
import type { Scope } from '../hcl/evaluate.ts';
import type { HclParser } from '../hcl/parser.ts';
import type { Literal } from '../hcl/values.ts';
import type { Json } from '../transfer/json.ts';
import { readRequiredProviders } from './declarations/blocks.ts';
import { readModuleBlocks } from './declarations/module.ts';
import { findAttribute, literalString, type RawBlock } from './declarations/raw.ts';

/** A setting of the provider: what it is, or how it is written where that cannot be told. */
export type Setting =
  | { readonly known: true; readonly value: Json }
  | { readonly known: false; readonly written: string; readonly file: string; readonly line: number };

export type Settings = Readonly<Record<string, Setting>>;

/** One configuration of the provider. */
export interface ProviderConfiguration {
  /** `null`: the one that resources use where they name none. */
  readonly alias: string | null;
  readonly file: string;
  readonly line: number;
  readonly settings: Settings;
  /** Its `assume_role` blocks, in the order in which the roles are assumed. */
  readonly roles: readonly Settings[];
  /** Set where not even their number can be told. */
  readonly rolesUntold: Extract<Setting, { known: false }> | null;
  /** Settings of `assume_role_with_web_identity`; `null` without such a block. */
  readonly webIdentity: Settings | null;
  /** Settings of the `endpoints` block. */
  readonly endpoints: Settings;
}

export interface ProviderBlocks {
  /** @param variables of the root module, by name; what is absent is not known */
  evaluate(variables: Readonly<Record<string, Json>>): readonly ProviderConfiguration[];
}

/** The workspace that is chosen where nobody chooses one: every environment has a data folder of its own. */
const workspace = (): string => process.env['TF_WORKSPACE'] || 'default';

export async function readProviderBlocks(moduleDir: string, hcl: HclParser): Promise<ProviderBlocks> {
  const blocks = (await readModuleBlocks(moduleDir, hcl)) ?? [];
  const names = localNames(blocks);
  const providers = blocks.filter(({ type, labels }) => type === 'provider' && names.has(labels[0] ?? ''));
  const locals = new Map(
    blocks
      .filter(({ type }) => type === 'locals')
      .flatMap(({ attributes }) => attributes.map((attribute) => [attribute.name, attribute] as const)),
  );
  return {
    evaluate(variables) {
      const scope = scopeOf(variables, locals);
      return providers.map((block) => configurationOf(block, scope));
    },
  };
}

/** What the module calls the AWS provider. */
function localNames(blocks: readonly RawBlock[]): ReadonlySet<string> {
  const sources = new Map(
    blocks
      .filter(({ type }) => type === 'terraform')
      .flatMap((block) => {
        const names = block.blocks
          .filter(({ type }) => type === 'required_providers')
          .flatMap(({ attributes }) => attributes.map(({ name }) => name));
        return readRequiredProviders(block).map(([source], index) => [names[index] ?? '', source] as const);
      }),
  );
  if (!sources.has('aws')) sources.set('aws', 'hashicorp/aws');
  return new Set([...sources].flatMap(([name, source]) => (source === 'hashicorp/aws' ? [name] : [])));
}

type Locals = ReadonlyMap<string, RawBlock['attributes'][number]>;

function scopeOf(variables: Readonly<Record<string, Json>>, locals: Locals): Scope {
  // A local that leads back to itself has no value; Terraform says so.
  const under = new Set<string>();
  const scope: Scope = (root, name) => {
    if (name === undefined) return undefined;
    if (root === 'var')
      return Object.hasOwn(variables, name) ? { value: variables[name] ?? null } : undefined;
    if (root === 'terraform' && name === 'workspace') return { value: workspace() };
    const local = root === 'local' ? locals.get(name) : undefined;
    if (local === undefined || under.has(name)) return undefined;
    under.add(name);
    try {
      return local.evaluate(scope);
    } finally {
      under.delete(name);
    }
  };
  return scope;
}

function settingsOf(block: RawBlock, scope: Scope): Settings {
  return Object.fromEntries(
    block.attributes.map((attribute): [string, Setting] => {
      const found = attribute.evaluate(scope);
      return [
        attribute.name,
        found === undefined
          ? { known: false, written: attribute.written(), file: block.file, line: attribute.line }
          : { known: true, value: found.value },
      ];
    }),
  );
}

function configurationOf(block: RawBlock, scope: Scope): ProviderConfiguration {
  const roles = innerBlocks(block, 'assume_role', scope);
  const web = innerBlocks(block, 'assume_role_with_web_identity', scope);
  const endpoints = innerBlocks(block, 'endpoints', scope);
  return {
    alias: literalString(block, 'alias'),
    file: block.file,
    line: block.line,
    settings: settingsOf(block, scope),
    roles: roles.found,
    rolesUntold: roles.untold ?? web.untold,
    webIdentity: web.found[0] ?? null,
    endpoints: Object.assign({}, ...endpoints.found) as Settings,
  };
}

/** Nested blocks of a type, those that a `dynamic` block makes included. */
function innerBlocks(
  block: RawBlock,
  type: string,
  scope: Scope,
): { found: Settings[]; untold: Extract<Setting, { known: false }> | null } {
  const found: Settings[] = [];
  let untold: Extract<Setting, { known: false }> | null = null;
  for (const inner of block.blocks) {
    if (inner.type === type) found.push(settingsOf(inner, scope));
    if (inner.type !== 'dynamic' || inner.labels[0] !== type) continue;
    const forEach = findAttribute(inner, 'for_each');
    const content = inner.blocks.find((each) => each.type === 'content');
    const over = itemsOf(forEach?.evaluate(scope));
    if (over === undefined || content === undefined) {
      untold = { known: false, written: forEach?.written() ?? '', file: inner.file, line: inner.line };
      continue;
    }
    const iterator = findAttribute(inner, 'iterator')?.written() ?? type;
    for (const [key, value] of over) {
      found.push(
        settingsOf(content, (root, name) => {
          if (root !== iterator) return scope(root, name);
          if (name === undefined) return { value: { key, value } };
          return name === 'key' ? { value: key } : name === 'value' ? { value } : undefined;
        }),
      );
    }
  }
  return { found, untold };
}

function itemsOf(given: Literal): readonly (readonly [Json, Json])[] | undefined {
  if (given === undefined || given.value === null || typeof given.value !== 'object') return undefined;
  if (Array.isArray(given.value)) return given.value.map((value: Json, index) => [index, value] as const);
  return Object.entries(given.value as Readonly<Record<string, Json>>);
}
