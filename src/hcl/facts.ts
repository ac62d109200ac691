/** What stands in an expression: what it refers to, and its literal text. */
import type { ExpressionFacts } from '../terraform/model.ts';
import type { HclNode } from './nodes.ts';
import { directiveParts, literalValue, quotedText, templateParts } from './values.ts';

const nothing: ReadonlySet<string> = new Set();

/** An index as it is written in a reference: literal keys stay, everything else is any instance. */
function indexText(index: HclNode, text: string): string {
  const [form] = index.children;
  if (form?.type === 'legacy_index') return `[${text.slice(form.start + 1, form.end)}]`;
  const key = form?.children.find((child) => child.type === 'expression');
  const literal = key && literalValue(key, text);
  if (typeof literal?.value === 'number') return `[${literal.value}]`;
  if (typeof literal?.value === 'string') return `[${JSON.stringify(literal.value)}]`;
  return '[*]';
}

/** The reference that begins at one child of an expression: `aws_x.y[0].arn`. */
function traversal(children: readonly HclNode[], from: number, text: string): string {
  const root = children[from];
  let reference = root ? text.slice(root.start, root.end) : '';
  const step = (node: HclNode): void => {
    if (node.type === 'get_attr') {
      const name = node.children.at(-1);
      if (name) reference += `.${text.slice(name.start, name.end)}`;
    } else if (node.type === 'index') reference += indexText(node, text);
    else if (node.type === 'splat') {
      reference += '[*]';
      for (const child of node.children[0]?.children ?? []) step(child);
    }
  };
  for (const child of children.slice(from + 1)) {
    if (child.type !== 'get_attr' && child.type !== 'index' && child.type !== 'splat') break;
    step(child);
  }
  return reference;
}

class FactCollector {
  readonly references = new Set<string>();
  readonly literals = new Set<string>();
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  visit(node: HclNode, bound: ReadonlySet<string>): void {
    switch (node.type) {
      case 'string_lit': {
        this.literal(quotedText(node, this.text));
        return;
      }
      case 'quoted_template':
      case 'heredoc_template': {
        for (const part of templateParts(node, this.text)) this.literal(part);
        break;
      }
      case 'index': {
        // A literal key stands in the reference; it is no text of the value.
        if (indexText(node, this.text) === '[*]') break;
        return;
      }
      case 'object_elem': {
        this.visitElement(node, bound);
        return;
      }
      case 'template_if': {
        for (const part of directiveParts(node, this.text)) this.literal(part);
        break;
      }
      case 'template_for': {
        for (const part of directiveParts(node, this.text)) this.literal(part);
        this.visitLoop(node, bound);
        return;
      }
      case 'for_tuple_expr':
      case 'for_object_expr': {
        this.visitLoop(node, bound);
        return;
      }
      default: {
        break;
      }
    }
    this.visitChildren(node.children, bound);
  }

  private visitChildren(children: readonly HclNode[], bound: ReadonlySet<string>): void {
    for (const [index, child] of children.entries()) {
      if (child.type !== 'variable_expr') this.visit(child, bound);
      else if (!bound.has(this.text.slice(child.start, child.end))) {
        this.references.add(traversal(children, index, this.text));
      }
    }
  }

  /** `name = value`: a bare key is a name, not a reference. */
  private visitElement(node: HclNode, bound: ReadonlySet<string>): void {
    const [key, value] = node.children.filter((child) => child.type === 'expression');
    if (key && !(key.children.length === 1 && key.children[0]?.type === 'variable_expr'))
      this.visit(key, bound);
    if (value) this.visit(value, bound);
  }

  /** The names that a `for` binds are its own, except in the collection it runs over. */
  private visitLoop(node: HclNode, bound: ReadonlySet<string>): void {
    const intro = node.children.find(
      (child) => child.type === 'for_intro' || child.type === 'template_for_start',
    );
    const names = (intro?.children ?? []).filter((child) => child.type === 'identifier');
    const inner = new Set([...bound, ...names.map((name) => this.text.slice(name.start, name.end))]);
    for (const child of node.children) {
      if (child === intro) this.visitChildren(child.children, bound);
      else this.visitChildren([child], inner);
    }
  }

  private literal(text: string): void {
    if (text !== '') this.literals.add(text);
  }
}

/** References and literal text of an expression; names bound by `for` and a `dynamic` block's iterator left out. */
export function expressionFacts(
  node: HclNode,
  text: string,
  line: number,
  bound: ReadonlySet<string> = nothing,
): ExpressionFacts {
  const collector = new FactCollector(text);
  collector.visit(node, bound);
  return { references: [...collector.references], literals: [...collector.literals], line };
}

/** Facts of several expressions that stand under one path, for example of repeated blocks. */
export function mergeFacts(one: ExpressionFacts, other: ExpressionFacts): ExpressionFacts {
  return {
    references: [...new Set([...one.references, ...other.references])],
    literals: [...new Set([...one.literals, ...other.literals])],
    line: Math.min(one.line, other.line),
  };
}
