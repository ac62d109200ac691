import { adapterCases, purposeTag } from './support/adapter-cases.ts';

adapterCases(
  'cloudfront',
  {
    aws_cloudfront_distribution: {
      make: async (clients, name) => {
        const cloudfront = await clients.get('cloudfront');
        const made = await cloudfront.createDistributionWithTags({
          DistributionConfigWithTags: {
            DistributionConfig: {
              CallerReference: name,
              Comment: name,
              Enabled: false,
              Origins: {
                Quantity: 1,
                Items: [
                  {
                    Id: 'o',
                    DomainName: 'example.s3.amazonaws.com',
                    S3OriginConfig: { OriginAccessIdentity: '' },
                  },
                ],
              },
              DefaultCacheBehavior: {
                TargetOriginId: 'o',
                ViewerProtocolPolicy: 'allow-all',
                MinTTL: 0,
                ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
              },
            },
            Tags: { Items: [{ Key: purposeTag, Value: name }] },
          },
        });
        return made.Distribution?.Id;
      },
    },
    aws_cloudfront_origin_access_control: {
      tagged: false,
      make: async (clients, Name) => {
        const cloudfront = await clients.get('cloudfront');
        const made = await cloudfront.createOriginAccessControl({
          OriginAccessControlConfig: {
            Name,
            SigningProtocol: 'sigv4',
            SigningBehavior: 'always',
            OriginAccessControlOriginType: 's3',
          },
        });
        return made.OriginAccessControl?.Id;
      },
    },
  },
  {
    aws_cloudfront_function: {
      reason: 'it has no functions',
      attempt: async (clients) => {
        const cloudfront = await clients.get('cloudfront');
        return cloudfront.createFunction({
          Name: 'f',
          FunctionConfig: { Comment: 'f', Runtime: 'cloudfront-js-2.0' },
          FunctionCode: Buffer.from('function handler() {}'),
        });
      },
    },
    aws_cloudfront_origin_access_identity: {
      reason: 'it has no identities',
      attempt: async (clients) => {
        const cloudfront = await clients.get('cloudfront');
        return cloudfront.createCloudFrontOriginAccessIdentity({
          CloudFrontOriginAccessIdentityConfig: { CallerReference: 'x', Comment: 'x' },
        });
      },
    },
    aws_cloudfront_cache_policy: {
      reason: 'it has no policies',
      attempt: async (clients) => {
        const cloudfront = await clients.get('cloudfront');
        return cloudfront.createCachePolicy({ CachePolicyConfig: { Name: 'p', MinTTL: 0 } });
      },
    },
    aws_cloudfront_origin_request_policy: {
      reason: 'it has no policies',
      attempt: async (clients) => {
        const cloudfront = await clients.get('cloudfront');
        return cloudfront.createOriginRequestPolicy({
          OriginRequestPolicyConfig: {
            Name: 'p',
            HeadersConfig: { HeaderBehavior: 'none' },
            CookiesConfig: { CookieBehavior: 'none' },
            QueryStringsConfig: { QueryStringBehavior: 'none' },
          },
        });
      },
    },
    aws_cloudfront_response_headers_policy: {
      reason: 'it has no policies',
      attempt: async (clients) => {
        const cloudfront = await clients.get('cloudfront');
        return cloudfront.createResponseHeadersPolicy({ ResponseHeadersPolicyConfig: { Name: 'p' } });
      },
    },
  },
);
