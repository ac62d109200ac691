/** What is read of the live account is what the real provider writes into the state, attribute by attribute. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import type { DescribedResource } from '../../src/aws/describe.ts';
import { describerOf } from '../../src/aws/describe/index.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import { terraformIn } from '../sandbox/terraform.ts';
import { differences } from './support/state-compare.ts';

/** Everything of the fixture that is described, be it as a part of another thing. */
const types = [
  'aws_api_gateway_deployment',
  'aws_api_gateway_integration',
  'aws_api_gateway_method',
  'aws_api_gateway_resource',
  'aws_api_gateway_rest_api',
  'aws_api_gateway_stage',
  'aws_cloudfront_distribution',
  'aws_cloudwatch_dashboard',
  'aws_cloudwatch_metric_alarm',
  'aws_db_parameter_group',
  'aws_db_subnet_group',
  'aws_ecr_lifecycle_policy',
  'aws_ecr_repository',
  'aws_ecr_repository_policy',
  'aws_eip',
  'aws_internet_gateway',
  'aws_kms_alias',
  'aws_kms_key',
  'aws_nat_gateway',
  'aws_rds_cluster',
  'aws_rds_cluster_instance',
  'aws_rds_cluster_parameter_group',
  'aws_route_table',
  'aws_route_table_association',
  'aws_s3_bucket',
  'aws_s3_bucket_accelerate_configuration',
  'aws_s3_bucket_cors_configuration',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_notification',
  'aws_s3_bucket_ownership_controls',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_versioning',
  'aws_s3_bucket_website_configuration',
  'aws_secretsmanager_secret',
  'aws_security_group',
  'aws_ssm_parameter',
  'aws_subnet',
  'aws_vpc',
  'aws_vpc_endpoint',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
];

/** Written before something else changed them. */
const touchedLater = [
  'aws_cloudwatch_metric_alarm.rate',
  'aws_eip.nat',
  'aws_rds_cluster.main',
  'aws_route_table.public',
  'aws_s3_bucket_cors_configuration.data',
  'aws_security_group.ruled',
];

const State = z.object({
  resources: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      instances: z.array(z.object({ attributes: z.looseObject({ id: z.string() }) })),
    }),
  ),
});

interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly attributes: JsonObject;
}

let folder: string;
let sandbox: Sandbox;
let clients: AwsClients;
let inState: readonly StateResource[];
const described = new Map<string, DescribedResource>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pe-describe-'));
  sandbox = await startSandbox();
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
  await cp(join(import.meta.dirname, 'fixtures', 'live-data'), folder, { recursive: true });
  const terraform = await terraformIn(folder, sandbox.env);
  await terraform.run('init', '-no-color');
  await terraform.run('apply', '-auto-approve', '-no-color', '-parallelism=8');
  await terraform.run('refresh', '-no-color', ...touchedLater.map((address) => `-target=${address}`));
  const { resources } = State.parse(JSON.parse((await terraform.run('state', 'pull')).stdout));
  inState = resources.flatMap(({ type, name, instances }) =>
    instances.map(({ attributes }) => ({
      type,
      name,
      id: attributes.id,
      attributes: attributes as JsonObject,
    })),
  );
  for (const { type, name, id, attributes } of inState) {
    const { arn = null } = attributes;
    const description = await describerOf(type)?.describe(
      { address: `${type}.${name}`, type, identity: null, id, arn: typeof arn === 'string' ? arn : null },
      clients,
    );
    if (description === undefined) continue;
    if (description.state !== 'described') throw new Error(`${type}.${name}: ${JSON.stringify(description)}`);
    for (const each of description.resources) described.set(`${each.type} ${each.id}`, each);
  }
}, 240_000);

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a description', () => {
  it.each(types)('%s holds what the provider wrote', (type) => {
    const resources = inState.filter((each) => each.type === type);
    expect(resources).not.toEqual([]);
    for (const { name, id, attributes } of resources) {
      const found = described.get(`${type} ${id}`);
      expect([name, found && differences(found, attributes).filter(notOfMoto(type))]).toEqual([name, []]);
    }
  });

  it('never holds a secret value', () => {
    const text = JSON.stringify([...described.values()]);
    expect(text).not.toContain('canary');
    const password = described.get('aws_ssm_parameter /live/dev/password');
    expect(password?.sensitivePaths).toEqual(['value']);
    expect(password?.values).not.toHaveProperty('value');
    expect(described.get('aws_ssm_parameter /live/dev/level')?.values['value']).toBe('debug');
  });

  it('says that a thing is absent once it is gone', async () => {
    for (const [type, id] of [
      ['aws_s3_bucket', 'live-gone'],
      ['aws_rds_cluster', 'live-gone'],
      ['aws_security_group', 'sg-0123456789abcdef0'],
      ['aws_secretsmanager_secret', 'live/gone'],
      ['aws_ssm_parameter', '/live/gone'],
    ] as const) {
      const subject = { address: 'x', type, identity: null, id, arn: null };
      expect([type, await describerOf(type)?.describe(subject, clients)]).toEqual([
        type,
        { state: 'absent' },
      ]);
    }
  });
});

/** moto does not tell the provider that somebody set a parameter of an instance: on refresh it forgets them. */
const notOfMoto =
  (type: string) =>
  ({ attribute }: { readonly attribute: string }): boolean =>
    !(type === 'aws_db_parameter_group' && attribute === 'parameter');
