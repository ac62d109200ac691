/**
 * JSON with the places of its values, for the forms of Terraform's files that are JSON, and for configuration files:
 * `JSON.parse` says neither where a key stands nor, always, where an error is.
 */
import type { ErrorCode } from '../transfer/error-codes.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';
import { lineStarts, positionOf } from './text.ts';

export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly value: JsonNode;
}

export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: Json;
  /** Members of an object, elements of an array. */
  readonly members: readonly JsonMember[];
  readonly items: readonly JsonNode[];
}

export interface JsonFile {
  readonly file: string;
  readonly text: string;
  readonly root: JsonNode;
  lineOf(offset: number): number;
}

class JsonError extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const scalars = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const strings = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const blanks = /[ \t\r\n]*/y;

class JsonReader {
  private at: number;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): JsonNode {
    const root = this.value();
    this.skipBlanks();
    if (this.at < this.text.length)
      throw new JsonError(this.at, 'nothing may follow the value that ends before this');
    return root;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private skipBlanks(): void {
    this.match(blanks);
  }

  private take(character: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private string(): string {
    const start = this.at;
    const found = this.match(strings);
    try {
      return String(JSON.parse(found ?? ''));
    } catch {
      throw new JsonError(start, 'this string is not closed or holds a character that must be escaped');
    }
  }

  private value(): JsonNode {
    this.skipBlanks();
    const start = this.at;
    const node = (
      value: Json,
      members: readonly JsonMember[] = [],
      items: readonly JsonNode[] = [],
    ): JsonNode => ({
      start,
      end: this.at,
      value,
      members,
      items,
    });
    const first = this.text[start];
    if (first === '{') {
      const members = this.members();
      return node(Object.fromEntries(members.map((member) => [member.key, member.value.value])), members);
    }
    if (first === '[') {
      const items = this.items();
      return node(
        items.map((item) => item.value),
        [],
        items,
      );
    }
    if (first === '"') return node(this.string());
    const scalar = this.match(scalars);
    if (scalar === undefined) throw new JsonError(start, 'there is no JSON value here');
    return node(JSON.parse(scalar) as Json);
  }

  private members(): readonly JsonMember[] {
    const members: JsonMember[] = [];
    const open = this.at;
    this.at += 1;
    if (this.take('}')) return members;
    do {
      this.skipBlanks();
      const keyStart = this.at;
      if (this.text[keyStart] !== '"')
        throw new JsonError(keyStart, 'a key in double quotes is missing here');
      const key = this.string();
      if (!this.take(':')) throw new JsonError(this.at, 'a `:` is missing here');
      members.push({ key, keyStart, value: this.value() });
    } while (this.take(','));
    if (!this.take('}')) throw this.unclosed(open, '}');
    return members;
  }

  private items(): readonly JsonNode[] {
    const items: JsonNode[] = [];
    const open = this.at;
    this.at += 1;
    if (this.take(']')) return items;
    do items.push(this.value());
    while (this.take(','));
    if (!this.take(']')) throw this.unclosed(open, ']');
    return items;
  }

  private unclosed(open: number, close: string): JsonError {
    return this.at >= this.text.length
      ? new JsonError(open, `what begins here is never closed with \`${close}\``)
      : new JsonError(this.at, `a \`,\` or \`${close}\` is missing here`);
  }
}

/** @throws ProvisionError with `code`, file, line and column if the text is not JSON */
export function parseJsonSource(
  text: string,
  file: string,
  code: ErrorCode = 'configuration-invalid',
): JsonFile {
  const starts = lineStarts(text);
  try {
    const root = new JsonReader(text).document();
    return { file, text, root, lineOf: (offset) => positionOf(starts, offset).line };
  } catch (thrown) {
    if (!(thrown instanceof JsonError)) throw thrown;
    throw new ProvisionError(code, `The file is not valid JSON: ${thrown.message}.`, {
      where: { file, ...positionOf(starts, thrown.offset) },
      hint: 'JSON has no comments and no comma after the last element; names and texts stand in double quotes.',
    });
  }
}

/** Follows keys and indices; `undefined` where the path ends before. */
export function jsonAt(node: JsonNode, path: readonly (string | number)[]): JsonNode | undefined {
  let at: JsonNode | undefined = node;
  for (const step of path) {
    at =
      typeof step === 'number'
        ? at?.items[step]
        : at?.members.findLast((member) => member.key === step)?.value;
  }
  return at;
}
