/** The root module as Terraform reads it: variables, locals, providers, resources, outputs, and the backend block. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeOf, type HclBlock, type HclNode } from '../../../src/hcl/nodes.ts';
import { createHclParser, type HclParser } from '../../../src/hcl/parser.ts';
import { literalValue } from '../../../src/hcl/values.ts';
import type { Json, JsonObject } from '../../../src/transfer/json.ts';
import { Complaint } from './complaint.ts';
import { evaluate, referencesIn, type Scope, unknown, type Value } from './evaluate.ts';
import { textOf } from '../text-of.ts';

interface Expression {
  readonly node: HclNode;
  readonly text: string;
}

export interface Variable {
  readonly name: string;
  readonly required: boolean;
  /** `number`: what is given as text is read as one. */
  readonly type: string;
  readonly default: Json;
  readonly sensitive: boolean;
  readonly validations: readonly {
    readonly condition: Expression;
    readonly message: string;
    readonly at: string;
  }[];
  readonly at: { readonly filename: string; readonly line: number };
}

export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, Expression>>;
  /** Nested blocks, by type. */
  readonly blocks: Readonly<Record<string, readonly Readonly<Record<string, Expression>>[]>>;
}

export interface Configuration {
  readonly variables: readonly Variable[];
  readonly locals: Readonly<Record<string, Expression>>;
  readonly resources: readonly Resource[];
  readonly outputs: readonly {
    readonly name: string;
    readonly value: Expression;
    readonly sensitive: boolean;
  }[];
  readonly region: Expression | null;
  readonly backend: { readonly type: string; readonly settings: JsonObject } | null;
}

const parsers = new Map<'one', Promise<HclParser>>();

/** Parsing the grammar takes longer than a run. */
function sharedParser(): Promise<HclParser> {
  const parser = parsers.get('one') ?? createHclParser();
  parsers.set('one', parser);
  return parser;
}

const expressionsOf = (block: HclBlock, text: string): Record<string, Expression> =>
  Object.fromEntries(block.body.attributes.map(({ name, value }) => [name, { node: value, text }]));

const literalOf = (block: HclBlock, name: string, text: string): Json | undefined => {
  const attribute = attributeOf(block.body, name);
  return attribute && literalValue(attribute.value, text)?.value;
};

export async function readConfiguration(folder: string): Promise<Configuration> {
  const hcl = await sharedParser();
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.tf'))
    .sort();
  const variables: Variable[] = [];
  const locals: Record<string, Expression> = {};
  const resources: Resource[] = [];
  const outputs: Configuration['outputs'][number][] = [];
  let region: Expression | null = null;
  let backend: Configuration['backend'] = null;
  for (const filename of files) {
    const text = readFileSync(join(folder, filename), 'utf8');
    for (const block of hcl.parse(text, join(folder, filename)).body.blocks) {
      const [first = '', second = ''] = block.labels;
      const attributes = expressionsOf(block, text);
      if (block.type === 'variable') variables.push(variableOf(block, first, filename, text));
      if (block.type === 'locals') Object.assign(locals, attributes);
      if (block.type === 'provider' && first === 'aws') region = attributes['region'] ?? null;
      if (block.type === 'output' && attributes['value'])
        outputs.push({
          name: first,
          value: attributes['value'],
          sensitive: literalOf(block, 'sensitive', text) === true,
        });
      if (block.type === 'resource')
        resources.push({
          address: `${first}.${second}`,
          type: first,
          name: second,
          attributes,
          blocks: groupBlocks(block, text),
        });
      if (block.type === 'terraform') {
        const declared = block.body.blocks.find(({ type }) => type === 'backend');
        if (declared) backend = { type: declared.labels[0] ?? '', settings: literals(declared, text) };
      }
    }
  }
  return { variables, locals, resources: inOrder(resources), outputs, region, backend };
}

function typeOf(block: HclBlock, text: string): string {
  const type = attributeOf(block.body, 'type')?.value;
  return type === undefined ? 'any' : text.slice(type.start, type.end);
}

function variableOf(block: HclBlock, name: string, filename: string, text: string): Variable {
  const given = attributeOf(block.body, 'default');
  return {
    name,
    required: given === undefined,
    type: typeOf(block, text),
    default: (given && literalValue(given.value, text)?.value) ?? null,
    sensitive: literalOf(block, 'sensitive', text) === true,
    validations: block.body.blocks
      .filter(({ type }) => type === 'validation')
      .flatMap((rule) => {
        const { condition } = expressionsOf(rule, text);
        if (!condition) return [];
        const message = textOf(literalOf(rule, 'error_message', text) ?? '');
        return [{ condition, message, at: `${filename}:${rule.line},3-13` }];
      }),
    at: { filename, line: block.line },
  };
}

function groupBlocks(block: HclBlock, text: string): Record<string, Record<string, Expression>[]> {
  const grouped: Record<string, Record<string, Expression>[]> = {};
  for (const inner of block.body.blocks) (grouped[inner.type] ??= []).push(expressionsOf(inner, text));
  delete grouped['lifecycle'];
  return grouped;
}

const literals = (block: HclBlock, text: string): Record<string, Json> =>
  Object.fromEntries(
    block.body.attributes.flatMap(({ name, value }) => {
      const literal = literalValue(value, text);
      return literal ? [[name, literal.value]] : [];
    }),
  );

/** The attributes of a file of nothing else: var-files and backend files. */
export async function readAttributes(file: string): Promise<Readonly<Record<string, Json>>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Complaint('Failed to read variables file', `Given variables file ${file} does not exist.`);
  }
  const { body } = (await sharedParser()).parse(text, file);
  return Object.fromEntries(
    body.attributes.flatMap(({ name, value }) => {
      const literal = literalValue(value, text);
      return literal ? [[name, literal.value]] : [];
    }),
  );
}

/** What is used stands before what uses it. */
function inOrder(resources: readonly Resource[]): readonly Resource[] {
  const done = new Map<string, Resource>();
  const add = (resource: Resource): void => {
    if (done.has(resource.address)) return;
    for (const address of dependenciesOf(resource)) {
      const used = resources.find((each) => each.address === address);
      if (used && used !== resource) add(used);
    }
    done.set(resource.address, resource);
  };
  resources.forEach(add);
  return [...done.values()];
}

/** Addresses of what a resource refers to. */
export function dependenciesOf({ attributes, blocks }: Resource): readonly string[] {
  const all = [
    ...Object.values(attributes),
    ...Object.values(blocks)
      .flat()
      .flatMap((each) => Object.values(each)),
  ];
  const addresses = all
    .flatMap(({ node, text }) => referencesIn(node, text))
    .flatMap(([type = '', name = '']) => (type.startsWith('aws_') ? [`${type}.${name}`] : []));
  return [...new Set(addresses)].sort();
}

/** @param madeOf values of resources, by address */
export function scopeOf(
  configuration: Configuration,
  variables: Readonly<Record<string, Json>>,
  madeOf: (address: string) => Readonly<Record<string, Value>> | undefined,
): Scope {
  const scope: Scope = {
    resolve([kind = '', name = '', attribute, ...more]) {
      if (kind === 'var') return variables[name];
      if (kind === 'local') {
        const local = configuration.locals[name];
        return local && evaluate(local.node, local.text, scope);
      }
      if (attribute === undefined || more.length > 0) return undefined;
      const address = `${kind}.${name}`;
      const made = madeOf(address);
      if (made !== undefined) return made[attribute];
      return configuration.resources.some((each) => each.address === address) ? unknown : undefined;
    },
  };
  return scope;
}
