import type { ResourceTypeFacts } from './facts.ts';
import { limit, wordAndHyphen } from './limits.ts';
import { deletionProtection } from './obstacles.ts';

/** Part of an HTTP API: where the API is another's, that API would serve something else. */
function partOfHttpApi(
  type: string,
  title: string,
  name: string | null,
  more: Partial<ResourceTypeFacts> = {},
): ResourceTypeFacts {
  return {
    type,
    title,
    category: 'api',
    ...(name === null ? { identity: [], scope: 'server' } : { identity: [name, 'api_id'], scope: 'parent' }),
    limits: [],
    modifies: 'api_id',
    taggable: false,
    ...more,
  };
}

/** Part of a REST API; `own` are the attributes that tell it from others in the API. */
function partOfRestApi(
  type: string,
  title: string,
  own: readonly string[],
  more: Partial<ResourceTypeFacts> = {},
): ResourceTypeFacts {
  return {
    type,
    title,
    category: 'api',
    identity: [...own, 'rest_api_id'],
    scope: 'parent',
    limits: [],
    modifies: 'rest_api_id',
    taggable: false,
    ...more,
  };
}

/** Several of these may have the same name: the service tells them apart by an id. */
function namedOnly(type: string, title: string, more: Partial<ResourceTypeFacts> = {}): ResourceTypeFacts {
  return {
    type,
    title,
    category: 'api',
    identity: [],
    scope: 'server',
    nameAttribute: 'name',
    limits: [],
    taggable: true,
    ...more,
  };
}

const cognitoName = (attribute: string, operation: string) =>
  limit(attribute, 128, `cognito-user-identity-pools/latest/APIReference/API_${operation}.html`, {
    pattern: '[\\w\\s+=,.@-]+',
    allowed: 'letters, digits, spaces and _ + = , . @ -',
  });

export const apiTypes: readonly ResourceTypeFacts[] = [
  namedOnly('aws_apigatewayv2_api', 'HTTP or WebSocket API', {
    limits: [limit('name', 128, 'AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-api.html')],
  }),
  partOfHttpApi('aws_apigatewayv2_stage', 'Stage of an HTTP API', 'name', {
    limits: [
      limit('name', 128, 'apigateway/latest/developerguide/http-api-stages.html', {
        pattern: '\\$default|[A-Za-z0-9_-]+',
        allowed: 'letters, digits, - and _, or $default',
      }),
    ],
    taggable: true,
  }),
  partOfHttpApi('aws_apigatewayv2_route', 'Route of an HTTP API', 'route_key'),
  partOfHttpApi('aws_apigatewayv2_integration', 'Integration of an HTTP API', null),
  partOfHttpApi('aws_apigatewayv2_deployment', 'Deployment of an HTTP API', null),
  partOfHttpApi('aws_apigatewayv2_authorizer', 'Authorizer of an HTTP API', 'name', {
    limits: [
      limit('name', 128, 'AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-authorizer.html'),
    ],
  }),
  partOfHttpApi('aws_apigatewayv2_model', 'Model of an HTTP API', 'name'),
  {
    type: 'aws_apigatewayv2_domain_name',
    title: 'Domain of HTTP APIs',
    category: 'api',
    identity: ['domain_name'],
    scope: 'region',
    normalise: { domain_name: 'dns-name' },
    limits: [limit('domain_name', 253, 'apigateway/latest/developerguide/how-to-custom-domains.html')],
    taggable: true,
  },
  {
    type: 'aws_apigatewayv2_api_mapping',
    title: 'HTTP API on a domain',
    category: 'api',
    identity: ['api_mapping_key', 'domain_name'],
    scope: 'parent',
    identityDefaults: { api_mapping_key: '' },
    normalise: { domain_name: 'dns-name' },
    limits: [],
    taggable: false,
  },
  namedOnly('aws_apigatewayv2_vpc_link', 'VPC link of HTTP APIs'),
  namedOnly('aws_api_gateway_rest_api', 'REST API', { policies: ['policy'] }),
  partOfRestApi('aws_api_gateway_rest_api_policy', 'Policy of a REST API', [], { policies: ['policy'] }),
  partOfRestApi('aws_api_gateway_resource', 'Path of a REST API', ['path_part', 'parent_id']),
  partOfRestApi('aws_api_gateway_method', 'Method of a REST API', ['http_method', 'resource_id']),
  partOfRestApi('aws_api_gateway_method_response', 'Method response of a REST API', [
    'status_code',
    'http_method',
    'resource_id',
  ]),
  partOfRestApi(
    'aws_api_gateway_method_settings',
    'Method settings of a REST API',
    ['method_path', 'stage_name'],
    {
      servicesLogGroup: 'API-Gateway-Execution-Logs_{rest_api_id}/{stage_name}',
      servicesLogGroupIf: { attribute: 'settings.0.logging_level', when: { oneOf: ['INFO', 'ERROR'] } },
    },
  ),
  partOfRestApi('aws_api_gateway_integration', 'Integration of a REST API', ['http_method', 'resource_id']),
  partOfRestApi('aws_api_gateway_integration_response', 'Integration response of a REST API', [
    'status_code',
    'http_method',
    'resource_id',
  ]),
  partOfRestApi('aws_api_gateway_deployment', 'Deployment of a REST API', [], {
    identity: [],
    scope: 'server',
  }),
  partOfRestApi('aws_api_gateway_stage', 'Stage of a REST API', ['stage_name'], {
    limits: [limit('stage_name', 128, 'apigateway/latest/api/API_CreateStage.html', wordAndHyphen)],
    taggable: true,
  }),
  partOfRestApi('aws_api_gateway_authorizer', 'Authorizer of a REST API', ['name']),
  partOfRestApi('aws_api_gateway_model', 'Model of a REST API', ['name']),
  partOfRestApi('aws_api_gateway_request_validator', 'Request validator of a REST API', [], {
    identity: [],
    scope: 'server',
    nameAttribute: 'name',
  }),
  partOfRestApi('aws_api_gateway_gateway_response', 'Gateway response of a REST API', ['response_type']),
  {
    // One for all REST APIs of the account in a region: two environments overwrite each other's.
    type: 'aws_api_gateway_account',
    title: 'Logging role of API Gateway',
    category: 'api',
    identity: [],
    scope: 'region',
    limits: [],
    taggable: false,
    obstacles: [
      {
        attribute: 'reset_on_delete',
        when: { not: true },
        effect: 'leaves',
        terraformOnly: true,
        what: 'destroy leaves API Gateway with the role of this environment',
        hint: 'Manage the logging role of API Gateway outside the environments.',
      },
    ],
  },
  namedOnly('aws_api_gateway_api_key', 'API key'),
  namedOnly('aws_api_gateway_usage_plan', 'Usage plan'),
  {
    type: 'aws_api_gateway_usage_plan_key',
    title: 'API key of a usage plan',
    category: 'api',
    identity: ['key_id', 'usage_plan_id'],
    scope: 'parent',
    limits: [],
    modifies: 'usage_plan_id',
    taggable: false,
  },
  {
    type: 'aws_api_gateway_domain_name',
    title: 'Domain of REST APIs',
    category: 'api',
    identity: ['domain_name'],
    scope: 'region',
    normalise: { domain_name: 'dns-name' },
    limits: [limit('domain_name', 253, 'apigateway/latest/developerguide/how-to-custom-domains.html')],
    policies: ['policy'],
    taggable: true,
  },
  {
    type: 'aws_api_gateway_base_path_mapping',
    title: 'REST API on a domain',
    category: 'api',
    identity: ['base_path', 'domain_name'],
    scope: 'parent',
    identityDefaults: { base_path: '' },
    normalise: { domain_name: 'dns-name' },
    limits: [],
    taggable: false,
  },
  namedOnly('aws_cognito_user_pool', 'Cognito user pool', {
    limits: [cognitoName('name', 'CreateUserPool')],
    holdsData: true,
    obstacles: [deletionProtection('deletion_protection', 'ACTIVE')],
  }),
  namedOnly('aws_cognito_user_pool_client', 'Client of a Cognito user pool', {
    limits: [cognitoName('name', 'CreateUserPoolClient')],
    taggable: false,
  }),
  {
    // A prefix is a host name under amazoncognito.com, shared by all accounts; with a certificate it is one's own domain.
    type: 'aws_cognito_user_pool_domain',
    title: 'Domain of a Cognito user pool',
    category: 'api',
    identity: ['domain'],
    scope: 'global',
    normalise: { domain: 'dns-name' },
    limits: [
      limit('domain', 63, 'cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html', {
        pattern: '(?!(?:aws|amazon|cognito)$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?',
        allowed:
          'lower-case letters, digits and hyphens (dots in a domain of your own); not aws, amazon or cognito',
      }),
    ],
    taggable: false,
  },
  {
    type: 'aws_cognito_user_group',
    title: 'Group of a Cognito user pool',
    category: 'api',
    identity: ['name', 'user_pool_id'],
    scope: 'parent',
    limits: [limit('name', 128, 'cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html')],
    taggable: false,
  },
  {
    type: 'aws_cognito_resource_server',
    title: 'Resource server of a Cognito user pool',
    category: 'api',
    identity: ['identifier', 'user_pool_id'],
    scope: 'parent',
    limits: [
      limit(
        'identifier',
        256,
        'cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html',
      ),
    ],
    taggable: false,
  },
  {
    type: 'aws_cognito_identity_pool',
    title: 'Cognito identity pool',
    category: 'api',
    identity: [],
    scope: 'server',
    nameAttribute: 'identity_pool_name',
    limits: [
      limit('identity_pool_name', 128, 'cognitoidentity/latest/APIReference/API_CreateIdentityPool.html', {
        pattern: '[\\w\\s+=,.@-]+',
        allowed: 'letters, digits, spaces and _ + = , . @ -',
      }),
    ],
    holdsData: true,
    taggable: true,
  },
  namedOnly('aws_appsync_graphql_api', 'AppSync API', {
    servicesLogGroup: '/aws/appsync/apis/{id}',
    servicesLogGroupIf: { attribute: 'log_config', when: 'set' },
  }),
  partOfHttpApi('aws_appsync_datasource', 'Data source of an AppSync API', 'name', {
    limits: [
      limit('name', 65_536, 'appsync/latest/APIReference/API_CreateDataSource.html', {
        pattern: '[_A-Za-z]\\w*',
        allowed: 'letters, digits and _, no digit first',
      }),
    ],
  }),
  partOfHttpApi('aws_appsync_resolver', 'Resolver of an AppSync API', null, {
    identity: ['field', 'type', 'api_id'],
    scope: 'parent',
  }),
];
