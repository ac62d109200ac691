import { describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { block, tagged } from '../state-values.ts';

export const sfn = describeService('sfn', ['StateMachineDoesNotExist', 'ResourceNotFound'], {
  aws_sfn_state_machine: {
    actions: ['states:DescribeStateMachine', 'states:ListTagsForResource'],
    describe: async (subject, client) => {
      const arn = subject.id;
      const found = await client.describeStateMachine({ stateMachineArn: arn });
      const { tags } = await client.listTagsForResource({ resourceArn: arn });
      const { loggingConfiguration: logging, encryptionConfiguration: encryption } = found;
      return [
        {
          type: 'aws_sfn_state_machine',
          id: arn,
          values: known({
            arn,
            creation_date: found.creationDate?.toISOString().replace(/\.\d+Z$/, 'Z'),
            definition: found.definition,
            description: found.description ?? '',
            encryption_configuration: block({
              kms_data_key_reuse_period_seconds: encryption?.kmsDataKeyReusePeriodSeconds ?? 0,
              kms_key_id: encryption?.kmsKeyId ?? '',
              type: encryption?.type ?? 'AWS_OWNED_KEY',
            }),
            id: arn,
            logging_configuration: block(
              logging && {
                include_execution_data: logging.includeExecutionData ?? false,
                level: logging.level ?? 'OFF',
                log_destination: logging.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn ?? '',
              },
            ),
            name: found.name,
            revision_id: found.revisionId ?? '',
            role_arn: found.roleArn,
            status: found.status,
            tracing_configuration: block({ enabled: found.tracingConfiguration?.enabled ?? false }),
            type: found.type,
            ...tagged(tagsFrom(tags)),
          }),
        },
      ];
    },
  },
});
