/** What is copied under another name is described as its source is, but for the name. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import type { Cloned } from '../../src/aws/clone.ts';
import { clonerOf } from '../../src/aws/clone/index.ts';
import type { DescribedResource } from '../../src/aws/describe.ts';
import { describerOf } from '../../src/aws/describe/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/transfer/json.ts';
import {
  type Made,
  makeBucket,
  makeDatabases,
  makeEndpoint,
  makeGroups,
  makeKey,
  makeNetwork,
  makeRepository,
  makeSettings,
  makeWatching,
} from './support/make-data.ts';

let sandbox: Sandbox;
let clients: AwsClients;
let network: Awaited<ReturnType<typeof makeNetwork>>;
let groups: readonly Made[];
let keys: readonly Made[];
let keyArn: string;

/** What stands for something of dev in the copy: ids and ARNs that were made up, then the name. */
const replacements = new Map<string, string>();

const signal = new AbortController().signal;

beforeAll(async () => {
  sandbox = await startSandbox();
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
  network = await makeNetwork(clients);
  groups = await makeGroups(clients, network.vpc);
  keys = await makeKey(clients);
  const [key] = await described(keys[0] ?? { type: 'aws_kms_key', id: '' });
  keyArn = textOf(key?.values['arn']);
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
});

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

async function described({ type, id, arn }: Made): Promise<readonly DescribedResource[]> {
  const subject = { address: `${type}.x`, type, identity: null, id, arn: arn ?? null };
  const description = await describerOf(type)?.describe(subject, clients);
  if (description?.state !== 'described') throw new Error(`${type} ${id}: ${JSON.stringify(description)}`);
  return description.resources;
}

function renamed(value: Json): Json {
  if (typeof value === 'string') {
    let text = value;
    for (const [from, to] of replacements) text = text.replaceAll(from, to);
    return text.replaceAll(/\bdev\b/g, 'copy');
  }
  if (Array.isArray(value)) {
    const items = value.map((each: Json) => renamed(each));
    return items.every((each) => typeof each === 'string') ? items.toSorted() : items;
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each)]));
}

const renamedValues = (values: JsonObject): JsonObject => renamed(values) as JsonObject;

interface Copied {
  readonly source: DescribedResource;
  readonly clone: Cloned;
}

async function copy(source: DescribedResource, given: JsonObject = {}): Promise<Copied> {
  const cloner = clonerOf(source.type);
  if (cloner === null) throw new Error(`nobody copies a ${source.type}`);
  const values = { ...renamedValues(source.values), ...given };
  const request = { values, source, withOwnId: () => values, signal };
  const clone = await cloner.clone(request, clients);
  // The longest first: an id is a part of its ARN.
  const [was, is] = [textOf(source.values['arn']), textOf(clone.values['arn'])];
  if (was !== '' && is !== '') replacements.set(was, is);
  if (clone.id !== source.id) replacements.set(source.id, clone.id);
  return { source, clone };
}

interface Comparison {
  readonly expected: ReadonlyMap<string, JsonObject>;
  readonly found: ReadonlyMap<string, JsonObject>;
}

/** Copies the things with their parts, all of the things before any part: parts may name any of them. */
async function copied(made: readonly Made[], given: JsonObject = {}): Promise<Comparison> {
  const sources = await Promise.all(made.map((each) => described(each)));
  const copies: Copied[] = [];
  for (const [whole] of sources) if (whole) copies.push(await copy(whole, given));
  for (const [, ...parts] of sources) for (const part of parts) copies.push(await copy(part));
  const seen = new Map<string, DescribedResource>();
  for (const { source, clone } of copies) {
    if (!made.some(({ type, id }) => type === source.type && id === source.id)) continue;
    const arn = textOf(clone.values['arn']);
    const found = await described({ type: source.type, id: clone.id, ...(arn === '' ? {} : { arn }) });
    for (const each of found) seen.set(`${each.type} ${each.id}`, each);
  }
  const expected = new Map(
    copies.map(({ source, clone }) => [
      `${source.type} ${clone.id}`,
      sorted({ ...renamedValues(source.values), ...clone.values }),
    ]),
  );
  return { expected, found: new Map([...seen].map(([key, { values }]) => [key, sorted(values)])) };
}

const byKey = (value: JsonObject): [string, Json][] =>
  Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b));

/** The order of blocks follows the ids in them. */
function sorted(values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      Array.isArray(value)
        ? value.map((each: Json) => JSON.stringify(isJsonObject(each) ? byKey(each) : each)).toSorted()
        : value,
    ]),
  );
}

describe('a copy is described as its source, but for the name', () => {
  it.each<[string, () => Promise<readonly Made[]>]>([
    ['key and alias', async () => keys],
    ['security groups that name each other, and their rules', async () => groups],
    [
      'endpoint',
      async () => [await makeEndpoint(clients, network.vpc, network.subnets[0] ?? '', groups[0]?.id ?? '')],
    ],
    ['bucket with all its settings', async () => [await makeBucket(clients, keyArn)]],
    ['secret and parameter', async () => makeSettings(clients, keyArn)],
    ['image repository with its policies', async () => [await makeRepository(clients)]],
    ['alarms and dashboard', async () => makeWatching(clients)],
  ])('%s', async (_what, make) => {
    const { expected, found } = await copied(await make());
    expect(found.size).toBeGreaterThan(0);
    expect(found).toEqual(expected);
  });

  it('cluster, instances and their groups, with a password of their own', async () => {
    const group = groups[1]?.id ?? '';
    const made = await makeDatabases(clients, { subnets: network.subnets, group, keyArn });
    const isGroup = ({ type }: Made): boolean => type.endsWith('group');
    const first = await copied(made.filter(isGroup));
    expect(first.found).toEqual(first.expected);
    const password = { master_password: 'of-the-copy', password: 'of-the-copy' };
    const { expected, found } = await copied(
      made.filter((each) => !isGroup(each)),
      password,
    );
    expect(found).toEqual(expected);
  });

  it('without what a secret hides', async () => {
    const secrets = await clients.get('secretsmanager');
    await expect(secrets.getSecretValue({ SecretId: 'shop/copy/token' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a copy is refused', () => {
  it.each([
    ['aws_rds_cluster', 'shop-dev', 'master_password'],
    ['aws_db_instance', 'shop-alone-dev', 'password'],
  ])('of a %s without a password', async (type, id, attribute) => {
    const [source] = await described({ type, id, arn: `x:${id}` });
    await expect(source && copy(source)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining(attribute) as string,
    });
  });

  it('of a secret parameter without a value', async () => {
    const ssm = await clients.get('ssm');
    await ssm.putParameter({ Name: '/shop/dev/password', Value: 'canary', Type: 'SecureString' });
    const [source] = await described({ type: 'aws_ssm_parameter', id: '/shop/dev/password' });
    expect(JSON.stringify(source)).not.toContain('canary');
    await expect(source && copy(source)).rejects.toMatchObject({ code: 'configuration-invalid' });
  });

  it.each([
    ['aws_s3_bucket', 'shop-data-dev', /already/],
    ['aws_kms_alias', 'alias/shop-dev', /already/],
    ['aws_ecr_repository', 'shop-app-dev', /already/],
    ['aws_cloudwatch_metric_alarm', 'shop-errors-dev', /already/],
    ['aws_cloudwatch_dashboard', 'shop-dev', /already/],
    ['aws_ssm_parameter', '/shop/dev/level', /already/],
    ['aws_secretsmanager_secret', 'shop/dev/token', /already/],
    ['aws_db_parameter_group', 'shop-instance-dev', /already/],
  ])('of a %s whose name is taken', async (type, id, message) => {
    const [source] = await described({ type, id });
    await expect(source && copy(source)).rejects.toThrow(message);
  });
});
