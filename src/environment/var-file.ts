/** Reads var-files: `.tfvars` and `.tfvars.json`. */
import { expressionFacts } from '../hcl/facts.ts';
import { parseJsonSource, type JsonFile } from '../hcl/json-source.ts';
import type { HclFile, HclNode } from '../hcl/nodes.ts';
import { createHclParser, type HclParser } from '../hcl/parser.ts';
import { literalValue } from '../hcl/values.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import { readTextFile } from './text-file.ts';

/** A parsed var-file; what an edit needs beside the values. */
export type VarFileSource =
  { readonly form: 'hcl'; readonly hcl: HclFile } | { readonly form: 'json'; readonly json: JsonFile };

export interface VarFile {
  readonly text: string;
  /** Values by variable. A value that has to be evaluated (`24 * 60`) is left out; its line is there. */
  readonly values: Readonly<Record<string, Json>>;
  /** Line of each variable, from 1. */
  readonly lines: Readonly<Record<string, number>>;
}

export interface ParsedVarFile extends VarFile {
  readonly source: VarFileSource;
}

export const isJsonVarFile = (file: string): boolean => file.endsWith('.json');

const calls = (node: HclNode): boolean => node.type === 'function_call' || node.children.some(calls);

function parseHclVarFile(text: string, file: string, parser: HclParser): ParsedVarFile {
  const hcl = parser.parse(text, file, 'var-file-invalid');
  const [block] = hcl.body.blocks;
  if (block) {
    throw new ProvisionError(
      'var-file-invalid',
      `\`${block.type}\` is a block; a var-file has only values.`,
      {
        where: { file, line: block.line },
        hint: `Write \`${block.type} = { … }\`.`,
      },
    );
  }
  const values: [string, Json][] = [];
  const lines: [string, number][] = [];
  for (const { name, line, value } of hcl.body.attributes) {
    lines.push([name, line]);
    const literal = literalValue(value, text);
    if (literal) {
      values.push([name, literal.value]);
      continue;
    }
    const [reference] = expressionFacts(value, text, line).references;
    if (reference !== undefined || calls(value)) {
      throw new ProvisionError('var-file-invalid', `The value of \`${name}\` is not a plain value.`, {
        where: { file, line },
        hint: 'A var-file cannot refer to anything or call functions. Texts stand in double quotes.',
      });
    }
  }
  return {
    text,
    values: Object.fromEntries(values),
    lines: Object.fromEntries(lines),
    source: { form: 'hcl', hcl },
  };
}

function parseJsonVarFile(text: string, file: string): ParsedVarFile {
  const json = parseJsonSource(text, file, 'var-file-invalid');
  const { value, members, start } = json.root;
  if (!isJsonObject(value)) {
    throw new ProvisionError('var-file-invalid', 'The var-file is not a JSON object.', {
      where: { file, line: json.lineOf(start) },
      hint: 'Write the variables as `{ "name": value }`.',
    });
  }
  const lines = members.map((member) => [member.key, json.lineOf(member.keyStart)] as const);
  return { text, values: value, lines: Object.fromEntries(lines), source: { form: 'json', json } };
}

/** @throws ProvisionError `var-file-invalid` with file and line */
export function parseVarFile(text: string, file: string, hcl: HclParser): ParsedVarFile {
  return isJsonVarFile(file) ? parseJsonVarFile(text, file) : parseHclVarFile(text, file, hcl);
}

/** @throws ProvisionError `var-file-invalid` if the file is missing, unreadable or does not parse */
export async function readVarFile(
  file: string,
  options: { readonly hcl?: HclParser | undefined } = {},
): Promise<VarFile> {
  const text = await readTextFile(file, 'The var-file', 'var-file-invalid');
  const { values, lines } = parseVarFile(text, file, options.hcl ?? (await createHclParser()));
  return { text, values, lines };
}
