/**
 * The stand-in Terraform is held to the real one: the same calls on the same module, and of the answers what the product
 * reads. Attributes that the stand-in leaves out are not compared; what it has must be right.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { run, type RunResult } from '../../src/process/run.ts';
import { diagnose } from '../../src/terraform/diagnose.ts';
import { readDiagnosticText } from '../../src/terraform/diagnostics.ts';
import { readUiLine } from '../../src/terraform/events.ts';
import { providerSources } from '../../src/tools/provider-sources.ts';
import { findOrInstallTerraform } from '../../src/tools/terraform.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/transfer/json.ts';
import { emptyAccount } from '../support/stand-in-terraform/account.ts';
import { textOf } from '../support/text-of.ts';

const region = 'ap-southeast-1';
const plain = ['-input=false', '-no-color'];
const init = (key: string): string[] => [
  'init',
  ...plain,
  '-reconfigure',
  '-backend-config=backend.hcl',
  `-backend-config=key=${key}`,
];
const plan = (...more: string[]): string[] => ['plan', ...plain, '-json', '-out=the.plan', ...more];
const show = ['show', '-json', '-no-color', 'the.plan'];
const apply = ['apply', ...plain, '-json', 'the.plan'];
const pull = ['state', 'pull', '-no-color'];
const remove = (address: string): string[] => ['state', 'rm', '-no-color', address];
const own = '-var-file=a.tfvars';

/** Data folder and arguments, one process after the other. */
const calls: readonly (readonly [string, readonly string[]])[] = [
  ['a', pull],
  ['a', plan(own)],
  ['a', ['version']],
  ['a', init('a')],
  ['a', pull],
  ['a', plan()],
  ['a', plan('-var-file=no.tfvars')],
  ['a', plan(own, '-var=environment=a-name-that-is-far-too-long')],
  ['a', plan(own)],
  ['a', show],
  ['a', apply],
  ['a', pull],
  ['a', apply],
  ['a', ['output', '-json', '-no-color']],
  ['a', plan(own)],
  ['a', show],
  ['a', plan('-var-file=later.tfvars')],
  ['a', show],
  ['a', apply],
  // Names that are taken: all services but one refuse.
  ['b', init('b')],
  ['b', plan(own)],
  ['b', apply],
  ['b', pull],
  ['a', remove('aws_sqs_queue.jobs')],
  ['a', remove('aws_sqs_queue.nothing')],
  ['a', pull],
  // In another region nothing of it is there, but for what belongs to none.
  ['a', plan('-var-file=elsewhere.tfvars', '-destroy')],
  ['a', show],
  ['a', plan(own, '-destroy')],
  ['a', show],
  ['a', apply],
  ['a', pull],
  ['a', plan(own, '-destroy')],
  ['c', init('junk')],
];

let folder: string;
let sandbox: Sandbox;
let s3: S3Client;
let real: Terraform;
let standIn: Terraform;

type Terraform = (data: string, args: readonly string[]) => Promise<RunResult>;

async function moduleIn(name: string): Promise<string> {
  const module = join(folder, name);
  await cp(join(import.meta.dirname, 'fixtures', 'stand-in'), module, { recursive: true });
  await writeFile(join(module, 'a.tfvars'), `environment = "a"\nregion = "${region}"\n`);
  await writeFile(join(module, 'later.tfvars'), `environment = "a"\nregion = "${region}"\nretention = 14\n`);
  await writeFile(join(module, 'elsewhere.tfvars'), 'environment = "a"\nregion = "eu-west-1"\n');
  await writeFile(join(module, 'backend.hcl'), `bucket = "states"\nregion = "${region}"\n`);
  return module;
}

function terraformAt(command: string, module: string, env: Readonly<Record<string, string>>): Terraform {
  return (data, args) =>
    run({
      command,
      args,
      cwd: module,
      env: {
        ...env,
        TF_DATA_DIR: join(module, 'data', data),
        TF_IN_AUTOMATION: '1',
        CHECKPOINT_DISABLE: '1',
      },
      timeoutMs: 300_000,
    });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pe-stand-in-'));
  sandbox = await startSandbox({ logFile: join(folder, 'sandbox.log') });
  const binary = await findOrInstallTerraform({ env: process.env, notify: () => undefined });
  const { cliConfigFile } = await providerSources({ env: process.env });
  real = terraformAt(binary, await moduleIn('real'), {
    ...sandbox.env,
    ...(cliConfigFile === null ? {} : { TF_CLI_CONFIG_FILE: cliConfigFile }),
  });
  s3 = new S3Client({
    region,
    endpoint: sandbox.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const place = { CreateBucketConfiguration: { LocationConstraint: region } } as const;
  await s3.send(new CreateBucketCommand({ Bucket: 'states', ...place }));
  const program = join(import.meta.dirname, '..', 'support', 'stand-in-terraform', 'stand-in-terraform.mjs');
  const account = join(folder, 'account.json');
  standIn = terraformAt(program, await moduleIn('stand-in'), { PROVISION_ENV_STAND_IN_ACCOUNT: account });
});
afterAll(async () => {
  s3.destroy();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What no two runs have in common. */
const settled = (text: string): string =>
  text
    .replaceAll(/RequestID: [^,]+,/g, 'RequestID: 0000,')
    .replaceAll(/https?:\/\/(?:127\.0\.0\.1:\d+|sqs\.[\w.-]+)\//g, 'https://sqs/')
    .replaceAll(/"AROA\w+"/g, '"AROA"')
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"then"');

/** The real one writes sensitive attributes in any order. */
const inOrder = (key: string, value: Json): Json =>
  key === 'sensitive_attributes' && Array.isArray(value)
    ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    : value;

const parse = (text: string): JsonObject => JSON.parse(settled(text), inOrder) as JsonObject;
const list = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** The text of a call's answer, as far as the product reads it. */
function read(args: readonly string[], { exitCode, stderr, stdout }: RunResult): JsonObject {
  const [command, second] = args;
  if (command === 'version') return { exitCode: exitCode ?? null, said: stdout.split('\n')[0] ?? '' };
  const lines = stdout.split('\n').flatMap((line) => readUiLine(settled(line), '/'));
  const complaints = [
    ...lines.flatMap((line) => (line.type === 'diagnostic' ? [line.diagnostic] : [])),
    ...readDiagnosticText(`${stderr}\n${command === 'init' ? stdout : ''}`, '/'),
  ].filter(({ severity }) => severity === 'error');
  const failure =
    exitCode === 0
      ? null
      : diagnose(complaints, { folder: '/', doing: `terraform ${command}`, fallback: 'unexpected' });
  const said: JsonObject = {
    exitCode: exitCode ?? null,
    error: failure === null ? null : failure.code,
    about: complaints.map(({ address }) => address ?? '').sort(),
    lines: lines
      // Of what fails, the real one tells more than anybody reads.
      .filter(
        ({ type }) => type === 'resource' || (exitCode === 0 && type !== 'other' && type !== 'diagnostic'),
      )
      .flatMap((line) =>
        line.type === 'resource' && line.phase === 'progress' ? [] : [JSON.stringify(withoutTime(line))],
      )
      .sort(),
  };
  if (exitCode !== 0 || command === 'init') return said;
  if (command === 'show') return { ...said, plan: readPlan(parse(stdout)) };
  if (command === 'state' && second === 'pull')
    return { ...said, state: stdout.trim() === '' ? null : parse(stdout) };
  if (command === 'output') return { ...said, outputs: parse(stdout) };
  if (command === 'state') return { ...said, said: stdout };
  return said;
}

const withoutTime = (line: object): object => ({ ...line, elapsedSeconds: 0 });

/** The members of the plan that src/terraform/plan.ts reads. */
function readPlan(shown: JsonObject): JsonObject {
  const {
    configuration,
    output_changes: outputs,
    prior_state: prior,
    resource_changes: changes,
    variables,
  } = shown;
  const module = isJsonObject(configuration) ? configuration['root_module'] : null;
  const declared = isJsonObject(module) && isJsonObject(module['variables']) ? module['variables'] : {};
  return {
    format_version: shown['format_version'] ?? null,
    terraform_version: shown['terraform_version'] ?? null,
    variables: variables ?? {},
    sensitive: Object.keys(declared).filter(
      (name) => isJsonObject(declared[name]) && declared[name]['sensitive'] === true,
    ),
    outputs: Object.fromEntries(
      Object.entries(isJsonObject(outputs) ? outputs : {}).map(([name, each]) => [
        name,
        isJsonObject(each) ? (each['actions'] ?? null) : null,
      ]),
    ),
    addresses: Object.keys(byAddress(list(changes))),
    changes: byAddress(list(changes)),
    prior: addressesIn(prior),
  };
}

const byAddress = (changes: readonly JsonObject[]): JsonObject =>
  Object.fromEntries(
    changes
      .map((each): [string, JsonObject] => [textOf(each['address']), each])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

function addressesIn(state: Json | undefined): readonly string[] {
  const values = isJsonObject(state) ? state['values'] : null;
  const module = isJsonObject(values) ? values['root_module'] : null;
  return list(isJsonObject(module) ? module['resources'] : [])
    .map(({ address = '' }) => textOf(address))
    .sort();
}

/** Of the real answer, what the stand-in has an opinion on. */
function asFarAs(wanted: Json, found: Json | undefined): Json {
  if (isJsonObject(wanted) && isJsonObject(found))
    return Object.fromEntries(
      Object.entries(wanted).map(([key, value]) => [key, asFarAs(value, found[key])]),
    );
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length)
    return wanted.map((value: Json, index) => asFarAs(value, found[index] as Json));
  return found ?? null;
}

/** Lineage and serial count by how they come about: whether there is one, and whether it went on. */
function compareStates(states: readonly [JsonObject, JsonObject][]): void {
  for (const at of [0, 1] as const) {
    for (const [index, pair] of states.entries()) {
      const [now, before] = [pair[at], states[index - 1]?.[at]];
      pair[at] = {
        ...now,
        check_results: null,
        lineage:
          now['lineage'] === '' ? 'none' : now['lineage'] === before?.['lineage'] ? 'the same' : 'a new one',
        serial:
          Number(now['serial']) === 0
            ? 'none'
            : Number(now['serial']) > Number(before?.['serial'] ?? 0)
              ? 'later'
              : 'the same',
      };
    }
  }
}

it('answers as the real one does, call by call', { timeout: 20 * 60_000 }, async () => {
  const answers: { call: string; real: JsonObject; standIn: JsonObject }[] = [];
  await putJunk();
  for (const [data, args] of calls) {
    const [theirs, ours] = await Promise.all([real(data, args), standIn(data, args)]);
    answers.push({ call: `${data}: ${args.join(' ')}`, real: read(args, theirs), standIn: read(args, ours) });
  }
  const states = answers.flatMap((answer): [JsonObject, JsonObject][] =>
    isJsonObject(answer.real['state']) && isJsonObject(answer.standIn['state'])
      ? [[answer.real['state'], answer.standIn['state']]]
      : [],
  );
  compareStates(states);
  const compared = answers.map(
    ({ call, real: { state: _their, ...theirs }, standIn: { state: _our, ...ours } }) => ({
      call,
      theirs: asFarAs(ours, theirs),
      ours,
    }),
  );
  expect(compared.map(({ call, ours }) => ({ call, answer: ours }))).toEqual(
    compared.map(({ call, theirs }) => ({ call, answer: theirs })),
  );
  expect(states.map(([, ours]) => ours)).toEqual(states.map(([theirs, ours]) => asFarAs(ours, theirs)));
});

async function putJunk(): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: 'states', Key: 'junk', Body: 'this is no state' }));

  await writeFile(
    join(folder, 'account.json'),
    JSON.stringify({ ...emptyAccount(), objects: { 'states/junk': 'this is no state' } }),
  );
}
