/** Values of HCL expressions, as far as the modules of the tests need them. What it does not know is an error. */
import { childOf, type HclNode } from '../../../src/hcl/nodes.ts';
import { literalValue, objectKey, templateParts } from '../../../src/hcl/values.ts';
import type { Json } from '../../../src/transfer/json.ts';
import { textOf } from '../text-of.ts';

/** What is known only after the apply. */
export const unknown = Symbol('known after apply');
export type Value = Json | typeof unknown | readonly Value[] | { readonly [key: string]: Value };

export interface Scope {
  /** What a reference such as `["var", "environment"]` stands for; `undefined` where there is no such thing. */
  resolve(path: readonly string[]): Value | undefined;
}

const functions: Readonly<Record<string, (...args: Json[]) => Json>> = {
  jsonencode: (value = null) => JSON.stringify(sorted(value)),
  length: (value = '') =>
    (typeof value === 'object' && value !== null ? Object.keys(value) : textOf(value)).length,
  lower: (text = '') => textOf(text).toLowerCase(),
  upper: (text = '') => textOf(text).toUpperCase(),
  startswith: (text = '', start = '') => textOf(text).startsWith(textOf(start)),
  nonsensitive: (value = null) => value,
  sensitive: (value = null) => value,
};

const operators: Readonly<Record<string, (a: Json, b: Json) => Json>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => Number(a) < Number(b),
  '<=': (a, b) => Number(a) <= Number(b),
  '>': (a, b) => Number(a) > Number(b),
  '>=': (a, b) => Number(a) >= Number(b),
  '+': (a, b) => Number(a) + Number(b),
  '-': (a, b) => Number(a) - Number(b),
  '&&': (a, b) => a === true && b === true,
  '||': (a, b) => a === true || b === true,
};

/** Terraform writes the keys of an object in order. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** True where something in the value is known only after the apply. */
export function hasUnknown(value: Value): boolean {
  if (value === unknown) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((inner: Value) => hasUnknown(inner))
  );
}

/** The path of a plain reference, and `null` for every other expression. */
export function referenceOf(node: HclNode, text: string): readonly string[] | null {
  const [first, ...rest] = node.children;
  if (node.type !== 'expression' || first?.type !== 'variable_expr') return null;
  if (rest.some(({ type }) => type !== 'get_attr')) return null;
  return [first, ...rest].map((part) => text.slice(part.start, part.end).replace(/^\./, ''));
}

/** Every reference in an expression, templates included. */
export function referencesIn(node: HclNode, text: string): readonly (readonly string[])[] {
  const own = referenceOf(node, text);
  return own === null ? node.children.flatMap((child) => referencesIn(child, text)) : [own];
}

export function evaluate(node: HclNode, text: string, scope: Scope): Value {
  const literal = literalValue(node, text);
  if (literal) return literal.value;
  const reference = referenceOf(node, text);
  if (reference !== null) {
    const value = scope.resolve(reference);
    if (value === undefined) throw new Error(`Reference to undeclared ${reference.join('.')}`);
    return value;
  }
  const inner = (child: HclNode): Value => evaluate(child, text, scope);
  switch (node.type) {
    case 'quoted_template':
      return template(node, text, inner);
    case 'object':
      return Object.fromEntries(
        node.children
          .filter(({ type }) => type === 'object_elem')
          .map((element): [string, Value] => {
            const [key, value] = element.children.filter(({ type }) => type === 'expression');
            if (!key || !value) throw new Error('an object without key or value');
            return [objectKey(key, text) ?? textOf(inner(key)), inner(value)];
          }),
      );
    case 'tuple':
      return node.children.filter(({ type }) => type === 'expression').map(inner);
    case 'function_call':
      return call(node, text, inner);
    case 'binary_operation':
      return binary(node, text, inner);
    case 'conditional': {
      const [condition, yes, no] = node.children.filter(({ type }) => type === 'expression');
      if (!condition || !yes || !no) break;
      return inner(condition) === true ? inner(yes) : inner(no);
    }
    default: {
      const parts = node.children.filter(({ type }) => type !== '(' && type !== ')');
      if (parts.length === 1 && parts[0]) return inner(parts[0]);
    }
  }
  throw new Error(
    `the stand-in Terraform cannot evaluate \`${text.slice(node.start, node.end)}\` (${node.type})`,
  );
}

function template(node: HclNode, text: string, inner: (child: HclNode) => Value): Value {
  const marks = node.children.filter(({ type }) => type === 'template_interpolation');
  const values = marks.map((mark) => {
    const expression = childOf(mark, 'expression');
    return expression ? inner(expression) : '';
  });
  if (values.some(hasUnknown)) return unknown;
  return templateParts(node, text)
    .map((part, index) => `${part}${index < values.length ? textOf(values[index]) : ''}`)
    .join('');
}

function call(node: HclNode, text: string, inner: (child: HclNode) => Value): Value {
  const name = childOf(node, 'identifier');
  const known = functions[name ? text.slice(name.start, name.end) : ''];
  if (!known) throw new Error(`Call to unknown function in \`${text.slice(node.start, node.end)}\``);
  const values = (childOf(node, 'function_arguments')?.children ?? [])
    .filter(({ type }) => type === 'expression')
    .map(inner);
  return values.some(hasUnknown) ? unknown : known(...(values as Json[]));
}

function binary(node: HclNode, text: string, inner: (child: HclNode) => Value): Value {
  const at = node.children.findIndex((child) => text.slice(child.start, child.end) in operators);
  const known = operators[text.slice(node.children[at]?.start, node.children[at]?.end)];
  if (at < 1 || !known) throw new Error(`unknown operation \`${text.slice(node.start, node.end)}\``);
  const [a, b] = [node.children.slice(0, at), node.children.slice(at + 1)].map((children) =>
    inner({ ...node, type: 'expression', children }),
  );
  return hasUnknown(a ?? null) || hasUnknown(b ?? null) ? unknown : known(a as Json, b as Json);
}
