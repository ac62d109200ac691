/** What the sandbox's AWS cannot make: held to answers in the form of the service. */
import { DescribeAlarmsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch';
import { GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import {
  AddRoleToDBClusterCommand,
  CreateDBClusterCommand,
  DescribeDBClustersCommand,
  DescribeDBProxiesCommand,
} from '@aws-sdk/client-rds';
import { DescribeParametersCommand, GetParameterCommand } from '@aws-sdk/client-ssm';
import { GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import { stubbedAws } from '../stubs.ts';

const { clients, mocked, describeIt, copyOf } = stubbedAws();

afterAll(() => {
  clients.close();
});

describe('a description', () => {
  it('holds a composite alarm with what holds it back', async () => {
    const mock = await mocked('cloudwatch');
    mock.on(DescribeAlarmsCommand).resolves({
      CompositeAlarms: [
        {
          AlarmName: 'all',
          AlarmArn: 'arn:aws:cloudwatch:eu-central-1:1:alarm:all',
          AlarmRule: 'ALARM(a) OR ALARM(b)',
          ActionsEnabled: true,
          ActionsSuppressor: 'quiet',
          ActionsSuppressorWaitPeriod: 60,
        },
      ],
    });
    mock.on(ListTagsForResourceCommand).resolves({ Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await describeIt('aws_cloudwatch_composite_alarm', 'all')).toMatchObject({
      state: 'described',
      resources: [
        {
          id: 'all',
          values: {
            alarm_rule: 'ALARM(a) OR ALARM(b)',
            actions_suppressor: [{ alarm: 'quiet', extension_period: 0, wait_period: 60 }],
            tags: { a: 'b' },
          },
        },
      ],
    });
  });

  it('holds a proxy with the ARN of its secret', async () => {
    const mock = await mocked('rds');
    const auth = {
      AuthScheme: 'SECRETS',
      SecretArn: 'arn:aws:secretsmanager:x',
      IAMAuth: 'DISABLED',
    } as const;
    mock
      .on(DescribeDBProxiesCommand)
      .resolves({ DBProxies: [{ DBProxyName: 'app', Auth: [auth], VpcSubnetIds: ['b', 'a'] }] });
    expect(await describeIt('aws_db_proxy', 'app')).toMatchObject({
      resources: [
        {
          id: 'app',
          values: {
            auth: [{ auth_scheme: 'SECRETS', secret_arn: 'arn:aws:secretsmanager:x' }],
            vpc_subnet_ids: ['a', 'b'],
          },
        },
      ],
    });
  });

  it('marks headers to an origin as secret', async () => {
    const mock = await mocked('cloudfront');
    const header = { HeaderName: 'x-key', HeaderValue: 'k' };
    const origin = { Id: 'api', DomainName: 'api.example.com' };
    mock.on(GetDistributionCommand).resolves({
      Distribution: {
        Id: 'E1',
        ARN: 'arn:aws:cloudfront::1:distribution/E1',
        Status: 'Deployed',
        LastModifiedTime: new Date(0),
        InProgressInvalidationBatches: 0,
        DomainName: 'x.cloudfront.net',
        DistributionConfig: {
          CallerReference: 'x',
          Comment: '',
          Enabled: true,
          DefaultCacheBehavior: { TargetOriginId: 'api', ViewerProtocolPolicy: 'https-only' },
          Origins: {
            Quantity: 2,
            Items: [
              { ...origin, Id: 'plain' },
              { ...origin, CustomHeaders: { Quantity: 1, Items: [header] } },
            ],
          },
        },
      },
    });
    expect(await describeIt('aws_cloudfront_distribution', 'E1')).toMatchObject({
      resources: [{ sensitivePaths: ['origin.1.custom_header'] }],
    });
  });

  it('never asks for the value of a secret parameter', async () => {
    const mock = await mocked('ssm');
    mock.on(DescribeParametersCommand).resolves({ Parameters: [{ Name: '/p', Type: 'SecureString' }] });
    const description = await describeIt('aws_ssm_parameter', '/p');
    expect(description).toMatchObject({ state: 'described' });
    expect(mock.commandCalls(GetParameterCommand)).toEqual([]);
  });

  it('is unreadable, with the permission, where one part of a thing may not be read', async () => {
    const mock = await mocked('s3');
    const denied = Object.assign(
      new Error('User: x is not authorized to perform: s3:GetBucketPolicy on resource: y'),
      { name: 'AccessDenied' },
    );
    mock.on(GetBucketPolicyCommand).rejects(denied);
    expect(await describeIt('aws_s3_bucket', 'data')).toMatchObject({
      state: 'unreadable',
      permission: 's3:GetBucketPolicy',
    });
  });
});

describe('the copy of a cluster', () => {
  const values = { cluster_identifier: 'copy', engine: 'aurora-mysql', manage_master_user_password: true };

  it('lets RDS keep the password where it did for the source', async () => {
    const mock = await mocked('rds');
    mock
      .on(DescribeDBClustersCommand)
      .resolves({ DBClusters: [{ DBClusterIdentifier: 'copy', Status: 'available', Endpoint: 'e' }] });
    expect(await copyOf('aws_rds_cluster', values)).toMatchObject({
      id: 'copy',
      values: { endpoint: 'e' },
    });
    const [call] = mock.commandCalls(CreateDBClusterCommand);
    expect(call?.args[0].input).toMatchObject({
      ManageMasterUserPassword: true,
      DeletionProtection: false,
    });
    expect(call?.args[0].input).not.toHaveProperty('MasterUserPassword');
  });

  it('may use its own roles for what the source uses its for', async () => {
    const mock = await mocked('rds');
    const role = (env: string): string => `arn:aws:iam::1:role/import-${env}`;
    mock.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ Status: 'available' }] });
    mock
      .on(DescribeDBClustersCommand, { DBClusterIdentifier: 'dev' })
      .resolves({ DBClusters: [{ AssociatedRoles: [{ RoleArn: role('dev'), FeatureName: 's3Import' }] }] });
    await clonerOf('aws_rds_cluster')?.clone(
      {
        values: { ...values, iam_roles: [role('copy')] },
        source: { id: 'dev', values: { ...values, iam_roles: [role('dev')] } },
        signal: AbortSignal.timeout(60_000),
      },
      clients,
    );
    expect(mock.commandCalls(AddRoleToDBClusterCommand).map(({ args }) => args[0].input)).toEqual([
      { DBClusterIdentifier: 'copy', RoleArn: role('copy'), FeatureName: 's3Import' },
    ]);
  });

  it('ends where the cluster comes to a state that it does not leave', async () => {
    const mock = await mocked('rds');
    mock.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ Status: 'incompatible-network' }] });
    await expect(copyOf('aws_rds_cluster', values)).rejects.toMatchObject({ code: 'apply-failed' });
  });

  it('stops waiting when it is interrupted', async () => {
    const mock = await mocked('rds');
    mock.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ Status: 'creating' }] });
    const signal = AbortSignal.timeout(50);
    await expect(copyOf('aws_rds_cluster', values, undefined, signal)).rejects.toMatchObject({
      name: expect.stringMatching(/AbortError|TimeoutError/) as string,
    });
  });
});
