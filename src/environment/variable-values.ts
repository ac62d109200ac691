/**
 * The values that Terraform gives the variables of the root module, by its precedence: the var-file, `*.auto.tfvars`,
 * `terraform.tfvars`, `TF_VAR_…`, the default.
 * https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HclParser } from '../hcl/parser.ts';
import type { VariableDeclaration } from '../terraform/model.ts';
import type { Json } from '../transfer/json.ts';
import { parseVarFile, readVarFile, type VarFile } from './var-file.ts';

export interface VariableSources {
  readonly declared: Readonly<Record<string, VariableDeclaration>>;
  /** Lowest first: each overrules those before it. */
  readonly files: readonly Pick<VarFile, 'values' | 'lines'>[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Pure. What is given, but not as a plain value, is left out: nobody knows it here. */
export function variableValues({ declared, files, env }: VariableSources): Readonly<Record<string, Json>> {
  const entries = Object.values(declared).flatMap((variable): [string, Json][] => {
    const { name } = variable;
    const file = files.findLast(({ lines }) => Object.hasOwn(lines, name));
    if (file !== undefined) {
      const value = file.values[name];
      return value === undefined ? [] : [[name, value]];
    }
    const given = env[`TF_VAR_${name}`];
    // Terraform reads a list or an object in it as an expression.
    if (given !== undefined) return /^\s*[[{]/.test(given) ? [] : [[name, given]];
    return variable.default === undefined ? [] : [[name, variable.default]];
  });
  return Object.fromEntries(entries);
}

const isAutomatic = (name: string): boolean =>
  /^terraform\.tfvars(?:\.json)?$/.test(name) || /\.auto\.tfvars(?:\.json)?$/.test(name);

/** `terraform.tfvars` comes before all others, whatever they are called. */
const rank = (name: string): string => (name.startsWith('terraform.tfvars') ? ` ${name}` : name);

/** The var-files that Terraform reads without being told to, lowest first. */
export async function automaticVarFiles(moduleDir: string, hcl: HclParser): Promise<readonly VarFile[]> {
  const names = (await readdir(moduleDir).catch(() => [])).filter(isAutomatic);
  const sorted = names.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return Promise.all(sorted.map((name) => readVarFile(join(moduleDir, name), { hcl })));
}

/** The values for an environment with the given var-file, as it is or as it will be written. */
export async function valuesFor(
  varFile: { readonly path: string; readonly text: string },
  {
    moduleDir,
    declared,
    hcl,
    env,
  }: Pick<VariableSources, 'declared' | 'env'> & { readonly moduleDir: string; readonly hcl: HclParser },
): Promise<Readonly<Record<string, Json>>> {
  const automatic = await automaticVarFiles(moduleDir, hcl);
  const own = parseVarFile(varFile.text, varFile.path, hcl);
  return variableValues({ declared, files: [...automatic, own], env });
}
