import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { ACCOUNT, awsJson, makeFunction, makeRole, REGION, unique } from './aws.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
});

async function states(operation: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const answer = await awsJson(sandbox, 'states', `AWSStepFunctions.${operation}`, body);
  if (answer.status !== 200) throw new Error(`${operation}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function makeMachine(definition: unknown, type = 'STANDARD'): Promise<string> {
  const made = await states('CreateStateMachine', {
    name: unique('machine'),
    definition: JSON.stringify(definition),
    roleArn: await makeRole(sandbox),
    type,
  });
  return String(made['stateMachineArn']);
}

async function finished(executionArn: unknown): Promise<Record<string, unknown>> {
  let described: Record<string, unknown> = {};
  await expect
    .poll(
      async () => {
        described = await states('DescribeExecution', { executionArn });
        return described['status'];
      },
      { timeout: 30_000 },
    )
    .not.toBe('RUNNING');
  return described;
}

describe('Step Functions', () => {
  it('runs a machine more than once, and its tasks run the function', async () => {
    const name = await makeFunction(sandbox, {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      files: {
        'index.mjs':
          'export const handler = async (e) => { if (e.fail) throw new TypeError("no"); return e.n * 2; };',
      },
    });
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
    const direct = await makeMachine({
      StartAt: 'Double',
      States: { Double: { Type: 'Task', Resource: arn, End: true } },
    });
    const integrated = await makeMachine({
      StartAt: 'Double',
      States: {
        Double: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: { FunctionName: arn, 'Payload.$': '$' },
          OutputPath: '$.Payload',
          End: true,
        },
      },
    });
    for (const stateMachineArn of [direct, integrated, direct, integrated]) {
      const { executionArn } = await states('StartExecution', { stateMachineArn, input: '{"n":21}' });
      expect(await finished(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '42' });
    }
    const { executionArn } = await states('StartExecution', {
      stateMachineArn: direct,
      input: '{"fail":true}',
    });
    expect(await finished(executionArn)).toMatchObject({ status: 'FAILED', error: 'TypeError' });
  });

  it('has the operations that moto lacks', async () => {
    const definition = { StartAt: 'A', States: { A: { Type: 'Pass', Result: { ok: true }, End: true } } };
    const stateMachineArn = await makeMachine(definition, 'EXPRESS');
    expect(await states('DescribeStateMachine', { stateMachineArn })).toMatchObject({ type: 'EXPRESS' });
    expect(
      await states('ValidateStateMachineDefinition', { definition: JSON.stringify(definition) }),
    ).toMatchObject({ result: 'OK' });
    expect(await states('ValidateStateMachineDefinition', { definition: '{"StartAt":1}' })).toMatchObject({
      result: 'FAIL',
    });
    expect(await states('ListStateMachineVersions', { stateMachineArn })).toEqual({
      stateMachineVersions: [],
    });
    const published = await states('PublishStateMachineVersion', { stateMachineArn });
    expect(published['stateMachineVersionArn']).toBe(`${stateMachineArn}:1`);
    const listed = await states('ListStateMachineVersions', { stateMachineArn });
    expect(listed['stateMachineVersions']).toMatchObject([
      { stateMachineVersionArn: `${stateMachineArn}:1` },
    ]);
    await states('DeleteStateMachineVersion', { stateMachineVersionArn: `${stateMachineArn}:1` });
    expect(await states('StartSyncExecution', { stateMachineArn, input: '{}' })).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"ok":true}',
    });
  });
});
