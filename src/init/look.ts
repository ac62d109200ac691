/** Looks at a project that it never saw, and says what it cannot find by itself. Reads only. */
import { relative, resolve } from 'node:path';
import { type Config, configSchema } from '../config/schema.ts';
import { findProject } from '../environment/discover.ts';
import { isFile } from '../environment/layouts.ts';
import { findRoot } from '../environment/project.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import { declaredFunctions, type FoundFunction } from './functions.ts';
import { moduleFolders, usesWorkspaces, varFilePatterns } from './search.ts';

/** What a person said where nothing could be found. */
export interface Answers {
  /** Root module, relative to the folder. */
  readonly dir?: string | undefined;
  /** Variable that names the environment. */
  readonly variable?: string | undefined;
  /** Where the var-file of an environment lies, with `{env}`, relative to the root module. */
  readonly varFile?: string | undefined;
  /** Environment to copy from. */
  readonly source?: string | undefined;
}

export interface InitQuestion {
  readonly id: keyof Answers;
  readonly text: string;
  readonly choices: readonly string[];
}

export interface Found {
  /** Where the configuration will lie; absolute. */
  readonly root: string;
  /** Root module, relative to it. */
  readonly dir: string;
  readonly variable: string;
  readonly environments: readonly string[];
  readonly source: string;
  /** Kind of the backend, for example `s3`; `null` if none is declared. */
  readonly backend: string | null;
  readonly doppler: boolean;
  /** True if names are made of `terraform.workspace`, which is the same in every environment here. */
  readonly workspaces: boolean;
  /** What a verification does with the functions, if nothing is said. */
  readonly functions: readonly FoundFunction[];
  /** What provision-env does not find by itself, so the configuration has to say it. */
  readonly told: Answers;
}

export type Look =
  | { readonly found: Found; readonly question: null }
  | { readonly found: null; readonly question: InitQuestion };

const configFor = ({ dir, variable, varFile }: Answers): Config =>
  configSchema.parse({
    terraform: {
      ...(dir === undefined ? {} : { dir }),
      ...(variable === undefined ? {} : { variable }),
    },
    environments: varFile === undefined ? {} : { varFile },
  });

const asked = (id: keyof Answers, text: string, choices: readonly string[]): Look => ({
  found: null,
  question: { id, text, choices },
});

/**
 * @param cwd absolute folder that the command was called in
 * @param answers what was said so far; each call asks for at most one thing more
 * @throws ProvisionError `project-not-found` where there is no Terraform at all, and what a broken file calls for
 */
export async function look(cwd: string, answers: Answers): Promise<Look> {
  const config = configFor(answers);
  const project = await findProject({ cwd, config }).catch((error: unknown) => {
    if (isProvisionError(error)) return error;
    throw error;
  });
  if (isProvisionError(project)) {
    if (project.code === 'project-not-found' && answers.dir === undefined) {
      const folders = await moduleFolders(cwd);
      const [only, ...others] = folders;
      if (only === undefined) throw project;
      if (others.length === 0) return look(cwd, { ...answers, dir: only });
      return asked('dir', 'Which folder holds the root module?', folders);
    }
    if (project.code === 'environment-variable-not-found' && answers.variable === undefined) {
      const { moduleDir } = await findRoot(cwd, config);
      const declared = Object.keys((await readDeclarations(moduleDir)).modules['']?.variables ?? {});
      if (declared.length === 0) {
        throw new ProvisionError(
          'environment-variable-not-found',
          'The root module has no variable that names the environment.',
          {
            where: { file: moduleDir },
            hint: `${
              (await usesWorkspaces(moduleDir))
                ? 'It goes by terraform.workspace: workspaces share one backend, and are not used here. '
                : ''
            }provision-env tells environments apart by one: declare \`variable "environment" { type = string }\`, use it in the names of resources, and give each environment a var-file.`,
          },
        );
      }
      return asked('variable', 'Which variable names the environment?', declared.toSorted());
    }
    throw project;
  }

  const { root, moduleDir, environments, environmentVariable } = project;
  if (environments.length === 0 && answers.varFile === undefined) {
    const [pattern, ...others] = await varFilePatterns(project);
    if (pattern !== undefined && others.length === 0) return look(cwd, { ...answers, varFile: pattern });
    if (pattern !== undefined)
      return asked('varFile', 'Which are the var-files of the environments?', [pattern, ...others]);
  }
  const [first] = environments;
  const source =
    answers.source ??
    (environments.includes('dev') || environments.length === 0
      ? 'dev'
      : environments.length === 1
        ? first
        : undefined);
  if (source === undefined)
    return asked('source', 'Which environment is copied where none is named?', environments);
  if (environments.length > 0 && !environments.includes(source)) {
    throw new ProvisionError('environment-not-found', `There is no environment ${source}.`, {
      hint: `There are: ${environments.join(', ')}.`,
    });
  }
  const declarations = await readDeclarations(moduleDir);
  return {
    question: null,
    found: {
      root,
      dir: relative(root, moduleDir) || '.',
      variable: environmentVariable,
      environments,
      source,
      backend: declarations.backend?.type ?? null,
      functions: declaredFunctions(declarations),
      doppler: (await isFile(resolve(root, 'doppler.yaml'))) || (await isFile(resolve(root, 'doppler.yml'))),
      workspaces: await usesWorkspaces(moduleDir),
      told: { ...answers, ...(source === 'dev' ? { source: undefined } : { source }) },
    },
  };
}
