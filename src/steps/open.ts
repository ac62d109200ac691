/** Opens a transfer: reads what there is of the two environments, takes the lock, and hands the steps what they share. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AwsClients, createClients } from '../aws/clients.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { deriveTarget, findEnvironment, findProject } from '../environment/discover.ts';
import type { EnvironmentFiles, Project } from '../environment/model.ts';
import { isProtected } from '../environment/names.ts';
import { createRename } from '../environment/rename.ts';
import { endOf } from '../environment/time-to-live.ts';
import { ensureOwnFolder } from '../store/file-store.ts';
import { currentUser } from '../store/file-lock.ts';
import { createHclParser, type HclParser } from '../hcl/parser.ts';
import { openFingerprinter } from '../secrets/fingerprint.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { redactor } from '../secrets/redactor.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import type { Declarations, StateModel } from '../terraform/model.ts';
import { readState } from '../terraform/read-state.ts';
import { createTerraform, type Terraform } from '../terraform/runner.ts';
import type { SourceFingerprint } from '../proof/rule.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import { privateFolder } from '../tools/private-folder.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock, Host, TransferEvent } from '../transfer/host.ts';
import type { Json } from '../transfer/json.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { JournalRow, Store } from '../transfer/store.ts';
import { openChannels } from './channels.ts';
import type { EngineName, TransferContext, TransferRequest } from './context.ts';
import { openDirect, secretFunctionKeys } from './direct.ts';
import { directFiles, noDeclarations } from './direct-files.ts';
import { mergeStates } from './mixed-workspace.ts';
import { planSecrets } from './planned-secrets.ts';
import { regionOf } from './region.ts';
import { openSecrets } from './secrets.ts';
import { readVarFiles } from './var-files.ts';
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
  findTool(): Promise<TerraformTool>;
}

export interface OpenTransfer {
  readonly context: TransferContext;
  /** Removes what is private and gives the lock back. Safe to call more than once. */
  close(): Promise<void>;
}

/** Finds the project and its configuration. Reads only. */
export async function openProject(
  cwd: string,
  engine?: EngineName,
): Promise<{ project: Project; config: Config }> {
  const config = await loadConfig(cwd);
  const direct = (engine ?? config.engine) === 'direct';
  return { config, project: await findProject({ cwd, config, moduleOptional: direct }) };
}

/** @throws ProvisionError for everything that makes the transfer impossible before anything was run */
export async function openTransfer(
  request: TransferRequest,
  dependencies: OpenDependencies,
): Promise<OpenTransfer> {
  const { host, clock, signal, insist, project, config, store } = dependencies;
  const dataDir = join(project.root, '.provision-env', 'data', request.target);
  const hcl = await createHclParser();
  const [record, records, declared] = await Promise.all([
    store.readRecord(request.target),
    store.listRecords(),
    project.hasModule ? readDeclarations(project.moduleDir, { dataDir, hcl }) : noDeclarations,
  ]);
  checkJournal(request, record);
  const engine = engineOf(request, record, project, config);
  const expires = endOf(request.target, request.ttl, record, config, clock.now());
  const { source, target, varFiles } = await filesOf(request, { project, config, hcl, declared, record });

  const lock = await store.lock(request.target, request.command);
  try {
    const folder = await privateFolder('transfer');
    await ensureOwnFolder(join(project.root, '.provision-env'));
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    let terraformProcesses = 0;
    const notify = (event: TransferEvent): void => {
      if (event.type === 'process') terraformProcesses += 1;
      host.notify(event);
    };
    // Terraform's child gets the target's secrets here, and nowhere else.
    const secretEnvironment: Record<string, string | undefined> = {};
    const sensitive = sensitiveValues(declared, varFiles.target.values);
    let takeOut = redactor(sensitive);
    const tool = project.hasModule ? await dependencies.findTool() : null;
    const terraform = (found: TerraformTool): Terraform =>
      createTerraform({
        binary: found.binary,
        moduleDir: project.moduleDir,
        dataDir,
        env: secretEnvironment,
        redact: (text) => takeOut(text),
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

    const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
      let made: Promise<T> | undefined;
      return () => (made ??= make());
    };
    const rename = createRename(
      source.name,
      target.name,
      [...project.environments, ...records.map(({ name }) => name)].filter(
        (name) => name !== source.name && name !== target.name,
      ),
    );
    const managedState = async (): Promise<StateModel | null> =>
      tool === null ? null : readState(source.backend, { binary: tool.binary, signal, notify });
    const region = once(async () => regionOf((await managedState()) ?? nothing, record));
    let clients: Promise<AwsClients> | undefined;
    const transferId = record?.transfer ?? randomUUID();
    const journal = (row: Omit<JournalRow, 'transfer' | 'version' | 'at'>): Promise<void> =>
      store.appendJournal(request.target, {
        ...row,
        transfer: transferId,
        version: 1,
        at: clock.now().toISOString(),
      });

    const aws = (): Promise<AwsClients> =>
      (clients ??= region().then((found) =>
        createClients({ signal, ...(found === null ? {} : { region: found }) }),
      ));
    const direct =
      engine === 'direct'
        ? openDirect({
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
            given: secretEnvironment,
            classified: async () => (await secrets()).classified,
            journal: (row) => journal({ step: 'rewire', ...row }),
            redact: (text) => takeOut(text),
          })
        : null;
    const workspace = direct?.workspace ?? managed;
    if (workspace === null) throw new ProvisionError('unexpected', 'There is no engine for this project.');
    const readSource = async (): Promise<StateModel> => {
      const [fromFile, live] = await Promise.all([managedState(), direct?.readSource() ?? null]);
      return sourceState(request, mergeStates(fromFile, live));
    };
    const state = once(readSource);
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
        sourceState: await state(),
        functionKeys: engine === 'direct' ? secretFunctionKeys(await state()) : [],
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
      declarations,
      sourceState: state,
      fingerprintBefore: once(async () => fingerprint(await state())),
      sourceFingerprint: async () => fingerprint(await readSource()),
      secrets,
      channels,
      plannedSecrets: once(async () => planSecrets(await secrets(), !request.planOnly)),
      giveSecrets(env) {
        for (const name of Object.keys(secretEnvironment)) delete secretEnvironment[name];
        Object.assign(secretEnvironment, env);
        const given = Object.entries(env).filter(
          (entry): entry is [string, string] => entry[1] !== undefined,
        );
        takeOut = redactor(sensitive, new SecretValues(given));
      },
      workspace,
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
      close: () =>
        (closed ??= (async () => {
          (await clients?.catch(() => undefined))?.close();
          await workspace.close();
          await folder.remove();
          await lock.release();
        })()),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Values of the sensitive variables of the root module, from the caller's environment and from the var-file. */
function sensitiveValues(declarations: Declarations, values: Readonly<Record<string, Json>>): SecretValues {
  const variables = Object.values(declarations.modules['']?.variables ?? {});
  return new SecretValues(
    variables
      .filter(({ sensitive }) => sensitive)
      .flatMap(({ name }) =>
        [process.env[`TF_VAR_${name}`], values[name]].flatMap((value) => textsIn(name, value)),
      ),
  );
}

/** A list or an object holds its secrets one by one. */
function textsIn(name: string, value: Json | undefined): (readonly [string, string])[] {
  if (typeof value === 'string') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(`${name}.${key}`, inner));
}

/** @throws ProvisionError where an environment was made by another engine, or Terraform is wanted and not there */
function engineOf(
  request: TransferRequest,
  record: EnvironmentRecord | null,
  project: Project,
  config: Config,
): EngineName {
  const engine = request.engine ?? record?.engine ?? config.engine;
  if (record !== null && record.engine !== engine) {
    throw new ProvisionError(
      'usage',
      `${record.name} was made by the ${record.engine} engine, not by ${engine}.`,
      {
        hint: `Leave --engine out, or destroy it first: provision-env destroy ${record.name}.`,
      },
    );
  }
  if (engine === 'terraform' && !project.hasModule)
    throw new ProvisionError('project-not-found', 'No Terraform root module was found.', {
      hint: 'For an environment that no Terraform manages say --engine direct.',
    });
  return engine;
}

async function filesOf(
  request: TransferRequest,
  {
    project,
    config,
    hcl,
    declared,
    record,
  }: {
    readonly project: Project;
    readonly config: Config;
    readonly hcl: HclParser;
    readonly declared: Declarations;
    readonly record: EnvironmentRecord | null;
  },
): Promise<{
  source: EnvironmentFiles;
  target: EnvironmentFiles;
  varFiles: Awaited<ReturnType<typeof readVarFiles>>;
}> {
  if (!project.hasModule) {
    const { source, target, varFile } = directFiles(project, request.source, request.target);
    return { source, target, varFiles: { target: varFile, sourceValues: { environment: request.source } } };
  }
  const found = { hcl, declarations: declared };
  const source = await findEnvironment(project, request.source, config, found);
  const target = await deriveTarget(project, source, request.target, config, found);
  const varFiles = await readVarFiles({
    project,
    source,
    target,
    declarations: declared,
    request,
    config,
    hcl,
    recorded: record?.set ?? null,
  });
  return { source, target, varFiles };
}

function checkJournal(request: TransferRequest, record: EnvironmentRecord | null): void {
  if (record === null || record.source === request.source) return;
  throw new ProvisionError(
    'journal-mismatch',
    `${request.target} was made from ${record.source}, not from ${request.source}.`,
    {
      hint: `Say from=${record.source}, or destroy it first: provision-env destroy ${request.target}.`,
    },
  );
}

const nothing: StateModel = {
  lineage: '',
  serial: 0,
  terraformVersion: '',
  resources: [],
  outputs: {},
  sensitiveOutputs: [],
};

function sourceState(
  { source: name, sourceMayBeEmpty }: TransferRequest,
  state: StateModel | null,
): StateModel {
  const managed = state?.resources.filter(({ mode }) => mode === 'managed').length ?? 0;
  if (state !== null && managed > 0) return state;
  if (sourceMayBeEmpty) return state ?? nothing;
  throw new ProvisionError(
    'state-empty',
    `The state of ${name} holds no resources: there is nothing to clone.`,
    {
      hint: `Apply ${name} first, or name another source with from=<environment>. If its state lies elsewhere, say so in provision-env.config.* under environments.overrides.${name}.`,
    },
  );
}
