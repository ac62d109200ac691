/** Opens a transfer: reads what there is of the two environments, takes the lock, and hands the steps what they share. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type AwsClients, createClients } from '../aws/clients.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { deriveTarget, findEnvironment, findProject } from '../environment/discover.ts';
import type { Project } from '../environment/model.ts';
import { isProtected } from '../environment/names.ts';
import { createRename } from '../environment/rename.ts';
import { ensureOwnFolder } from '../store/file-store.ts';
import { currentUser } from '../store/file-lock.ts';
import { createHclParser } from '../hcl/parser.ts';
import { openFingerprinter } from '../secrets/fingerprint.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { redactor } from '../secrets/redactor.ts';
import { readDeclarations } from '../terraform/declarations.ts';
import type { Declarations, StateModel } from '../terraform/model.ts';
import { readState } from '../terraform/read-state.ts';
import { createTerraform } from '../terraform/runner.ts';
import type { SourceFingerprint } from '../proof/rule.ts';
import { resourceTypes } from '../terraform/types/table.ts';
import { privateFolder } from '../tools/private-folder.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock, Host, TransferEvent } from '../transfer/host.ts';
import type { Json } from '../transfer/json.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import type { Store } from '../transfer/store.ts';
import { openChannels } from './channels.ts';
import type { TransferContext, TransferRequest } from './context.ts';
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
export async function openProject(cwd: string): Promise<{ project: Project; config: Config }> {
  const config = await loadConfig(cwd);
  return { config, project: await findProject({ cwd, config }) };
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
    readDeclarations(project.moduleDir, { dataDir, hcl }),
  ]);
  checkJournal(request, record);
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

  const lock = await store.lock(request.target, request.command);
  try {
    const tool = await dependencies.findTool();
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
    const terraform = createTerraform({
      binary: tool.binary,
      moduleDir: project.moduleDir,
      dataDir,
      env: secretEnvironment,
      redact: (text) => takeOut(text),
      signal,
      notify,
      ...(insist === undefined ? {} : { insist }),
      ...(tool.cliConfigFile === null ? {} : { cliConfigFile: tool.cliConfigFile }),
      ...(config.terraform.parallelism === undefined ? {} : { parallelism: config.terraform.parallelism }),
    });
    const workspace = createWorkspace(
      terraform,
      { varFile: varFiles.target, backend: target.backend },
      folder,
    );
    const readSource = async (): Promise<StateModel> =>
      sourceState(request, await readState(source.backend, { binary: tool.binary, signal, notify }));

    const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
      let made: Promise<T> | undefined;
      return () => (made ??= make());
    };
    const state = once(readSource);
    const region = once(async () => regionOf(await state(), record));
    let clients: Promise<AwsClients> | undefined;
    const transferId = record?.transfer ?? randomUUID();

    const aws = (): Promise<AwsClients> =>
      (clients ??= region().then((found) =>
        createClients({ signal, ...(found === null ? {} : { region: found }) }),
      ));
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
      rename: createRename(
        source.name,
        target.name,
        [...project.environments, ...records.map(({ name }) => name)].filter(
          (name) => name !== source.name && name !== target.name,
        ),
      ),
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
      journal: (row) =>
        store.appendJournal(request.target, {
          ...row,
          transfer: transferId,
          version: 1,
          at: clock.now().toISOString(),
        }),
      transferId,
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
