/** What AWS keeps apart from a function: calls that nobody waits for, and environments that are ready before they are needed. */
import {
  GetFunctionCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { awsError, inputsOf, stubbedAws } from '../stubs.ts';

const { clients, mocked, describeIt, copyOf } = stubbedAws();

afterAll(() => {
  clients.close();
});

const arn = 'arn:aws:lambda:eu-central-1:1:function:bot-dev';
const queue = 'arn:aws:sqs:eu-central-1:1:failed-dev';

describe('a description of a function', () => {
  it('holds its settings for calls that nobody waits for, page by page, each alias by itself', async () => {
    const mock = await mocked('lambda');
    mock.on(GetFunctionCommand).resolves({ Configuration: { FunctionName: 'bot-dev', FunctionArn: arn } });
    mock.on(GetPolicyCommand).rejects(awsError('ResourceNotFoundException'));
    mock
      .on(ListFunctionEventInvokeConfigsCommand)
      .resolvesOnce({
        FunctionEventInvokeConfigs: [
          {
            FunctionArn: `${arn}:$LATEST`,
            MaximumRetryAttempts: 0,
            MaximumEventAgeInSeconds: 300,
            DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: queue } },
          },
        ],
        NextMarker: 'more',
      })
      .resolves({ FunctionEventInvokeConfigs: [{ FunctionArn: `${arn}:live`, DestinationConfig: {} }] });
    mock.on(ListProvisionedConcurrencyConfigsCommand).resolves({
      ProvisionedConcurrencyConfigs: [
        {
          FunctionArn: `${arn}:live`,
          RequestedProvisionedConcurrentExecutions: 3,
          AllocatedProvisionedConcurrentExecutions: 1,
        },
      ],
    });
    const found = await describeIt('aws_lambda_function', 'bot-dev');
    expect(found.state === 'described' && found.resources.slice(1)).toEqual([
      {
        type: 'aws_lambda_function_event_invoke_config',
        id: 'bot-dev',
        values: {
          destination_config: [{ on_failure: [{ destination: queue }], on_success: [] }],
          function_name: 'bot-dev',
          id: 'bot-dev',
          maximum_event_age_in_seconds: 300,
          maximum_retry_attempts: 0,
          qualifier: '',
        },
      },
      {
        type: 'aws_lambda_function_event_invoke_config',
        id: 'bot-dev:live',
        // Without attempts: not set means twice, and 0 means never.
        values: {
          destination_config: [],
          function_name: 'bot-dev',
          id: 'bot-dev:live',
          maximum_event_age_in_seconds: 0,
          qualifier: 'live',
        },
      },
      {
        type: 'aws_lambda_provisioned_concurrency_config',
        id: 'bot-dev,live',
        values: {
          function_name: 'bot-dev',
          id: 'bot-dev,live',
          provisioned_concurrent_executions: 3,
          qualifier: 'live',
        },
      },
    ]);
  });

  it('is unreadable where they are, with the permission', async () => {
    const mock = await mocked('lambda');
    mock.on(GetFunctionCommand).resolves({ Configuration: { FunctionName: 'bot-dev', FunctionArn: arn } });
    const refused = 'not authorized to perform: lambda:ListFunctionEventInvokeConfigs on resource: x';
    mock.on(ListFunctionEventInvokeConfigsCommand).rejects(awsError('AccessDeniedException', refused));
    expect(await describeIt('aws_lambda_function', 'bot-dev')).toMatchObject({
      state: 'unreadable',
      permission: 'lambda:ListFunctionEventInvokeConfigs',
    });
  });
});

describe('a copy', () => {
  it('has what the source says of calls that nobody waits for, "never again" included', async () => {
    const mock = await mocked('lambda');
    const type = 'aws_lambda_function_event_invoke_config';
    const common = { function_name: 'bot-copy', maximum_event_age_in_seconds: 0 };
    const destination_config = [{ on_failure: [{ destination: queue }], on_success: [] }];
    const never = { ...common, qualifier: '', maximum_retry_attempts: 0, destination_config };
    expect(await copyOf(type, never)).toEqual({ id: 'bot-copy', values: { id: 'bot-copy' } });
    const usual = { ...common, qualifier: 'live', destination_config: [] };
    expect((await copyOf(type, usual)).id).toBe('bot-copy:live');
    expect(inputsOf(mock.commandCalls(PutFunctionEventInvokeConfigCommand))).toEqual([
      {
        FunctionName: 'bot-copy',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: queue } },
      },
      { FunctionName: 'bot-copy', Qualifier: 'live', DestinationConfig: {} },
    ]);
  });

  const ready = {
    function_name: 'bot-copy',
    qualifier: 'live',
    provisioned_concurrent_executions: 3,
  };

  it('waits until the environments are ready', async () => {
    const mock = await mocked('lambda');
    mock
      .on(GetProvisionedConcurrencyConfigCommand)
      .resolvesOnce({ Status: 'IN_PROGRESS' })
      .resolves({ Status: 'READY' });
    expect((await copyOf('aws_lambda_provisioned_concurrency_config', ready)).id).toBe('bot-copy,live');
    expect(inputsOf(mock.commandCalls(PutProvisionedConcurrencyConfigCommand))).toEqual([
      { FunctionName: 'bot-copy', Qualifier: 'live', ProvisionedConcurrentExecutions: 3 },
    ]);
  });

  it('says why where they do not become ready', async () => {
    const mock = await mocked('lambda');
    mock
      .on(GetProvisionedConcurrencyConfigCommand)
      .resolves({ Status: 'FAILED', StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' });
    await expect(copyOf('aws_lambda_provisioned_concurrency_config', ready)).rejects.toThrow(
      /FUNCTION_ERROR_INIT_FAILURE/,
    );
  });

  it.each([
    'aws_lambda_function_event_invoke_config',
    'aws_lambda_permission',
    'aws_lambda_provisioned_concurrency_config',
  ])('of a %s of a version is refused before anything is asked', async (type) => {
    const mock = await mocked('lambda');
    await expect(copyOf(type, { ...ready, qualifier: '7' })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('version 7') as string,
    });
    expect(mock.calls()).toEqual([]);
  });
});
