/** Who starts a function in its everyday life, in words. Pure; only told, never decided by. */
import type { Json } from '../transfer/json.ts';
import type { Thing, World } from './world.ts';

/** What a trigger is called: the words before its name. */
const kinds: Readonly<Record<string, string>> = {
  aws_api_gateway_authorizer: 'the authorizer',
  aws_apigatewayv2_authorizer: 'the authorizer',
  aws_appsync_datasource: 'the AppSync data source',
  aws_cloudformation_stack: 'custom resources of the stack',
  aws_cloudfront_distribution: 'the edge of the distribution',
  aws_cloudwatch_event_target: 'the EventBridge rule',
  aws_cloudwatch_log_subscription_filter: 'the log subscription',
  aws_codepipeline: 'the pipeline',
  aws_cognito_user_pool: 'the user pool',
  aws_config_config_rule: 'the Config rule',
  aws_connect_lambda_function_association: 'the contact center',
  aws_iot_topic_rule: 'the IoT rule',
  aws_kinesis_firehose_delivery_stream: 'the delivery stream',
  aws_lambda_event_source_mapping: 'the event source',
  aws_lambda_function: 'the function',
  aws_lambda_invocation: 'the invocation by Terraform',
  aws_lb_target_group_attachment: 'the load balancer target',
  aws_alb_target_group_attachment: 'the load balancer target',
  aws_pipes_pipe: 'the pipe',
  aws_s3_bucket_notification: 'the notifications of the bucket',
  aws_s3control_object_lambda_access_point: 'the access point',
  aws_scheduler_schedule: 'the schedule',
  aws_secretsmanager_secret_rotation: 'the rotation of the secret',
  aws_ses_receipt_rule: 'the mail rule',
  aws_sfn_state_machine: 'the workflow',
  aws_sns_topic_subscription: 'the topic',
  aws_transfer_workflow: 'the transfer workflow',
  aws_vpclattice_target_group_attachment: 'the Lattice target',
};

/** What is between a trigger and its function. */
const between: ReadonlySet<string> = new Set(['aws_lambda_alias']);

/** By service in the ARN of an event source. */
const sources: Readonly<Record<string, string>> = {
  dynamodb: 'the stream of the table',
  kafka: 'the Kafka cluster',
  kinesis: 'the stream',
  mq: 'the broker',
  rds: 'the document database',
  sqs: 'the queue',
};

/** By service principal, where a permission is all that is known. */
const callers: Readonly<Record<string, string>> = {
  'events.amazonaws.com': 'EventBridge',
  'logs.amazonaws.com': 'CloudWatch Logs',
  's3.amazonaws.com': 'S3',
  'scheduler.amazonaws.com': 'EventBridge Scheduler',
  'secretsmanager.amazonaws.com': 'Secrets Manager',
  'sns.amazonaws.com': 'SNS',
};

/** Nothing of these starts a function by itself, or it is told in another way. */
const toldElsewhere: ReadonlySet<string> = new Set([
  'apigateway.amazonaws.com',
  'elasticloadbalancing.amazonaws.com',
]);

/** For example "the schedule nightly", each once and sorted; none where nothing is known to start it. */
export function triggersOf(world: World, subject: Thing): readonly string[] {
  const behind = [subject, ...world.of(...between).filter((alias) => world.mentions(alias, subject))];
  const own = world
    .of(...Object.keys(kinds))
    .filter((thing) => thing !== subject && behind.some((each) => world.mentions(thing, each)))
    .map((thing) => described(world, thing));
  if (own.length > 0) return [...new Set(own)].toSorted();
  const allowed = world
    .of('aws_lambda_permission')
    .filter((permission) => behind.some((each) => world.refers(permission, 'function_name', each)))
    .flatMap(({ values: { principal } }) => (typeof principal === 'string' ? [principal] : []))
    .filter((principal) => principal.endsWith('.amazonaws.com') && !toldElsewhere.has(principal))
    .map((principal) => callers[principal] ?? principal);
  return [...new Set(allowed)].toSorted();
}

function described(world: World, thing: Thing): string {
  const { type, values } = thing;
  if (type === 'aws_cloudwatch_event_target') {
    const rule = world
      .of('aws_cloudwatch_event_rule')
      .find((each) => values['rule'] === each.values['name'] || world.refers(thing, 'rule', each));
    const scheduled = typeof rule?.values['schedule_expression'] === 'string';
    return `${scheduled ? 'the schedule' : kinds[type]} ${nameOf(rule ?? thing)}`;
  }
  if (type === 'aws_lambda_event_source_mapping') {
    const source = eventSource(world, thing);
    const [service, last] = source ?? [];
    return `${sources[service ?? ''] ?? kinds[type]} ${last ?? thing.address}`;
  }
  if (type === 'aws_sns_topic_subscription')
    return `${kinds[type]} ${lastPart(values['topic_arn']) ?? nameOf(thing)}`;
  return `${kinds[type]} ${nameOf(thing)}`;
}

/** The service and the name of what a mapping reads. */
function eventSource(world: World, mapping: Thing): readonly [string, string] | undefined {
  const arn = mapping.values['event_source_arn'];
  if (typeof arn === 'string') {
    const service = arn.split(':')[2] ?? '';
    return [service, (service === 'dynamodb' ? arn.split('/')[1] : lastPart(arn)) ?? arn];
  }
  const services = {
    aws_sqs_queue: 'sqs',
    aws_dynamodb_table: 'dynamodb',
    aws_kinesis_stream: 'kinesis',
    aws_msk_cluster: 'kafka',
  } as const;
  for (const [type, service] of Object.entries(services)) {
    const found = world.of(type).find((each) => world.mentions(mapping, each));
    if (found) return [service, nameOf(found)];
  }
  return undefined;
}

function nameOf({ address, values }: Thing): string {
  for (const key of ['name', 'function_name', 'bucket']) {
    const value = values[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return address;
}

const lastPart = (arn: Json | undefined): string | undefined =>
  typeof arn === 'string' ? arn.split(/[:/]/).at(-1) : undefined;
