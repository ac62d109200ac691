/**
 * All other environments of the project, recorded or not: where their states lie and what is in them. It is read before
 * anything is taken away, because what another one has is never ours. What cannot be read is told as such.
 */
import type { Config } from '../config/schema.ts';
import { deriveTarget, findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import { realPath, statePlaces } from '../environment/state-places.ts';
import { createHclParser } from '../hcl/parser.ts';
import type { OtherEnvironment } from '../ownership/model.ts';
import type { StateModel } from '../terraform/model.ts';
import { isProvisionError, toProvisionError } from '../transfer/errors.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { mapBounded } from '../aws/bounded.ts';
import { readStateOf } from './read-environment.ts';
import type { OpenDependencies } from './open.ts';
import { lineageIn, resourcesOf } from './recorded-resources.ts';

export interface NeighboursRequest {
  /** The environment whose neighbours are read; it is none of them. */
  readonly environment: string;
  readonly records: readonly EnvironmentRecord[];
  /** States that were read already, by environment. */
  readonly known?: ReadonlyMap<string, () => Promise<StateModel | null>>;
}

export type NeighbourTools = Pick<
  OpenDependencies,
  'project' | 'config' | 'host' | 'signal' | 'findTool' | 'redactor'
>;

/** Where no setting says where a state lies, none is there that could be read. */
const untold: ReadonlySet<string> = new Set(['environment-not-found', 'backend-invalid', 'name-invalid']);

const atOnce = 6;

export async function readNeighbours(
  { environment, records, known = new Map() }: NeighboursRequest,
  tools: NeighbourTools,
): Promise<readonly OtherEnvironment[]> {
  const { project } = tools;
  const recorded = new Map(records.map((record) => [record.name, record]));
  const names = [...new Set([...project.environments, ...recorded.keys(), ...known.keys()])].filter(
    (name) => name !== environment,
  );
  const find = filesFinder(recorded, tools);
  return mapBounded(names, atOnce, (name) =>
    readNeighbour({ name, record: recorded.get(name) ?? null, read: known.get(name) }, find, tools),
  );
}

interface Neighbour {
  readonly name: string;
  readonly record: EnvironmentRecord | null;
  readonly read: (() => Promise<StateModel | null>) | undefined;
}

async function readNeighbour(
  { name, record, read }: Neighbour,
  find: FindFiles,
  tools: NeighbourTools,
): Promise<OtherEnvironment> {
  let files: EnvironmentFiles | null = null;
  let state: StateModel | null = null;
  let unreadable: string | null = null;
  try {
    files = await find(name);
    if (read !== undefined) state = await read();
    else if (files !== null) state = await readStateOf(files, tools);
  } catch (thrown) {
    tools.signal.throwIfAborted();
    unreadable = toProvisionError(thrown).message;
  }
  const looked = unreadable === null && (files !== null || read !== undefined);
  const filePlaces = files === null ? [] : await statePlaces(files.backend.location);
  const recordPlaces = record === null ? [] : await statePlaces(record.state);
  if (record !== null && unreadable === null && !isWhereRecorded(record, read, filePlaces, recordPlaces))
    unreadable = `its record says that it lies at ${record.state}, and its files ${files === null ? 'do not say where' : `lead to ${files.backend.location}`}`;
  return {
    name,
    places: [...filePlaces, ...recordPlaces],
    lineages: [lineageIn(state), record?.lineage ?? ''].filter((lineage) => lineage !== ''),
    inState: looked ? resourcesOf(state) : null,
    recorded: record?.resources ?? [],
    files: files === null ? [] : await filesOf(files),
    unreadable,
  };
}

/** What lies elsewhere than the record says is not known by what lies here. The direct engine has no state to look for. */
const isWhereRecorded = (
  { engine, resources }: EnvironmentRecord,
  read: Neighbour['read'],
  filePlaces: readonly string[],
  recordPlaces: readonly string[],
): boolean =>
  engine === 'direct' ||
  resources.length === 0 ||
  (read !== undefined && filePlaces.length === 0) ||
  filePlaces.some((place) => recordPlaces.includes(place));

async function filesOf({ varFile, backend }: EnvironmentFiles): Promise<readonly string[]> {
  const all = [varFile, ...(backend.file === null ? [] : [backend.file])];
  return Promise.all(all.map(realPath));
}

type FindFiles = (name: string) => Promise<EnvironmentFiles | null>;

function filesFinder(records: ReadonlyMap<string, EnvironmentRecord>, tools: NeighbourTools): FindFiles {
  const { project, config } = tools;
  const parser = createHclParser();
  return async (name) => {
    if (!project.hasModule) return null;
    const found = { hcl: await parser };
    try {
      const derived = await derivedFiles(name, records.get(name), project, config, found);
      if (derived !== null) return derived;
      return project.environments.includes(name) ? await findEnvironment(project, name, config, found) : null;
    } catch (error) {
      if (!isProvisionError(error) || !untold.has(error.code)) throw error;
      if (error.code === 'backend-invalid' && records.get(name) === undefined)
        tools.host.notify({
          type: 'note',
          level: 'warning',
          text: `Where the state of ${name} lies is not said, so nothing is compared with it: ${error.message}`,
        });
      return null;
    }
  };
}

/** Of an environment with a record: where its state lay when it was made, if that follows. No file need say it. */
async function derivedFiles(
  name: string,
  record: EnvironmentRecord | undefined,
  project: Project,
  config: Config,
  found: { readonly hcl: Awaited<ReturnType<typeof createHclParser>> },
): Promise<EnvironmentFiles | null> {
  if (record === undefined || record.engine === 'direct') return null;
  try {
    const source = await findEnvironment(project, record.source, config, found);
    const files = await deriveTarget(project, source, name, config, found);
    // Only the recorded place is known to be its.
    return files.backend.location === record.state ? files : null;
  } catch (error) {
    if (isProvisionError(error) && untold.has(error.code)) return null;
    throw error;
  }
}
