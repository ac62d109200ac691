/**
 * Evaluates the small expressions that provider blocks are made of: literals, variables, locals, templates, look-ups
 * in maps, conditions, and a few functions. What it does not know it does not guess: the answer is then `undefined`.
 */
import { isJsonObject, type Json } from '../transfer/json.ts';
import { type EvaluatedFunction, functions } from './functions.ts';
import type { HclNode } from './nodes.ts';
import { literalValue, type Literal, objectKey, templateParts } from './values.ts';

/** The value of a name, as far as it is known: `var` and `local` are objects, a `dynamic` block has its iterator. */
export type Scope = (root: string, attribute: string | undefined) => Literal;

const operators: ReadonlySet<string> = new Set(['==', '!=', '&&', '||']);

export function evaluate(node: HclNode, text: string, scope: Scope): Literal {
  switch (node.type) {
    case 'expression':
    case 'operation':
    case 'collection_value':
    case 'template_expr': {
      return sequence(node.children, text, scope);
    }
    case 'variable_expr': {
      return scope(text.slice(node.start, node.end), undefined);
    }
    case 'quoted_template':
    case 'heredoc_template': {
      return template(node, text, scope);
    }
    case 'conditional': {
      const [condition, yes, no] = node.children.filter(({ type }) => type === 'expression');
      const decided = condition && evaluate(condition, text, scope);
      const chosen = decided?.value === true ? yes : decided?.value === false ? no : undefined;
      return chosen && evaluate(chosen, text, scope);
    }
    case 'binary_operation': {
      return binary(node.children, text, scope);
    }
    case 'unary_operation': {
      const operand = sequence(node.children.slice(1), text, scope);
      if (node.children[0]?.type === '!')
        return typeof operand?.value === 'boolean' ? { value: !operand.value } : undefined;
      return typeof operand?.value === 'number' ? { value: -operand.value } : undefined;
    }
    case 'function_call': {
      return call(node, text, scope);
    }
    case 'object': {
      return object(node, text, scope);
    }
    case 'tuple': {
      return all(
        node.children.filter(({ type }) => type === 'expression'),
        text,
        scope,
      );
    }
    default: {
      return literalValue(node, text);
    }
  }
}

/** One term with what is asked of it: `var.accounts["dev"].id`, `merge(a, b).region`, `(x).y`. */
function sequence(children: readonly HclNode[], text: string, scope: Scope): Literal {
  const [first, ...rest] = children;
  if (first === undefined) return undefined;
  if (first.type === '(') {
    const end = children.findIndex(({ type }) => type === ')');
    const inner = sequence(children.slice(1, end), text, scope);
    return end === -1 ? undefined : steps(inner, children.slice(end + 1), text, scope);
  }
  if (first.type !== 'variable_expr') return steps(evaluate(first, text, scope), rest, text, scope);
  const root = text.slice(first.start, first.end);
  const [next, ...after] = rest;
  const name = next?.type === 'get_attr' ? next.children.at(-1) : undefined;
  // A local is worked out when it is asked for: the others need not be known.
  if (name !== undefined) return steps(scope(root, text.slice(name.start, name.end)), after, text, scope);
  return steps(scope(root, undefined), rest, text, scope);
}

function steps(from: Literal, path: readonly HclNode[], text: string, scope: Scope): Literal {
  return path.reduce<Literal>((at, step) => {
    if (at === undefined) return undefined;
    if (step.type === 'get_attr') {
      const name = step.children.at(-1);
      return name && member(at.value, text.slice(name.start, name.end));
    }
    const [form] = step.type === 'index' ? step.children : [];
    if (form?.type === 'legacy_index') return member(at.value, text.slice(form.start + 1, form.end));
    const key = form?.children.find(({ type }) => type === 'expression');
    const index = key && evaluate(key, text, scope);
    return index && typeof index.value !== 'object' ? member(at.value, String(index.value)) : undefined;
  }, from);
}

function member(value: Json, key: string): Literal {
  if (Array.isArray(value)) {
    const item = /^\d+$/.test(key) ? (value[Number(key)] as Json | undefined) : undefined;
    return item === undefined ? undefined : { value: item };
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
  return { value: value[key] ?? null };
}

function template(node: HclNode, text: string, scope: Scope): Literal {
  const marks = node.children.filter(
    ({ type }) => type === 'template_interpolation' || type === 'template_directive',
  );
  if (marks.length === 0) return literalValue(node, text);
  const parts = templateParts(node, text);
  const values = marks.map((mark) => {
    const inner =
      mark.type === 'template_interpolation'
        ? mark.children.find(({ type }) => type === 'expression')
        : undefined;
    return inner && evaluate(inner, text, scope);
  });
  // `"${var.x}"` is the value itself.
  if (values.length === 1 && parts.every((part) => part === '')) return values[0];
  let whole = parts[0] ?? '';
  for (const [index, found] of values.entries()) {
    if (found === undefined || found.value === null || typeof found.value === 'object') return undefined;
    whole += `${String(found.value)}${parts[index + 1] ?? ''}`;
  }
  return { value: whole };
}

function binary(children: readonly HclNode[], text: string, scope: Scope): Literal {
  const at = children.findIndex(({ type }) => operators.has(type));
  const operator = children[at]?.type;
  const left = sequence(children.slice(0, at), text, scope);
  const right = sequence(children.slice(at + 1), text, scope);
  if (operator === '&&' || operator === '||') {
    const decisive = operator === '||';
    if (left?.value === decisive || right?.value === decisive) return { value: decisive };
    return left?.value === !decisive && right?.value === !decisive ? { value: !decisive } : undefined;
  }
  if (left === undefined || right === undefined || operator === undefined) return undefined;
  const equal = JSON.stringify(left.value) === JSON.stringify(right.value);
  return { value: operator === '==' ? equal : !equal };
}

function call(node: HclNode, text: string, scope: Scope): Literal {
  const name = node.children.find(({ type }) => type === 'identifier');
  const given = node.children.find(({ type }) => type === 'function_arguments')?.children ?? [];
  // `f(list...)` gives more arguments than are written.
  if (name === undefined || given.some(({ type }) => type === 'ellipsis')) return undefined;
  const known = text.slice(name.start, name.end);
  const evaluated: EvaluatedFunction | undefined = Object.hasOwn(functions, known)
    ? functions[known]
    : undefined;
  const values = all(
    given.filter(({ type }) => type === 'expression'),
    text,
    scope,
  );
  return evaluated && values && evaluated(values.value);
}

function all(nodes: readonly HclNode[], text: string, scope: Scope): { value: Json[] } | undefined {
  const values: Json[] = [];
  for (const each of nodes) {
    const found = evaluate(each, text, scope);
    if (found === undefined) return undefined;
    values.push(found.value);
  }
  return { value: values };
}

function object(node: HclNode, text: string, scope: Scope): Literal {
  const members: [string, Json][] = [];
  for (const element of node.children) {
    if (element.type !== 'object_elem') continue;
    const [key, value] = element.children.filter(({ type }) => type === 'expression');
    const name = key && (objectKey(key, text) ?? evaluate(key, text, scope)?.value);
    const found = value && evaluate(value, text, scope);
    if (found === undefined || name === undefined || name === null || typeof name === 'object')
      return undefined;
    members.push([String(name), found.value]);
  }
  return { value: Object.fromEntries(members) };
}
