/** What a bucket is counted, listed and tiered by: none of it is copied, and it is said of whatever bucket has some. */
import type { S3 } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../transfer/json.ts';
import { settingsNotRead } from '../state-values.ts';
import type { Bucket } from './s3-setting.ts';
import { unlessUnset } from './s3-setting.ts';

export const reportActions: readonly string[] = [
  's3:GetMetricsConfiguration',
  's3:GetInventoryConfiguration',
  's3:GetAnalyticsConfiguration',
  's3:GetIntelligentTieringConfiguration',
];

/** The first page tells whether there are any. */
export async function reportsOf(bucket: Bucket, client: S3): Promise<JsonObject> {
  const [metrics, inventory, analytics, tiering] = await Promise.all([
    unlessUnset(client.listBucketMetricsConfigurations(bucket)),
    unlessUnset(client.listBucketInventoryConfigurations(bucket)),
    unlessUnset(client.listBucketAnalyticsConfigurations(bucket)),
    unlessUnset(client.listBucketIntelligentTieringConfigurations(bucket)),
  ]);
  return settingsNotRead({
    metrics: metrics?.MetricsConfigurationList,
    inventory: inventory?.InventoryConfigurationList,
    analytics: analytics?.AnalyticsConfigurationList,
    'intelligent tiering': tiering?.IntelligentTieringConfigurationList,
  });
}
