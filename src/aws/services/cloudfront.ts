import { type StatusWords, defineService, presentAs, ready } from '../adapter.ts';

/** `InProgress` is on its way to the edges. */
const distributionStates: StatusWords = { ready: ['Deployed'] };

export const cloudfront = defineService('cloudfront', {
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
      actions: { check: ['cloudfront:GetDistribution'] },
      check: async (subject, client) => {
        const { Distribution } = await client.getDistribution({ Id: subject.id });
        return presentAs(Distribution?.Status, distributionStates);
      },
    },
    aws_cloudfront_function: {
      needs: [],
      actions: { check: ['cloudfront:DescribeFunction'] },
      check: async (subject, client) => {
        await client.describeFunction({ Name: subject.id });
        return ready;
      },
    },
    aws_cloudfront_origin_access_control: {
      needs: [],
      actions: { check: ['cloudfront:GetOriginAccessControl'] },
      check: async (subject, client) => {
        await client.getOriginAccessControl({ Id: subject.id });
        return ready;
      },
    },
    aws_cloudfront_origin_access_identity: {
      needs: [],
      actions: { check: ['cloudfront:GetCloudFrontOriginAccessIdentity'] },
      check: async (subject, client) => {
        await client.getCloudFrontOriginAccessIdentity({ Id: subject.id });
        return ready;
      },
    },
    aws_cloudfront_cache_policy: {
      needs: [],
      actions: { check: ['cloudfront:GetCachePolicy'] },
      check: async (subject, client) => {
        await client.getCachePolicy({ Id: subject.id });
        return ready;
      },
    },
    aws_cloudfront_origin_request_policy: {
      needs: [],
      actions: { check: ['cloudfront:GetOriginRequestPolicy'] },
      check: async (subject, client) => {
        await client.getOriginRequestPolicy({ Id: subject.id });
        return ready;
      },
    },
    aws_cloudfront_response_headers_policy: {
      needs: [],
      actions: { check: ['cloudfront:GetResponseHeadersPolicy'] },
      check: async (subject, client) => {
        await client.getResponseHeadersPolicy({ Id: subject.id });
        return ready;
      },
    },
  },
});
