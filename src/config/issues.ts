/** Turns what the schema found into messages that name key, value and line. */
import escapeStringRegexp from 'escape-string-regexp';
import type { z } from 'zod';
import { nearNames } from '../environment/near-names.ts';
import { jsonAt, parseJsonSource } from '../hcl/json-source.ts';
import { lineStarts, positionOf, shown } from '../hcl/text.ts';
import { configSchema } from './schema.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** `verify.urls[0].path`, `environments.overrides["a-b"]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(step))) text += (text === '' ? '' : '.') + String(step);
    else text += `[${shown(String(step))}]`;
  }
  return text;
}

/** Blanks out comments, keeping all offsets, so that a commented-out key is not taken for the key. */
function withoutComments(text: string): string {
  return text.replaceAll(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (whole, literal: string | undefined) => literal ?? whole.replaceAll(/[^\n]/g, ' '),
  );
}

/**
 * The line on which a key stands in a configuration file. JSON is parsed; in code the keys of the path are looked
 * for one after the other, which finds every configuration that is written as one literal.
 */
function lineOfPath(text: string, file: string, path: Path): number | undefined {
  if (file.endsWith('.json')) {
    const source = parseJsonSource(text, file);
    const parent = jsonAt(
      source.root,
      path.slice(0, -1).map((step) => (typeof step === 'number' ? step : String(step))),
    );
    const last = path.at(-1);
    const member = parent?.members.findLast((candidate) => candidate.key === last);
    const item = typeof last === 'number' ? parent?.items[last] : undefined;
    const offset = member?.keyStart ?? item?.start ?? parent?.start;
    return offset === undefined ? undefined : source.lineOf(offset);
  }
  const code = withoutComments(text);
  let at = 0;
  let found: number | undefined;
  for (const step of path) {
    if (typeof step !== 'string') continue;
    const name = escapeStringRegexp(step);
    const key = new RegExp(`(?:^|[\\s{,(])(["'\`]?)${name}\\1\\s*(?:[:,}]|$)`, 'gm');
    key.lastIndex = at;
    const match = key.exec(code);
    if (!match) break;
    found = match.index + match[0].indexOf(step);
    at = match.index + match[0].length - 1;
  }
  return found === undefined ? undefined : positionOf(lineStarts(text), found).line;
}

/** Keys that stand at a place of the schema. */
function keysAt(path: Path): readonly string[] {
  let at: unknown = configSchema;
  for (const step of path) at = schemaStep(at, step);
  return Object.keys(shapeOf(at) ?? {});
}

interface Definition {
  readonly innerType?: unknown;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  readonly valueType?: unknown;
}

/** What a schema is made of, its defaults and optionality taken off. */
function definitionOf(schema: unknown): Definition | undefined {
  let at = schema as { readonly def?: Definition } | undefined;
  while (at?.def?.innerType !== undefined) at = at.def.innerType as typeof at;
  return at?.def;
}

const shapeOf = (schema: unknown): Readonly<Record<string, unknown>> | undefined =>
  definitionOf(schema)?.shape;

function schemaStep(schema: unknown, step: PropertyKey): unknown {
  const definition = definitionOf(schema);
  return definition?.shape?.[String(step)] ?? definition?.element ?? definition?.valueType;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return at;
}

const articles: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: '`true` or `false`',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

function given(value: unknown, path: Path): string {
  if (value === undefined) return 'nothing';
  // Backend settings may hold credentials.
  if (path.includes('backendConfig')) return `a ${typeof value}`;
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? `a ${typeof value}` : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The messages of one issue, each with the path that it is about. */
function describe(
  issue: Issue,
  value: unknown,
): readonly { readonly path: Path; readonly message: string }[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.map((key) => {
      const near = nearNames(key, known);
      const offer = near.length > 0 ? `did you mean \`${near[0] ?? ''}\`?` : `known are ${known.join(', ')}`;
      return {
        path: [...path, key],
        message: `\`${pathText([...path, key])}\` is not known; ${offer.replace(/\?$/, '')}`,
      };
    });
  }
  const at = path.length === 0 ? 'it' : `\`${pathText(path)}\``;
  const actual = given(valueAt(value, path), path);
  if (issue.code === 'invalid_type') {
    return [{ path, message: `${at} must be ${articles[issue.expected] ?? issue.expected}, not ${actual}` }];
  }
  if (issue.code === 'invalid_union') {
    // Only `logRetentionDays` is a union.
    return [{ path, message: `${at} must be a whole number of days or \`false\`, not ${actual}` }];
  }
  const problem =
    issue.code === 'custom' || issue.code === 'invalid_format'
      ? issue.message
      : issue.message.replace(/^(Too (?:small|big)|Invalid input): /, '');
  return [{ path, message: `${at} is ${actual}: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}` }];
}

/** All messages, in the order of the schema, and the line of the first. */
export function describeIssues(
  issues: readonly Issue[],
  value: unknown,
  text: string,
  file: string,
): { readonly messages: readonly string[]; readonly line: number | undefined } {
  const described = issues
    .flatMap((issue) => describe(issue, value))
    .map((entry) => ({ ...entry, line: lineOfPath(text, file, entry.path) }))
    .toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
  const [first] = described;
  return {
    messages: described.map(({ line, message }, index) =>
      index > 0 && line !== undefined ? `${message} (line ${line})` : message,
    ),
    line: first?.line,
  };
}
