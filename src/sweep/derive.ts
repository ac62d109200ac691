/**
 * What services make beside a resource and leave behind when it goes: found by what the thing is called, or by what
 * it says that it was made for.
 */
import type { FoundItem } from '../aws/adapter.ts';

/** Something that a thing was made for, if it is there: of one of these types, and known by this name, id or ARN. */
export interface Parent {
  readonly types: readonly string[];
  readonly name: string;
  /** For people: `the log group of`. */
  readonly as: string;
}

interface NamePattern {
  readonly pattern: RegExp;
  readonly types: readonly string[];
}

/** Names of log groups, with the name of what they were made for. Sources: the logging page of each service. */
const logGroups: readonly NamePattern[] = [
  // A function at the edge logs where it runs, under the region it comes from.
  { pattern: /^\/aws\/lambda\/(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?([^/]+)$/, types: ['aws_lambda_function'] },
  {
    pattern: /^\/aws\/rds\/cluster\/([^/]+)\/[^/]+$/,
    types: ['aws_rds_cluster', 'aws_neptune_cluster', 'aws_docdb_cluster'],
  },
  {
    pattern: /^\/aws\/rds\/instance\/([^/]+)\/[^/]+$/,
    types: ['aws_db_instance', 'aws_rds_cluster_instance'],
  },
  { pattern: /^\/aws\/rds\/proxy\/([^/]+)$/, types: ['aws_db_proxy'] },
  { pattern: /^\/aws\/docdb\/([^/]+)\/[^/]+$/, types: ['aws_docdb_cluster'] },
  { pattern: /^\/aws\/neptune\/([^/]+)\/[^/]+$/, types: ['aws_neptune_cluster'] },
  {
    pattern: /^API-Gateway-Execution-Logs_([^/]+)\/[^/]+$/,
    types: ['aws_api_gateway_rest_api', 'aws_apigatewayv2_api'],
  },
  {
    pattern: /^\/aws\/apigateway\/([^/]+)(?:\/[^/]+)?$/,
    types: ['aws_apigatewayv2_api', 'aws_api_gateway_rest_api'],
  },
  { pattern: /^\/aws\/codebuild\/([^/]+)$/, types: ['aws_codebuild_project'] },
  { pattern: /^\/aws\/vendedlogs\/states\/(.+?)(?:-Logs)?$/, types: ['aws_sfn_state_machine'] },
  { pattern: /^\/aws\/states\/([^/]+)$/, types: ['aws_sfn_state_machine'] },
  { pattern: /^\/aws\/ecs\/containerinsights\/([^/]+)\/performance$/, types: ['aws_ecs_cluster'] },
  { pattern: /^\/aws\/eks\/([^/]+)\/cluster$/, types: ['aws_eks_cluster'] },
  { pattern: /^\/aws\/apprunner\/([^/]+)\//, types: ['aws_apprunner_service'] },
  { pattern: /^\/aws\/kinesisfirehose\/([^/]+)$/, types: ['aws_kinesis_firehose_delivery_stream'] },
  { pattern: /^\/aws\/kinesis-analytics\/([^/]+)$/, types: ['aws_kinesisanalyticsv2_application'] },
  { pattern: /^\/aws\/sagemaker\/Endpoints\/([^/]+)$/, types: ['aws_sagemaker_endpoint'] },
  { pattern: /^\/aws\/transfer\/([^/]+)$/, types: ['aws_transfer_server'] },
];

/** Alarms of Application Auto Scaling: `TargetTracking-table/bot-AlarmHigh-<uuid>`. */
const scalingAlarm =
  /^TargetTracking-(table\/|cluster:|function:)(.+?)(?:\/index\/[^/]+|:[^:]+)?-[A-Za-z]+(?:High|Low)-[0-9a-f-]{36}$/;

const scaled: Readonly<Record<string, readonly string[]>> = {
  'table/': ['aws_dynamodb_table'],
  'cluster:': ['aws_rds_cluster'],
  'function:': ['aws_lambda_function'],
};

/** `AWS Lambda VPC ENI-<function>-<uuid>`. */
const lambdaInterface =
  /^AWS Lambda VPC ENI-(.+)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Types by what of their `uses` they were made for, and cannot be without. */
const madeFor: Readonly<Record<string, { readonly types: readonly string[]; readonly as: string }>> = {
  aws_db_cluster_snapshot: { types: ['aws_rds_cluster'], as: 'a snapshot of' },
  aws_db_snapshot: { types: ['aws_db_instance', 'aws_rds_cluster_instance'], as: 'a snapshot of' },
  aws_rds_cluster_automated_backup: { types: ['aws_rds_cluster'], as: 'a retained backup of' },
  aws_db_instance_automated_backup: { types: ['aws_db_instance'], as: 'a retained backup of' },
  aws_dynamodb_backup: { types: ['aws_dynamodb_table'], as: 'a backup of' },
  aws_lambda_event_source_mapping: { types: ['aws_lambda_function'], as: 'a mapping of' },
  aws_lambda_layer_version: { types: ['aws_lambda_layer_version'], as: 'another version of' },
  aws_kms_alias: { types: ['aws_kms_key'], as: 'an alias of' },
  aws_sns_topic_subscription: { types: ['aws_sns_topic'], as: 'a subscription of' },
  aws_scheduler_schedule: { types: ['aws_scheduler_schedule_group'], as: 'a schedule in' },
  aws_cloudwatch_event_rule: { types: ['aws_cloudwatch_event_bus'], as: 'a rule on' },
};

/** Where something lies in a network: the narrowest first, because a network may be shared. */
const places: readonly (readonly string[])[] = [['aws_security_group'], ['aws_subnet'], ['aws_vpc']];

const inNetwork =
  /^aws_(?:network_interface|vpc_endpoint|nat_gateway|subnet|security_group|route_table|network_acl)$/;

/**
 * What a thing may have been made for, by levels: the first level with a parent that is known decides.
 */
export function parentsOf(item: FoundItem): readonly (readonly Parent[])[] {
  const named = byName(item);
  const levels: (readonly Parent[])[] = named ? [[named]] : [];
  const made = madeFor[item.type];
  const uses = item.uses ?? [];
  if (made) levels.push(uses.map((name) => ({ ...made, name })));
  if (inNetwork.test(item.type)) {
    for (const types of places) {
      // A security group is not made for another that its rules name.
      if (types.includes(item.type)) continue;
      levels.push(uses.map((name) => ({ types, name, as: 'in' })));
    }
  }
  return levels;
}

function byName({ type, name }: FoundItem): Parent | null {
  if (type === 'aws_cloudwatch_log_group') {
    for (const { pattern, types } of logGroups) {
      const parent = pattern.exec(name)?.[1];
      if (parent !== undefined) return { types, name: parent, as: 'the log group of' };
    }
  }
  if (type === 'aws_cloudwatch_metric_alarm') {
    const match = scalingAlarm.exec(name);
    const types = match && scaled[match[1] ?? ''];
    if (types) return { types, name: match[2] ?? '', as: 'a scaling alarm of' };
  }
  if (type === 'aws_network_interface') {
    const parent = lambdaInterface.exec(name)?.[1];
    if (parent !== undefined)
      return { types: ['aws_lambda_function'], name: parent, as: 'a network interface of' };
  }
  return null;
}
