/** Looks at a project that it never saw, and says what it cannot find by itself. Reads only. */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type Config, configSchema } from '../config/schema.ts';
import { findProject } from '../environment/discover.ts';
import { isFile } from '../environment/layouts.ts';
import { findRoot } from '../environment/project.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import { isConfigurationFile } from '../terraform/declarations/module.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';

/** What a person said where nothing could be found. */
export interface Answers {
  /** Root module, relative to the folder. */
  readonly dir?: string | undefined;
  /** Variable that names the environment. */
  readonly variable?: string | undefined;
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
  /** What provision-env does not find by itself, so the configuration has to say it. */
  readonly told: Answers;
}

export type Look =
  | { readonly found: Found; readonly question: null }
  | { readonly found: null; readonly question: InitQuestion };

/** Folders that hold no root module of the project. */
const passedOver = new Set(['node_modules', 'modules', 'vendor', 'dist', 'examples', 'test', 'tests']);
const deepest = 4;

/** Folders with a configuration that could be a root module: not below `modules/`, not hidden. */
async function moduleFolders(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    if (entries.some((entry) => entry.isFile() && isConfigurationFile(entry.name))) found.push(folder);
    if (depth === deepest) return;
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('.') && !passedOver.has(entry.name))
        await walk(join(folder, entry.name), depth + 1);
    }
  };
  await walk('', 0);
  return found.toSorted();
}

const configFor = ({ dir, variable }: Answers): Config =>
  configSchema.parse({
    terraform: {
      ...(dir === undefined ? {} : { dir }),
      ...(variable === undefined ? {} : { variable }),
    },
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
            hint: 'provision-env tells environments apart by one: declare `variable "environment" { type = string }`, use it in the names of resources, and give each environment a var-file.',
          },
        );
      }
      return asked('variable', 'Which variable names the environment?', declared.toSorted());
    }
    throw project;
  }

  const { root, moduleDir, environments, environmentVariable } = project;
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
  const { backend } = await readDeclarations(moduleDir);
  return {
    question: null,
    found: {
      root,
      dir: relative(root, moduleDir) || '.',
      variable: environmentVariable,
      environments,
      source,
      backend: backend?.type ?? null,
      doppler: (await isFile(resolve(root, 'doppler.yaml'))) || (await isFile(resolve(root, 'doppler.yml'))),
      told: { ...answers, ...(source === 'dev' ? { source: undefined } : { source }) },
    },
  };
}
