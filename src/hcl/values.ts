/** Values of literal expressions, and the text of literals as HCL. */
import { isJsonObject, type Json } from '../transfer/json.ts';
import type { HclNode } from './nodes.ts';

/** A value and its literal are not the same thing as no value: `null` is a literal too. */
export type Literal = { readonly value: Json } | undefined;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function unescapeQuoted(raw: string): string {
  return raw.replaceAll(
    /\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|([$%])\4\{/g,
    (
      whole,
      simple: string | undefined,
      short: string | undefined,
      long: string | undefined,
      mark: string | undefined,
    ) => {
      if (mark !== undefined) return `${mark}{`;
      if (simple !== undefined) return escapes[simple] ?? whole;
      const code = Number.parseInt(short ?? long ?? '', 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}

const unescapeHeredoc = (raw: string): string => raw.replaceAll(/([$%])\1\{/g, '$1{');

const isTemplateMark = (node: HclNode): boolean =>
  node.type === 'template_interpolation' || node.type === 'template_directive';

/**
 * The stretches of literal text between a template's delimiters and its interpolations. The grammar's own literal
 * nodes leave out white space at their ends, so the stretches are cut from the source instead.
 */
function literalStretches(
  from: number,
  to: number,
  marks: readonly HclNode[],
  text: string,
): readonly string[] {
  const stretches: string[] = [];
  let at = from;
  for (const mark of marks) {
    stretches.push(text.slice(at, mark.start));
    at = mark.end;
  }
  stretches.push(text.slice(at, to));
  return stretches;
}

/** Text of a quoted string without interpolations. */
export function quotedText(node: HclNode, text: string): string {
  return unescapeQuoted(text.slice(node.start + 1, node.end - 1));
}

function heredocBounds(node: HclNode, text: string): { from: number; to: number; indented: boolean } {
  const marker = node.children[1];
  const end = node.children.at(-1);
  const firstLine = text.indexOf('\n', marker?.end ?? node.start) + 1;
  // The closing marker's own line, its indentation included, is not content.
  const lastLine = text.lastIndexOf('\n', (end?.start ?? node.end) - 1) + 1;
  return { from: firstLine, to: Math.max(firstLine, lastLine), indented: text.startsWith('<<-', node.start) };
}

/** `<<-` takes away the indentation that all lines share. Blank lines have no say in it, and keep theirs. */
function withoutIndentation(raw: string): string {
  const lines = raw.split('\n');
  const blank = (line: string): boolean => line.trim() === '';
  const indentations = lines
    .filter((line) => !blank(line))
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const shared = Math.min(...indentations);
  if (!Number.isFinite(shared)) return raw;
  return lines.map((line) => (blank(line) ? line : line.slice(shared))).join('\n');
}

/** The literal parts of a string, template or heredoc, in order; an interpolation stands between each two. */
export function templateParts(node: HclNode, text: string): readonly string[] {
  const marks = node.children.filter(isTemplateMark);
  if (node.type === 'heredoc_template') {
    const { from, to } = heredocBounds(node, text);
    return literalStretches(from, to, marks, text).map(unescapeHeredoc);
  }
  return literalStretches(node.start + 1, node.end - 1, marks, text).map(unescapeQuoted);
}

/** Literal parts inside a `%{ if }` or `%{ for }`, between its own marks. */
export function directiveParts(node: HclNode, text: string): readonly string[] {
  const [first, ...rest] = node.children.filter((child) => child.type !== 'template_literal');
  const last = rest.at(-1);
  if (!first || !last) return [];
  return literalStretches(first.end, last.start, rest.slice(0, -1), text).map(unescapeHeredoc);
}

function templateValue(node: HclNode, text: string): Literal {
  if (node.children.some(isTemplateMark)) return undefined;
  if (node.type !== 'heredoc_template') return { value: quotedText(node, text) };
  const { from, to, indented } = heredocBounds(node, text);
  const raw = text.slice(from, to);
  return { value: unescapeHeredoc(indented ? withoutIndentation(raw) : raw) };
}

/** Key of a map element: a bare name, a quoted text or any literal. */
export function objectKey(key: HclNode, text: string): string | undefined {
  const [only] = key.children;
  if (key.children.length === 1 && only?.type === 'variable_expr') return text.slice(only.start, only.end);
  const literal = literalValue(key, text);
  return literal && typeof literal.value !== 'object' ? String(literal.value) : undefined;
}

function objectValue(node: HclNode, text: string): Literal {
  const members: [string, Json][] = [];
  for (const element of node.children) {
    if (element.type !== 'object_elem') continue;
    const [key, value] = element.children.filter((child) => child.type === 'expression');
    if (!key || !value) return undefined;
    const name = objectKey(key, text);
    const literal = literalValue(value, text);
    if (name === undefined || !literal) return undefined;
    members.push([name, literal.value]);
  }
  return { value: Object.fromEntries(members) };
}

function tupleValue(node: HclNode, text: string): Literal {
  const items: Json[] = [];
  for (const element of node.children) {
    if (element.type !== 'expression') continue;
    const literal = literalValue(element, text);
    if (!literal) return undefined;
    items.push(literal.value);
  }
  return { value: items };
}

/** The value of an expression made of literals only; `undefined` if it has to be evaluated. */
export function literalValue(node: HclNode, text: string): Literal {
  const [first] = node.children;
  switch (node.type) {
    case 'numeric_lit': {
      return { value: Number(text.slice(node.start, node.end)) };
    }
    case 'bool_lit': {
      return { value: text.slice(node.start, node.end) === 'true' };
    }
    case 'null_lit': {
      return { value: null };
    }
    case 'string_lit':
    case 'quoted_template':
    case 'heredoc_template': {
      return templateValue(node, text);
    }
    case 'object': {
      return objectValue(node, text);
    }
    case 'tuple': {
      return tupleValue(node, text);
    }
    case 'unary_operation': {
      const operand = node.children.at(-1);
      const literal = operand && literalValue(operand, text);
      return text.startsWith('-', node.start) && literal && typeof literal.value === 'number'
        ? { value: -literal.value }
        : undefined;
    }
    case 'expression':
    case 'literal_value':
    case 'template_expr':
    case 'collection_value':
    case 'operation': {
      const inner = first?.type === '(' ? node.children.slice(1, -1) : node.children;
      return inner.length === 1 && inner[0] ? literalValue(inner[0], text) : undefined;
    }
    default: {
      return undefined;
    }
  }
}

/** A text as a quoted HCL string: it means itself, whatever is in it. */
export function quote(value: string): string {
  const escaped = JSON.stringify(value)
    .replaceAll(/\\[bf]/g, (escape) => (escape === '\\b' ? '\\u0008' : '\\u000c'))
    .replaceAll(/([$%])\{/g, '$1$1{');
  return escaped;
}

/** A value as HCL, on one line. */
export function toHcl(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => toHcl(item)).join(', ')}]`;
  if (isJsonObject(value)) {
    const members = Object.entries(value).map(([key, item]) => `${quote(key)} = ${toHcl(item)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}
