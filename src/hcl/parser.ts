/**
 * Reads HCL with tree-sitter's grammar. Only the concrete syntax is read here: nothing is evaluated.
 *
 * The grammar is more lenient than Terraform about line ends and stricter about one form of numbers; both are
 * evened out here, so that what Terraform accepts is never refused and the usual slips are named with their line.
 */
import { createRequire } from 'node:module';
import type { TreeCursor } from 'web-tree-sitter';
import type { ErrorCode } from '../transfer/error-codes.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { HclFile, HclNode } from './nodes.ts';
import { readBody } from './structure.ts';
import { firstSyntaxError } from './syntax-errors.ts';
import { lineStarts, positionOf } from './text.ts';

export interface HclParser {
  /**
   * Parses a whole file.
   * @throws ProvisionError with `code`, file, line and column if the text is not HCL
   */
  parse(text: string, file: string, code?: ErrorCode): HclFile;
  /** Parses one expression; `null` if the text is not exactly one. Offsets count in the returned text. */
  parseExpression(text: string): { readonly node: HclNode; readonly text: string } | null;
  /** Parses the content of a template, as it stands in the strings of `.tf.json` files. */
  parseTemplate(content: string): { readonly node: HclNode; readonly text: string } | null;
}

/** `1e5` is a number to Terraform and two tokens to the grammar: digits in its place keep all offsets. */
const exponents = /(?<![\w.])\d+[eE][+-]?\d+(?![\w.])/g;

/** Every property asked of the cursor is a call into the wasm module, so nothing is asked twice or in vain. */
function readTree(cursor: TreeCursor, broken: boolean, type = cursor.nodeType): HclNode {
  const children: HclNode[] = [];
  const node = {
    type,
    start: cursor.startIndex,
    end: cursor.endIndex,
    missing: broken && cursor.nodeIsMissing,
    children,
  };
  if (cursor.gotoFirstChild()) {
    do {
      const inner = cursor.nodeType;
      if (inner !== 'comment') children.push(readTree(cursor, broken, inner));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return node;
}

/** Makes a parser. It keeps what it has parsed, so that one file is parsed once however many modules ask for it. */
export async function createHclParser(): Promise<HclParser> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve(
    '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm',
  );
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));

  const parseOnce = (text: string): { root: HclNode; broken: boolean } => {
    const tree = parser.parse(text);
    // Only a parser without a language answers null.
    if (!tree) throw new ProvisionError('unexpected', 'The HCL parser gave no tree.');
    const cursor = tree.walk();
    try {
      const broken = tree.rootNode.hasError;
      return { root: readTree(cursor, broken), broken };
    } finally {
      cursor.delete();
      tree.delete();
    }
  };
  const parseText = (text: string): { root: HclNode; broken: boolean } => {
    // A byte order mark is allowed, and takes one place like a space.
    const readable = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
    const result = parseOnce(readable);
    if (!result.broken) return result;
    const masked = readable.replaceAll(exponents, (number) => '1'.repeat(number.length));
    return masked === readable ? result : parseOnce(masked);
  };

  const known = new Map<string, HclFile>();

  const parse = (text: string, file: string, code: ErrorCode = 'configuration-invalid'): HclFile => {
    const before = known.get(file);
    if (before?.text === text) return before;
    const starts = lineStarts(text);
    const lineOf = (offset: number): number => positionOf(starts, offset).line;
    const { root, broken } = parseText(text);
    const error = firstSyntaxError(root, text, broken);
    if (error) {
      throw new ProvisionError(code, `The file does not parse: ${error.message}.`, {
        where: { file, ...positionOf(starts, error.offset) },
        hint: error.hint,
      });
    }
    const { body, duplicate } = readBody(root, text, lineOf);
    if (duplicate) {
      throw new ProvisionError(code, `\`${duplicate.name}\` is set twice in the same place.`, {
        where: { file, ...positionOf(starts, duplicate.start) },
        hint: 'Remove one of the two.',
      });
    }
    const parsed = { file, text, body, lineOf };
    known.set(file, parsed);
    return parsed;
  };

  const parseValue = (text: string): { node: HclNode; text: string } | null => {
    const { root, broken } = parseText(text);
    if (firstSyntaxError(root, text, broken)) return null;
    const { body } = readBody(root, text, () => 1);
    const [only] = body.attributes;
    return only && body.attributes.length === 1 && body.blocks.length === 0
      ? { node: only.value, text }
      : null;
  };

  return {
    parse,
    parseExpression: (text) => parseValue(`_ = ${text}\n`),
    parseTemplate: (content) => {
      // A heredoc, because nothing but the template's own marks has a meaning in it.
      let mark = 'END';
      while (content.includes(mark)) mark += '_';
      return parseValue(`_ = <<${mark}\n${content}\n${mark}\n`);
    },
  };
}
