/**
 * Whether an environment stands of which we have no record any more: made anew by hand, or by somebody whose records
 * lie elsewhere. It has the names that ours had, and our old record would take it for what was left of ours.
 */
import type { Config } from '../config/schema.ts';
import { deriveTarget, findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import { createHclParser } from '../hcl/parser.ts';
import { isProvisionError, ProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord, EnvironmentStatus } from '../transfer/record.ts';
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

/** Statuses of an environment that is there, or half there: Terraform's state knows more of it than a search. */
const standing: ReadonlySet<EnvironmentStatus> = new Set([
  'applying',
  'halfway',
  'applied',
  'waiting',
  'verified',
  'failed',
]);

export const isStanding = ({ status }: EnvironmentRecord): boolean => standing.has(status);

/** @throws ProvisionError `environment-stands` */
export function refuseRecorded(live: EnvironmentRecord | null): void {
  if (live === null || !isStanding(live)) return;
  throw new ProvisionError(
    'environment-stands',
    `${live.name} stands (${live.status}): nothing was removed.`,
    {
      hint: `Destroy it first: provision-env destroy ${live.name}. What is left then is swept by provision-env sweep ${live.name} --delete.`,
    },
  );
}

/** @throws ProvisionError `environment-stands`, or what keeps us from reading the state */
export async function refuseStanding(
  environment: string,
  source: string,
  session: OpenDependencies,
): Promise<void> {
  const found = await standingOf(environment, source, session);
  if (found === null) return;
  const { state, resources } = found;
  throw new ProvisionError(
    'environment-stands',
    `${environment} stands, and there is no record of it: its state has ${resources} resources (${state}). Nothing was removed.`,
    {
      hint: 'Somebody has made it anew, by hand or with records that lie elsewhere. It has the names that ours had, so none of it is taken for what ours has left. Whoever made it destroys it first.',
    },
  );
}

/** As `refuseStanding`, where nothing would be removed anyway. */
export async function tellStanding(
  environment: string,
  source: string,
  session: OpenDependencies,
): Promise<void> {
  try {
    const found = await standingOf(environment, source, session);
    if (found === null) return;
    session.host.notify({
      type: 'note',
      level: 'warning',
      text: `${environment} stands, and there is no record of it (${found.state}): what is found is mostly it itself.`,
    });
  } catch (thrown) {
    session.host.notify({
      type: 'note',
      level: 'warning',
      text: `Whether ${environment} was made anew could not be read: ${toProvisionError(thrown).message}`,
    });
  }
}
