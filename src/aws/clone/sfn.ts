import type {
  EncryptionConfiguration,
  EncryptionType,
  LoggingConfiguration,
  LogLevel,
  SFN,
  StateMachineType,
} from '@aws-sdk/client-sfn';
import { type CloneRequest, cloneService, type Cloned } from '../clone.ts';
import { meaningOf } from '../describe/sfn.ts';
import { StateValues } from '../state-values.ts';
import { sibling } from './arn.ts';
import { answered, cannotBeCopied, refuseTaken } from './refusals.ts';
import { onceKnown, type Passing, waitFor } from './wait.ts';

/** The service tries the role: to assume it, to write logs with it, to set up its own rules. */
const roleUnknown: readonly Passing[] = [
  { code: 'AccessDeniedException', message: /assume|not authorized to|global service principal/i },
  { code: 'InvalidParameterValueException', message: /cannot be assumed/i },
  { code: 'KmsAccessDeniedException' },
];

function encryption(values: StateValues): EncryptionConfiguration | undefined {
  const block = values.block('encryption_configuration');
  const type = block?.word<EncryptionType>('type');
  const kmsKeyId = block?.text('kms_key_id');
  if (type === undefined || kmsKeyId === undefined) return undefined;
  return {
    type,
    kmsKeyId,
    kmsDataKeyReusePeriodSeconds: block?.positive('kms_data_key_reuse_period_seconds'),
  };
}

function logging(values: StateValues): LoggingConfiguration | undefined {
  const block = values.block('logging_configuration');
  const destination = block?.text('log_destination');
  if (block === undefined) return undefined;
  return {
    level: block.word<LogLevel>('level'),
    includeExecutionData: block.flag('include_execution_data'),
    ...(destination === undefined
      ? {}
      : { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: destination } }] }),
  };
}

async function cloneMachine({ values: given, source, signal }: CloneRequest, client: SFN): Promise<Cloned> {
  const values = new StateValues(given);
  const name = values.needed('name');
  // The service gives out an equal state machine that is there already as if it had made it.
  const expected = sibling(source.id, await client.config.region(), name);
  await refuseTaken(
    `the state machine ${name}`,
    () => client.describeStateMachine({ stateMachineArn: expected }),
    ['StateMachineDoesNotExist'],
  );
  const tags = Object.entries(values.tags).map(([key, value]) => ({ key, value }));
  const made = await onceKnown(
    () =>
      client.createStateMachine({
        name,
        definition: values.needed('definition'),
        roleArn: values.needed('role_arn'),
        type: values.word<StateMachineType>('type'),
        encryptionConfiguration: encryption(values),
        loggingConfiguration: logging(values),
        tracingConfiguration: { enabled: values.block('tracing_configuration')?.flag('enabled') ?? false },
        tags,
      }),
    roleUnknown,
    signal,
  );
  const arn = answered(made.stateMachineArn, `the ARN of the state machine ${name}`);
  await waitFor(
    async () => {
      const { status } = await client.describeStateMachine({ stateMachineArn: arn });
      return status === 'ACTIVE' ? true : undefined;
    },
    { what: `the state machine ${name} to become active`, signal },
  );
  return { id: arn, values: { arn, id: arn, status: 'ACTIVE' } };
}

/**
 * A version of a state machine is its definition at one moment, and the new one has no past: where the alias leads to what
 * the source is now, a version of the copy is published. Publishing what is published already gives the version that is.
 */
async function cloneAlias({ values: given, source }: CloneRequest, client: SFN): Promise<Cloned> {
  const values = new StateValues(given);
  const name = values.needed('name');
  const [frozenArn, frozenMachine] = routeOf(new StateValues(source.values));
  const [frozen, now] = await Promise.all(
    [frozenArn, frozenMachine].map((stateMachineArn) => client.describeStateMachine({ stateMachineArn })),
  );
  if (frozen === undefined || now === undefined || meaningOf(frozen) !== meaningOf(now))
    throw cannotBeCopied(
      `the alias ${name}`,
      `it leads to ${frozenArn}, whose definition or settings are not those of the state machine now`,
    );
  const [, stateMachineArn] = routeOf(values);
  // As with the machine: an equal alias that is there already would be given out as if it had been made.
  await refuseTaken(
    `the alias ${name} of ${stateMachineArn}`,
    () => client.describeStateMachineAlias({ stateMachineAliasArn: `${stateMachineArn}:${name}` }),
    ['ResourceNotFound', 'StateMachineDoesNotExist'],
  );
  const { stateMachineVersionArn: version } = await client.publishStateMachineVersion({ stateMachineArn });
  const versionArn = answered(version, 'the ARN of the version that was published');
  const { stateMachineAliasArn } = await client.createStateMachineAlias({
    name,
    description: values.text('description'),
    routingConfiguration: [{ stateMachineVersionArn: versionArn, weight: 100 }],
  });
  const arn = answered(stateMachineAliasArn, 'the ARN of the alias');
  return {
    id: arn,
    values: {
      arn,
      id: arn,
      routing_configuration: [{ state_machine_version_arn: versionArn, weight: 100 }],
    },
  };
}

/** The version to which an alias leads, and the state machine of which it is one. */
function routeOf(values: StateValues): readonly [version: string, machine: string] {
  const version = values.block('routing_configuration')?.text('state_machine_version_arn') ?? '';
  return [version, version.slice(0, version.lastIndexOf(':'))];
}

export const sfn = cloneService('sfn', {
  aws_sfn_state_machine: {
    actions: [
      'states:CreateStateMachine',
      'states:DescribeStateMachine',
      'states:TagResource',
      'iam:PassRole',
    ],
    clone: cloneMachine,
  },
  aws_sfn_alias: {
    actions: [
      'states:DescribeStateMachine',
      'states:DescribeStateMachineAlias',
      'states:PublishStateMachineVersion',
      'states:CreateStateMachineAlias',
    ],
    refuses(values) {
      if (values.blocks('routing_configuration').length !== 1)
        return 'it shares its executions out between versions, and a copy has only one';
      return values.flag('leads_to_what_was') === true
        ? 'it leads to a version whose definition or settings are not those of the state machine now'
        : null;
    },
    clone: cloneAlias,
  },
});
