/**
 * By which id, and under which ARN, the account would know a thing that is only planned. Facts are data: an entry a
 * type, the ids as the provider's documentation gives them under "Import".
 */
import { type JsonObject } from '../transfer/json.ts';
import type { Place } from '../transfer/place.ts';
import type { CheckedResource } from './adapter.ts';
import { adapterOf } from './registry.ts';

/** What identifies the planned thing: known values only. */
export interface PlannedThing {
  readonly address: string;
  readonly type: string;
  readonly values: JsonObject;
}

/**
 * How a type is asked for. In a template `{x}` is the attribute x or a part of the place, `{x|y}` is y where x is not
 * set; a template whose attribute is not known gives nothing.
 */
type Form =
  /** One call, by the id. `arn` without `arn:<partition>:`, for reading the tags. */
  | { readonly by: 'id'; readonly id: string; readonly arn?: string }
  /** The cloud gives the id, and refuses a second thing of the name: it is looked for among all. */
  | {
      readonly by: 'name';
      readonly name: string;
      /** Attribute with the thing within which the name is unique. */
      readonly within?: string;
    };

const id = (template: string, arn?: string): Form => ({
  by: 'id',
  id: template,
  ...(arn === undefined ? {} : { arn }),
});

const name = (template: string, within?: string): Form => ({
  by: 'name',
  name: template,
  ...(within === undefined ? {} : { within }),
});

const here = '{region}:{account}';

const forms: Readonly<Record<string, Form>> = {
  aws_apigatewayv2_domain_name: id('{domain_name}'),
  aws_cloudfront_cache_policy: name('{name}'),
  aws_cloudfront_function: id('{name}'),
  aws_cloudfront_origin_access_control: name('{name}'),
  aws_cloudfront_origin_request_policy: name('{name}'),
  aws_cloudfront_response_headers_policy: name('{name}'),
  aws_cloudwatch_composite_alarm: id('{alarm_name}', `cloudwatch:${here}:alarm:{alarm_name}`),
  aws_cloudwatch_dashboard: id('{dashboard_name}'),
  aws_cloudwatch_event_api_destination: id('{name}'),
  aws_cloudwatch_event_archive: id('{name}'),
  aws_cloudwatch_event_bus: id('{name}', `events:${here}:event-bus/{name}`),
  aws_cloudwatch_event_connection: id('{name}'),
  aws_cloudwatch_event_rule: id('{name}', `events:${here}:rule/{name}`),
  aws_cloudwatch_event_target: id('{rule}-{target_id}'),
  aws_cloudwatch_log_group: id('{name}', `logs:${here}:log-group:{name}`),
  aws_cloudwatch_log_metric_filter: id('{name}'),
  aws_cloudwatch_log_resource_policy: id('{policy_name}'),
  aws_cloudwatch_log_stream: id('{name}'),
  aws_cloudwatch_log_subscription_filter: id('{name}'),
  aws_cloudwatch_metric_alarm: id('{alarm_name}', `cloudwatch:${here}:alarm:{alarm_name}`),
  aws_db_instance: id('{identifier}'),
  aws_db_option_group: id('{name}', `rds:${here}:og:{name}`),
  aws_db_parameter_group: id('{name}', `rds:${here}:pg:{name}`),
  aws_db_proxy: id('{name}'),
  aws_db_subnet_group: id('{name}', `rds:${here}:subgrp:{name}`),
  aws_dynamodb_table: id('{name}', `dynamodb:${here}:table/{name}`),
  aws_ecr_repository: id('{name}', `ecr:${here}:repository/{name}`),
  aws_iam_group: id('{name}'),
  aws_iam_instance_profile: id('{name}'),
  aws_iam_openid_connect_provider: name('{url}'),
  // By name, because the ARN holds a path, and the name is taken whatever the path.
  aws_iam_policy: name('{name}'),
  aws_iam_role: id('{name}'),
  aws_iam_role_policy: id('{role}:{name}'),
  aws_iam_user: id('{name}'),
  aws_iam_user_policy: id('{user}:{name}'),
  aws_key_pair: id('{key_name}'),
  aws_kms_alias: id('{name}'),
  aws_lambda_alias: id('{function_name}/{name}'),
  aws_lambda_function: id('{function_name}', `lambda:${here}:function:{function_name}`),
  aws_lambda_function_url: id('{function_name}'),
  aws_lambda_permission: id('{statement_id}'),
  aws_launch_template: name('{name}'),
  aws_rds_cluster: id('{cluster_identifier}'),
  aws_rds_cluster_instance: id('{identifier}'),
  aws_rds_cluster_parameter_group: id('{name}', `rds:${here}:cluster-pg:{name}`),
  aws_rds_global_cluster: id('{global_cluster_identifier}'),
  aws_s3_bucket: id('{bucket}', 's3:::{bucket}'),
  aws_s3_object: id('{key}'),
  aws_scheduler_schedule: id('{group_name|default}/{name}'),
  aws_scheduler_schedule_group: id('{name}', `scheduler:${here}:schedule-group/{name}`),
  aws_secretsmanager_secret: id('{name}'),
  aws_security_group: name('{name}', 'vpc_id'),
  aws_sfn_activity: id(`arn:{partition}:states:${here}:activity:{name}`, `states:${here}:activity:{name}`),
  aws_sfn_state_machine: id(
    `arn:{partition}:states:${here}:stateMachine:{name}`,
    `states:${here}:stateMachine:{name}`,
  ),
  aws_sns_topic: id(`arn:{partition}:sns:${here}:{name}`, `sns:${here}:{name}`),
  // Its id is a URL; the adapter asks for that by the name.
  aws_sqs_queue: id('{name}'),
  aws_ssm_parameter: id('{name}'),
};

/** Types that can be asked for before they are made. */
export const plannedTypes: readonly string[] = Object.keys(forms);

/** True if the id cannot be told without knowing the account. */
export function needsPlace({ type }: PlannedThing): boolean {
  const form = forms[type];
  return form?.by === 'id' && `${form.id}${form.arn ?? ''}`.includes('{account}');
}

/** Names by which the account can be asked for it: what is worth writing down before it is made. */
export function askedBy({ type, values }: Pick<PlannedThing, 'type' | 'values'>): Record<string, string> {
  const form = forms[type];
  if (form === undefined) return {};
  const template = form.by === 'id' ? `${form.id}${form.arn ?? ''}` : `{${form.within ?? ''}}${form.name}`;
  const wanted = [...template.matchAll(/\{(\w+)/g)].flatMap(([, attribute]) => attribute ?? []);
  return Object.fromEntries(
    [...new Set([...wanted, ...(adapterOf(type)?.needs ?? [])])].flatMap((attribute) => {
      const value = textOf(values, attribute);
      return value === null ? [] : [[attribute, value]];
    }),
  );
}

export type Question =
  | { readonly by: 'id'; readonly resource: CheckedResource }
  | { readonly by: 'name'; readonly name: string; readonly within: string | null };

/**
 * What to ask the account for a planned thing.
 *
 * @param place `null` where it is not known: then what cannot do without is not asked for
 * @returns `null` where there is nothing to ask by: the cloud gives the id, or a part of it is not known yet
 */
export function questionFor({ address, type, values }: PlannedThing, place: Place | null): Question | null {
  const form = forms[type];
  if (form === undefined) return null;
  if (form.by === 'name') {
    const wanted = filled(form.name, values, place);
    const within = form.within === undefined ? null : filled(`{${form.within}}`, values, place);
    // Without its container a name may stand in any of them: that is no collision.
    if (wanted === null || (form.within !== undefined && within === null)) return null;
    return { by: 'name', name: withoutScheme(wanted), within };
  }
  const wanted = filled(form.id, values, place);
  if (wanted === null) return null;
  const attributes = Object.fromEntries(
    (adapterOf(type)?.needs ?? []).flatMap((attribute) => {
      const value = textOf(values, attribute);
      return value === null ? [] : [[attribute, value]];
    }),
  );
  const arn = form.arn === undefined ? null : filled(`arn:{partition}:${form.arn}`, values, place);
  return { by: 'id', resource: { address, type, identity: wanted, id: wanted, arn, attributes } };
}

function filled(template: string, values: JsonObject, place: Place | null): string | null {
  const parts: Readonly<Record<string, string>> = place === null ? {} : { ...place };
  let complete = true;
  const text = template.replaceAll(/\{(\w+)(?:\|(\w+))?\}/g, (_match, key: string, otherwise?: string) => {
    const value =
      key === 'partition' || key === 'account' || key === 'region' ? parts[key] : textOf(values, key);
    if (value === undefined || value === null) {
      complete = complete && otherwise !== undefined;
      return otherwise ?? '';
    }
    return value;
  });
  return complete ? text : null;
}

function textOf(values: JsonObject, attribute: string): string | null {
  const value = values[attribute];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** As the service keeps the URL of an identity provider. */
const withoutScheme = (text: string): string => text.replace(/^https?:\/\//, '');
