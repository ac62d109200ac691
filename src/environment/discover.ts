/** Finds the files of environments, and says where those of a new one will lie. */
import { basename, relative, resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { createHclParser, type HclParser } from '../hcl/parser.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import type { Declarations } from '../terraform/model.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { type BackendRequest, deriveBackend, readBackend } from './backend.ts';
import { fill, isFile } from './layouts.ts';
import type { EnvironmentFiles, Project } from './model.ts';
import { checkExistingName, checkTransferNames } from './names.ts';
import { nearNames } from './near-names.ts';
import { layoutsOf } from './project.ts';
import { createRename } from './rename.ts';

export { findProject } from './project.ts';

export interface DiscoverOptions {
  /** A parser to share: files that it has read already are not parsed again. */
  readonly hcl?: HclParser | undefined;
  /** The project's declarations, if the caller has read them already. */
  readonly declarations?: Declarations | undefined;
}

async function backendRequest(
  project: Project,
  config: Config,
  options: DiscoverOptions,
): Promise<BackendRequest> {
  const { moduleDir } = project;
  const hcl = options.hcl ?? (await createHclParser());
  const declarations = options.declarations ?? (await readDeclarations(moduleDir, { hcl }));
  return { moduleDir, declaration: declarations.backend, config, hcl };
}

function notFound(project: Project, name: string, looked: readonly string[]): ProvisionError {
  const near = nearNames(name, project.environments);
  const known = project.environments.map((other) => `\`${other}\``).join(', ');
  const there =
    near.length > 0
      ? `Did you mean ${near.map((other) => `\`${other}\``).join(' or ')}?`
      : `Environments with a var-file: ${known === '' ? 'none' : known}.`;
  const where = relative(project.root, project.moduleDir) || '.';
  return new ProvisionError(
    'environment-not-found',
    `The environment \`${name}\` has no var-file in \`${where}\`.`,
    {
      where: { file: project.moduleDir },
      hint: `${there} Looked for ${looked.join(', ')}. Another layout is named in provision-env.config.* under \`environments.varFile\`.`,
    },
  );
}

interface FoundVarFile {
  readonly varFile: string;
  readonly layout: string;
}

/** The var-file that is there for an environment; the paths looked at if there is none. */
async function findVarFile(
  project: Project,
  name: string,
  config: Config,
): Promise<FoundVarFile | readonly string[]> {
  const own = config.environments.overrides[name]?.varFile;
  const layouts = own === undefined ? layoutsOf(config) : [own];
  for (const layout of layouts) {
    const varFile = resolve(project.moduleDir, fill(layout, { env: name }));
    if (await isFile(varFile)) return { varFile, layout };
  }
  return layouts.filter((layout) => !layout.endsWith('.json')).map((layout) => fill(layout, { env: name }));
}

/**
 * The files of an environment that exists.
 * @throws ProvisionError `environment-not-found`, `name-invalid`, or what its backend calls for
 */
export async function findEnvironment(
  project: Project,
  name: string,
  config: Config,
  options: DiscoverOptions = {},
): Promise<EnvironmentFiles> {
  checkExistingName(name);
  const found = await findVarFile(project, name, config);
  if (!('varFile' in found)) throw notFound(project, name, found);
  const backend = await readBackend(await backendRequest(project, config, options), name);
  return { name, ...found, varFileExists: true, backend };
}

/** Where the var-file of a target lies if it is written in the source's layout. */
function derivedVarFile(
  project: Project,
  source: EnvironmentFiles,
  target: string,
  config: Config,
): FoundVarFile {
  const own = config.environments.overrides[target]?.varFile;
  if (own !== undefined) return { varFile: resolve(project.moduleDir, own), layout: own };
  // A source that lies where only the configuration says has no layout of its own.
  const pattern = source.layout.includes('{env}')
    ? source.layout
    : (config.environments.varFile ??
      `terraform.{env}.tfvars${source.varFile.endsWith('.json') ? '.json' : ''}`);
  return { varFile: resolve(project.moduleDir, fill(pattern, { env: target })), layout: pattern };
}

/**
 * The files of an environment to be made from another. Nothing is written. A var-file or backend file that is there
 * already is used as it is.
 * @throws ProvisionError `name-invalid`, or what an existing file calls for
 */
export async function deriveTarget(
  project: Project,
  source: EnvironmentFiles,
  target: string,
  config: Config,
  options: DiscoverOptions = {},
): Promise<EnvironmentFiles> {
  checkTransferNames(source.name, target);
  const existing = await findVarFile(project, target, config);
  const found = 'varFile' in existing ? existing : derivedVarFile(project, source, target, config);
  if (found.varFile === source.varFile) {
    throw new ProvisionError(
      'config-invalid',
      `\`${target}\` and \`${source.name}\` have the same var-file, ${basename(found.varFile)}.`,
      {
        where: { file: found.varFile },
        hint: 'Give each its own under `environments.overrides` in provision-env.config.*.',
      },
    );
  }
  const others = project.environments.filter((name) => name !== source.name && name !== target);
  const rename = createRename(source.name, target, others);
  const backend = await deriveBackend(await backendRequest(project, config, options), source.backend, rename);
  return { name: target, ...found, varFileExists: 'varFile' in existing, backend };
}
