/**
 * Terraform for one environment. Every function is one process, so that their number, which decides how fast the
 * tool feels, can be seen by reading the caller.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { EnvironmentBackend } from '../environment/model.ts';
import type { Redactor } from '../redact/redactor.ts';
import { isSecretSetting, learnPlan, learnSecret } from '../secrets/learn.ts';
import { type PrivateFolder, privateFolder } from '../tools/private-folder.ts';
import { readVersion, type TerraformVersion } from '../tools/version.ts';
import type { ErrorCode } from '../transfer/error-codes.ts';
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import { apply, type ApplyRequest, type ApplyResult } from './apply.ts';
import {
  type CommandOptions,
  defaultLimits,
  describe,
  ignoredVariables,
  interruptedError,
  type Invocation,
  invoke,
} from './command.ts';
import { diagnose } from './diagnose.ts';
import { type Diagnostic, readDiagnosticText, redacted } from './diagnostics.ts';
import { type ChangeSummary, readUiLine } from './events.ts';
import type { OnSecret, PlanModel, StateModel } from './model.ts';
import { parsePlan } from './plan.ts';
import { knownState, readStateFile } from './state-file.ts';

export type { ApplyRequest, ApplyResult } from './apply.ts';
export type { Diagnostic } from './diagnostics.ts';

export interface TerraformOptions extends CommandOptions {
  /** Operations at a time; Terraform's own default if absent. */
  readonly parallelism?: number;
}

export interface StateOptions {
  /** The state file, where no backend is declared. */
  readonly stateFile?: string;
}

export interface InitRequest {
  readonly backend: EnvironmentBackend;
  /** Takes the newest providers that the constraints allow. */
  readonly upgrade?: boolean;
  /** The only folder in which providers are looked for. */
  readonly pluginDir?: string;
}

export interface PlanRequest extends StateOptions {
  readonly varFile: string;
  /** Where the plan is saved. It holds secrets: choose a private folder. */
  readonly outFile: string;
  /** Plan to delete everything. */
  readonly destroy?: boolean;
  /** False to believe the state instead of asking the account. */
  readonly refresh?: boolean;
  /** Only these addresses and what they need. */
  readonly targets?: readonly string[];
}

export interface ImportRequest extends StateOptions {
  readonly address: string;
  readonly id: string;
  readonly varFile: string;
}

export interface PlanResult {
  readonly changes: ChangeSummary;
  readonly warnings: readonly Diagnostic[];
}

export interface Terraform {
  version(): Promise<TerraformVersion>;
  /** Always anew (`-reconfigure`): the data folder is ours, so there is never a state to migrate. */
  init(request: InitRequest): Promise<void>;
  plan(request: PlanRequest): Promise<PlanResult>;
  showPlan(planFile: string): Promise<PlanModel>;
  apply(request: ApplyRequest): Promise<ApplyResult>;
  /** `null` if there is no state yet. */
  statePull(options?: StateOptions): Promise<StateModel | null>;
  /** Takes something that is there into the state. */
  importResource(request: ImportRequest): Promise<void>;
  /** Takes resources out of the state and leaves them in the account. */
  stateRemove(addresses: readonly string[], options?: StateOptions): Promise<void>;
  /** Values of outputs without the sensitive ones. */
  output(options?: StateOptions): Promise<Readonly<Record<string, Json>>>;
}

/** We give `-state` on purpose where no backend is declared; that it is deprecated helps nobody. */
const isOurs = ({ summary }: Diagnostic): boolean => /^Deprecated flag: -(?:state|backup)/.test(summary);

export function createTerraform(options: TerraformOptions): Terraform {
  const { moduleDir, notify, redactor } = options;
  const learn: OnSecret = (name, value) => {
    if (redactor !== undefined) learnSecret(redactor, name, value);
  };
  const limits = { ...defaultLimits, ...options.limits };
  const parallel = options.parallelism === undefined ? [] : [`-parallelism=${options.parallelism}`];
  const lock = `-lock-timeout=${limits.lockSeconds}s`;
  let backend: EnvironmentBackend | undefined;

  const complaints = (text: string): Diagnostic[] =>
    readDiagnosticText(text, moduleDir).map((diagnostic) => redacted(diagnostic, options.redactor));

  const start = async (invocation: Invocation, fallback: ErrorCode): Promise<string> => {
    const { exitCode, stdout, stderr, interrupted } = await invoke(options, invocation);
    if (exitCode === 0) return stdout;
    const doing = describe(options, invocation.args);
    if (interrupted) throw interruptedError(doing);
    // `init` writes to either of the two, depending on the kind of error.
    throw diagnose(complaints(`${stderr}\n${stdout}`), {
      folder: moduleDir,
      doing,
      fallback,
    });
  };

  /** Where the state lies if it is a file: then no process is needed to read it. */
  const stateFileOf = (given: StateOptions | undefined): string | null => {
    if (given?.stateFile !== undefined) return given.stateFile;
    return backend !== undefined && backend.kind !== 's3' ? backend.stateFile : null;
  };

  return {
    async version() {
      const found = await readVersion(options.binary, { env: options.env, signal: options.signal });
      if (found) return found;
      throw new ProvisionError('tool-missing', `${options.binary} is neither Terraform nor OpenTofu.`, {
        hint: 'Name another program in PROVISION_ENV_TERRAFORM.',
      });
    },

    async init(request) {
      const ignored = ignoredVariables({ ...process.env, ...options.env });
      if (ignored.length > 0) {
        notify({
          type: 'note',
          level: 'info',
          text: `Terraform is not given ${ignored.join(', ')}: the proof would not hold for what they change.`,
        });
      }
      await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
      // Where `workspace select` notes its choice: another workspace is another state than the one that is proved.
      await rm(join(options.dataDir, 'environment'), { force: true });
      const needsFolder =
        needsDraft(request.backend) || Object.entries(request.backend.overrides).some(isSecret);
      const folder = needsFolder ? await privateFolder('init') : undefined;
      try {
        const settings = await backendArguments(request.backend, folder);
        await start(
          {
            args: [
              'init',
              '-input=false',
              '-no-color',
              '-reconfigure',
              ...(request.upgrade ? ['-upgrade'] : []),
              ...(request.pluginDir === undefined ? [] : [`-plugin-dir=${request.pluginDir}`]),
              ...settings,
            ],
            timeoutMs: limits.initMs,
          },
          'configuration-invalid',
        );
        ({ backend } = request);
      } finally {
        await folder?.remove();
      }
    },

    async plan(request) {
      const diagnostics: Diagnostic[] = [];
      let changes: ChangeSummary = { add: 0, change: 0, remove: 0, import: 0 };
      const args = [
        'plan',
        '-input=false',
        '-no-color',
        '-json',
        lock,
        ...parallel,
        `-var-file=${request.varFile}`,
        `-out=${request.outFile}`,
        ...(request.stateFile === undefined ? [] : [`-state=${request.stateFile}`]),
        ...(request.destroy ? ['-destroy'] : []),
        ...(request.refresh === false ? ['-refresh=false'] : []),
        ...(request.targets ?? []).map((address) => `-target=${address}`),
      ];
      const { exitCode, stderr, interrupted } = await invoke(options, {
        args,
        timeoutMs: limits.planMs,
        keepStdout: false,
        onLine(line) {
          const event = readUiLine(line, moduleDir);
          if (event.type === 'diagnostic') diagnostics.push(redacted(event.diagnostic, options.redactor));
          if (event.type === 'summary') ({ changes } = event);
        },
      });
      if (exitCode !== 0) {
        if (interrupted) throw interruptedError('terraform plan');
        diagnostics.push(...complaints(stderr));
        throw diagnose(diagnostics, { folder: moduleDir, doing: 'terraform plan', fallback: 'plan-failed' });
      }
      const warnings = diagnostics.filter((diagnostic) => !isOurs(diagnostic));
      for (const text of new Set(warnings.map(({ message }) => message))) {
        notify({ type: 'note', level: 'warning', text: `Terraform: ${text}` });
      }
      return { changes, warnings };
    },

    async showPlan(planFile) {
      const args = ['show', '-json', '-no-color', planFile];
      const text = await start({ args, timeoutMs: limits.showMs }, 'plan-failed');
      const plan = parsePlan(text, learn);
      if (redactor !== undefined) learnPlan(redactor, plan);
      return plan;
    },

    apply(request) {
      const state = request.stateFile === undefined ? [] : [`-state=${request.stateFile}`, '-backup=-'];
      return apply(
        options,
        ['apply', '-input=false', '-no-color', '-json', lock, ...parallel, ...state],
        request,
      );
    },

    async statePull(given) {
      const file = stateFileOf(given);
      if (file !== null) return readStateFile(file, redactor);
      const args = ['state', 'pull', '-no-color'];
      const text = await start(
        { args, timeoutMs: limits.shortMs, evenIfInterrupted: true },
        'state-unreadable',
      );
      return pulledState(text, redactor);
    },

    async importResource({ address, id, varFile, stateFile }) {
      const folder =
        stateFileOf(stateFile === undefined ? undefined : { stateFile }) === null
          ? undefined
          : await privateFolder('state');
      const copy = folder ? [`-backup=${join(folder.path, 'backup')}`] : [];
      const state = stateFile === undefined ? [] : [`-state=${stateFile}`];
      try {
        const args = [
          'import',
          '-input=false',
          '-no-color',
          lock,
          `-var-file=${varFile}`,
          ...state,
          ...copy,
          address,
          id,
        ];
        await start({ args, timeoutMs: limits.planMs }, 'plan-failed');
      } finally {
        await folder?.remove();
      }
    },

    async stateRemove(addresses, given) {
      if (addresses.length === 0) return;
      const file = stateFileOf(given);
      const folder = file === null ? undefined : await privateFolder('state');
      // Terraform insists on a copy beside a state file, secrets included: it goes where it is deleted.
      const copy = folder ? [`-backup=${join(folder.path, 'backup')}`] : [];
      const state = given?.stateFile === undefined ? [] : [`-state=${given.stateFile}`];
      try {
        const args = ['state', 'rm', '-no-color', lock, ...state, ...copy, ...addresses];
        await start({ args, timeoutMs: limits.shortMs }, 'state-unreadable');
      } finally {
        await folder?.remove();
      }
    },

    async output(given) {
      const state = given?.stateFile === undefined ? [] : [`-state=${given.stateFile}`];
      const args = ['output', '-json', '-no-color', ...state];
      return openOutputs(
        await start({ args, timeoutMs: limits.shortMs, evenIfInterrupted: true }, 'state-unreadable'),
      );
    },
  };
}

/** `state pull` prints nothing where there is no state, and an empty one for an object without content. */
export function pulledState(text: string, redactor?: Redactor): StateModel | null {
  if (text.trim() === '') return null;
  const state = knownState(text, redactor);
  return state.lineage === '' && state.resources.length === 0 ? null : state;
}

/** True if the backend file is not written yet: a plan must not write it. */
function needsDraft({ file, fileText }: EnvironmentBackend): boolean {
  return fileText !== null && (file === null || !existsSync(file));
}

const isSecret = ([name, value]: readonly [string, string]): boolean => isSecretSetting(name, value);

/** As HCL writes a text, without templates in it. */
const quoted = (value: string): string => JSON.stringify(value).replaceAll(/([$%])\{/g, '$1$1{');

async function backendArguments(
  backend: EnvironmentBackend,
  folder: PrivateFolder | undefined,
): Promise<string[]> {
  if (backend.kind === 'none') return [];
  const { fileText } = backend;
  const overrides = Object.entries(backend.overrides);
  let { file } = backend;
  if (folder && needsDraft(backend) && fileText !== null) {
    file = join(folder.path, 'backend.hcl');
    await writeFile(file, fileText, { mode: 0o600 });
  }
  // Arguments can be read by everybody on the machine: credentials go by a file.
  const secret = overrides.filter(isSecret);
  const secretFile = folder && secret.length > 0 ? join(folder.path, 'credentials.hcl') : null;
  if (secretFile !== null) {
    const lines = secret.map(([key, value]) => `${key} = ${quoted(value)}\n`);
    await writeFile(secretFile, lines.join(''), { mode: 0o600 });
  }
  return [
    ...[file, secretFile].flatMap((each) => (each === null ? [] : [`-backend-config=${each}`])),
    ...overrides.filter((entry) => !isSecret(entry)).map(([key, value]) => `-backend-config=${key}=${value}`),
  ];
}

function openOutputs(text: string): Readonly<Record<string, Json>> {
  const raw = JSON.parse(text) as unknown;
  if (!isJsonObject(raw))
    throw new ProvisionError('output-unreadable', '`terraform output` did not print an object.');
  const entries = Object.entries(raw).flatMap(([name, output]): [string, Json][] =>
    isJsonObject(output) && output['sensitive'] === false ? [[name, output['value'] ?? null]] : [],
  );
  return Object.fromEntries(entries);
}
