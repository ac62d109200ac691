/**
 * Whether an environment stands of which we have no record any more: made anew by hand, or by somebody whose records
 * lie elsewhere. It has the names that ours had, and our old record would take it for what was left of ours.
 */
import type { Config } from '../config/schema.ts';
import { deriveTarget, findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import { createHclParser } from '../hcl/parser.ts';
import { isProvisionError } from '../transfer/errors.ts';
import type { OpenDependencies } from './open.ts';
import { readStateOf } from './read-environment.ts';

export interface Standing {
  readonly state: string;
  readonly resources: number;
}

/**
 * @returns what stands there by its own state; `null` where nothing does, or no state of it can be thought of
 * @throws ProvisionError where the state is there and cannot be read
 */
export async function standingOf(
  environment: string,
  source: string,
  session: OpenDependencies,
): Promise<Standing | null> {
  const files = await filesOf(environment, source, session);
  if (files === null) return null;
  const state = await readStateOf(files, session);
  const resources = (state?.resources ?? []).filter(({ mode }) => mode === 'managed').length;
  return resources === 0 ? null : { state: files.backend.location, resources };
}

/** Where its state lies, or would lie if it were made; `null` where that cannot be told. */
export async function filesOf(
  environment: string,
  source: string,
  { project, config }: { readonly project: Project; readonly config: Config },
): Promise<EnvironmentFiles | null> {
  if (!project.hasModule || environment === source) return null;
  const found = { hcl: await createHclParser() };
  try {
    if (project.environments.includes(environment))
      return await findEnvironment(project, environment, config, found);
    const from = await findEnvironment(project, source, config, found);
    const files = await deriveTarget(project, from, environment, config, found);
    return files.backend.location === from.backend.location ? null : files;
  } catch (error) {
    if (isProvisionError(error) && untold.has(error.code)) return null;
    throw error;
  }
}

/** Of a source that is gone, settings from which no place follows, and a name that we give to none, nothing is derived. */
const untold: ReadonlySet<string> = new Set([
  'environment-not-found',
  'backend-invalid',
  'config-invalid',
  'name-invalid',
]);
