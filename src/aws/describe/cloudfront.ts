import type {
  CacheBehavior,
  CloudFront,
  DefaultCacheBehavior,
  Distribution,
  DistributionConfig,
  ForwardedValues,
  Origin,
} from '@aws-sdk/client-cloudfront';
import type { Json, JsonObject } from '../../transfer/json.ts';
import { describeService, known } from '../describe.ts';
import { tagsFrom } from '../listing.ts';
import { cloudfront as adapter } from '../services/cloudfront.ts';
import { block, settingsNotRead, sorted, tagged } from '../state-values.ts';
import { refuseSettings } from './refusals.ts';

type Maybe = Readonly<Record<string, Json | undefined>>;

function forwarded(values: ForwardedValues): Maybe {
  return {
    cookies: block(
      values.Cookies && {
        forward: values.Cookies.Forward,
        whitelisted_names: sorted(values.Cookies.WhitelistedNames?.Items),
      },
    ),
    headers: sorted(values.Headers?.Items),
    query_string: values.QueryString ?? false,
    query_string_cache_keys: [...(values.QueryStringCacheKeys?.Items ?? [])],
  };
}

function behavior(found: DefaultCacheBehavior | CacheBehavior): Maybe {
  return {
    allowed_methods: sorted(found.AllowedMethods?.Items),
    cache_policy_id: found.CachePolicyId ?? '',
    cached_methods: sorted(found.AllowedMethods?.CachedMethods?.Items),
    compress: found.Compress ?? false,
    default_ttl: found.DefaultTTL ?? 0,
    field_level_encryption_id: found.FieldLevelEncryptionId ?? '',
    forwarded_values: block(found.ForwardedValues && forwarded(found.ForwardedValues)),
    function_association: (found.FunctionAssociations?.Items ?? []).map((each) =>
      known({ event_type: each.EventType, function_arn: each.FunctionARN }),
    ),
    lambda_function_association: (found.LambdaFunctionAssociations?.Items ?? []).map((each) =>
      known({
        event_type: each.EventType,
        include_body: each.IncludeBody ?? false,
        lambda_arn: each.LambdaFunctionARN,
      }),
    ),
    max_ttl: found.MaxTTL ?? 0,
    min_ttl: found.MinTTL ?? 0,
    origin_request_policy_id: found.OriginRequestPolicyId ?? '',
    realtime_log_config_arn: found.RealtimeLogConfigArn ?? '',
    response_headers_policy_id: found.ResponseHeadersPolicyId ?? '',
    smooth_streaming: found.SmoothStreaming ?? false,
    target_origin_id: found.TargetOriginId,
    trusted_key_groups: [...(found.TrustedKeyGroups?.Items ?? [])],
    trusted_signers: [...(found.TrustedSigners?.Items ?? [])],
    viewer_protocol_policy: found.ViewerProtocolPolicy,
  };
}

function originOf(origin: Origin): JsonObject {
  const { CustomOriginConfig: custom, S3OriginConfig: bucket, OriginShield: shield } = origin;
  return known({
    connection_attempts: origin.ConnectionAttempts,
    connection_timeout: origin.ConnectionTimeout,
    custom_header: (origin.CustomHeaders?.Items ?? []).map((header) =>
      known({ name: header.HeaderName, value: header.HeaderValue }),
    ),
    custom_origin_config: block(
      custom && {
        http_port: custom.HTTPPort,
        https_port: custom.HTTPSPort,
        origin_keepalive_timeout: custom.OriginKeepaliveTimeout,
        origin_protocol_policy: custom.OriginProtocolPolicy,
        origin_read_timeout: custom.OriginReadTimeout,
        origin_ssl_protocols: sorted(custom.OriginSslProtocols?.Items),
      },
    ),
    domain_name: origin.DomainName,
    origin_access_control_id: origin.OriginAccessControlId ?? '',
    origin_id: origin.Id,
    origin_path: origin.OriginPath ?? '',
    origin_shield: block(
      shield?.Enabled ? { enabled: true, origin_shield_region: shield.OriginShieldRegion } : undefined,
    ),
    s3_origin_config: block(
      bucket?.OriginAccessIdentity ? { origin_access_identity: bucket.OriginAccessIdentity } : undefined,
    ),
  });
}

function distributionValues(found: Distribution, etag: string | undefined): Maybe {
  const config = found.DistributionConfig;
  const geo = config?.Restrictions?.GeoRestriction;
  const certificate = config?.ViewerCertificate;
  const logging = config?.Logging;
  const origins = config?.Origins?.Items ?? [];
  const own = origins.flatMap(({ CustomOriginConfig }) => CustomOriginConfig ?? []);
  return {
    aliases: sorted(config?.Aliases?.Items),
    arn: found.ARN,
    caller_reference: config?.CallerReference,
    comment: config?.Comment ?? '',
    continuous_deployment_policy_id: config?.ContinuousDeploymentPolicyId ?? '',
    custom_error_response: (config?.CustomErrorResponses?.Items ?? []).map((each) =>
      known({
        error_caching_min_ttl: each.ErrorCachingMinTTL,
        error_code: each.ErrorCode,
        response_code: Number(each.ResponseCode ?? 0),
        response_page_path: each.ResponsePagePath ?? '',
      }),
    ),
    default_cache_behavior: block(config?.DefaultCacheBehavior && behavior(config.DefaultCacheBehavior)),
    default_root_object: config?.DefaultRootObject ?? '',
    domain_name: found.DomainName,
    enabled: config?.Enabled,
    etag,
    hosted_zone_id: hostedZoneOf(found.ARN),
    http_version: config?.HttpVersion?.toLowerCase(),
    is_ipv6_enabled: config?.IsIPV6Enabled ?? false,
    logging_config: block(
      logging?.Enabled
        ? {
            bucket: logging.Bucket,
            include_cookies: logging.IncludeCookies ?? false,
            prefix: logging.Prefix ?? '',
          }
        : undefined,
    ),
    ordered_cache_behavior: (config?.CacheBehaviors?.Items ?? []).map((each) =>
      known({ ...behavior(each), path_pattern: each.PathPattern }),
    ),
    origin: (config?.Origins?.Items ?? []).map(originOf),
    price_class: config?.PriceClass,
    restrictions: block({
      geo_restriction: block({
        locations: sorted(geo?.Items),
        restriction_type: geo?.RestrictionType ?? 'none',
      }),
    }),
    staging: config?.Staging ?? false,
    status: found.Status,
    viewer_certificate: block(
      certificate && {
        acm_certificate_arn: certificate.ACMCertificateArn ?? '',
        cloudfront_default_certificate: certificate.CloudFrontDefaultCertificate ?? false,
        iam_certificate_id: certificate.IAMCertificateId ?? '',
        minimum_protocol_version: certificate.MinimumProtocolVersion ?? '',
        ssl_support_method: certificate.SSLSupportMethod ?? '',
      },
    ),
    web_acl_id: config?.WebACLId ?? '',
    ...settingsNotRead({
      CacheTagConfig: config?.CacheTagConfig,
      ConnectionFunctionAssociation: config?.ConnectionFunctionAssociation,
      IpAddressType: own.filter(({ IpAddressType = 'ipv4' }) => IpAddressType !== 'ipv4'),
      OriginMtlsConfig: own.filter(({ OriginMtlsConfig }) => OriginMtlsConfig),
      ResponseCompletionTimeout: origins.filter((each) => each.ResponseCompletionTimeout),
    }),
  };
}

/** That of every distribution: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
export const hostedZoneOf = (arn: string | undefined): string =>
  arn?.startsWith('arn:aws-cn:') ? 'Z3RFFRIM2A3IF5' : 'Z2FDTNDATAQYW2';

/** @throws SettingsNotDescribed where it has some of which a copy would know nothing */
function refuseUnread(config: DistributionConfig | undefined): void {
  const origins = config?.Origins?.Items ?? [];
  const behaviors = [config?.DefaultCacheBehavior, ...(config?.CacheBehaviors?.Items ?? [])];
  refuseSettings({
    AnycastIpListId: config?.AnycastIpListId || undefined,
    GrpcConfig: behaviors.filter((each) => each?.GrpcConfig?.Enabled),
    OriginGroups: config?.OriginGroups?.Items,
    TenantConfig: config?.TenantConfig,
    ViewerMtlsConfig: config?.ViewerMtlsConfig,
    VpcOriginConfig: origins.filter((each) => each.VpcOriginConfig),
  });
}

async function tagsOf(arn: string | undefined, client: CloudFront): Promise<JsonObject> {
  const { Tags } = await client.listTagsForResource({ Resource: arn });
  return tagged(tagsFrom(Tags?.Items ?? []));
}

/** Distributions, and how buckets know them. Headers that an origin is sent may be the password by which it knows its distribution. */
export const cloudfront = describeService('cloudfront', adapter.notFound, {
  aws_cloudfront_distribution: {
    actions: ['cloudfront:GetDistribution', 'cloudfront:ListTagsForResource'],
    describe: async ({ id }, client) => {
      const { Distribution: found, ETag } = await client.getDistribution({ Id: id });
      if (found === undefined) return [];
      refuseUnread(found.DistributionConfig);
      const values = known({
        ...distributionValues(found, ETag),
        id,
        ...(await tagsOf(found.ARN, client)),
      });
      const origins = found.DistributionConfig?.Origins?.Items ?? [];
      const sensitivePaths = origins.flatMap(({ CustomHeaders }, index) =>
        CustomHeaders?.Items?.length ? [`origin.${index}.custom_header`] : [],
      );
      return [{ type: 'aws_cloudfront_distribution', id, values, sensitivePaths }];
    },
  },
  aws_cloudfront_origin_access_control: {
    actions: ['cloudfront:GetOriginAccessControl'],
    describe: async ({ id }, client) => {
      const { OriginAccessControl: found, ETag: etag } = await client.getOriginAccessControl({ Id: id });
      const config = found?.OriginAccessControlConfig;
      if (config === undefined) return [];
      const values = known({
        description: config.Description ?? '',
        etag,
        id,
        name: config.Name,
        origin_access_control_origin_type: config.OriginAccessControlOriginType,
        signing_behavior: config.SigningBehavior,
        signing_protocol: config.SigningProtocol,
      });
      return [{ type: 'aws_cloudfront_origin_access_control', id, values }];
    },
  },
});
