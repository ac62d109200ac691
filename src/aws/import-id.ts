/**
 * The id by which Terraform imports a thing, where it is another one than that by which the account knows it. Facts are
 * data, as the provider's documentation gives them under "Import".
 */
import type { JsonObject } from '../transfer/json.ts';
import type { FoundItem } from './adapter.ts';
import type { AwsClients } from './clients.ts';

/** `{x}` is the attribute x as it was planned. */
const templates: Readonly<Record<string, string>> = {
  aws_cloudwatch_event_rule: '{event_bus_name}/{name}',
  aws_cloudwatch_event_target: '{event_bus_name}/{rule}/{target_id}',
  aws_cloudwatch_log_metric_filter: '{log_group_name}:{name}',
  aws_cloudwatch_log_stream: '{log_group_name}:{name}',
  aws_cloudwatch_log_subscription_filter: '{log_group_name}|{name}',
  aws_ecr_repository: '{name}',
  aws_lambda_alias: '{function_name}/{name}',
  aws_lambda_permission: '{function_name}/{statement_id}',
  aws_s3_object: '{bucket}/{key}',
};

/** Imported by their ARN. */
const byArn: ReadonlySet<string> = new Set([
  'aws_iam_policy',
  'aws_secretsmanager_secret',
  'aws_sfn_state_machine',
  'aws_sfn_activity',
  'aws_sns_topic',
]);

export async function importIdOf(
  { type, id, arn }: Pick<FoundItem, 'type' | 'id' | 'arn'>,
  values: JsonObject,
  clients: AwsClients,
): Promise<string> {
  if (type === 'aws_sqs_queue' && !id.includes('://'))
    return (await (await clients.get('sqs')).getQueueUrl({ QueueName: id })).QueueUrl ?? id;
  const template = templates[type];
  if (template !== undefined) {
    const filled = template.replaceAll(/\{(\w+)\}/g, (_match, key: string) => {
      const value = values[key] ?? (key === 'event_bus_name' ? 'default' : undefined);
      return typeof value === 'string' ? value : '';
    });
    return filled;
  }
  // Its ARN ends in characters that only the account knows.
  if (type === 'aws_secretsmanager_secret' && arn === undefined)
    return (await (await clients.get('secretsmanager')).describeSecret({ SecretId: id })).ARN ?? id;
  return byArn.has(type) ? (arn ?? id) : id;
}
