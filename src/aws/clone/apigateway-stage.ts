/** Stages of REST interfaces: they show a deployment, under settings that are put in one by one. */
import type { APIGateway, CacheClusterSize, PatchOperation } from '@aws-sdk/client-api-gateway';
import type { Cloned, CloneRequest, CopyOutlook } from '../clone.ts';
import { StateValues } from '../state-values.ts';
import { busy } from './apigateway-busy.ts';
import { stageIdentifiers } from './stage-identifiers.ts';
import { onceKnown } from './wait.ts';

const replace = (path: string, value: string): PatchOperation => ({ op: 'replace', path, value });

/** What a stage is not told when it is made. */
function later(values: StateValues): PatchOperation[] {
  const log = values.block('access_log_settings');
  const certificate = values.text('client_certificate_id');
  const format = log?.text('format');
  return [
    ...(log ? [replace('/accessLogSettings/destinationArn', log.needed('destination_arn'))] : []),
    ...(format === undefined ? [] : [replace('/accessLogSettings/format', format)]),
    ...(certificate === undefined ? [] : [replace('/clientCertificateId', certificate)]),
  ];
}

/** What of a stage stands apart from it, or was only for a while. */
export function stageLacks(values: StateValues): CopyOutlook['lacking'] {
  const lacking = [
    ...(values.text('web_acl_arn') === undefined ? [] : [`the firewall ${values.text('web_acl_arn')}`]),
    ...(values.block('canary_settings') === undefined ? [] : ['the canary release']),
    ...(values.text('documentation_version') === undefined ? [] : ['the documentation']),
  ];
  if (lacking.length === 0) return null;
  return {
    what: `lacks ${lacking.join(', ')}, which the source has`,
    hint: 'Add it by hand once the copy is there: aws wafv2 associate-web-acl for a firewall.',
  };
}

export async function cloneStage(
  { values: given, source, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const restApiId = values.needed('rest_api_id');
  const stageName = values.needed('stage_name');
  const cached = values.flag('cache_cluster_enabled') === true;
  await onceKnown(
    () =>
      client.createStage({
        restApiId,
        stageName,
        deploymentId: values.needed('deployment_id'),
        description: values.text('description'),
        cacheClusterEnabled: cached,
        cacheClusterSize: cached ? values.word<CacheClusterSize>('cache_cluster_size') : undefined,
        tags: values.tags,
        tracingEnabled: values.flag('xray_tracing_enabled'),
        variables: values.map('variables'),
      }),
    busy,
    signal,
  );
  const patchOperations = later(values);
  if (patchOperations.length > 0)
    await onceKnown(() => client.updateStage({ restApiId, stageName, patchOperations }), busy, signal);
  const id = `ags-${restApiId}-${stageName}`;
  const before = new StateValues(source.values);
  const from = { api: before.needed('rest_api_id'), stage: before.needed('stage_name') };
  const identifiers = stageIdentifiers(source.values, from, { api: restApiId, stage: stageName });
  return { id, values: { id, ...identifiers } };
}

/** Where the service keeps each setting. https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch */
const settingPaths: Readonly<Record<string, string>> = {
  cache_data_encrypted: 'caching/dataEncrypted',
  cache_ttl_in_seconds: 'caching/ttlInSeconds',
  caching_enabled: 'caching/enabled',
  data_trace_enabled: 'logging/dataTrace',
  logging_level: 'logging/loglevel',
  metrics_enabled: 'metrics/enabled',
  require_authorization_for_cache_control: 'caching/requireAuthorizationForCacheControl',
  throttling_burst_limit: 'throttling/burstLimit',
  throttling_rate_limit: 'throttling/rateLimit',
  unauthorized_cache_control_header_strategy: 'caching/unauthorizedCacheControlHeaderStrategy',
};

/** Minus one is the provider's word for "no limit of its own", which the service does not take. */
const isSet = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) && value !== '' && value !== -1;

export async function cloneMethodSettings(
  { values: given, signal }: CloneRequest,
  client: APIGateway,
): Promise<Cloned> {
  const values = new StateValues(given);
  const restApiId = values.needed('rest_api_id');
  const stageName = values.needed('stage_name');
  const methodPath = values.needed('method_path');
  const settings = values.block('settings');
  const patchOperations = Object.entries(settingPaths).flatMap(([attribute, path]) => {
    const value = settings?.raw(attribute);
    return isSet(value) ? [replace(`/${methodPath}/${path}`, String(value))] : [];
  });
  await onceKnown(() => client.updateStage({ restApiId, stageName, patchOperations }), busy, signal);
  const id = `${restApiId}-${stageName}-${methodPath}`;
  return { id, values: { id } };
}
