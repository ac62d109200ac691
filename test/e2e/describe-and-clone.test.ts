/**
 * What `describe` reads of live things is held against what the real provider wrote into the state when it made them,
 * attribute by attribute. Then each is copied under another name, and the copies are described as their sources.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { clonerOf } from '../../src/aws/clone/index.ts';
import type { DescribedResource } from '../../src/aws/describe.ts';
import { describerOf } from '../../src/aws/describe/index.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import {
  comparable,
  Copying,
  described,
  hasOwnIdentity,
  identityOf,
  replaced,
  textOf,
} from './support/live-things.ts';
import { createWorld, type World } from './support/world.ts';

interface StateFile {
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: JsonObject }[];
  }[];
}

interface InState {
  readonly type: string;
  readonly values: JsonObject;
}

/** What is used stands before what uses it. */
const order = [
  'aws_iam_policy',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_iam_instance_profile',
  'aws_cloudwatch_log_group',
  'aws_dynamodb_table',
  'aws_sqs_queue',
  'aws_sqs_queue_policy',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_sns_topic_subscription',
  'aws_lambda_layer_version',
  'aws_lambda_function',
  'aws_lambda_alias',
  'aws_lambda_function_event_invoke_config',
  'aws_lambda_provisioned_concurrency_config',
  'aws_lambda_function_url',
  'aws_lambda_event_source_mapping',
  'aws_sfn_state_machine',
  'aws_cloudwatch_event_bus',
  'aws_cloudwatch_event_bus_policy',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_scheduler_schedule_group',
  'aws_scheduler_schedule',
  'aws_apigatewayv2_api',
  'aws_apigatewayv2_authorizer',
  'aws_apigatewayv2_integration',
  'aws_apigatewayv2_route',
  'aws_apigatewayv2_stage',
  'aws_lambda_permission',
  'aws_cloudwatch_log_metric_filter',
  'aws_cloudwatch_log_subscription_filter',
];

/** What no two things have in common, or only time tells. */
const ownOfEach = new Set([
  'create_date',
  'created_date',
  'creation_date',
  'deployment_id',
  'last_modification_date',
  'last_modified',
  'policy_id',
  'revision_id',
  'unique_id',
  'uuid',
]);

/** What may be made twice, for it always becomes another one or changes nothing. */
const repeatable = [
  'aws_apigatewayv2_api',
  'aws_apigatewayv2_authorizer',
  'aws_apigatewayv2_integration',
  'aws_iam_role_policy_attachment',
  'aws_lambda_layer_version',
];

/** What the services refuse to make twice, and the emulator does not. */
const notRefusedByEmulator = [
  'aws_apigatewayv2_route',
  'aws_apigatewayv2_stage',
  'aws_lambda_event_source_mapping',
  'aws_lambda_function_event_invoke_config',
  'aws_lambda_function_url',
  'aws_lambda_permission',
  'aws_lambda_provisioned_concurrency_config',
  'aws_scheduler_schedule_group',
];

let world: World;
let clients: AwsClients;
let inState: readonly InState[];
let live: readonly DescribedResource[];

const key = ({ type, values }: InState): string => identityOf(type, values);

async function describeAll(things: readonly InState[]): Promise<DescribedResource[]> {
  const wholes = things.filter(({ type }) => describerOf(type) !== null);
  const found = await Promise.all(wholes.map(({ type, values }) => described(type, values, clients)));
  return found.flat();
}

beforeAll(async () => {
  world = await createWorld({
    fixture: 'live',
    bucket: 'live-state',
    apply: { init: [], apply: ['-parallelism=20'] },
  });
  for (const [name, value] of Object.entries(world.sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
  const file = await readFile(join(world.project, 'terraform', 'terraform.tfstate'), 'utf8');
  inState = (JSON.parse(file) as StateFile).resources.flatMap(({ type, instances }) =>
    instances.map(({ attributes }) => ({ type, values: attributes })),
  );
  live = await describeAll(inState);
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await world.close();
});

describe('reading live things', () => {
  it('reads what the provider wrote into the state', () => {
    const read = new Map(live.map((each) => [key(each), each]));
    for (const resource of inState) {
      const found = read.get(key(resource));
      expect([key(resource), found === undefined]).toEqual([key(resource), false]);
      const names = Object.keys(found?.values ?? {}).filter(
        (name) => name !== 'id' || !hasOwnIdentity(resource.type),
      );
      expect([resource.type, names.filter((name) => !(name in resource.values))]).toEqual([
        resource.type,
        [],
      ]);
      const pick = (values: JsonObject | undefined): unknown =>
        Object.fromEntries(names.map((name) => [name, comparable(values?.[name])]));
      expect({ [key(resource)]: pick(found?.values) }).toEqual({ [key(resource)]: pick(resource.values) });
    }
  });

  it('says which values may be secret', () => {
    const functions = live.filter(({ type }) => type === 'aws_lambda_function');
    expect(functions.map(({ id, sensitivePaths }) => [id, sensitivePaths])).toEqual([
      ['live-dev', ['environment.0.variables']],
      ['live-dev-plain', []],
    ]);
  });

  it('knows what is not there', async () => {
    for (const { type, values } of inState) {
      const describer = describerOf(type);
      if (describer === null) continue;
      const id = textOf(values['id']);
      const renamed = id.replaceAll('live-dev', 'live-gone');
      // An id that the service made up holds no name.
      const missing = renamed === id ? `gone${id.slice(4)}` : renamed;
      const resource = { address: `${type}.x`, type, identity: null, arn: null, id: missing };
      expect([type, await describer.describe(resource, clients)]).toEqual([type, { state: 'absent' }]);
    }
  });
});

describe('copying them', () => {
  it('makes the same under another name, and never takes over what is there', async () => {
    const copying = new Copying(['live-dev', 'live-copy'], clients);
    const sources = live.toSorted((one, other) => order.indexOf(one.type) - order.indexOf(other.type));
    expect(sources.filter(({ type }) => !order.includes(type))).toEqual([]);
    const copies: DescribedResource[] = [];
    for (const source of sources) copies.push(await copying.copy(source));

    const read = new Map((await describeAll(copies)).map((each) => [key(each), each]));
    for (const source of sources) {
      const wanted = { ...source, values: replaced(source.values, copying.replacements) };
      const names = Object.keys(wanted.values).filter((name) => !ownOfEach.has(name));
      const pick = (values: JsonObject | undefined): unknown =>
        Object.fromEntries(names.map((name) => [name, comparable(values?.[name])]));
      const found = read.get(key(wanted));
      expect({ [key(wanted)]: pick(found?.values) }).toEqual({ [key(wanted)]: pick(wanted.values) });
    }

    const answers: (readonly [string, string])[] = [];
    for (const [at, source] of sources.entries()) {
      if ([...repeatable, ...notRefusedByEmulator].includes(source.type)) continue;
      const again = clonerOf(source.type)?.clone(
        { values: copies[at]?.values ?? {}, source, signal: AbortSignal.timeout(60_000) },
        clients,
      );
      const answer = await again?.then(
        () => 'made',
        (error: unknown) => String(error),
      );
      answers.push([source.type, answer ?? '']);
    }
    expect(answers.filter(([, answer]) => !/exist|already|conflict/i.test(answer))).toEqual([]);
  });

  it('leaves the source as it was', async () => {
    const order = (one: DescribedResource, other: DescribedResource): number =>
      key(one) < key(other) ? -1 : 1;
    expect((await describeAll(inState)).toSorted(order)).toEqual(live.toSorted(order));
  });
});
