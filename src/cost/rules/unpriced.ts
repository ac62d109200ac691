/** Types that are known, cost, and have no price in the table: said so, instead of a guess. */
import { type Reader, Unpriced } from '../reader.ts';
import type { CostRule, CostRules } from './rule.ts';

const notInTable = (what: string): string => `${what} has no price in the table`;

const reasons: Readonly<Record<string, string>> = {
  aws_autoscaling_group: 'how many instances it runs, and of which type, changes by itself',
  aws_batch_compute_environment: 'what it runs depends on the jobs',
  aws_codepipeline: notInTable('a pipeline'),
  aws_db_proxy: notInTable('the capacity of the database behind a proxy'),
  aws_db_proxy_endpoint: notInTable('an endpoint of a proxy'),
  aws_docdb_cluster_instance: notInTable('an instance of DocumentDB'),
  aws_dynamodb_contributor_insights: notInTable('an event that contributor insights watch'),
  aws_dynamodb_kinesis_streaming_destination: notInTable('a change of a table that goes to a stream'),
  aws_dynamodb_table_replica: notInTable('a replica with capacity of its own'),
  aws_elasticache_serverless_cache: notInTable('the least that a serverless cache is billed for'),
  aws_kinesis_stream_consumer: notInTable('a consumer with throughput of its own'),
  aws_mq_broker: notInTable('a broker'),
  aws_msk_cluster: notInTable('a broker of Kafka'),
  aws_redshift_cluster: notInTable('a node of Redshift'),
  aws_s3_bucket_metric: notInTable('a metric of requests'),
};

/** Free in the case that nearly everybody has; `refuse` throws in the others. */
const freeUnless = (refuse: (at: Reader) => void): CostRule => ({
  kind: 'priced',
  fixed: (at) => {
    refuse(at);
    return [];
  },
});

export const unpricedRules: CostRules = {
  ...Object.fromEntries(
    Object.entries(reasons).map(([type, reason]): [string, CostRule] => [type, { kind: 'unpriced', reason }]),
  ),
  aws_ssm_parameter: freeUnless((at) => {
    const tier = at.isUnknown('tier') ? 'Standard' : at.text('tier', 'Standard');
    if (tier !== 'Standard') throw new Unpriced(notInTable(`a parameter of tier ${tier}`));
  }),
  aws_acm_certificate: freeUnless((at) => {
    if (!at.isUnknown('certificate_authority_arn') && at.isSet('certificate_authority_arn')) {
      throw new Unpriced(notInTable('a certificate of a private authority'));
    }
  }),
  aws_lambda_event_source_mapping: freeUnless((at) => {
    const path = 'provisioned_poller_config';
    if (!at.isUnknown(path) && at.list(path).length > 0)
      throw new Unpriced(notInTable('a provisioned poller'));
  }),
  aws_api_gateway_stage: freeUnless((at) => {
    if (at.flag('cache_cluster_enabled', false)) throw new Unpriced(notInTable('the cache of a stage'));
  }),
};
