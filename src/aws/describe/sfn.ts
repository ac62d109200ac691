import type { DescribeStateMachineCommandOutput, SFN } from '@aws-sdk/client-sfn';
import { type DescribedResource, describeService, known } from '../describe.ts';
import { pages, tagsFrom } from '../listing.ts';
import { block, tagged } from '../state-values.ts';

/** A date as the provider writes it. */
const second = (date: Date | undefined): string | undefined => date?.toISOString().replace(/\.\d+Z$/, 'Z');

/** What makes an execution what it is. The description of a version is a note. */
export const meaningOf = (found: DescribeStateMachineCommandOutput): string =>
  JSON.stringify([
    found.definition,
    found.roleArn,
    found.loggingConfiguration,
    found.tracingConfiguration?.enabled ?? false,
  ]);

/** Names that lead to one version of the machine, or share the executions out between two. */
async function aliasesOf(
  stateMachineArn: string,
  now: DescribeStateMachineCommandOutput,
  client: SFN,
): Promise<DescribedResource[]> {
  const found: DescribedResource[] = [];
  for await (const page of pages(
    (nextToken) => client.listStateMachineAliases({ stateMachineArn, nextToken }),
    ({ nextToken }) => nextToken,
  )) {
    for (const { stateMachineAliasArn: arn = '' } of page.stateMachineAliases ?? []) {
      const alias = await client.describeStateMachineAlias({ stateMachineAliasArn: arn });
      const versions = (alias.routingConfiguration ?? []).flatMap(
        (each) => each.stateMachineVersionArn ?? [],
      );
      const same = await Promise.all(
        versions.map(async (version) => {
          const frozen = await client.describeStateMachine({ stateMachineArn: version });
          return meaningOf(frozen) === meaningOf(now);
        }),
      );
      found.push({
        type: 'aws_sfn_alias',
        id: arn,
        values: known({
          arn,
          creation_date: second(alias.creationDate),
          description: alias.description ?? '',
          id: arn,
          name: alias.name,
          // A copy has no past: it could not lead to what the machine was.
          leads_to_what_was: same.includes(false) ? true : undefined,
          routing_configuration: (alias.routingConfiguration ?? []).map(
            ({ stateMachineVersionArn, weight }) =>
              known({ state_machine_version_arn: stateMachineVersionArn, weight }),
          ),
        }),
      });
    }
  }
  return found;
}

export const sfn = describeService('sfn', ['StateMachineDoesNotExist', 'ResourceNotFound'], {
  aws_sfn_state_machine: {
    actions: [
      'states:DescribeStateMachine',
      'states:ListTagsForResource',
      'states:ListStateMachineAliases',
      'states:DescribeStateMachineAlias',
    ],
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
            creation_date: second(found.creationDate),
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
        ...(await aliasesOf(arn, found, client)),
      ];
    },
  },
});
