import { ACCOUNT, REGION } from '../sandbox/aws.ts';
import { zip } from '../sandbox/zip.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { adapterCases, purposeTag } from './support/adapter-cases.ts';

async function makeFunction(clients: AwsClients, FunctionName: string): Promise<void> {
  const [lambda, iam] = await Promise.all([clients.get('lambda'), clients.get('iam')]);
  const role = await iam.createRole({
    RoleName: `role-${FunctionName}`,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  await lambda.createFunction({
    FunctionName,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: role.Role?.Arn ?? '',
    Code: { ZipFile: zip({ 'index.mjs': 'export const handler = () => 1' }) },
    Tags: { [purposeTag]: FunctionName },
  });
}

adapterCases('lambda', {
  aws_lambda_function: {
    make: async (clients, name) => {
      await makeFunction(clients, name);
      const lambda = await clients.get('lambda');
      const { Version = '' } = await lambda.publishVersion({ FunctionName: name });
      await lambda.createAlias({ FunctionName: name, Name: 'live', FunctionVersion: Version });
      return name;
    },
  },
  aws_lambda_event_source_mapping: {
    tagged: false,
    // Only the emulator takes a second deletion.
    again: 'removed',
    make: async (clients, name) => {
      const [lambda, sqs] = await Promise.all([clients.get('lambda'), clients.get('sqs')]);
      await makeFunction(clients, name);
      await sqs.createQueue({ QueueName: name });
      const made = await lambda.createEventSourceMapping({
        FunctionName: name,
        EventSourceArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
      });
      return made.UUID;
    },
  },
  aws_lambda_layer_version: {
    tagged: false,
    // AWS and the emulator answer a second deletion as the first.
    again: 'removed',
    make: async (clients, LayerName) => {
      const lambda = await clients.get('lambda');
      const Content = { ZipFile: zip({ 'a.mjs': 'export {}' }) };
      await lambda.publishLayerVersion({ LayerName, Content });
      return (await lambda.publishLayerVersion({ LayerName, Content })).LayerVersionArn;
    },
  },
});
