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

export function apply(world: World, mishap: Mishap): void {
  const { account, environments } = world;
  const at = (index: number): Environment => environments[index % environments.length] as Environment;
  const state = (each: Environment): JsonObject | null => parse(readHome(world, each));
  switch (mishap.kind) {
    case 'swap-states': {
      const [a, b] = [at(mishap.a), at(mishap.b)];
      const [first, second] = [readHome(world, a), readHome(world, b)];
      writeHome(world, a, second);
      writeHome(world, b, first);
      return;
    }
    case 'move-state': {
      const [a, b] = [at(mishap.a), at(mishap.b)];
      const text = readHome(world, a);
      if (a === b || text === null) return;
      writeHome(world, a, null);
      writeHome(world, b, text);
      return;
    }
    case 'copy-state': {
      const from = state(at(mishap.a));
      if (from === null) return;
      const own = state(at(mishap.b));
      const lineage =
        mishap.lineage === 'same'
          ? from['lineage']
          : mishap.lineage === 'own'
            ? own?.['lineage']
            : 'a-new-lineage';
      writeHome(world, at(mishap.b), print({ ...from, lineage: lineage ?? 'a-new-lineage' }));
      return;
    }
    case 'merge-states': {
      const [from, into] = [state(at(mishap.a)), state(at(mishap.b))];
      if (from === null || into === null || mishap.a === mishap.b) return;
      // An import by hand gives what is imported a name of its own; copy and paste does too, or Terraform refuses it.
      const all = list(from['resources']).map((each) =>
        isJsonObject(each)
          ? { ...each, name: `${String(each['name'])}_of_${at(mishap.a).name.replaceAll('-', '_')}` }
          : each,
      );
      const added = mishap.only ? all.slice(0, 1) : all;
      const resources = [...list(into['resources']), ...added];
      writeHome(world, at(mishap.b), print({ ...into, serial: Number(into['serial']) + 1, resources }));
      return;
    }
    case 'empty-state': {
      const found = state(at(mishap.a));
      if (found !== null)
        writeHome(
          world,
          at(mishap.a),
          print({ ...found, serial: Number(found['serial']) + 1, resources: [], outputs: {} }),
        );
      return;
    }
    case 'delete-state':
      writeHome(world, at(mishap.a), null);
      return;
    case 'forget-resource': {
      const found = state(at(mishap.a));
      if (found === null) return;
      const resources = list(found['resources']);
      const kept = resources.filter((_each, index) => index !== mishap.n % Math.max(resources.length, 1));
      writeHome(
        world,
        at(mishap.a),
        print({ ...found, serial: Number(found['serial']) + 1, resources: kept }),
      );
      return;
    }
    case 'corrupt-state':
      writeHome(world, at(mishap.a), mishap.text);
      return;
    case 'unreadable-state': {
      const { home } = at(mishap.a);
      if ('object' in home) account.unreadable.push(home.object);
      else {
        writeFileOf(world, home.file, null);
        writeFileOf(world, join(home.file, 'a-folder-in-its-place'), '');
      }
      return;
    }
    case 'edit-record':
      editRecord(world, at(mishap.a), at(mishap.b), mishap.what);
      return;
    case 'repoint-backend':
      repoint(world, at(mishap.a), at(mishap.b), mishap.how);
      return;
    case 'edit-var-file':
      editVarFile(world, at(mishap.a), at(mishap.b), mishap.what);
      return;
    case 'set-variable': {
      const [name, value] = variables[mishap.which] ?? variables[0];
      world.env[name] = value(at(mishap.b));
      return;
    }
    case 'delete-things': {
      const theirs = account.things.filter(({ maker }) => maker === at(mishap.a).name);
      const gone = mishap.all ? theirs : theirs.slice(mishap.n % Math.max(theirs.length, 1)).slice(0, 1);
      for (const { type, region: where, name } of gone) removeThing(account, type, where, name);
      return;
    }
    case 'deny-service':
      account.denied.push(mishap.service);
      return;
    case 'make-by-hand': {
      const { name } = at(mishap.a);
      account.things.push({
        type: 'aws_ssm_parameter',
        region,
        name: `/app/${name}/by-hand`,
        values: {
          id: `/app/${name}/by-hand`,
          name: `/app/${name}/by-hand`,
          arn: `arn:aws:ssm:${region}:${account.id}:parameter/app/${name}/by-hand`,
        },
        maker: 'by hand',
      });
    }
  }
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
    return [{ address: `${String(type)}.${String(name)}`, type, identity, id, arn }];
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
