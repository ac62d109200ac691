/** Opens a transfer: reads what there is of the two environments, takes the lock, and hands the steps what they share. */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AwsClients, ClientOptions } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import type { EnvironmentBackend, Project } from '../environment/model.ts';
import { isProtected } from '../environment/names.ts';
import { createRename } from '../environment/rename.ts';
import { endOf } from '../environment/time-to-live.ts';
import { ensureOwnFolder } from '../store/file-store.ts';
import { currentUser } from '../store/process-identity.ts';
import { createHclParser } from '../hcl/parser.ts';
import { openFingerprinter } from '../secrets/fingerprint.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import type { StateModel } from '../terraform/model.ts';
import { emptyState } from '../terraform/empty-state.ts';
import { readState } from '../terraform/read-state.ts';
import { createTerraform, type Terraform } from '../terraform/runner.ts';
import type { SourceFingerprint } from '../proof/rule.ts';
import { gatedHost, gatedStore } from '../redact/gates.ts';
import type { Redactor } from '../redact/redactor.ts';
import { isSecretSetting, learnBackend, learnVariables } from '../secrets/learn.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import { privateFolder } from '../tools/private-folder.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock, Host, TransferEvent } from '../transfer/host.ts';
import { once } from '../transfer/once.ts';
import type { JournalRow, Lock, Store } from '../transfer/store.ts';
import { checkSource, engineOf } from './as-recorded.ts';
import { openChannels } from './channels.ts';
import type { TransferContext, TransferRequest } from './context.ts';
import { noDeclarations } from './direct-files.ts';
import { filesOf } from './environment-files.ts';
import { createGivenSecrets } from './given-secrets.ts';
import { readNeighbours } from './neighbours.ts';
import { planSecrets } from './planned-secrets.ts';
import { openPlace } from './open-place.ts';
import { regionOf } from './region.ts';
import { openSecrets } from './secrets.ts';
import { openSourceState } from './source-state.ts';
import { createWorkspace } from './workspace.ts';

/** Which Terraform is run, and with which CLI configuration. */
export interface TerraformTool {
  readonly binary: string;
  readonly cliConfigFile: string | null;
}

export interface OpenDependencies {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Stops what is under way at once; `signal` lets it come to its end. */
  readonly insist?: AbortSignal | undefined;
  readonly project: Project;
  readonly config: Config;
  readonly store: Store;
  /** Of this run. What the host is told and the store is given has gone through it. */
  readonly redactor: Redactor;
  findTool(): Promise<TerraformTool>;
  /** Makes clients of AWS; the SDK's own if absent. */
  readonly createClients?: ((options: ClientOptions) => AwsClients) | undefined;
}

export interface OpenTransfer {
  readonly context: TransferContext;
  readonly lock: Lock;
  /** Removes what is private and gives the lock back. Safe to call more than once. */
  close(): Promise<void>;
}

/** What is set stands in the var-file and in the record, which are there for all to read. */
function refuseSecrets({ set }: TransferRequest, redactor: Redactor): void {
  for (const [name, value] of Object.entries(set)) {
    if (!redactor.holdsSecret(value)) continue;
    throw new ProvisionError('usage', `The value of --set ${name} holds a secret: ${redactor.text(value)}`, {
      hint: `It would stand in the var-file and in the record. Say \`sensitive = true\` in the variable, and give its value in the environment, as TF_VAR_${name}.`,
    });
  }
}

/** @throws ProvisionError for everything that makes the transfer impossible before anything was run */
export async function openTransfer(
  request: TransferRequest,
  dependencies: OpenDependencies,
): Promise<OpenTransfer> {
  const { clock, insist, project, config, redactor } = dependencies;
  const host = gatedHost(dependencies.host, redactor);
  const dataDir = join(project.root, '.provision-env', 'data', request.target);
  // What is wrong with the request is told without waiting for the lock.
  const before = await readGround(request, dataDir, dependencies);
  const lock = await gatedStore(dependencies.store, redactor).lock(request.target, request.command);
  try {
    const { store } = lock;
    // Whoever had the lock until now may have changed what was read before.
    const changed = !isDeepStrictEqual(await store.readRecord(request.target), before.record);
    const ground = changed ? await readGround(request, dataDir, dependencies) : before;
    const { hcl, record, records, declared, engine, expires, source, target, varFiles } = ground;
    // Who has lost the lock begins nothing further, as if a person had interrupted it.
    const signal = AbortSignal.any([dependencies.signal, lock.lost]);
    setMaxListeners(0, signal);
    const folder = await privateFolder('transfer');
    await ensureOwnFolder(join(project.root, '.provision-env'));
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    let terraformProcesses = 0;
    const notify = (event: TransferEvent): void => {
      if (event.type === 'process') terraformProcesses += 1;
      host.notify(event);
    };
    redactor.publish([source.name, target.name, ...project.environments]);
    for (const values of [varFiles.sourceValues, varFiles.target.values])
      learnVariables(redactor, declared, values);
    for (const { settings } of [source.backend, target.backend]) learnBackend(redactor, settings);
    refuseSecrets(request, redactor);
    const given = createGivenSecrets(redactor);
    const tool = project.hasModule ? await dependencies.findTool() : null;
    const terraform = (found: TerraformTool): Terraform =>
      createTerraform({
        binary: found.binary,
        moduleDir: project.moduleDir,
        dataDir,
        // Terraform's child gets the target's secrets here, and nowhere else.
        env: given.environment,
        redactor,
        signal,
        notify,
        ...(insist === undefined ? {} : { insist }),
        ...(found.cliConfigFile === null ? {} : { cliConfigFile: found.cliConfigFile }),
        ...(config.terraform.parallelism === undefined ? {} : { parallelism: config.terraform.parallelism }),
      });
    const managed =
      tool === null
        ? null
        : createWorkspace(terraform(tool), { varFile: varFiles.target, backend: target.backend }, folder);

    const rename = createRename(
      source.name,
      target.name,
      [...project.environments, ...records.map(({ name }) => name)].filter(
        (name) => name !== source.name && name !== target.name,
      ),
    );
    const readManaged = async (): Promise<StateModel | null> =>
      tool === null ? null : readState(source.backend, { binary: tool.binary, signal, notify, redactor });
    const managedState = once(readManaged);
    const placeOf = openPlace({
      request,
      project,
      config,
      hcl,
      declared,
      source,
      varFile: varFiles.target,
      record,
      sourceRecord: records.find(({ name }) => name === source.name) ?? null,
      signal,
      createClients: dependencies.createClients,
    });
    const transferId = record?.transfer ?? randomUUID();
    const journal = (row: Omit<JournalRow, 'transfer' | 'version' | 'at'>): Promise<void> =>
      store.appendJournal(request.target, {
        ...row,
        transfer: transferId,
        version: 1,
        at: clock.now().toISOString(),
      });

    // Where no region is told, things are where the source's are.
    const aws = once(async () =>
      placeOf.clients(async () => regionOf((await managedState()) ?? emptyState, record)),
    );
    // It brings all that describes and copies things of AWS: Terraform's own transfers do without.
    const directEngine = engine === 'direct' ? await import('./direct.ts') : null;
    const direct =
      directEngine !== null
        ? directEngine.openDirect({
            rename,
            types: resourceTypes,
            config,
            store,
            host: { notify, ask: host.ask.bind(host) },
            clock,
            signal,
            records,
            sourceMayBeEmpty: request.sourceMayBeEmpty ?? false,
            aws,
            managed,
            managedState,
            given: given.environment,
            classified: async () => (await secrets()).classified,
            journal: (row) => journal({ step: 'rewire', ...row }),
            redact: (text) => redactor.text(text),
          })
        : null;
    const workspace = direct?.workspace ?? managed;
    if (workspace === null) throw new ProvisionError('unexpected', 'There is no engine for this project.');
    const sourceState = openSourceState(request, { managed: managedState, readManaged, direct });
    const declarations = once(async () => {
      if (declared.unresolvedCalls.length === 0) return declared;
      // Modules from a registry are on disk only after `init`.
      await workspace.init();
      return readDeclarations(project.moduleDir, { dataDir });
    });
    const secrets = once(async () =>
      openSecrets({
        config,
        root: project.root,
        ownFolder: join(project.root, '.provision-env'),
        clock,
        signal,
        aws,
        sourceName: source.name,
        sourceState: await sourceState.first(),
        redactor,
        functionKeys: directEngine?.secretFunctionKeys(await sourceState.first()) ?? [],
        wantsDatabasePassword:
          directEngine?.wantsDatabasePassword(await sourceState.first(), config, record) ?? false,
        declarations: await declarations(),
        target: { environment: target.name, standing: isProtected(target.name, config) },
        record,
        others: records,
      }),
    );
    const channels = once(async () =>
      openChannels({
        config,
        clock,
        signal,
        source: source.name,
        target: target.name,
        sourceValues: (await secrets()).sourceValues,
        records,
        fingerprinter: await openFingerprinter(join(project.root, '.provision-env')),
      }),
    );
    const fingerprint = async (model: StateModel): Promise<SourceFingerprint> => {
      const [version, webhooks] = await Promise.all([
        secrets().then((session) => session.sourceVersion()),
        channels().then((session) => session.sourceFingerprints()),
      ]);
      return {
        lineage: model.lineage,
        serial: model.serial,
        observed: { ...webhooks, ...(version === null ? {} : { secrets: version }) },
      };
    };

    const context: TransferContext = {
      request,
      host,
      clock,
      signal,
      redactor,
      store,
      config,
      project,
      types: resourceTypes,
      engine,
      rename,
      source,
      sourceVariables: varFiles.sourceValues,
      target,
      varFile: varFiles.target,
      record,
      others: records
        .filter(({ name }) => name !== source.name && name !== target.name)
        .map(({ name, state: stateLocation, resources }) => ({ name, stateLocation, resources })),
      neighbours: once(() =>
        readNeighbours(
          {
            environment: target.name,
            records,
            known: new Map([[source.name, () => sourceState.strictly()]]),
          },
          dependencies,
        ),
      ),
      declarations,
      sourceState: () => sourceState.first(),
      fingerprintBefore: once(async () => fingerprint(await sourceState.first())),
      sourceFingerprint: async () => fingerprint(await sourceState.again()),
      secrets,
      channels,
      plannedSecrets: once(async () => planSecrets(await secrets(), !request.planOnly)),
      giveSecrets: (environment) => given.give(environment),
      workspace,
      place: async () => (placeOf.inAws ? (await placeOf.find()).place : null),
      placeInput: () => placeOf.input(() => sourceState.first()),
      aws,
      journal,
      inventoryFindings: async () => direct?.findings() ?? [],
      transferId,
      expires,
      owner: currentUser(),
      findings: [],
      terraformProcesses: () => terraformProcesses,
    };
    let closed: Promise<void> | undefined;
    return {
      context,
      lock,
      close: () =>
        (closed ??= (async () => {
          await placeOf.close();
          await workspace.close();
          await folder.remove();
          await forgetCredentials(dataDir, target.backend);
          await lock.release();
        })()),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** What there is of the two environments, by the project's files and the records. */
async function readGround(
  request: TransferRequest,
  dataDir: string,
  { clock, project, config, store }: OpenDependencies,
) {
  const hcl = await createHclParser();
  const [record, records, declared] = await Promise.all([
    store.readRecord(request.target),
    store.listRecords(),
    project.hasModule ? readDeclarations(project.moduleDir, { dataDir, hcl }) : noDeclarations,
  ]);
  checkSource(request, record);
  const engine = engineOf(request, record, project, config);
  const expires = endOf(request.target, request.ttl, record, config, clock.now());
  const files = await filesOf(request, { project, config, hcl, declared, record });
  return { hcl, record, records, declared, engine, expires, ...files };
}

/** Terraform keeps the settings of the backend in its data folder. Each run of ours gives them anew. */
async function forgetCredentials(dataDir: string, { settings }: EnvironmentBackend): Promise<void> {
  if (Object.entries(settings).some(([name, value]) => isSecretSetting(name, value)))
    await rm(join(dataDir, 'terraform.tfstate'), { force: true });
}
