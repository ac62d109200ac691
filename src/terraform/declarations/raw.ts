/**
 * One shape for the blocks of `.tf` and `.tf.json` files. Facts and literals are worked out when asked for: most
 * expressions of a large configuration are never looked at twice.
 */
import { evaluate, type Scope } from '../../hcl/evaluate.ts';
import { expressionFacts, mergeFacts } from '../../hcl/facts.ts';
import type { JsonFile, JsonNode } from '../../hcl/json-source.ts';
import type { HclAttribute, HclBlock, HclFile } from '../../hcl/nodes.ts';
import type { HclParser } from '../../hcl/parser.ts';
import { type Literal, literalValue, toHcl } from '../../hcl/values.ts';
import { isJsonObject } from '../../transfer/json.ts';
import type { ExpressionFacts } from '../model.ts';

export interface RawAttribute {
  readonly name: string;
  readonly line: number;
  literal(): Literal;
  /** Its value, where all that it refers to is known. */
  evaluate(scope: Scope): Literal;
  /** The expression as it is written: an address in a `moved` block. */
  written(): string;
  facts(bound?: ReadonlySet<string>): ExpressionFacts;
}

export interface RawBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly file: string;
  readonly line: number;
  readonly attributes: readonly RawAttribute[];
  readonly blocks: readonly RawBlock[];
  /** The block as HCL, its header included. */
  text(): string;
}

export function findAttribute(block: RawBlock, name: string): RawAttribute | undefined {
  return block.attributes.find((attribute) => attribute.name === name);
}

/** A literal string argument; `null` if it is absent or no literal string. */
export function literalString(block: RawBlock, name: string): string | null {
  const value = findAttribute(block, name)?.literal()?.value;
  return typeof value === 'string' ? value : null;
}

function rawHclAttribute(attribute: HclAttribute, source: HclFile): RawAttribute {
  return {
    name: attribute.name,
    line: attribute.line,
    literal: () => literalValue(attribute.value, source.text),
    evaluate: (scope) => evaluate(attribute.value, source.text, scope),
    written: () => source.text.slice(attribute.value.start, attribute.value.end).trim(),
    facts: (bound) => expressionFacts(attribute.value, source.text, attribute.line, bound),
  };
}

export function rawHclBlock(block: HclBlock, source: HclFile): RawBlock {
  return {
    type: block.type,
    labels: block.labels,
    file: source.file,
    line: block.line,
    attributes: block.body.attributes.map((attribute) => rawHclAttribute(attribute, source)),
    blocks: block.body.blocks.map((inner) => rawHclBlock(inner, source)),
    text: () => source.text.slice(block.start, block.end),
  };
}

/** How many labels the top-level blocks have; in JSON they are nested objects. */
const labelCounts: Readonly<Record<string, number>> = {
  data: 2,
  ephemeral: 2,
  module: 1,
  output: 1,
  provider: 1,
  resource: 2,
  variable: 1,
};

/** Nested blocks by the block they stand in, with their number of labels; all else in JSON is taken as arguments. */
const nestedBlocks: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  data: { lifecycle: 0 },
  provider: { dynamic: 1 },
  resource: { connection: 0, dynamic: 1, lifecycle: 0, provisioner: 1 },
  terraform: { backend: 1, cloud: 0, required_providers: 0 },
  variable: { validation: 0 },
};

/** Facts of a JSON value: its strings are templates. */
function jsonFacts(node: JsonNode, source: JsonFile, hcl: HclParser): ExpressionFacts {
  const line = source.lineOf(node.start);
  if (typeof node.value === 'string') {
    if (node.value === '') return { references: [], literals: [], line };
    const template = /[$%]\{/.test(node.value) ? hcl.parseTemplate(node.value) : null;
    if (!template) return { references: [], literals: [node.value], line };
    const facts = expressionFacts(template.node, template.text, line);
    // The line end before the heredoc's marker is ours.
    return {
      ...facts,
      literals: facts.literals.map((text) => text.replace(/\n$/, '')).filter((text) => text !== ''),
    };
  }
  const inner = [...node.items, ...node.members.map((member) => member.value)];
  return inner
    .map((child) => jsonFacts(child, source, hcl))
    .reduce((one, other) => mergeFacts(one, other), { references: [], literals: [], line });
}

function jsonLiteral(node: JsonNode): Literal {
  const dynamic = (value: JsonNode): boolean =>
    (typeof value.value === 'string' && /(?<![$%])[$%]\{/.test(value.value)) ||
    value.items.some(dynamic) ||
    value.members.some((member) => dynamic(member.value));
  return dynamic(node) ? undefined : { value: node.value };
}

/** Strings are templates, on every level. */
function jsonEvaluated(node: JsonNode, hcl: HclParser, scope: Scope): Literal {
  if (typeof node.value === 'string') {
    const template = /[$%]\{/.test(node.value) ? hcl.parseTemplate(node.value) : null;
    if (!template) return jsonLiteral(node);
    const found = evaluate(template.node, template.text, scope);
    // The line end before the heredoc's marker is ours; around one interpolation alone it makes a text of any value.
    return typeof found?.value === 'string' ? { value: found.value.replace(/\n$/, '') } : undefined;
  }
  if (node.items.length === 0 && node.members.length === 0) return { value: node.value };
  const inner = [...node.items, ...node.members.map((member) => member.value)].map((child) =>
    jsonEvaluated(child, hcl, scope),
  );
  if (inner.some((found) => found === undefined)) return undefined;
  const values = inner.map((found) => found?.value ?? null);
  return {
    value:
      node.items.length > 0
        ? values
        : Object.fromEntries(node.members.map(({ key }, index) => [key, values[index] ?? null])),
  };
}

interface JsonContext {
  readonly source: JsonFile;
  readonly hcl: HclParser;
}

function jsonBody(node: JsonNode, type: string, labels: readonly string[], context: JsonContext): RawBlock {
  const { source, hcl } = context;
  const attributes: RawAttribute[] = [];
  const blocks: RawBlock[] = [];
  const nested = nestedBlocks[type] ?? {};
  for (const member of node.members) {
    if (member.key === '//') continue;
    const labelCount = Object.hasOwn(nested, member.key) ? nested[member.key] : undefined;
    if (labelCount !== undefined) {
      blocks.push(...jsonBlocks(member.key, member.value, labelCount, context));
      continue;
    }
    attributes.push({
      name: member.key,
      line: source.lineOf(member.keyStart),
      literal: () => jsonLiteral(member.value),
      evaluate: (scope) => jsonEvaluated(member.value, hcl, scope),
      written: () => (typeof member.value.value === 'string' ? member.value.value.trim() : ''),
      facts: () => jsonFacts(member.value, source, hcl),
    });
    // JSON does not tell a nested block from a map: what is in it can be looked up by its path as well.
    for (const inner of member.value.items.length > 0 ? member.value.items : [member.value]) {
      if (inner.members.length > 0) blocks.push(jsonBody(inner, member.key, [], context));
    }
  }
  return {
    type,
    labels,
    file: source.file,
    line: source.lineOf(node.start),
    attributes,
    blocks,
    text: () => {
      const header = [type, ...labels.map((label) => toHcl(label))].join(' ');
      const lines = Object.entries(isJsonObject(node.value) ? node.value : {}).map(
        ([key, value]) => `  ${key} = ${toHcl(value)}\n`,
      );
      return lines.length === 0 ? `${header} {}` : `${header} {\n${lines.join('')}}`;
    },
  };
}

/** Objects nested by label; at the innermost level one body or an array of bodies. */
function jsonBlocks(
  type: string,
  node: JsonNode,
  labelCount: number,
  context: JsonContext,
): readonly RawBlock[] {
  const walk = (at: JsonNode, labels: readonly string[]): readonly RawBlock[] => {
    if (at.items.length > 0) return at.items.flatMap((item) => walk(item, labels));
    if (labels.length === labelCount) return [jsonBody(at, type, labels, context)];
    return at.members
      .filter((member) => member.key !== '//')
      .flatMap((member) => walk(member.value, [...labels, member.key]));
  };
  return walk(node, []);
}

/** Top-level blocks of a `.tf.json` file. */
export function rawJsonBlocks(source: JsonFile, hcl: HclParser): readonly RawBlock[] {
  return source.root.members
    .filter((member) => member.key !== '//')
    .flatMap((member) => jsonBlocks(member.key, member.value, labelCounts[member.key] ?? 0, { source, hcl }));
}
