/** Distributions, and what proves to a bucket that it is they who ask. */
import { randomUUID } from 'node:crypto';
import type {
  CloudFront,
  OriginAccessControlOriginTypes,
  OriginAccessControlSigningBehaviors,
} from '@aws-sdk/client-cloudfront';
import { type Cloned, type CloneRequest, cloneService } from '../clone.ts';
import { known } from '../describe.ts';
import { hostedZoneOf } from '../describe/cloudfront.ts';
import { StateValues } from '../state-values.ts';
import { distributionConfig } from './cloudfront-config.ts';
import { answered } from './refusals.ts';
import { onceKnown, type Passing } from './wait.ts';

/** What it is in front of may be a moment old. */
const notKnownYet: readonly Passing[] = [
  { code: 'InvalidOrigin' },
  { code: 'InvalidOriginAccessControl' },
  { code: 'NoSuchOriginAccessControl' },
  { code: 'InvalidArgument', message: /bucket|origin access/i },
];

/** Returns once it is there: until the edges of the world have it takes minutes, and nobody needs to wait for that. */
async function cloneDistribution(
  { values: given, signal }: CloneRequest,
  client: CloudFront,
): Promise<Cloned> {
  const values = new StateValues(given);
  // One for all attempts: with it CloudFront knows a repeated request.
  const config = distributionConfig(values, randomUUID());
  const { Distribution, ETag } = await onceKnown(
    () =>
      client.createDistributionWithTags({
        DistributionConfigWithTags: { DistributionConfig: config, Tags: { Items: values.tagList ?? [] } },
      }),
    notKnownYet,
    signal,
  );
  const id = answered(Distribution?.Id, 'the id of the distribution');
  return {
    id,
    values: known({
      arn: Distribution?.ARN,
      caller_reference: config.CallerReference,
      domain_name: Distribution?.DomainName,
      etag: ETag,
      hosted_zone_id: hostedZoneOf(Distribution?.ARN),
      id,
      status: Distribution?.Status,
    }),
  };
}

function refuses(source: StateValues, target: StateValues): string | null {
  const kept = new Set(target.texts('aliases'));
  const same = (source.texts('aliases') ?? []).filter((alias) => kept.has(alias));
  if (same.length > 0)
    return `its domain name ${same.join(', ')} does not bear the environment's name, and CloudFront gives a name to one distribution alone`;
  for (const origin of source.blocks('origin')) {
    const headers = origin.blocks('custom_header').map((header) => header.text('name') ?? '');
    if (headers.length > 0)
      return `its origin ${origin.text('origin_id') ?? ''} knows it by the header ${headers.join(', ')}, which may be a password`;
  }
  if (source.flag('staging') || source.text('continuous_deployment_policy_id') !== undefined)
    return 'it is one of a pair for continuous deployment';
  return null;
}

async function cloneControl({ values: given }: CloneRequest, client: CloudFront): Promise<Cloned> {
  const values = new StateValues(given);
  const Name = values.needed('name');
  const { OriginAccessControl, ETag } = await client.createOriginAccessControl({
    OriginAccessControlConfig: {
      Name,
      Description: values.text('description') ?? '',
      OriginAccessControlOriginType: values.needed(
        'origin_access_control_origin_type',
      ) as OriginAccessControlOriginTypes,
      SigningBehavior: values.needed('signing_behavior') as OriginAccessControlSigningBehaviors,
      SigningProtocol: 'sigv4',
    },
  });
  const id = answered(OriginAccessControl?.Id, `the id of the origin access control ${Name}`);
  return { id, values: known({ etag: ETag, id }) };
}

export const cloudfront = cloneService('cloudfront', {
  aws_cloudfront_distribution: {
    actions: ['cloudfront:CreateDistribution', 'cloudfront:TagResource'],
    refuses,
    clone: cloneDistribution,
  },
  aws_cloudfront_origin_access_control: {
    actions: ['cloudfront:CreateOriginAccessControl'],
    clone: cloneControl,
  },
});
