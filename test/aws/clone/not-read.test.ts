/** What a copy would lack without a word: it is refused, or said, by the plan, and hinders nobody who only compares. */
import { describe, expect, it } from 'vitest';
import type { DescribedResource } from '../../../src/aws/describe.ts';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import { describerOf } from '../../../src/aws/describe/index.ts';
import { fakeClients, type Operations } from '../../sweep/fake-account.ts';

async function described(
  type: string,
  id: string,
  account: Operations,
): Promise<readonly DescribedResource[]> {
  const subject = { address: type, type, identity: null, id, arn: null, attributes: {} };
  const found = await describerOf(type)?.describe(subject, fakeClients(account));
  return found?.state === 'described' ? found.resources : [];
}

/** What is refused of a thing and its parts, and what is said to lack. */
async function outlookOf(type: string, id: string, account: Operations): Promise<readonly (string | null)[]> {
  return (await described(type, id, account)).flatMap(({ type: each, values }) => {
    const outlook = clonerOf(each)?.outlook(values, values);
    return [outlook?.refused ?? null, outlook?.lacking?.what ?? null].filter((text) => text !== null);
  });
}

const group = { logGroupName: 'g', logGroupArn: 'arn:g' };
const cluster = { DBClusterIdentifier: 'db', Engine: 'aurora-mysql' };
const instance = { DBInstanceIdentifier: 'db', DbiResourceId: 'db-X', Engine: 'oracle-ee' };
const vpc = { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' };
const secret = { ARN: 'arn:s', Name: 's' };
const hook = 'arn:aws:lambda:eu-west-1:1:function:hook';

/** The same of one without the setting has to pass. */
const cases: readonly (readonly [string, string, Operations, RegExp])[] = [
  [
    'aws_cloudwatch_log_group',
    'g',
    { 'logs.describeLogGroups': () => ({ logGroups: [{ ...group, dataProtectionStatus: 'ACTIVATED' }] }) },
    /settings that are not copied: dataProtectionPolicy/,
  ],
  [
    'aws_rds_cluster',
    'db',
    { 'rds.describeDBClusters': () => ({ DBClusters: [{ ...cluster, GlobalClusterIdentifier: 'all' }] }) },
    /GlobalClusterIdentifier/,
  ],
  [
    'aws_rds_cluster',
    'db',
    { 'rds.describeDBClusters': () => ({ DBClusters: [{ ...cluster, ReplicationSourceIdentifier: 'x' }] }) },
    /it is a replica of x/,
  ],
  [
    'aws_db_instance',
    'db-X',
    {
      'rds.describeDBInstances': () => ({
        DBInstances: [{ ...instance, DomainMemberships: [{ Domain: 'd' }] }],
      }),
    },
    /DomainMemberships/,
  ],
  [
    'aws_ssm_parameter',
    'p',
    {
      'ssm.describeParameters': () => ({
        Parameters: [{ Name: 'p', Type: 'String', Policies: [{ PolicyType: 'Expiration' }] }],
      }),
      'ssm.getParameter': () => ({ Parameter: { Type: 'String', Value: 'v' } }),
    },
    /Policies/,
  ],
  [
    'aws_s3_bucket',
    'b',
    { 's3.listBucketInventoryConfigurations': () => ({ InventoryConfigurationList: [{ Id: 'weekly' }] }) },
    /settings that are not copied: inventory/,
  ],
  [
    'aws_vpc',
    'vpc-1',
    {
      'ec2.describeVpcs': () => ({ Vpcs: [vpc] }),
      'ec2.describeFlowLogs': () => ({ FlowLogs: [{ FlowLogId: 'fl-1' }] }),
    },
    /flow logs/,
  ],
  [
    'aws_secretsmanager_secret',
    'arn:s',
    { 'secretsmanager.describeSecret': () => ({ ...secret, RotationEnabled: true }) },
    /nothing rotates it/,
  ],
  [
    'aws_kms_key',
    'k',
    { 'kms.describeKey': () => ({ KeyMetadata: { KeyId: 'k', Origin: 'EXTERNAL' } }) },
    /its material was imported/,
  ],
  [
    'aws_iam_role',
    'r',
    {
      'iam.getRole': () => ({
        Role: {
          Arn: 'arn:r',
          AssumeRolePolicyDocument: '{"Statement":[{"Principal":{"AWS":["arn:r","arn:x"]}}]}',
        },
      }),
    },
    /names it as a principal/,
  ],
  [
    'aws_apigatewayv2_api',
    'a',
    {
      'apigatewayv2.getStages': () => ({
        Items: [{ StageName: 'v1', AutoDeploy: false, DeploymentId: 'd' }],
      }),
    },
    /its deployments are made by hand/,
  ],
  [
    'aws_apigatewayv2_api',
    'a',
    {
      'apigatewayv2.getRoutes': () => ({
        Items: [{ RouteId: 'r', RouteResponseSelectionExpression: '$default' }],
      }),
    },
    /how it does so is not copied/,
  ],
  [
    'aws_api_gateway_rest_api',
    'a',
    {
      'apigateway.getStages': () => ({
        item: [{ stageName: 'v1', webAclArn: 'arn:wall', canarySettings: {} }],
      }),
    },
    /lacks the firewall arn:wall, the canary release/,
  ],
  [
    'aws_lambda_function',
    'hook',
    {
      'lambda.getFunction': () => ({ Configuration: { FunctionName: 'hook', FunctionArn: hook } }),
      'lambda.listAliases': () => ({
        Aliases: [{ AliasArn: `${hook}:live`, Name: 'live', FunctionVersion: '3' }],
      }),
      'lambda.getFunctionConfiguration': ({ Qualifier }) => ({
        CodeSha256: 'same',
        Description: Qualifier === '3' ? 'as published' : '',
        MemorySize: Qualifier === '3' ? 512 : 128,
      }),
    },
    /it points to version 3, which is not what the function is now \(memory_size\)$/,
  ],
  [
    'aws_sfn_state_machine',
    'arn:m',
    {
      'sfn.listStateMachineAliases': () => ({
        stateMachineAliases: [{ stateMachineAliasArn: 'arn:m:live' }],
      }),
      'sfn.describeStateMachineAlias': () => ({
        name: 'live',
        routingConfiguration: [{ stateMachineVersionArn: 'arn:m:1', weight: 100 }],
      }),
      'sfn.describeStateMachine': ({ stateMachineArn }) => ({ definition: String(stateMachineArn) }),
    },
    /definition or settings are not those of the state machine now/,
  ],
];

describe('what would be left out', () => {
  it.each(cases)('of %s is said before anything is made', async (type, id, account, words) => {
    expect(await outlookOf(type, id, account)).toEqual([expect.stringMatching(words)]);
  });

  it('of a WebSocket API are the answers of what is behind it', async () => {
    const found = await described('aws_apigatewayv2_api', 'a', {
      'apigatewayv2.getApi': () => ({ ProtocolType: 'WEBSOCKET' }),
      'apigatewayv2.getIntegrations': () => ({ Items: [{ IntegrationId: 'i' }] }),
      'apigatewayv2.getIntegrationResponses': () => ({ Items: [{ IntegrationResponseId: 'r' }] }),
    });
    expect(found.map(({ type }) => type)).toContain('aws_apigatewayv2_integration_response');
    expect(clonerOf('aws_apigatewayv2_integration_response')).toBeNull();
  });

  it('is nothing of a function whose alias points to what it is now', async () => {
    const account: Operations = {
      'lambda.getFunction': () => ({ Configuration: { FunctionName: 'hook', FunctionArn: hook } }),
      'lambda.listAliases': () => ({
        Aliases: [{ AliasArn: `${hook}:live`, Name: 'live', FunctionVersion: '3' }],
      }),
      'lambda.getFunctionConfiguration': ({ Qualifier }) => ({
        CodeSha256: 'same',
        SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: Qualifier === '3' ? 'On' : 'Off' },
      }),
    };
    expect(await outlookOf('aws_lambda_function', 'hook', account)).toEqual([]);
  });
});
