/** The configuration of a distribution in the form of CloudFront, from values in the shape of Terraform's state. */
import type {
  CacheBehavior,
  CustomErrorResponse,
  DefaultCacheBehavior,
  DistributionConfig,
  EventType,
  ForwardedValues,
  GeoRestrictionType,
  HttpVersion,
  ItemSelection,
  Method,
  MinimumProtocolVersion,
  Origin,
  OriginProtocolPolicy,
  PriceClass,
  SSLSupportMethod,
  SslProtocol,
  ViewerCertificate,
  ViewerProtocolPolicy,
} from '@aws-sdk/client-cloudfront';
import type { StateValues } from '../state-values.ts';

/** Every list of CloudFront says how long it is. */
function listOf<T>(Items: readonly T[] | undefined): { Quantity: number; Items?: T[] } {
  return Items === undefined || Items.length === 0
    ? { Quantity: 0 }
    : { Quantity: Items.length, Items: [...Items] };
}

function forwardedOf(values: StateValues): ForwardedValues {
  const cookies = values.block('cookies');
  const names = cookies?.texts('whitelisted_names');
  return {
    Cookies: {
      Forward: cookies?.word<ItemSelection>('forward') ?? 'none',
      ...(names === undefined ? {} : { WhitelistedNames: listOf(names) }),
    },
    Headers: listOf(values.texts('headers')),
    QueryString: values.flag('query_string') ?? false,
    QueryStringCacheKeys: listOf(values.texts('query_string_cache_keys')),
  };
}

function behaviorOf(values: StateValues): DefaultCacheBehavior {
  const forwarded = values.block('forwarded_values');
  const [groups, signers] = [values.texts('trusted_key_groups'), values.texts('trusted_signers')];
  return {
    TargetOriginId: values.needed('target_origin_id'),
    ViewerProtocolPolicy: values.needed('viewer_protocol_policy') as ViewerProtocolPolicy,
    AllowedMethods: {
      Quantity: values.texts('allowed_methods')?.length ?? 2,
      Items: values.words<Method>('allowed_methods') ?? ['GET', 'HEAD'],
      CachedMethods: {
        Quantity: values.texts('cached_methods')?.length ?? 2,
        Items: values.words<Method>('cached_methods') ?? ['GET', 'HEAD'],
      },
    },
    CachePolicyId: values.text('cache_policy_id'),
    Compress: values.flag('compress') ?? false,
    FieldLevelEncryptionId: values.text('field_level_encryption_id') ?? '',
    FunctionAssociations: listOf(
      values.blocks('function_association').map((each) => ({
        EventType: each.needed('event_type') as EventType,
        FunctionARN: each.needed('function_arn'),
      })),
    ),
    LambdaFunctionAssociations: listOf(
      values.blocks('lambda_function_association').map((each) => ({
        EventType: each.needed('event_type') as EventType,
        IncludeBody: each.flag('include_body') ?? false,
        LambdaFunctionARN: each.needed('lambda_arn'),
      })),
    ),
    OriginRequestPolicyId: values.text('origin_request_policy_id'),
    RealtimeLogConfigArn: values.text('realtime_log_config_arn'),
    ResponseHeadersPolicyId: values.text('response_headers_policy_id'),
    SmoothStreaming: values.flag('smooth_streaming') ?? false,
    TrustedKeyGroups: { Enabled: groups !== undefined, ...listOf(groups) },
    TrustedSigners: { Enabled: signers !== undefined, ...listOf(signers) },
    // Where a policy says how long things are kept, CloudFront refuses to be told here too.
    ...(forwarded && {
      ForwardedValues: forwardedOf(forwarded),
      MinTTL: values.number('min_ttl') ?? 0,
      DefaultTTL: values.number('default_ttl') ?? 0,
      MaxTTL: values.number('max_ttl') ?? 0,
    }),
  };
}

function originOf(values: StateValues): Origin {
  const custom = values.block('custom_origin_config');
  const shield = values.block('origin_shield');
  const bucket = values.block('s3_origin_config');
  return {
    Id: values.needed('origin_id'),
    DomainName: values.needed('domain_name'),
    OriginPath: values.text('origin_path') ?? '',
    ConnectionAttempts: values.positive('connection_attempts'),
    ConnectionTimeout: values.positive('connection_timeout'),
    CustomHeaders: { Quantity: 0 },
    OriginAccessControlId: values.text('origin_access_control_id') ?? '',
    ...(shield && {
      OriginShield: { Enabled: true, OriginShieldRegion: shield.text('origin_shield_region') },
    }),
    ...(custom === undefined
      ? { S3OriginConfig: { OriginAccessIdentity: bucket?.text('origin_access_identity') ?? '' } }
      : {
          CustomOriginConfig: {
            HTTPPort: custom.number('http_port') ?? 80,
            HTTPSPort: custom.number('https_port') ?? 443,
            OriginKeepaliveTimeout: custom.positive('origin_keepalive_timeout'),
            OriginProtocolPolicy: custom.needed('origin_protocol_policy') as OriginProtocolPolicy,
            OriginReadTimeout: custom.positive('origin_read_timeout'),
            OriginSslProtocols: {
              Quantity: custom.texts('origin_ssl_protocols')?.length ?? 0,
              Items: custom.words<SslProtocol>('origin_ssl_protocols') ?? [],
            },
          },
        }),
  };
}

function errorResponseOf(values: StateValues): CustomErrorResponse {
  const code = values.positive('response_code');
  return {
    ErrorCode: values.number('error_code'),
    ErrorCachingMinTTL: values.number('error_caching_min_ttl'),
    ...(code === undefined
      ? {}
      : { ResponseCode: String(code), ResponsePagePath: values.text('response_page_path') ?? '' }),
  };
}

function certificateOf(values: StateValues | undefined): ViewerCertificate {
  if (values === undefined || values.flag('cloudfront_default_certificate'))
    return { CloudFrontDefaultCertificate: true };
  return {
    ACMCertificateArn: values.text('acm_certificate_arn'),
    IAMCertificateId: values.text('iam_certificate_id'),
    MinimumProtocolVersion: values.word<MinimumProtocolVersion>('minimum_protocol_version'),
    SSLSupportMethod: values.word<SSLSupportMethod>('ssl_support_method'),
  };
}

/** @param CallerReference of this one request; another one is another distribution */
export function distributionConfig(values: StateValues, CallerReference: string): DistributionConfig {
  const fallback = values.block('default_cache_behavior');
  const geo = values.block('restrictions')?.block('geo_restriction');
  const logging = values.block('logging_config');
  return {
    CallerReference,
    Comment: values.text('comment') ?? '',
    Enabled: values.flag('enabled') ?? true,
    Aliases: listOf(values.texts('aliases')),
    CacheBehaviors: listOf(
      values.blocks('ordered_cache_behavior').map((each): CacheBehavior => ({
        ...behaviorOf(each),
        PathPattern: each.needed('path_pattern'),
      })),
    ),
    CustomErrorResponses: listOf(values.blocks('custom_error_response').map(errorResponseOf)),
    DefaultCacheBehavior: fallback && behaviorOf(fallback),
    DefaultRootObject: values.text('default_root_object') ?? '',
    HttpVersion: values.word<HttpVersion>('http_version'),
    IsIPV6Enabled: values.flag('is_ipv6_enabled') ?? false,
    Origins: { Quantity: values.blocks('origin').length, Items: values.blocks('origin').map(originOf) },
    PriceClass: values.word<PriceClass>('price_class'),
    Restrictions: {
      GeoRestriction: {
        RestrictionType: (geo?.text('restriction_type') ?? 'none') as GeoRestrictionType,
        ...listOf(geo?.texts('locations')),
      },
    },
    ViewerCertificate: certificateOf(values.block('viewer_certificate')),
    WebACLId: values.text('web_acl_id') ?? '',
    ...(logging && {
      Logging: {
        Enabled: true,
        Bucket: logging.text('bucket') ?? '',
        IncludeCookies: logging.flag('include_cookies') ?? false,
        Prefix: logging.text('prefix') ?? '',
      },
    }),
  };
}
