/** How a bucket is served, and to whom: as a website, from nearby, at whose cost, by access control lists. */
import type { RoutingRule, S3 } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../transfer/json.ts';
import { known } from '../describe.ts';
import { block } from '../state-values.ts';
import { grantee, type Maybe, nobody, type Setting, unlessUnset } from './s3-setting.ts';
import { dnsSuffixOf } from './texts.ts';

/** Their website hosts have a hyphen before the region, all others a dot. https://docs.aws.amazon.com/general/latest/gr/s3.html */
const hyphened: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
]);

const websiteHost = (region: string): string =>
  `s3-website${hyphened.has(region) ? '-' : '.'}${region}.${dnsSuffixOf(region)}`;

function routingRule({ Condition, Redirect }: RoutingRule): JsonObject {
  return {
    condition: block(
      Condition && {
        http_error_code_returned_equals: Condition.HttpErrorCodeReturnedEquals ?? '',
        key_prefix_equals: Condition.KeyPrefixEquals ?? '',
      },
    ),
    redirect: block(
      Redirect && {
        host_name: Redirect.HostName ?? '',
        http_redirect_code: Redirect.HttpRedirectCode ?? '',
        protocol: Redirect.Protocol ?? '',
        replace_key_prefix_with: Redirect.ReplaceKeyPrefixWith ?? '',
        replace_key_with: Redirect.ReplaceKeyWith ?? '',
      },
    ),
  };
}

async function website(client: S3, bucket: { readonly Bucket: string }): Promise<Maybe> {
  const found = await client.getBucketWebsite(bucket);
  const { BucketRegion } = await client.headBucket(bucket);
  const domain = websiteHost(BucketRegion ?? (await client.config.region()));
  const all = found.RedirectAllRequestsTo;
  return {
    error_document: block(found.ErrorDocument && { key: found.ErrorDocument.Key }),
    index_document: block(found.IndexDocument && { suffix: found.IndexDocument.Suffix }),
    redirect_all_requests_to: block(all && { host_name: all.HostName, protocol: all.Protocol ?? '' }),
    routing_rule: (found.RoutingRules ?? []).map(routingRule),
    website_domain: domain,
    website_endpoint: `${bucket.Bucket}.${domain}`,
    ...nobody,
  };
}

/**
 * Only where lists count: the owner of the bucket owns all that is in it unless the controls say otherwise, and buckets from
 * before 2023 may have no controls, which means that they count. Every bucket has a list; that of the owner alone says nothing.
 */
async function accessControlList(
  client: S3,
  bucket: { readonly Bucket: string },
): Promise<Maybe | undefined> {
  const controls = await unlessUnset(client.getBucketOwnershipControls(bucket));
  const owned = controls?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  if (owned === 'BucketOwnerEnforced') return undefined;
  const { Grants = [], Owner } = await client.getBucketAcl(bucket);
  const others = Grants.filter(
    ({ Grantee, Permission }) => Grantee?.ID !== Owner?.ID || Permission !== 'FULL_CONTROL',
  );
  if (others.length === 0) return undefined;
  return {
    access_control_policy: block({
      grant: Grants.map(({ Grantee, Permission }) =>
        known({
          grantee: grantee(Grantee),
          permission: Permission,
        }),
      ),
      owner: block({ display_name: Owner?.DisplayName ?? '', id: Owner?.ID }),
    }),
    ...nobody,
  };
}

/** Regions without acceleration, and names with dots, are told so. */
const noAcceleration = ['MethodNotAllowed', 'NotImplemented', 'UnsupportedArgument', 'XNotImplemented'];

export const serving: readonly Setting[] = [
  { type: 'aws_s3_bucket_website_configuration', read: website },
  { type: 'aws_s3_bucket_acl', read: accessControlList },
  {
    type: 'aws_s3_bucket_accelerate_configuration',
    read: async (client, bucket) => {
      const found = await unlessUnset(client.getBucketAccelerateConfiguration(bucket), noAcceleration);
      return found?.Status && { status: found.Status, ...nobody };
    },
  },
  {
    type: 'aws_s3_bucket_request_payment_configuration',
    read: async (client, bucket) => {
      const { Payer } = await client.getBucketRequestPayment(bucket);
      return Payer === 'Requester' ? { payer: Payer, ...nobody } : undefined;
    },
  },
];
