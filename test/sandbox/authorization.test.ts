import { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { ACCOUNT, awsJson, awsQuery, lambdaClient, makeFunction, makeRole, REGION, unique } from './aws.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
});

/** Tries calls with boto3 and answers with what became of each. */
const PROBE = `
import boto3, os
from botocore.exceptions import ClientError

def attempt(call):
    try:
        call()
        return "ok"
    except ClientError as error:
        return error.response["Error"]["Code"]

def handler(event, context):
    table, bucket, secret = event["table"], event["bucket"], event["secret"]
    dynamodb = boto3.client("dynamodb")
    s3 = boto3.client("s3", config=boto3.session.Config(s3={"addressing_style": "path"}))
    secrets = boto3.client("secretsmanager")
    return {
        "put item": attempt(lambda: dynamodb.put_item(TableName=table, Item={"id": {"S": "1"}})),
        "put item elsewhere": attempt(lambda: dynamodb.put_item(TableName=table + "-2", Item={"id": {"S": "1"}})),
        "scan": attempt(lambda: dynamodb.scan(TableName=table)),
        "put object": attempt(lambda: s3.put_object(Bucket=bucket, Key="in/a", Body=b"x")),
        "put object elsewhere": attempt(lambda: s3.put_object(Bucket=bucket, Key="out/a", Body=b"x")),
        "secret": attempt(lambda: secrets.get_secret_value(SecretId=secret)),
        "list secrets": attempt(lambda: secrets.list_secrets()),
    }
`;

async function putPolicy(role: string, name: string, statements: readonly object[]): Promise<void> {
  await awsQuery(sandbox, 'iam', {
    Action: 'PutRolePolicy',
    Version: '2010-05-08',
    RoleName: role.split('/').at(-1) ?? '',
    PolicyName: name,
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  });
}

describe('a function of the sandbox', () => {
  it('may do what its role allows, and nothing else', async () => {
    const table = unique('table');
    const bucket = unique('bucket');
    const secret = unique('secret');
    await awsJson(sandbox, 'dynamodb', 'DynamoDB_20120810.CreateTable', {
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    expect((await fetch(`${sandbox.endpoint}/${bucket}`, { method: 'PUT' })).status).toBe(200);
    await awsJson(sandbox, 'secretsmanager', 'secretsmanager.CreateSecret', {
      Name: secret,
      SecretString: 's',
    });
    const role = await makeRole(sandbox);
    const name = await makeFunction(sandbox, {
      runtime: 'python3.12',
      handler: 'main.handler',
      files: { 'main.py': PROBE },
      role,
      timeout: 30,
    });
    const ask = async (): Promise<unknown> => {
      const output = await lambdaClient(sandbox).send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ table, bucket, secret }) }),
      );
      return JSON.parse(output.Payload?.transformToString() ?? '');
    };

    expect(await ask()).toEqual({
      'put item': 'AccessDeniedException',
      'put item elsewhere': 'AccessDeniedException',
      scan: 'AccessDeniedException',
      'put object': 'AccessDenied',
      'put object elsewhere': 'AccessDenied',
      secret: 'AccessDeniedException',
      'list secrets': 'AccessDeniedException',
    });

    await putPolicy(role, 'allow', [
      {
        Effect: 'Allow',
        Action: 'dynamodb:*',
        Resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`,
      },
      { Effect: 'Allow', Action: ['s3:PutObject'], Resource: [`arn:aws:s3:::${bucket}/in/*`] },
      {
        Effect: 'Allow',
        Action: 'secretsmanager:Get*',
        Resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${secret}-??????`,
      },
    ]);
    await putPolicy(role, 'deny', [{ Effect: 'Deny', Action: 'dynamodb:Scan', Resource: '*' }]);
    expect(await ask()).toEqual({
      'put item': 'ok',
      'put item elsewhere': 'AccessDeniedException',
      scan: 'AccessDeniedException',
      'put object': 'ok',
      'put object elsewhere': 'AccessDenied',
      secret: 'ok',
      'list secrets': 'AccessDeniedException',
    });
  });
});

describe("IAM's simulator", () => {
  it('decides as the sandbox does', async () => {
    const role = await makeRole(sandbox);
    const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:queue-dev`;
    await putPolicy(role, 'queue', [
      { Effect: 'Allow', Action: 'sqs:*', Resource: queue },
      { Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: '*' },
    ]);
    const answer = await awsQuery(sandbox, 'iam', {
      Action: 'SimulatePrincipalPolicy',
      Version: '2010-05-08',
      PolicySourceArn: role,
      'ActionNames.member.1': 'sqs:SendMessage',
      'ActionNames.member.2': 'sqs:DeleteQueue',
      'ResourceArns.member.1': queue,
      'ResourceArns.member.2': queue.replace('-dev', '-staging'),
    });
    expect([...answer.matchAll(/<EvalDecision>(\w+)</g)].map(([, decision]) => decision)).toEqual([
      'allowed',
      'implicitDeny',
      'explicitDeny',
      'explicitDeny',
    ]);
  });
});
