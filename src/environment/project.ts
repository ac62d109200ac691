/** Finds the root module, and what in it names the environment. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { findConfigFile } from '../config/find.ts';
import type { Config } from '../config/schema.ts';
import { createHclParser, type HclParser } from '../hcl/parser.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import { isConfigurationFile } from '../terraform/declarations/module.ts';
import type { VariableDeclaration } from '../terraform/model.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';
import { filesOfLayout, varFileLayouts } from './layouts.ts';
import type { Project } from './model.ts';
import { isReservedName } from './names.ts';
import { readVarFile } from './var-file.ts';

/** Folders in which the root module usually lies, beside the project's own folder. */
const moduleFolders = ['terraform', 'infra', 'infrastructure'];

/** Names under which variables usually name the environment, the most usual first. */
const usualNames = [
  'environment',
  'env',
  'stage',
  'environment_name',
  'env_name',
  'deployment_environment',
  'stage_name',
  'environment_id',
  'deploy_env',
  'workspace',
  'tier',
];

async function hasConfiguration(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).some(isConfigurationFile);
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

export interface Root {
  readonly root: string;
  readonly moduleDir: string;
}

/** The root module of one folder: the folder itself, or one of the usual folders in it. */
async function rootAt(dir: string): Promise<Root | null> {
  if (await hasConfiguration(dir)) {
    // In `terraform/` the project is the folder above: its records must be the same from wherever one calls.
    const above = dirname(dir);
    const inside = moduleFolders.includes(basename(dir)) && !(await hasConfiguration(above));
    return { root: inside ? above : dir, moduleDir: dir };
  }
  for (const folder of moduleFolders) {
    const moduleDir = join(dir, folder);
    if (await hasConfiguration(moduleDir)) return { root: dir, moduleDir };
  }
  return null;
}

/** The folder of the project and its root module. @throws ProvisionError `project-not-found` */
export async function findRoot(cwd: string, config: Config): Promise<Root> {
  const file = await findConfigFile(cwd);
  const configured = config.terraform.dir;
  if (configured !== undefined) {
    const root = file === null ? resolve(cwd) : dirname(file);
    const moduleDir = resolve(root, configured);
    if (await hasConfiguration(moduleDir)) return { root, moduleDir };
    throw new ProvisionError(
      'project-not-found',
      `There is no Terraform configuration in \`${configured}\`.`,
      {
        where: { file: moduleDir },
        hint: 'Correct `terraform.dir` in provision-env.config.*.',
      },
    );
  }
  const looked: string[] = [];
  if (file !== null) {
    const found = await rootAt(dirname(file));
    if (found) return { ...found, root: dirname(file) };
    looked.push(dirname(file));
  } else {
    for (let dir = resolve(cwd); ; dir = dirname(dir)) {
      looked.push(dir);
      const found = await rootAt(dir);
      if (found) return found;
      // Beyond the repository lies somebody else's project.
      if ((await exists(join(dir, '.git'))) || dirname(dir) === dir) break;
    }
  }
  const [first = cwd] = looked;
  throw new ProvisionError('project-not-found', 'No Terraform root module was found.', {
    where: { file: first },
    hint: `Looked for *.tf in it, in ${moduleFolders.map((folder) => `${folder}/`).join(', ')} and in the folders above. Change to the project's folder, or name the root module in provision-env.config.* under \`terraform.dir\`.`,
  });
}

export interface EnvironmentVarFile {
  readonly name: string;
  readonly file: string;
  readonly layout: string;
}

/** The layouts to look for: the configured one alone, or all that are usual. */
export const layoutsOf = (config: Config): readonly string[] =>
  config.environments.varFile === undefined ? varFileLayouts : [config.environments.varFile];

/** Every var-file that could be an environment's, the first layout of each name. */
async function candidateVarFiles(moduleDir: string, config: Config): Promise<readonly EnvironmentVarFile[]> {
  const found = new Map<string, EnvironmentVarFile>();
  for (const [name, { varFile }] of Object.entries(config.environments.overrides)) {
    const file = varFile === undefined ? undefined : resolve(moduleDir, varFile);
    if (varFile !== undefined && file !== undefined && (await exists(file)))
      found.set(name, { name, file, layout: varFile });
  }
  for (const layout of layoutsOf(config)) {
    for (const { name, file } of await filesOfLayout(moduleDir, layout)) {
      if (!found.has(name) && !isReservedName(name)) found.set(name, { name, file, layout });
    }
  }
  return [...found.values()];
}

interface ReadVarFile extends EnvironmentVarFile {
  readonly values: Readonly<Record<string, Json>>;
}

/** The variable whose value is the environment's name in the most var-files. */
function environmentVariable(
  files: readonly ReadVarFile[],
  declared: Readonly<Record<string, VariableDeclaration>>,
): string | null {
  const rank = (name: string): number =>
    usualNames.includes(name) ? usualNames.indexOf(name) : usualNames.length;
  const named = Object.keys(declared)
    .map((name) => ({ name, hits: files.filter((file) => file.values[name] === file.name).length }))
    .filter(({ hits }) => hits > 0)
    .toSorted((a, b) => b.hits - a.hits || rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
  const [best] = named;
  if (best) return best.name;
  // In no var-file: then it is given on the command line or by TF_VAR_…, and only its name tells.
  const [only, ...others] = usualNames.filter((name) => Object.hasOwn(declared, name));
  if (only === undefined || others.length > 0) return null;
  return files.some((file) => Object.hasOwn(file.values, only)) ? null : only;
}

function notFound(
  files: readonly ReadVarFile[],
  declared: Readonly<Record<string, VariableDeclaration>>,
): ProvisionError {
  const near = usualNames.filter((name) => Object.hasOwn(declared, name));
  const seen = near.map((name) => {
    const file = files.find((candidate) => Object.hasOwn(candidate.values, name));
    return file && !declared[name]?.sensitive
      ? `\`${name}\` (${JSON.stringify(file.values[name])} in ${basename(file.file)})`
      : `\`${name}\``;
  });
  const candidates = seen.length > 0 ? ` Candidates: ${seen.join(', ')}.` : '';
  return new ProvisionError(
    'environment-variable-not-found',
    `No variable has the environment's name as its value in the var-files (${files.map((file) => basename(file.file)).join(', ') || 'there are none'}).`,
    {
      hint: `Name it in provision-env.config.* under \`terraform.variable\`.${candidates}`,
    },
  );
}

export interface FindProjectRequest {
  /** Absolute folder that the command was called in. */
  readonly cwd: string;
  readonly config: Config;
  readonly hcl?: HclParser | undefined;
  /** True where a folder without Terraform is a project all the same. */
  readonly moduleOptional?: boolean;
}

/** The folder of the configuration or of earlier records; else the one that the command was called in. */
async function rootWithoutModule(cwd: string): Promise<string> {
  const file = await findConfigFile(cwd);
  if (file !== null) return dirname(file);
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    if (await exists(join(dir, '.provision-env'))) return dir;
    if ((await exists(join(dir, '.git'))) || dirname(dir) === dir) return resolve(cwd);
  }
}

async function hasRecords(cwd: string): Promise<boolean> {
  return exists(join(await rootWithoutModule(cwd), '.provision-env'));
}

/** `null` where a folder without Terraform is a project all the same. @throws ProvisionError `project-not-found` */
async function moduleOf({ cwd, config, moduleOptional }: FindProjectRequest): Promise<Root | null> {
  return findRoot(cwd, config).catch(async (error: unknown) => {
    const missing = isProvisionError(error) && error.code === 'project-not-found';
    // What the direct engine made before is found again without being told so each time.
    if (missing && config.terraform.dir === undefined && (moduleOptional || (await hasRecords(cwd))))
      return null;
    throw error;
  });
}

/**
 * The folder of a project, whatever stands in its Terraform: for what needs the records and no more.
 * @throws ProvisionError `project-not-found`
 */
export async function findFolder(request: FindProjectRequest): Promise<string> {
  return (await moduleOf(request))?.root ?? rootWithoutModule(request.cwd);
}

/**
 * Finds the project that a folder belongs to.
 * @throws ProvisionError `project-not-found`, `environment-variable-not-found`, or what a broken file calls for
 */
export async function findProject(request: FindProjectRequest): Promise<Project> {
  const { config, cwd } = request;
  const hcl = request.hcl ?? (await createHclParser());
  const found = await moduleOf(request);
  if (found === null) {
    const root = await rootWithoutModule(cwd);
    return { root, moduleDir: root, hasModule: false, environmentVariable: 'environment', environments: [] };
  }
  const { moduleDir, root } = found;
  const variables = (await readDeclarations(moduleDir, { hcl })).modules['']?.variables ?? {};
  const candidates = await candidateVarFiles(moduleDir, config);
  // One broken var-file, perhaps of no environment at all, must not stop work on the others: it is read again, and
  // then reported, when its environment is asked for.
  const readable = await Promise.all(
    candidates.map(async (file) => {
      const values = await readVarFile(file.file, { hcl }).then(
        (read) => read.values,
        () => null,
      );
      return { ...file, values };
    }),
  );
  const files = readable.flatMap((file) => (file.values === null ? [] : [{ ...file, values: file.values }]));
  const configured = config.terraform.variable;
  if (configured !== undefined && !Object.hasOwn(variables, configured)) {
    throw new ProvisionError(
      'environment-variable-not-found',
      `The configuration declares no variable \`${configured}\`, which provision-env.config.* names.`,
      {
        hint: `Correct \`terraform.variable\`. Declared are: ${Object.keys(variables).join(', ') || 'none'}.`,
      },
    );
  }
  const variable = configured ?? environmentVariable(files, variables);
  if (variable === null) throw notFound(files, variables);
  const somewhere = files.some((file) => Object.hasOwn(file.values, variable));
  const environments = readable
    // `common.tfvars` and `secrets.tfvars` are var-files, but of no environment.
    .filter(({ name, values }) => {
      if (values === null || !somewhere) return true;
      return configured === undefined ? values[variable] === name : Object.hasOwn(values, variable);
    })
    .map((file) => file.name);
  return {
    root,
    moduleDir,
    hasModule: true,
    environmentVariable: variable,
    environments: environments.toSorted(),
  };
}
