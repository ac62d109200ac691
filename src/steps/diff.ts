/**
 * Reads what `diff` compares: two states, what the direct engine made beside them, two var-files, the configuration, the
 * secrets of both. Nothing is written but the key for fingerprints, and no Terraform provider is started. Neither
 * environment need have a record.
 */
import { join } from 'node:path';
import { type AwsClients, createClients } from '../aws/clients.ts';
import { compareEnvironments, notComparable } from '../diff/compare.ts';
import type { Diff, DiffInput, DiffNote, Incomparable } from '../diff/model.ts';
import { createSameness } from '../diff/sameness.ts';
import { findEnvironment } from '../environment/discover.ts';
import type { EnvironmentFiles } from '../environment/model.ts';
import { checkExistingName } from '../environment/names.ts';
import { createRename, spellings } from '../environment/rename.ts';
import { readVarFile } from '../environment/var-file.ts';
import { createHclParser, type HclParser } from '../hcl/parser.ts';
import { stateLiesIn } from '../proof/place.ts';
import { createProofIndex } from '../proof/proof-index.ts';
import type { ProofInput } from '../proof/rule.ts';
import { managedIn } from '../proof/target.ts';
import { learnSecret, learnState, learnVariables } from '../secrets/learn.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import type { Declarations, StateModel } from '../terraform/model.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Json } from '../transfer/json.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { shortened } from '../verify/redact.ts';
import { type DiffSecrets, readDiffSecrets } from './diff-secrets.ts';
import type { OpenDependencies } from './open.ts';
import { readStateOf } from './read-environment.ts';
import { liveStatesOf } from './diff-live.ts';
import { liveFiles, noDeclarations } from './direct-files.ts';
import { regionOf } from './region.ts';
import { unreadable } from './unreadable.ts';

export interface DiffRequest {
  readonly a: string;
  readonly b: string;
}

/** Columns of a table hold no more. */
const longestShown = 160;

interface Side {
  readonly files: EnvironmentFiles;
  readonly variables: Readonly<Record<string, Json>>;
}

/**
 * @returns the two compared; `not-comparable` where a state or a secret could not be read
 * @throws ProvisionError `environment-not-found` with near names, `usage`, or what a broken file calls for
 */
export async function diffEnvironments({ a, b }: DiffRequest, dependencies: OpenDependencies): Promise<Diff> {
  const { project, config, store } = dependencies;
  checkExistingName(a);
  checkExistingName(b);
  if (a === b) {
    throw new ProvisionError('usage', `\`${a}\` cannot be compared with itself.`, {
      hint: 'Name two environments: provision-env diff dev staging.',
    });
  }
  const hcl = await createHclParser();
  const declarations = project.hasModule ? await declarationsOf(dependencies, [a, b], hcl) : noDeclarations;
  const found = { hcl, declarations };
  const sideOf = async (name: string): Promise<Side> => {
    if (!project.hasModule) return { files: liveFiles(project, name), variables: { environment: name } };
    const files = await findEnvironment(project, name, config, found);
    const { values } = await readVarFile(files.varFile, { hcl });
    return { files, variables: { ...defaultsIn(declarations), ...values } };
  };
  const [sideOfA, sideOfB, records] = await Promise.all([sideOf(a), sideOf(b), store.listRecords()]);

  const locations = [sideOfA, sideOfB].map(({ files }) => files.backend.location);
  if (locations[0] === locations[1]) {
    const reason = `both have their state at ${locations[0]}`;
    const hint = 'Each environment needs a state of its own: give each its own backend settings.';
    return notComparable(a, b, [{ subject: `the states of ${a} and ${b}`, reason, hint }]);
  }
  const read = await readBoth([sideOfA.files, sideOfB.files], dependencies, records);
  const [stateOfA, stateOfB] = read.states;
  if ('reason' in stateOfA || 'reason' in stateOfB) {
    return notComparable(
      a,
      b,
      [stateOfA, stateOfB].filter((state) => 'reason' in state),
      read.from,
    );
  }

  const recorded = records.find(({ name }) => name === b)?.place;
  dependencies.host.notify({
    type: 'place',
    source: a,
    target: b,
    place: recorded ?? stateLiesIn(stateOfB),
  });
  const others = records.filter(({ name }) => name !== a && name !== b);
  const names = [...project.environments, ...records.map(({ name }) => name)];
  const proofInput = (from: Side, state: StateModel, to: Side, other: StateModel): ProofInput => ({
    phase: 'after-apply',
    source: {
      name: from.files.name,
      state,
      stateLocation: from.files.backend.location,
      variables: from.variables,
      fingerprintBefore: { lineage: state.lineage, serial: state.serial, observed: {} },
    },
    target: {
      name: to.files.name,
      state: other,
      stateLocation: to.files.backend.location,
      plan: null,
      variables: to.variables,
      ours: records.some(({ name }) => name === to.files.name),
      protected: false,
    },
    others: others.map(({ name, state: stateLocation, resources }) => ({ name, stateLocation, resources })),
    declarations,
    environmentVariable: project.environmentVariable,
    rename: createRename(
      from.files.name,
      to.files.name,
      names.filter((name) => name !== a && name !== b),
    ),
    types: resourceTypes,
    shared: config.shared,
  });
  const proof = proofInput(sideOfA, stateOfA, sideOfB, stateOfB);
  const backwards = proofInput(sideOfB, stateOfB, sideOfA, stateOfA);
  const index = createProofIndex(proof);
  const secrets = await secretsOfBoth(dependencies, { proof, index });
  const { redactor } = dependencies;
  // A secret of several fields often names its environment in one: that is no secret, and stands everywhere.
  redactor.publish([a, b].flatMap(spellings));
  for (const side of [sideOfA, sideOfB]) learnVariables(redactor, declarations, side.variables);
  for (const state of [stateOfA, stateOfB]) learnState(redactor, state);
  for (const [key, value] of secrets.values()) learnSecret(redactor, key, value);
  const diff = compareEnvironments({
    readFrom: read.from,
    proof,
    index,
    reverse: { proof: backwards, index: createProofIndex(backwards) },
    secrets: secrets.places,
    classOf: secrets.classOf,
    mayBeSecret: secrets.mayBeSecret,
    shown: (text) => shortened(text, redactor, longestShown),
    unread: secrets.unread,
  });
  return { ...diff, notes: [...diff.notes, ...read.notes] };
}

interface Both {
  readonly from: Diff['readFrom'];
  readonly states: readonly [StateModel | Incomparable, StateModel | Incomparable];
  readonly notes: readonly DiffNote[];
}

/** The states; and where the direct engine made a part, or all there is, that part from the account itself. */
async function readBoth(
  [filesOfA, filesOfB]: readonly [EnvironmentFiles, EnvironmentFiles],
  dependencies: OpenDependencies,
  records: readonly EnvironmentRecord[],
): Promise<Both> {
  const { project, config } = dependencies;
  const [a, b] = [filesOfA.name, filesOfB.name];
  if (!project.hasModule) {
    const live = await liveStatesOf(a, b, { ...dependencies, records, managed: null, region: null });
    return { from: 'account', ...live };
  }
  const [stateOfA, stateOfB] = await Promise.all([
    stateOf(filesOfA, dependencies),
    stateOf(filesOfB, dependencies),
  ]);
  const mixed =
    config.engine === 'direct' ||
    records.some(({ name, engine }) => (name === a || name === b) && engine === 'direct');
  if (!mixed || 'reason' in stateOfA || 'reason' in stateOfB)
    return { from: 'states', states: [stateOfA, stateOfB], notes: [] };
  const managed = [stateOfA, stateOfB] as const;
  const live = await liveStatesOf(a, b, { ...dependencies, records, managed, region: regionOf(stateOfA) });
  return { from: 'both', ...live };
}

function defaultsIn(declarations: Declarations): Readonly<Record<string, Json>> {
  const variables = Object.values(declarations.modules['']?.variables ?? {});
  return Object.fromEntries(
    variables.flatMap((variable) =>
      variable.default === undefined ? [] : [[variable.name, variable.default]],
    ),
  );
}

/** Modules from a registry lie where `init` put them: by hand, or in the folder of an environment that we made. */
async function declarationsOf(
  { project }: OpenDependencies,
  names: readonly string[],
  hcl: HclParser,
): Promise<Declarations> {
  let best = await readDeclarations(project.moduleDir, { hcl });
  for (const name of names) {
    if (best.unresolvedCalls.length === 0) break;
    const dataDir = join(project.root, '.provision-env', 'data', name);
    const other = await readDeclarations(project.moduleDir, { hcl, dataDir });
    if (other.unresolvedCalls.length < best.unresolvedCalls.length) best = other;
  }
  return best;
}

/** A state that is not there tells nothing: it may be empty, or lie elsewhere. */
async function stateOf(
  files: EnvironmentFiles,
  dependencies: OpenDependencies,
): Promise<StateModel | Incomparable> {
  const { name, backend } = files;
  const subject = `the state of ${name}`;
  try {
    const state = await readStateOf(files, dependencies);
    if (state !== null && managedIn(state).length > 0) return state;
    return {
      subject,
      reason: `there are no resources in it (${backend.location})`,
      hint: `Apply ${name} first. If its state lies elsewhere, say so in provision-env.config.* under environments.overrides.${name}.`,
    };
  } catch (error) {
    return unreadable(subject, error);
  }
}

async function secretsOfBoth(
  { config, project, clock, signal }: OpenDependencies,
  { proof, index }: Pick<DiffInput, 'proof' | 'index'>,
): Promise<DiffSecrets> {
  let clients: Promise<AwsClients> | undefined;
  const region = regionOf(proof.source.state);
  try {
    return await readDiffSecrets({
      config,
      root: project.root,
      ownFolder: join(project.root, '.provision-env'),
      clock,
      signal,
      proof,
      translator: createSameness({ proof, index }).translator,
      aws: () =>
        (clients ??= Promise.resolve(createClients({ signal, ...(region === null ? {} : { region }) }))),
    });
  } finally {
    (await clients?.catch(() => undefined))?.close();
  }
}
