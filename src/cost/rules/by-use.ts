/** What costs nothing while nobody uses it. */
import type { RateKey } from '../prices/model.ts';
import { type Reader, Unpriced } from '../reader.ts';
import {
  type CostRules,
  type Meter,
  month,
  type Part,
  type RuleContext,
  some,
  times,
  withoutRate,
} from './rule.ts';

const million = 1_000_000;
const byUse = (...meters: readonly Meter[]) => ({ kind: 'priced', meters }) as const;

const requests = (key: RateKey): Meter => ({ id: 'requests', key, unit: 'requests', per: million });
const stored = (key: RateKey): Meter => ({ id: 'storageGb', key, unit: 'GB stored' });
const logMeters: readonly Meter[] = [
  { id: 'ingestGb', key: 'logs.ingest', unit: 'GB ingested' },
  stored('logs.storage'),
];
const events: Meter = { id: 'events', key: 'events.custom', unit: 'custom events', per: million };

function stream(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const mode = at.isUnknown('stream_mode_details')
    ? 'PROVISIONED'
    : at.text('stream_mode_details.0.stream_mode', 'PROVISIONED');
  if (mode !== 'PROVISIONED')
    throw new Unpriced('a stream on demand has a price for each hour, not in the table');
  return [() => times(context, 'kinesis.shard', some(at.number('shard_count'), 'shard'), month)];
}

export const byUseRules: CostRules = {
  aws_apigatewayv2_api: {
    kind: 'priced',
    meters: (at) =>
      at.text('protocol_type') === 'HTTP'
        ? [requests('api.http')]
        : [{ id: 'messages', key: 'api.websocket', unit: 'messages', per: million }],
    meterIds: ['requests', 'messages'],
  },
  aws_api_gateway_rest_api: byUse(requests('api.rest')),
  aws_sqs_queue: byUse(requests('sqs.requests')),
  aws_sns_topic: byUse(requests('sns.requests')),
  aws_sfn_state_machine: {
    kind: 'priced',
    meters: (at) =>
      at.text('type', 'STANDARD') === 'STANDARD'
        ? [{ id: 'transitions', key: 'sfn.transitions', unit: 'transitions', per: 1000 }]
        : [requests('sfn.express')],
    meterIds: ['transitions', 'requests'],
  },
  aws_s3_bucket: byUse(stored('s3.storage')),
  aws_ecr_repository: byUse(stored('ecr.storage')),
  aws_efs_file_system: {
    kind: 'priced',
    fixed(at) {
      const mode = at.isUnknown('throughput_mode') ? 'bursting' : at.text('throughput_mode', 'bursting');
      if (mode === 'provisioned') throw new Unpriced('no price of provisioned throughput is in the table');
      return [];
    },
    meters: [stored('efs.storage')],
  },
  aws_cloudwatch_log_group: {
    kind: 'priced',
    meters(at) {
      const kind = at.isUnknown('log_group_class') ? 'STANDARD' : at.text('log_group_class', 'STANDARD');
      return kind === 'STANDARD' ? logMeters : logMeters.map(withoutRate);
    },
    meterIds: logMeters.map(({ id }) => id),
  },
  aws_cloudwatch_log_metric_filter: byUse({ id: 'metrics', unit: 'metrics that get values' }),
  aws_cloudwatch_event_bus: byUse(events),
  aws_cloudwatch_event_rule: byUse(events),
  aws_scheduler_schedule: byUse({
    id: 'invocations',
    key: 'scheduler.invocations',
    unit: 'invocations',
    per: million,
  }),
  aws_kinesis_stream: { kind: 'priced', fixed: stream },
  // By use too, at rates that no table has.
  aws_appsync_graphql_api: byUse({ id: 'requests', unit: 'requests' }),
  aws_cloudfront_distribution: {
    kind: 'priced',
    fixed(at) {
      const path = 'viewer_certificate.0.ssl_support_method';
      if (!at.isUnknown(path) && at.text(path, 'sni-only') === 'vip')
        throw new Unpriced('no price of addresses of its own (`vip`) is in the table');
      return [];
    },
    meters: [
      { id: 'requests', unit: 'requests' },
      { id: 'dataGb', unit: 'GB sent' },
    ],
  },
  aws_cloudfront_function: byUse({ id: 'invocations', unit: 'invocations' }),
  aws_cloudtrail: byUse({ id: 'events', unit: 'events beyond the first copy' }),
  aws_cloudwatch_event_api_destination: byUse({ id: 'invocations', unit: 'invocations' }),
  aws_cloudwatch_event_archive: byUse({ id: 'storageGb', unit: 'GB stored' }),
  aws_cloudwatch_log_data_protection_policy: byUse({ id: 'scanGb', unit: 'GB scanned' }),
  aws_codebuild_project: byUse({ id: 'minutes', unit: 'minutes of building' }),
  aws_cognito_user_pool: byUse({ id: 'activeUsers', unit: 'active users' }),
  aws_db_cluster_snapshot: byUse({ id: 'storageGb', unit: 'GB beyond the free backup storage' }),
  aws_db_snapshot: byUse({ id: 'storageGb', unit: 'GB beyond the free backup storage' }),
  aws_docdb_cluster: byUse(
    { id: 'storageGb', unit: 'GB stored' },
    { id: 'ioRequests', unit: 'I/O requests' },
  ),
  aws_dynamodb_global_table: byUse({ id: 'writes', unit: 'replicated writes' }),
  aws_ecr_registry_scanning_configuration: byUse({ id: 'scans', unit: 'enhanced scans' }),
  aws_ecr_replication_configuration: byUse({ id: 'dataGb', unit: 'GB copied' }),
  aws_ecrpublic_repository: byUse({ id: 'storageGb', unit: 'GB stored' }),
  aws_efs_backup_policy: byUse({ id: 'storageGb', unit: 'GB of backups' }),
  aws_flow_log: byUse({ id: 'dataGb', unit: 'GB written' }),
  aws_kinesis_firehose_delivery_stream: byUse({ id: 'dataGb', unit: 'GB taken in' }),
  aws_pipes_pipe: byUse({ id: 'requests', unit: 'requests' }),
  aws_rds_global_cluster: byUse({ id: 'writes', unit: 'replicated write I/Os' }),
  aws_s3_bucket_accelerate_configuration: byUse({ id: 'dataGb', unit: 'GB sent faster' }),
  aws_s3_bucket_intelligent_tiering_configuration: byUse({ id: 'objects', unit: 'objects watched' }),
  aws_s3_bucket_inventory: byUse({ id: 'objects', unit: 'objects listed' }),
  aws_s3_bucket_replication_configuration: byUse({ id: 'dataGb', unit: 'GB copied' }),
  aws_service_discovery_service: byUse({ id: 'instances', unit: 'instances registered' }),
};
