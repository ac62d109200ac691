/** From the blocks of a configuration to what rules ask about them. */
import { mergeFacts } from '../../hcl/facts.ts';
import type { Json } from '../../transfer/json.ts';
import type {
  BackendDeclaration,
  ExpressionFacts,
  ModuleDeclarations,
  ResourceDeclaration,
  VariableDeclaration,
} from '../model.ts';
import { findAttribute, literalString, type RawAttribute, type RawBlock } from './raw.ts';

export type ModuleCall = ModuleDeclarations['calls'][string];

/** Arguments that steer Terraform itself and say nothing about the resource. */
const metaArguments: ReadonlySet<string> = new Set([
  'count',
  'depends_on',
  'for_each',
  'provider',
  'providers',
]);
const metaBlocks: ReadonlySet<string> = new Set(['connection', 'lifecycle', 'provisioner']);

function add(facts: Map<string, ExpressionFacts>, path: string, more: ExpressionFacts): void {
  const before = facts.get(path);
  facts.set(path, before ? mergeFacts(before, more) : more);
}

/** All arguments of a body and of its nested blocks, by dotted path. */
function collect(
  block: RawBlock,
  prefix: string,
  bound: ReadonlySet<string>,
  into: Map<string, ExpressionFacts>,
): void {
  const top = prefix === '';
  for (const attribute of block.attributes) {
    if (top && metaArguments.has(attribute.name)) continue;
    add(into, prefix + attribute.name, attribute.facts(bound));
  }
  for (const inner of block.blocks) {
    if (top && metaBlocks.has(inner.type)) continue;
    const [label] = inner.labels;
    if (inner.type === 'dynamic' && label !== undefined) {
      // The blocks that a `dynamic` block makes stand under the path they would have if they were written out.
      const forEach = findAttribute(inner, 'for_each');
      if (forEach) add(into, prefix + label, forEach.facts(bound));
      const iterator = [...(findAttribute(inner, 'iterator')?.facts().references ?? [])];
      const within = new Set([...bound, ...(iterator.length > 0 ? iterator : [label])]);
      for (const content of inner.blocks) {
        if (content.type === 'content') collect(content, `${prefix}${label}.`, within, into);
      }
    } else collect(inner, `${prefix}${inner.type}.`, bound, into);
  }
}

function expressions(block: RawBlock): Readonly<Record<string, ExpressionFacts>> {
  const facts = new Map<string, ExpressionFacts>();
  collect(block, '', new Set(), facts);
  return Object.fromEntries(facts);
}

const isTrue = (attribute: RawAttribute | undefined): boolean => {
  const value = attribute?.literal()?.value;
  return value === true || value === 'true';
};

export function readResource(block: RawBlock): ResourceDeclaration {
  const [type = '', name = ''] = block.labels;
  const mode = block.type === 'data' ? 'data' : 'managed';
  const repetition = findAttribute(block, 'for_each') ?? findAttribute(block, 'count');
  return {
    address: mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`,
    mode,
    type,
    name,
    file: block.file,
    line: block.line,
    attributes: expressions(block),
    repetition: repetition?.facts() ?? null,
    preventDestroy: block.blocks.some(
      (inner) => inner.type === 'lifecycle' && isTrue(findAttribute(inner, 'prevent_destroy')),
    ),
    provisioners: block.blocks
      .filter((inner) => inner.type === 'provisioner')
      .map((inner) => ({ type: inner.labels[0] ?? '', line: inner.line })),
  };
}

export function readVariable(block: RawBlock): VariableDeclaration {
  const given = findAttribute(block, 'default');
  const literal = given?.literal();
  return {
    name: block.labels[0] ?? '',
    file: block.file,
    line: block.line,
    ...(literal ? { default: literal.value } : {}),
    hasDefault: given !== undefined,
    sensitive: isTrue(findAttribute(block, 'sensitive')),
    description: literalString(block, 'description'),
    type: findAttribute(block, 'type')?.written() ?? null,
    validations: block.blocks
      .filter((inner) => inner.type === 'validation')
      .map((inner) => ({
        line: inner.line,
        errorMessage: validationMessage(inner),
        condition: findAttribute(inner, 'condition')?.written() ?? null,
      })),
  };
}

function validationMessage(block: RawBlock): string | null {
  const message = findAttribute(block, 'error_message');
  if (!message) return null;
  const literal = message.literal()?.value;
  // A message with interpolations: its literal parts are still the best there is to show.
  return typeof literal === 'string' ? literal : message.facts().literals.join('…') || null;
}

/** Addresses only: what else may stand there, Terraform refuses. */
export function readMove(block: RawBlock): readonly { readonly from: string; readonly to: string }[] {
  const from = findAttribute(block, 'from')?.written() ?? '';
  const to = findAttribute(block, 'to')?.written() ?? '';
  return from === '' || to === '' ? [] : [{ from, to }];
}

const callArguments: ReadonlySet<string> = new Set(['source', 'version']);

export function readCall(block: RawBlock): ModuleCall {
  const given = Object.entries(expressions(block)).filter(([name]) => !callArguments.has(name));
  return { source: literalString(block, 'source'), line: block.line, attributes: Object.fromEntries(given) };
}

/** The `backend` or `cloud` block of a `terraform` block. */
export function readBackend(terraform: RawBlock): BackendDeclaration | null {
  const block = terraform.blocks.find((inner) => inner.type === 'backend' || inner.type === 'cloud');
  if (!block) return null;
  const settings: [string, Json][] = [];
  for (const attribute of block.attributes) {
    const literal = attribute.literal();
    if (literal) settings.push([attribute.name, literal.value]);
  }
  return {
    type: block.type === 'cloud' ? 'cloud' : (block.labels[0] ?? ''),
    file: block.file,
    line: block.line,
    settings: Object.fromEntries(settings),
    text: block.text(),
  };
}

/** `registry.terraform.io/Hashicorp/aws` and a bare `aws` name the same provider as `hashicorp/aws`. */
function providerSource(source: string): string {
  const parts = source.toLowerCase().split('/');
  if (parts.length === 1) return `hashicorp/${parts[0] ?? ''}`;
  return parts.length === 3 && parts[0] === 'registry.terraform.io'
    ? parts.slice(1).join('/')
    : parts.join('/');
}

export function readRequiredProviders(
  terraform: RawBlock,
): readonly (readonly [source: string, version: string | null])[] {
  return terraform.blocks
    .filter((inner) => inner.type === 'required_providers')
    .flatMap((inner) => inner.attributes)
    .map((attribute) => {
      const value = attribute.literal()?.value;
      // `aws = "~> 5.0"` is the old form.
      if (typeof value === 'string') return [providerSource(attribute.name), value] as const;
      const { source, version } = requirementOf(value);
      return [providerSource(source ?? attribute.name), version] as const;
    });
}

function requirementOf(value: Json | undefined): { source: string | null; version: string | null } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { source: null, version: null };
  const { source, version } = value as Readonly<Record<string, Json>>;
  return {
    source: typeof source === 'string' ? source : null,
    version: typeof version === 'string' ? version : null,
  };
}
