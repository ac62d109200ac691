/**
 * What happens to environments in real life: by hand, by a copied file, by a crash. A mishap is data, so that a world
 * can be written down and played again; `a` and `b` are places in its company.
 */
import { rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as fc from 'fast-check';
import { isJsonObject, type Json, type JsonObject } from '../../src/transfer/json.ts';
import { removeThing } from '../support/stand-in-terraform/account.ts';
import {
  bucket,
  type Environment,
  projectOf,
  readFileOf,
  readHome,
  region,
  type World,
  writeFileOf,
  writeHome,
} from './world.ts';
import { textOf } from '../support/text-of.ts';

/** What a state file may hold that is none. */
const junk = [
  'this is no state',
  '{"version": 4, "terraform',
  '{"version": 5, "terraform_version": "9.9.9"}',
  '[]',
] as const;

/** What of one record is overwritten with that of another environment, or with something of nobody. */
const recordEdits = [
  'varFile',
  'backendFile',
  'state',
  'secrets',
  'name',
  'more-resources',
  'other-resources',
  'fewer-resources',
  'no-resources',
  'no-lineage',
  'other-lineage',
  'outside',
  'whole',
  'deleted',
  'status',
  'source',
  'module',
] as const;

const variables = [
  ['TF_WORKSPACE', (b: Environment) => b.name],
  ['TF_CLI_ARGS_init', (b: Environment) => `-backend-config=key=app/${b.name}/terraform.tfstate`],
  ['TF_CLI_ARGS_plan', (b: Environment) => `-var-file=terraform.${b.name}.tfvars`],
  ['TF_VAR_environment', (b: Environment) => b.name],
  ['TF_DATA_DIR', () => 'elsewhere'],
] as const;

const place = fc.nat({ max: 3 });
const two = { a: place, b: place };

const kinds = {
  'swap-states': fc.record({ kind: fc.constant('swap-states'), ...two }),
  'move-state': fc.record({ kind: fc.constant('move-state'), ...two }),
  'copy-state': fc.record({
    kind: fc.constant('copy-state'),
    ...two,
    lineage: fc.constantFrom('same', 'own', 'new'),
  }),
  'merge-states': fc.record({ kind: fc.constant('merge-states'), ...two, only: fc.boolean() }),
  'empty-state': fc.record({ kind: fc.constant('empty-state'), a: place }),
  'delete-state': fc.record({ kind: fc.constant('delete-state'), a: place }),
  'forget-resource': fc.record({ kind: fc.constant('forget-resource'), a: place, n: place }),
  'corrupt-state': fc.record({
    kind: fc.constant('corrupt-state'),
    a: place,
    text: fc.constantFrom(...junk),
  }),
  'unreadable-state': fc.record({ kind: fc.constant('unreadable-state'), a: place }),
  'edit-record': fc.record({
    kind: fc.constant('edit-record'),
    ...two,
    what: fc.constantFrom(...recordEdits),
  }),
  'repoint-backend': fc.record({
    kind: fc.constant('repoint-backend'),
    ...two,
    how: fc.constantFrom('file', 'config', 'config-file', 'link-state', 'link-file', 'elsewhere'),
  }),
  'edit-var-file': fc.record({
    kind: fc.constant('edit-var-file'),
    ...two,
    what: fc.constantFrom('region', 'name', 'deleted', 'link', 'config'),
  }),
  'set-variable': fc.record({
    kind: fc.constant('set-variable'),
    b: place,
    which: fc.nat({ max: variables.length - 1 }),
  }),
  'delete-things': fc.record({ kind: fc.constant('delete-things'), a: place, all: fc.boolean(), n: place }),
  'deny-service': fc.record({
    kind: fc.constant('deny-service'),
    service: fc.constantFrom('dynamodb', 'iam', 'logs', 'sqs', 'ssm', 'tagging', 's3'),
  }),
  'make-by-hand': fc.record({ kind: fc.constant('make-by-hand'), a: place }),
} as const;

type Arbitraries = typeof kinds;
export type Mishap = {
  [K in keyof Arbitraries]: Arbitraries[K] extends fc.Arbitrary<infer T> ? T : never;
}[keyof Arbitraries];

export const anyMishap: fc.Arbitrary<Mishap> = fc.oneof(...(Object.values(kinds) as fc.Arbitrary<Mishap>[]));

const parse = (text: string | null): JsonObject | null => {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
};

const print = (value: JsonObject): string => `${JSON.stringify(value, null, 2)}\n`;
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const at = ({ environments }: World, index: number): Environment =>
  environments[index % environments.length] as Environment;

const stateOf = (world: World, index: number): JsonObject | null => parse(readHome(world, at(world, index)));

/** As if somebody had pushed it: with the next serial. */
function pushState(world: World, index: number, state: JsonObject, more: JsonObject): void {
  writeHome(world, at(world, index), print({ ...state, serial: Number(state['serial']) + 1, ...more }));
}

type Of<K extends Mishap['kind']> = Extract<Mishap, { kind: K }>;

const happenings: { readonly [K in Mishap['kind']]: (world: World, mishap: Of<K>) => void } = {
  'swap-states'(world, { a, b }) {
    const [first, second] = [readHome(world, at(world, a)), readHome(world, at(world, b))];
    writeHome(world, at(world, a), second);
    writeHome(world, at(world, b), first);
  },
  'move-state'(world, { a, b }) {
    const text = readHome(world, at(world, a));
    if (at(world, a) === at(world, b) || text === null) return;
    writeHome(world, at(world, a), null);
    writeHome(world, at(world, b), text);
  },
  'copy-state'(world, { a, b, lineage }) {
    const [from, own] = [stateOf(world, a), stateOf(world, b)];
    if (from === null) return;
    const kept = lineage === 'same' ? from['lineage'] : lineage === 'own' ? own?.['lineage'] : undefined;
    writeHome(world, at(world, b), print({ ...from, lineage: kept ?? 'a-new-lineage' }));
  },
  'merge-states'(world, { a, b, only }) {
    const [from, into] = [stateOf(world, a), stateOf(world, b)];
    const { name } = at(world, a);
    if (from === null || into === null || at(world, b).name === name) return;
    // What is imported gets an address of its own, and so does what is copied, or Terraform would refuse the state.
    const all = list(from['resources']).map((each) =>
      isJsonObject(each)
        ? { ...each, name: `${textOf(each['name'])}_of_${name.replaceAll('-', '_')}` }
        : each,
    );
    pushState(world, b, into, { resources: [...list(into['resources']), ...(only ? all.slice(0, 1) : all)] });
  },
  'empty-state'(world, { a }) {
    const found = stateOf(world, a);
    if (found !== null) pushState(world, a, found, { resources: [], outputs: {} });
  },
  'delete-state'(world, { a }) {
    writeHome(world, at(world, a), null);
  },
  'forget-resource'(world, { a, n }) {
    const found = stateOf(world, a);
    const resources = list(found?.['resources']);
    if (found === null || resources.length === 0) return;
    pushState(world, a, found, {
      resources: resources.filter((_each, index) => index !== n % resources.length),
    });
  },
  'corrupt-state'(world, { a, text }) {
    writeHome(world, at(world, a), text);
  },
  'unreadable-state'(world, { a }) {
    const { home } = at(world, a);
    if ('object' in home) {
      world.account.unreadable.push(home.object);
      return;
    }
    writeFileOf(world, home.file, null);
    writeFileOf(world, join(home.file, 'a-folder-in-its-place'), '');
  },
  'edit-record'(world, { a, b, what }) {
    editRecord(world, at(world, a), at(world, b), what);
  },
  'repoint-backend'(world, { a, b, how }) {
    repoint(world, at(world, a), at(world, b), how);
  },
  'edit-var-file'(world, { a, b, what }) {
    editVarFile(world, at(world, a), at(world, b), what);
  },
  'set-variable'(world, { b, which }) {
    const [name, value] = variables[which] ?? variables[0];
    world.env[name] = value(at(world, b));
  },
  'delete-things'({ account, environments }, { a, all, n }) {
    const theirs = account.things.filter(
      ({ maker }) => maker === environments[a % environments.length]?.name,
    );
    const gone = all ? theirs : theirs.slice(n % Math.max(theirs.length, 1)).slice(0, 1);
    for (const { type, region: where, name } of gone) removeThing(account, type, where, name);
  },
  'deny-service'({ account }, { service }) {
    account.denied.push(service);
  },
  'make-by-hand'(world, { a }) {
    const { account } = world;
    const name = `/app/${at(world, a).name}/by-hand`;
    const arn = `arn:aws:ssm:${region}:${account.id}:parameter${name}`;
    account.things.push({
      type: 'aws_ssm_parameter',
      region,
      name,
      values: { id: name, name, arn },
      maker: 'by hand',
    });
  },
};

export function apply(world: World, mishap: Mishap): void {
  (happenings[mishap.kind] as (world: World, mishap: Mishap) => void)(world, mishap);
}

function editRecord(world: World, a: Environment, b: Environment, what: (typeof recordEdits)[number]): void {
  const record = parse(readFileOf(world, a.record));
  const other = parse(readFileOf(world, b.record));
  if (record === null) return;
  if (what === 'deleted' || what === 'whole') {
    if (what === 'deleted') writeFileOf(world, a.record, null);
    else if (other !== null) writeFileOf(world, a.record, print(other));
    return;
  }
  const theirs = list(other?.['resources']);
  // Of what has no record there is still its state: somebody who writes a record by hand copies from there.
  const known = theirs.length > 0 ? theirs : recordedFromState(world, b);
  const edits: Readonly<Record<string, JsonObject>> = {
    varFile: { varFile: b.varFile, varFileOurs: true },
    backendFile: { backendFile: b.backendFile, backendFileOurs: b.backendFile !== null },
    state: { state: locationOf(world, b) },
    secrets: {
      secrets: { provider: 'dotenv', config: b.secretsFile, made: true, sealed: true, fingerprints: {} },
    },
    name: { name: b.name },
    'more-resources': { resources: [...list(record['resources']), ...known] },
    'other-resources': { resources: known },
    'fewer-resources': { resources: list(record['resources']).slice(1) },
    'no-resources': { resources: [] },
    'other-lineage': { lineage: parse(readHome(world, b))?.['lineage'] ?? '' },
    outside: { varFile: '../outside.txt', varFileOurs: true },
    status: { status: 'destroyed' },
    source: { source: b.name },
    module: { moduleDir: '../elsewhere' },
  };
  const { lineage: _lineage, ...without } = record;
  writeFileOf(world, a.record, print(what === 'no-lineage' ? without : { ...record, ...edits[what] }));
}

function recordedFromState(world: World, environment: Environment): readonly Json[] {
  return list(parse(readHome(world, environment))?.['resources']).flatMap((each): Json[] => {
    if (!isJsonObject(each)) return [];
    const [instance] = list(each['instances']);
    const values =
      isJsonObject(instance) && isJsonObject(instance['attributes']) ? instance['attributes'] : {};
    const { type = '', name = '' } = each;
    const [id, arn, identity] = [values['id'] ?? null, values['arn'] ?? null, values['name'] ?? null];
    return [{ address: `${textOf(type)}.${textOf(name)}`, type, identity, id, arn }];
  });
}

function locationOf(world: World, { home }: Environment): string {
  return 'object' in home ? `s3://${home.object}` : `file://${join(projectOf(world), home.file)}`;
}

function editConfig(world: World, environment: Environment, override: JsonObject): void {
  const config = parse(readFileOf(world, 'provision-env.config.json')) ?? {};
  const environments = isJsonObject(config['environments']) ? config['environments'] : {};
  const overrides = isJsonObject(environments['overrides']) ? environments['overrides'] : {};
  const own = isJsonObject(overrides[environment.name]) ? (overrides[environment.name] as JsonObject) : {};
  const next = { ...overrides, [environment.name]: { ...own, ...override } };
  writeFileOf(
    world,
    'provision-env.config.json',
    print({ ...config, environments: { ...environments, overrides: next } }),
  );
}

function link(world: World, path: string, to: string): void {
  if (path === to) return;
  const file = join(projectOf(world), path);
  rmSync(file, { force: true, recursive: true });
  symlinkSync(relative(dirname(file), join(projectOf(world), to)), file);
}

type How = Extract<Mishap, { kind: 'repoint-backend' }>['how'];

function repoint(world: World, a: Environment, b: Environment, how: How): void {
  const { backend } = world.shape;
  const inModule = (path: string): string => path.replace(/^terraform\//, '');
  const setting: JsonObject =
    'object' in b.home ? { key: b.home.object.slice(bucket.length + 1) } : { path: inModule(b.home.file) };
  if (how === 'file' || how === 'elsewhere') {
    if (a.backendFile === null) return;
    const text = readFileOf(world, a.backendFile) ?? '';
    const name = how === 'file' ? b.name : `${a.name}-moved`;
    writeFileOf(
      world,
      a.backendFile,
      text.replace(/^((?:key|path)\s*=.*)$/m, (line) => line.replace(a.name, name)),
    );
  }
  if (how === 'config' && backend !== 'none') editConfig(world, a, { backendConfig: setting });
  if (how === 'config-file' && b.backendFile !== null)
    editConfig(world, a, { backendFile: inModule(b.backendFile) });
  if (how === 'link-state' && 'file' in a.home && 'file' in b.home) link(world, a.home.file, b.home.file);
  if (how === 'link-file' && a.backendFile !== null && b.backendFile !== null)
    link(world, a.backendFile, b.backendFile);
}

type VarFileEdit = Extract<Mishap, { kind: 'edit-var-file' }>['what'];

function editVarFile(world: World, a: Environment, b: Environment, what: VarFileEdit): void {
  const text = readFileOf(world, a.varFile);
  if (text === null) return;
  if (what === 'region') writeFileOf(world, a.varFile, text.replace(region, 'eu-west-1'));
  if (what === 'name') writeFileOf(world, a.varFile, text.replace(`"${a.name}"`, `"${b.name}"`));
  if (what === 'deleted') writeFileOf(world, a.varFile, null);
  if (what === 'link') link(world, a.varFile, b.varFile);
  if (what === 'config') editConfig(world, a, { varFile: b.varFile.replace(/^terraform\//, '') });
}
