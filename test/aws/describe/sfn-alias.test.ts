/** Names that lead to versions of a state machine: a copy has versions of its own. */
import {
  CreateStateMachineAliasCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListStateMachineAliasesCommand,
  PublishStateMachineVersionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/transfer/json.ts';
import { awsError, inputsOf, stubbedAws } from '../stubs.ts';

const { clients, mocked, describeIt, copyOf } = stubbedAws();

afterAll(() => {
  clients.close();
});

const machine = (name: string): string => `arn:aws:states:eu-central-1:1:stateMachine:${name}`;

const alias = (name: string, ...versions: readonly number[]): JsonObject => ({
  name: 'live',
  description: 'What is used',
  routing_configuration: versions.map((version) => ({
    state_machine_version_arn: `${machine(name)}:${version}`,
    weight: 100 / versions.length,
  })),
});

const source = (...versions: readonly number[]) => ({
  id: `${machine('jobs-dev')}:live`,
  values: alias('jobs-dev', ...versions),
});

describe('a description of a state machine', () => {
  it('holds its aliases, each with the versions to which it leads', async () => {
    const mock = await mocked('sfn');
    mock.on(DescribeStateMachineCommand).resolves({ name: 'jobs-dev' });
    mock.on(ListStateMachineAliasesCommand).resolves({
      stateMachineAliases: [{ stateMachineAliasArn: source(3).id, creationDate: new Date(0) }],
    });
    mock.on(DescribeStateMachineAliasCommand, { stateMachineAliasArn: source(3).id }).resolves({
      stateMachineAliasArn: source(3).id,
      name: 'live',
      description: 'What is used',
      creationDate: new Date(0),
      routingConfiguration: [{ stateMachineVersionArn: `${machine('jobs-dev')}:3`, weight: 100 }],
    });
    const found = await describeIt('aws_sfn_state_machine', machine('jobs-dev'));
    expect(found.state === 'described' && found.resources.slice(1)).toEqual([
      {
        type: 'aws_sfn_alias',
        id: source(3).id,
        values: {
          ...alias('jobs-dev', 3),
          arn: source(3).id,
          creation_date: '1970-01-01T00:00:00Z',
          id: source(3).id,
        },
      },
    ]);
  });
});

describe('a copy of an alias', () => {
  it('leads to the version that is published for it', async () => {
    const mock = await mocked('sfn');
    mock.on(DescribeStateMachineCommand).resolves({ definition: '{}' });
    mock.on(DescribeStateMachineAliasCommand).rejects(awsError('ResourceNotFound'));
    const version = `${machine('jobs-copy')}:1`;
    mock.on(PublishStateMachineVersionCommand).resolves({ stateMachineVersionArn: version });
    const arn = `${machine('jobs-copy')}:live`;
    mock.on(CreateStateMachineAliasCommand).resolves({ stateMachineAliasArn: arn });
    expect(await copyOf('aws_sfn_alias', alias('jobs-copy', 3), source(3))).toEqual({
      id: arn,
      values: {
        arn,
        id: arn,
        routing_configuration: [{ state_machine_version_arn: version, weight: 100 }],
      },
    });
    expect(inputsOf(mock.commandCalls(DescribeStateMachineCommand))).toEqual([
      { stateMachineArn: `${machine('jobs-dev')}:3` },
      { stateMachineArn: machine('jobs-dev') },
    ]);
    expect(inputsOf(mock.commandCalls(PublishStateMachineVersionCommand))).toEqual([
      { stateMachineArn: machine('jobs-copy') },
    ]);
    expect(inputsOf(mock.commandCalls(CreateStateMachineAliasCommand))).toEqual([
      {
        name: 'live',
        description: 'What is used',
        routingConfiguration: [{ stateMachineVersionArn: version, weight: 100 }],
      },
    ]);
  });

  it('is refused where one of that name is there: the service would give it out as new', async () => {
    const mock = await mocked('sfn');
    mock.on(DescribeStateMachineCommand).resolves({ definition: '{}' });
    mock.on(DescribeStateMachineAliasCommand).resolves({ name: 'live' });
    await expect(copyOf('aws_sfn_alias', alias('jobs-copy', 3), source(3))).rejects.toMatchObject({
      code: 'already-exists',
    });
    expect(mock.commandCalls(CreateStateMachineAliasCommand)).toEqual([]);
  });

  it('is refused where the version is not what the source is now', async () => {
    const mock = await mocked('sfn');
    mock
      .on(DescribeStateMachineCommand)
      .resolves({ definition: '{"Comment":"now"}' })
      .on(DescribeStateMachineCommand, { stateMachineArn: `${machine('jobs-dev')}:3` })
      .resolves({ definition: '{"Comment":"then"}' });
    await expect(copyOf('aws_sfn_alias', alias('jobs-copy', 3), source(3))).rejects.toThrow(
      /jobs-dev:3, whose definition/,
    );
    expect(mock.commandCalls(PublishStateMachineVersionCommand)).toEqual([]);
  });

  it('is refused where it leads to two versions, before anything is asked', async () => {
    const mock = await mocked('sfn');
    await expect(copyOf('aws_sfn_alias', alias('jobs-copy', 3, 4), source(3, 4))).rejects.toThrow(
      /between versions/,
    );
    expect(mock.calls()).toEqual([]);
  });
});
