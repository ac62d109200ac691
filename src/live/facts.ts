/** What has to be known of attributes to tell drift from what differs by nature. */

/** Change by themselves, with every update, or with what is done to the data. */
const changing: ReadonlySet<string> = new Set([
  'id',
  'last_modified',
  'last_modified_date',
  'last_modified_time',
  'last_updated_date',
  'last_processing_result',
  'latest_restorable_time',
  'state_transition_reason',
  'update_date',
  'version_id',
]);

const changingOfType: Readonly<Record<string, readonly string[]>> = {
  // What they say of the code is in `code_sha256` and `source_code_hash`.
  aws_lambda_function: ['version', 'qualified_arn', 'qualified_invoke_arn', 'source_code_size'],
  aws_sfn_state_machine: ['revision_id', 'state_machine_version_arn'],
  aws_cloudfront_distribution: ['etag', 'in_progress_validation_batches', 'status'],
  aws_iam_policy: ['attachment_count'],
  aws_lambda_event_source_mapping: ['state'],
};

/** True for what says nothing of whether somebody changed the thing. */
export function changesByItself(type: string, attribute: string): boolean {
  return changing.has(attribute) || (changingOfType[type]?.includes(attribute) ?? false);
}

/** Attributes that the provider only writes: not set in the state says that they are not watched. */
export const watchedOnlyIfSet: ReadonlySet<string> = new Set(['source_code_hash', 'code_sha256']);

/**
 * Attributes in which a service shows what other resources made, by type: where the state holds such a resource for
 * the thing, the attribute was read before that was made, and the resource itself is compared.
 */
const shownElsewhere: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  aws_iam_role: {
    managed_policy_arns: [
      'aws_iam_role_policy_attachment',
      'aws_iam_policy_attachment',
      'aws_iam_role_policy_attachments_exclusive',
    ],
    inline_policy: ['aws_iam_role_policy', 'aws_iam_role_policies_exclusive'],
  },
  aws_security_group: {
    ingress: ['aws_security_group_rule', 'aws_vpc_security_group_ingress_rule'],
    egress: ['aws_security_group_rule', 'aws_vpc_security_group_egress_rule'],
  },
  aws_route_table: { route: ['aws_route'] },
  aws_network_acl: { ingress: ['aws_network_acl_rule'], egress: ['aws_network_acl_rule'] },
  aws_sqs_queue: {
    policy: ['aws_sqs_queue_policy'],
    redrive_policy: ['aws_sqs_queue_redrive_policy'],
    redrive_allow_policy: ['aws_sqs_queue_redrive_allow_policy'],
  },
  aws_sns_topic: { policy: ['aws_sns_topic_policy'] },
  aws_secretsmanager_secret: { policy: ['aws_secretsmanager_secret_policy'] },
  aws_kms_key: { policy: ['aws_kms_key_policy'] },
  aws_s3_bucket: {
    acl: ['aws_s3_bucket_acl'],
    grant: ['aws_s3_bucket_acl'],
    cors_rule: ['aws_s3_bucket_cors_configuration'],
    lifecycle_rule: ['aws_s3_bucket_lifecycle_configuration'],
    logging: ['aws_s3_bucket_logging'],
    policy: ['aws_s3_bucket_policy'],
    server_side_encryption_configuration: ['aws_s3_bucket_server_side_encryption_configuration'],
    versioning: ['aws_s3_bucket_versioning'],
    website: ['aws_s3_bucket_website_configuration'],
  },
  aws_rds_cluster: { iam_roles: ['aws_rds_cluster_role_association'] },
  aws_db_instance: { iam_roles: ['aws_db_instance_role_association'] },
};

/** Types of the resources that an attribute shows; none for most. */
export function shownBy(type: string, attribute: string): readonly string[] {
  return shownElsewhere[type]?.[attribute] ?? [];
}

/** Lists in which the order says something. In all others the provider keeps a set, or the service sorts as it likes. */
const ordered = /(?:^|\.)(?:layers|command|entry_point|ordered_cache_behavior|arguments|statement_ids)$/;

export const isOrdered = (path: string): boolean => ordered.test(path);

/**
 * Parts that no service makes by itself: one that the state does not know was added by somebody. A bucket's settings,
 * for example, are there without anybody having made them.
 */
export const madeByPeople: ReadonlySet<string> = new Set([
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_iam_user_policy',
  'aws_iam_user_policy_attachment',
  'aws_lambda_alias',
  'aws_lambda_event_source_mapping',
  'aws_lambda_function_url',
  'aws_lambda_permission',
]);
