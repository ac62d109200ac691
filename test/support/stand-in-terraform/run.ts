/**
 * A stand-in for Terraform: the calls that the product makes, on real files and real states, against an account that
 * is plain data. A run takes a millisecond, so that a test can have thousands.
 *
 * It knows a root module with the types of types.ts, variables, locals and outputs; no modules, `count` or `for_each`.
 * What it does not know is an error, never a guess. The contract test holds it to the real one.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json, JsonObject } from '../../../src/transfer/json.ts';
import type { Account } from './account.ts';
import { applyPlan, Killed, saved } from './apply.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { asLine, asText, Complaint } from './complaint.ts';
import { type Configuration, readAttributes, readConfiguration } from './configuration.ts';
import { makePlan, type Plan, variablesOf } from './plan.ts';
import { countOf, outputsLine, plannedLines, shownPlan, summaryLine, versionLine } from './show.ts';
import {
  addressOf,
  type Backend,
  openStorage,
  parseState,
  printed,
  rememberBackend,
  rememberedBackend,
  type State,
  type Storage,
  terraformVersion,
} from './state.ts';

export interface Run {
  /** `null`: it was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Env = Readonly<Record<string, string | undefined>>;

interface Call {
  readonly given: Arguments;
  readonly env: Env;
  readonly cwd: string;
  readonly account: Account;
  readonly out: string[];
}

/** @param args as on the command line, for example `["plan", "-out=plan"]` */
export async function runTerraform(
  args: readonly string[],
  env: Env,
  cwd: string,
  account: Account,
): Promise<Run> {
  account.starts.push(args.join(' '));
  const given = parseArguments(args, env);
  const call: Call = { given, env, cwd, account, out: [] };
  const stdout = (): string => call.out.map((text) => `${text}\n`).join('');
  try {
    const command = commands[given.command];
    if (!command) throw new Complaint(`Terraform has no command named "${given.command}".`);
    const exitCode = await command(call);
    return { exitCode, stdout: stdout(), stderr: '' };
  } catch (error) {
    if (error instanceof Killed) return { exitCode: null, stdout: stdout(), stderr: '' };
    const complaint = error instanceof Complaint ? error : new Complaint(String(error));
    const machine = given.flags.has('json') && ['plan', 'apply'].includes(given.command);
    const all = [complaint, ...complaint.more];
    if (machine) call.out.push(...all.map(asLine));
    return { exitCode: 1, stdout: stdout(), stderr: machine ? '' : all.map(asText).join('') };
  }
}

const commands: Readonly<Record<string, (call: Call) => Promise<number>>> = {
  version: async ({ out }) => {
    out.push(`Terraform v${terraformVersion}`, 'on linux_amd64');
    return 0;
  },
  init,
  plan: async (call) => {
    if (call.given.flags.has('json')) call.out.push(versionLine());
    const { plan } = await planned(call);
    const file = call.given.options.get('out')?.at(-1);
    if (file !== undefined) writeFileSync(resolve(call.cwd, file), JSON.stringify(plan), { mode: 0o600 });
    const outputs = Object.entries(plan.outputs).map(([name, { sensitive, action }]): [string, Json] => [
      name,
      { sensitive, action: action === 'no-op' ? 'noop' : action },
    ]);
    call.out.push(...plannedLines(plan), summaryLine('plan', countOf(plan.changes)));
    if (outputs.length > 0) call.out.push(outputsLine(Object.fromEntries(outputs)));
    return 0;
  },
  show: async ({ cwd, given, out }) => {
    out.push(JSON.stringify(shownPlan(readPlan(resolve(cwd, given.rest[0] ?? '')))));
    return 0;
  },
  apply,
  output: async (call) => {
    const { outputs } = parseState((await storageOf(call)).read());
    const shown = Object.entries(outputs).map(
      ([name, { value = null, sensitive = false, type = 'string' }]) => [name, { sensitive, type, value }],
    );
    call.out.push(JSON.stringify(Object.fromEntries(shown), null, 2));
    return 0;
  },
  'state pull': async (call) => {
    const text = (await storageOf(call)).read();
    call.out.push(text === null ? '' : printed(parseState(text, 'Failed to load state')).trimEnd());
    return 0;
  },
  'state rm': stateRemove,
};

async function init({ account, cwd, env, given, out }: Call): Promise<number> {
  const { backend } = await readConfiguration(cwd);
  out.push('Initializing the backend...');
  if (backend === null) {
    out.push('Terraform has been successfully initialized!');
    return 0;
  }
  let settings: JsonObject = backend.settings;
  for (const text of given.options.get('backend-config') ?? []) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
    if (key === undefined && !existsSync(resolve(cwd, text)))
      throw new Complaint('Failed to read file', `The file "${text}" could not be read.`);
    settings = {
      ...settings,
      ...(key === undefined ? await readAttributes(resolve(cwd, text)) : { [key]: value ?? '' }),
    };
  }
  for (const name of backend.type === 's3' ? ['bucket', 'key'] : []) {
    if (settings[name] === undefined || settings[name] === '')
      throw new Complaint('Missing Required Value', `The attribute "${name}" is required by the backend.`);
  }
  const found: Backend = { type: backend.type, settings };
  rememberBackend(dataDirOf(env, cwd), found);
  out.push('', `Successfully configured the backend "${found.type}"! Terraform will automatically`);
  out.push('use this backend unless the backend configuration changes.');
  parseState(
    openStorage({ backend: found, cwd, account, workspace: workspaceOf(env), stateFile: null }).read(),
  );
  out.push('Terraform has been successfully initialized!');
  return 0;
}

const dataDirOf = (env: Env, cwd: string): string => resolve(cwd, env['TF_DATA_DIR'] || '.terraform');
const workspaceOf = (env: Env): string => env['TF_WORKSPACE'] || 'default';

async function storageOf(call: Call, declared?: Configuration['backend']): Promise<Storage> {
  const { account, cwd, env, given } = call;
  const wanted = declared === undefined ? (await readConfiguration(cwd)).backend : declared;
  const backend = rememberedBackend(dataDirOf(env, cwd));
  if (wanted !== null && backend === null) {
    throw new Complaint(
      'Backend initialization required, please run "terraform init"',
      `Reason: Initial configuration of the requested backend "${wanted.type}"`,
    );
  }
  return openStorage({
    backend: wanted === null ? null : backend,
    cwd,
    account,
    workspace: workspaceOf(env),
    stateFile: given.options.get('state')?.at(-1) ?? null,
  });
}

async function planned(
  call: Call,
): Promise<{ readonly plan: Plan; readonly configuration: Configuration; readonly storage: Storage }> {
  const { account, cwd, env, given } = call;
  const configuration = await readConfiguration(cwd);
  const storage = await storageOf(call, configuration.backend);
  const values: Record<string, Json> = {};
  for (const file of given.options.get('var-file') ?? [])
    Object.assign(values, await readAttributes(resolve(cwd, file)));
  for (const text of given.options.get('var') ?? [])
    values[text.slice(0, text.indexOf('='))] = text.slice(text.indexOf('=') + 1);
  const plan = makePlan({
    configuration,
    variables: variablesOf(configuration, values, env),
    state: parseState(storage.read()),
    account,
    destroy: given.flags.has('destroy'),
    refresh: !given.options.get('refresh')?.includes('false'),
  });
  return { plan, configuration, storage };
}

function readPlan(file: string): Plan {
  if (!existsSync(file))
    throw new Complaint('Failed to load plan', `open ${file}: no such file or directory`);
  return JSON.parse(readFileSync(file, 'utf8')) as Plan;
}

async function apply(call: Call): Promise<number> {
  const { account, cwd, given, out } = call;
  const [file] = given.rest;
  if (given.flags.has('json')) out.push(versionLine());
  const fresh = file === undefined ? await planned(call) : null;
  const plan = fresh?.plan ?? readPlan(resolve(cwd, file ?? ''));
  const configuration = fresh?.configuration ?? (await readConfiguration(cwd));
  const storage = fresh?.storage ?? (await storageOf(call, configuration.backend));
  const now = parseState(storage.read());
  if (now.lineage !== plan.prior.lineage || now.serial !== plan.prior.serial) {
    throw new Complaint(
      'Saved plan is stale',
      'The given plan file can no longer be applied because the state was changed by another operation after the plan was created.',
    );
  }
  out.push(...plannedLines(plan));
  const { done, lines, ok, state } = applyPlan(plan, configuration, account);
  out.push(...lines);
  if (state !== plan.prior) storage.write(printed(state));
  if (!ok) return 1;
  out.push(summaryLine('apply', countOf(done)), outputsLine(shownOutputs(state)));
  return 0;
}

const shownOutputs = ({ outputs }: State): JsonObject =>
  Object.fromEntries(
    Object.entries(outputs).map(
      ([name, { value = null, type = 'string', sensitive = false }]): [string, Json] => [
        name,
        sensitive === true ? { sensitive, type } : { sensitive, type, value },
      ],
    ),
  );

async function stateRemove(call: Call): Promise<number> {
  const { account, given, out } = call;
  const storage = await storageOf(call);
  const state = parseState(storage.read());
  const named = given.rest.filter((address) => state.resources.some((each) => addressOf(each) === address));
  if (named.length < given.rest.length) {
    throw new Complaint(
      'Invalid target address',
      'No matching objects found. To view the available instances, use "terraform\nstate list". Please modify the address to reference a specific instance.',
    );
  }
  const backup = given.options.get('backup')?.at(-1);
  if (backup !== undefined && backup !== '-') writeFileSync(resolve(call.cwd, backup), storage.read() ?? '');
  const resources = state.resources.filter((each) => !named.includes(addressOf(each)));
  storage.write(printed(saved(state, { resources, outputs: state.outputs }, account)));
  out.push(...named.map((address) => `Removed ${address}`));
  out.push(`Successfully removed ${named.length} resource instance(s).`);
  return 0;
}
