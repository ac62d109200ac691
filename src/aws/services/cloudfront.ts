import type { CloudFront } from '@aws-sdk/client-cloudfront';
import { type Removal, type StatusWords, defineService, presentAs, ready } from '../adapter.ts';
import { listing, tagsFrom } from '../listing.ts';

/** `InProgress` is on its way to the edges. */
const distributionStates: StatusWords = { ready: ['Deployed'] };

const switchingOff: Removal = {
  state: 'refused',
  reason: 'it is being switched off at the edges, which takes minutes',
  passing: true,
};

export const cloudfront = defineService('cloudfront', {
  scope: 'global',
  inUse: [
    'CachePolicyInUse',
    'CloudFrontOriginAccessIdentityInUse',
    'DistributionNotDisabled',
    'FunctionInUse',
    'OriginAccessControlInUse',
    'OriginRequestPolicyInUse',
    'PreconditionFailed',
    'ResponseHeadersPolicyInUse',
    'ResourceInUse',
  ],
  notFound: [
    'NoSuchCachePolicy',
    'NoSuchCloudFrontOriginAccessIdentity',
    'NoSuchDistribution',
    'NoSuchFunctionExists',
    'NoSuchOriginAccessControl',
    'NoSuchOriginRequestPolicy',
    'NoSuchResponseHeadersPolicy',
  ],
  types: {
    aws_cloudfront_distribution: {
      needs: [],
      actions: {
        check: ['cloudfront:GetDistribution'],
        list: ['cloudfront:ListDistributions'],
        remove: [
          'cloudfront:GetDistribution',
          'cloudfront:GetDistributionConfig',
          'cloudfront:UpdateDistribution',
          'cloudfront:DeleteDistribution',
        ],
        tags: ['cloudfront:ListTagsForResource'],
      },
      dependsOn: [
        'aws_cloudfront_function',
        'aws_cloudfront_origin_access_control',
        'aws_cloudfront_origin_access_identity',
        'aws_cloudfront_cache_policy',
        'aws_cloudfront_origin_request_policy',
        'aws_cloudfront_response_headers_policy',
        'aws_s3_bucket',
      ],
      check: async (subject, client) => {
        const { Distribution } = await client.getDistribution({ Id: subject.id });
        return presentAs(Distribution?.Status, distributionStates);
      },
      list: listing(
        (client: CloudFront, Marker) => client.listDistributions({ Marker }),
        (page) => page.DistributionList?.NextMarker,
        (page) => page.DistributionList?.Items,
        (distribution) => ({
          id: distribution.Id,
          // It has no name of its own; people write one into the comment, or know it by its alias.
          name: distribution.Comment || distribution.Aliases?.Items?.[0] || distribution.Id,
          arn: distribution.ARN,
          uses: distribution.Origins?.Items?.map(({ DomainName }) => DomainName),
        }),
      ),
      tags: async (subject, client) => {
        const { Tags } = await client.listTagsForResource({ Resource: subject.arn });
        return tagsFrom(Tags?.Items ?? []);
      },
      remove: async (subject, client) => {
        const { ETag, DistributionConfig } = await client.getDistributionConfig({ Id: subject.id });
        if (DistributionConfig?.Enabled) {
          await client.updateDistribution({
            Id: subject.id,
            IfMatch: ETag,
            DistributionConfig: { ...DistributionConfig, Enabled: false },
          });
          return switchingOff;
        }
        const { Distribution } = await client.getDistribution({ Id: subject.id });
        if (Distribution?.Status === 'InProgress') return switchingOff;
        await client.deleteDistribution({ Id: subject.id, IfMatch: ETag });
        return undefined;
      },
    },
    aws_cloudfront_function: {
      needs: [],
      actions: {
        check: ['cloudfront:DescribeFunction'],
        list: ['cloudfront:ListFunctions'],
        remove: ['cloudfront:DescribeFunction', 'cloudfront:DeleteFunction'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.describeFunction({ Name: subject.id });
        return ready;
      },
      list: listing(
        (client: CloudFront, Marker) => client.listFunctions({ Marker }),
        (page) => page.FunctionList?.NextMarker,
        (page) => page.FunctionList?.Items,
        (each) => ({
          id: each.Name,
          arn: each.FunctionMetadata?.FunctionARN,
          createdAt: each.FunctionMetadata?.CreatedTime,
        }),
      ),
      remove: async (subject, client) => {
        const { ETag } = await client.describeFunction({ Name: subject.id });
        await client.deleteFunction({ Name: subject.id, IfMatch: ETag });
        return undefined;
      },
    },
    aws_cloudfront_origin_access_control: {
      needs: [],
      actions: {
        check: ['cloudfront:GetOriginAccessControl'],
        list: ['cloudfront:ListOriginAccessControls'],
        remove: ['cloudfront:GetOriginAccessControl', 'cloudfront:DeleteOriginAccessControl'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getOriginAccessControl({ Id: subject.id });
        return ready;
      },
      list: listing(
        (client: CloudFront, Marker) => client.listOriginAccessControls({ Marker }),
        (page) => page.OriginAccessControlList?.NextMarker,
        (page) => page.OriginAccessControlList?.Items,
        (each) => ({ id: each.Id, name: each.Name }),
      ),
      remove: async (subject, client) => {
        const { ETag } = await client.getOriginAccessControl({ Id: subject.id });
        await client.deleteOriginAccessControl({ Id: subject.id, IfMatch: ETag });
        return undefined;
      },
    },
    aws_cloudfront_origin_access_identity: {
      needs: [],
      actions: {
        check: ['cloudfront:GetCloudFrontOriginAccessIdentity'],
        list: ['cloudfront:ListCloudFrontOriginAccessIdentities'],
        remove: [
          'cloudfront:GetCloudFrontOriginAccessIdentity',
          'cloudfront:DeleteCloudFrontOriginAccessIdentity',
        ],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getCloudFrontOriginAccessIdentity({ Id: subject.id });
        return ready;
      },
      list: listing(
        (client: CloudFront, Marker) => client.listCloudFrontOriginAccessIdentities({ Marker }),
        (page) => page.CloudFrontOriginAccessIdentityList?.NextMarker,
        (page) => page.CloudFrontOriginAccessIdentityList?.Items,
        (each) => ({ id: each.Id, name: each.Comment || each.Id }),
      ),
      remove: async (subject, client) => {
        const { ETag } = await client.getCloudFrontOriginAccessIdentity({ Id: subject.id });
        await client.deleteCloudFrontOriginAccessIdentity({ Id: subject.id, IfMatch: ETag });
        return undefined;
      },
    },
    aws_cloudfront_cache_policy: {
      needs: [],
      actions: {
        check: ['cloudfront:GetCachePolicy'],
        list: ['cloudfront:ListCachePolicies'],
        remove: ['cloudfront:GetCachePolicy', 'cloudfront:DeleteCachePolicy'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getCachePolicy({ Id: subject.id });
        return ready;
      },
      list: listing(
        (client: CloudFront, Marker) => client.listCachePolicies({ Marker, Type: 'custom' }),
        (page) => page.CachePolicyList?.NextMarker,
        (page) => page.CachePolicyList?.Items,
        (each) => ({ id: each.CachePolicy?.Id, name: each.CachePolicy?.CachePolicyConfig?.Name }),
      ),
      remove: async (subject, client) => {
        const { ETag } = await client.getCachePolicy({ Id: subject.id });
        await client.deleteCachePolicy({ Id: subject.id, IfMatch: ETag });
        return undefined;
      },
    },
    aws_cloudfront_origin_request_policy: {
      needs: [],
      actions: {
        check: ['cloudfront:GetOriginRequestPolicy'],
        list: ['cloudfront:ListOriginRequestPolicies'],
        remove: ['cloudfront:GetOriginRequestPolicy', 'cloudfront:DeleteOriginRequestPolicy'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getOriginRequestPolicy({ Id: subject.id });
        return ready;
      },
      list: listing(
        (client: CloudFront, Marker) => client.listOriginRequestPolicies({ Marker, Type: 'custom' }),
        (page) => page.OriginRequestPolicyList?.NextMarker,
        (page) => page.OriginRequestPolicyList?.Items,
        (each) => ({
          id: each.OriginRequestPolicy?.Id,
          name: each.OriginRequestPolicy?.OriginRequestPolicyConfig?.Name,
        }),
      ),
      remove: async (subject, client) => {
        const { ETag } = await client.getOriginRequestPolicy({ Id: subject.id });
        await client.deleteOriginRequestPolicy({ Id: subject.id, IfMatch: ETag });
        return undefined;
      },
    },
    aws_cloudfront_response_headers_policy: {
      needs: [],
      actions: {
        check: ['cloudfront:GetResponseHeadersPolicy'],
        list: ['cloudfront:ListResponseHeadersPolicies'],
        remove: ['cloudfront:GetResponseHeadersPolicy', 'cloudfront:DeleteResponseHeadersPolicy'],
      },
      dependsOn: [],
      check: async (subject, client) => {
        await client.getResponseHeadersPolicy({ Id: subject.id });
        return ready;
      },
      list: listing(
        (client: CloudFront, Marker) => client.listResponseHeadersPolicies({ Marker, Type: 'custom' }),
        (page) => page.ResponseHeadersPolicyList?.NextMarker,
        (page) => page.ResponseHeadersPolicyList?.Items,
        (each) => ({
          id: each.ResponseHeadersPolicy?.Id,
          name: each.ResponseHeadersPolicy?.ResponseHeadersPolicyConfig?.Name,
        }),
      ),
      remove: async (subject, client) => {
        const { ETag } = await client.getResponseHeadersPolicy({ Id: subject.id });
        await client.deleteResponseHeadersPolicy({ Id: subject.id, IfMatch: ETag });
        return undefined;
      },
    },
  },
});
