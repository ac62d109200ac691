/** Which ways lead to a function from outside, and which of them a verification goes. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateResource } from '../../src/terraform/model.ts';
import type { JsonObject } from '../../src/transfer/json.ts';
import type { VerifySettings } from '../../src/verify/settings.ts';
import { functionResource } from './state.ts';
import {
  arn,
  invokeArn,
  decisionsOn,
  listFor,
  f,
  r,
  url,
  signed,
  httpApi,
  routes,
  restApi,
  body,
  balancer,
  rule,
  pattern,
  target,
  mapping,
} from './fronts.ts';

/** Behind these nobody outside stands: nothing is called unless the configuration says so. */
const inside: readonly (readonly [string, readonly StateResource[], string])[] = [
  ['nothing', [], 'no URL, route or trigger of it is known'],
  ['an EventBridge schedule', [rule, target('nightly')], 'behind the schedule nightly'],
  ['an EventBridge rule', [pattern, target('on-upload')], 'behind the EventBridge rule on-upload'],
  [
    'a Scheduler schedule',
    [r('aws_scheduler_schedule', { name: 'daily', target: [{ arn: arn('f') }] })],
    'behind the schedule daily',
  ],
  ['a queue', [mapping('arn:aws:sqs:eu-central-1:1:jobs')], 'behind the queue jobs'],
  [
    'the stream of a table',
    [mapping('arn:aws:dynamodb:eu-central-1:1:table/orders/stream/2026')],
    'behind the stream of the table orders',
  ],
  ['a stream', [mapping('arn:aws:kinesis:eu-central-1:1:stream/clicks')], 'behind the stream clicks'],
  [
    'a topic',
    [r('aws_sns_topic_subscription', { topic_arn: 'arn:aws:sns:eu-central-1:1:news', endpoint: arn('f') })],
    'behind the topic news',
  ],
  [
    'notifications of a bucket',
    [r('aws_s3_bucket_notification', { bucket: 'in', lambda_function: [{ lambda_function_arn: arn('f') }] })],
    'behind the notifications of the bucket in',
  ],
  [
    'a workflow, by its ARN',
    [r('aws_sfn_state_machine', { name: 'flow', definition: JSON.stringify({ Resource: arn('f') }) })],
    'behind the workflow flow',
  ],
  [
    'a workflow, by its name',
    [r('aws_sfn_state_machine', { name: 'flow', definition: '{"Parameters":{"FunctionName":"f"}}' })],
    'behind the workflow flow',
  ],
  [
    'a workflow, by an alias',
    [r('aws_sfn_state_machine', { name: 'flow', definition: `{"Resource":"${arn('f')}:live"}` })],
    'behind the workflow flow',
  ],
  [
    'an authorizer',
    [r('aws_apigatewayv2_authorizer', { name: 'who', authorizer_uri: invokeArn('f') })],
    'behind the authorizer who',
  ],
  [
    'a log subscription',
    [r('aws_cloudwatch_log_subscription_filter', { name: 'ship', destination_arn: arn('f') })],
    'behind the log subscription ship',
  ],
  [
    'a pipeline',
    [
      r('aws_codepipeline', {
        name: 'deploy',
        stage: [{ action: [{ configuration: { FunctionName: 'f' } }] }],
      }),
    ],
    'behind the pipeline deploy',
  ],
  [
    'a custom resource',
    [r('aws_cloudformation_stack', { name: 'legacy', parameters: { ServiceToken: arn('f') } })],
    'behind custom resources of the stack legacy',
  ],
  [
    'a rotation',
    [r('aws_secretsmanager_secret_rotation', { rotation_lambda_arn: arn('f') })],
    'behind the rotation of the secret aws_secretsmanager_secret_rotation.x',
  ],
  [
    'the edge',
    [
      r('aws_cloudfront_distribution', {
        x: [{ lambda_function_association: [{ lambda_arn: `${arn('f')}:3` }] }],
      }),
    ],
    'behind the edge of the distribution aws_cloudfront_distribution.x',
  ],
  [
    'a user pool',
    [r('aws_cognito_user_pool', { name: 'people', lambda_config: [{ pre_sign_up: arn('f') }] })],
    'behind the user pool people',
  ],
  [
    'an IoT rule',
    [r('aws_iot_topic_rule', { name: 'sensors', lambda: [{ function_arn: arn('f') }] })],
    'behind the IoT rule sensors',
  ],
  [
    'a pipe, by a version',
    [r('aws_pipes_pipe', { name: 'enrich', enrichment: `${arn('f')}:12` })],
    'behind the pipe enrich',
  ],
  [
    'a mail rule',
    [r('aws_ses_receipt_rule', { name: 'inbound', lambda_action: [{ function_arn: arn('f') }] })],
    'behind the mail rule inbound',
  ],
  [
    'a schedule, by an alias that is a resource',
    [
      r('aws_lambda_alias', { arn: `${arn('f')}:live`, function_name: 'f', name: 'live' }),
      r('aws_scheduler_schedule', { name: 'daily', target: [{ arn: `${arn('f')}:live` }] }),
    ],
    'behind the schedule daily',
  ],
  [
    'a distribution that signs for its URL',
    [
      signed,
      r('aws_cloudfront_distribution', {
        origin: [{ domain_name: 'abc.lambda-url.eu-central-1.on.aws', origin_access_control_id: 'E1' }],
      }),
    ],
    'its Function URL wants a signature (AWS_IAM)',
  ],
  [
    'a permission for everybody, and no URL',
    [r('aws_lambda_permission', { function_name: 'f', principal: '*', function_url_auth_type: 'NONE' })],
    'no URL, route or trigger of it is known',
  ],
  [
    'another function',
    [functionResource('caller', { environment: [{ variables: { WORKER: 'f' } }] })],
    'behind the function caller',
  ],
  [
    'a permission only',
    [r('aws_lambda_permission', { function_name: 'f', principal: 's3.amazonaws.com' })],
    'behind S3',
  ],
  ['a URL that takes signed requests', [signed], 'its Function URL wants a signature (AWS_IAM)'],
  ['routes that change things', routes('POST /hook', 'PUT /x'), 'only POST /hook, PUT /x lead to it'],
  ['routes that take ids', routes('GET /items/{id}'), 'GET /items/{id} takes parameters'],
  [
    'a route with an authorizer',
    httpApi([{ route_key: 'GET /me', authorization_type: 'CUSTOM' }]),
    'GET /me wants authorization (CUSTOM)',
  ],
  ['a REST method with a key', restApi({ api_key_required: true }), 'GET /v1/orders wants an API key'],
  ['a REST method that changes', restApi({ http_method: 'POST' }), 'only POST /v1/orders leads to it'],
  [
    'a private REST API',
    restApi({}, { endpoint_configuration: [{ types: ['PRIVATE'] }] }),
    'its API is private: only its VPC reaches it',
  ],
  [
    'a WebSocket API',
    httpApi([{ route_key: '$connect' }], { protocol_type: 'WEBSOCKET' }),
    'it is behind a WebSocket API',
  ],
  [
    'an internal load balancer',
    balancer({}, { internal: true }),
    'its load balancer is internal: only its network reaches it; behind the load balancer target aws_lb_target_group_attachment.x',
  ],
  [
    'a load balancer with a certificate',
    balancer({ protocol: 'HTTPS', port: 443 }),
    'its load balancer answers with a certificate for a domain name: name it in verify.urls; behind the load balancer target aws_lb_target_group_attachment.x',
  ],
  [
    'an API whose body nobody reads',
    [
      r('aws_apigatewayv2_api', { id: 'api1', protocol_type: 'HTTP', body: `openapi: 3\nuri: ${arn('f')}` }),
      r('aws_apigatewayv2_stage', { api_id: 'api1', name: '$default' }),
    ],
    'the OpenAPI body of its API, which could not be read, wants to be looked at by a person',
  ],
];

/** What the outside world can ask any time, and by which request. */
const outside: readonly (readonly [string, readonly StateResource[], string])[] = [
  ['a Function URL', [url], 'GET /'],
  ['a Function URL and a schedule', [url, rule, target('nightly')], 'GET /'],
  [
    'a Function URL of an alias',
    [r('aws_lambda_function_url', { ...url.values, qualifier: 'live' })],
    'GET /',
  ],
  [
    'a Function URL of a name with an alias',
    [r('aws_lambda_function_url', { ...url.values, function_name: 'f:live' })],
    'GET /',
  ],
  ['a route', routes('GET /watchlist'), 'GET /watchlist'],
  ['a health check before others', routes('GET /a', 'GET /v1/health', 'POST /b'), 'GET /v1/health'],
  ['a route of all methods', routes('ANY /x'), 'GET /x'],
  ['a route of all paths', routes('ANY /{proxy+}'), 'GET /health'],
  ['the root before all paths', routes('ANY /{proxy+}', 'ANY /'), 'GET /'],
  ['the default route', routes('$default'), 'GET /'],
  [
    'an open route beside a guarded one',
    httpApi([{ route_key: 'GET /me', authorization_type: 'JWT' }, { route_key: 'GET /open' }]),
    'GET /open',
  ],
  ['a REST method', restApi({}), 'GET /v1/orders'],
  ['a REST method that is any', restApi({ http_method: 'ANY' }), 'GET /v1/orders'],
  [
    'an OpenAPI body',
    [
      r('aws_apigatewayv2_api', {
        id: 'api1',
        protocol_type: 'HTTP',
        api_endpoint: 'https://a.example',
        body: body({ uri: arn('f') }),
      }),
      r('aws_apigatewayv2_stage', { api_id: 'api1', name: '$default' }),
    ],
    'GET /ping',
  ],
  ['a load balancer', balancer({}), 'GET /'],
];

describe('a function behind', () => {
  it.each(inside)('%s is not called: %#', (_what, resources, why) => {
    expect(f(resources)).toBe(why);
  });

  it.each(outside)('%s is asked as anybody may: %#', (_what, resources, request) => {
    expect(f(resources)).toEqual([request]);
  });

  it.each([...inside, ...outside])(
    '%s is called by nothing with none, by its event with all: %#',
    (_what, resources) => {
      expect(f(resources, { invoke: 'none' })).toBe('nothing is called: verify.invoke is "none"');
      expect(f(resources, { invoke: 'all' })).toContain('{"source":"provision-env","check":"health"}');
    },
  );
});

describe('a path that another function has by name', () => {
  /** `f` by the first key, `g` by the others. */
  const shared = (own: string, ...others: JsonObject[]): StateResource[] => [
    ...routes(own),
    functionResource('g', { arn: arn('g') }),
    r('aws_apigatewayv2_integration', { id: 'int2', api_id: 'api1', integration_uri: invokeArn('g') }, 'g'),
    ...others.map((route, index) =>
      r('aws_apigatewayv2_route', { api_id: 'api1', target: 'integrations/int2', ...route }, `g${index}`),
    ),
  ];
  const health = { route_key: 'GET /health' };
  const root = { route_key: 'GET /' };

  it('is not asked for what takes all the rest: it would call the other', () => {
    expect(f(shared('ANY /{proxy+}', health))).toBe('a GET by ANY /{proxy+} may lead elsewhere');
    expect(f(shared('$default', root))).toBe('a GET by $default may lead elsewhere');
    expect(f(shared('ANY /{proxy+}', root))).toEqual(['GET /health']);
    expect(f(shared('$default', { route_key: 'POST /' }))).toEqual(['GET /']);
  });

  it('is not asked though the other is never to be called, or wants a login', () => {
    const { calls } = listFor([functionResource('f', { arn: arn('f') }), ...shared('$default', root)], {
      functions: { g: { invoke: false } },
    });
    expect(calls).toEqual([]);
    const guarded = { ...health, authorization_type: 'AWS_IAM' };
    expect(f(shared('ANY /{proxy+}', guarded))).toMatch(/may lead elsewhere/);
  });

  const listenerRule = (...values: string[]): StateResource =>
    r('aws_lb_listener_rule', {
      listener_arn: 'l-arn',
      condition: [{ path_pattern: [{ values }] }],
      action: [{ type: 'forward', target_group_arn: 'tg-arn' }],
    });
  const behindRule = (...values: string[]): string | string[] =>
    f([...balancer({ arn: 'l-arn', default_action: [{ type: 'fixed-response' }] }), listenerRule(...values)]);

  it('of a load balancer is made of a pattern that is open at its end only', () => {
    expect(behindRule('/api/*')).toEqual(['GET /api/health']);
    expect(behindRule('/api*')).toEqual(['GET /apihealth']);
    expect(behindRule('/v1/status')).toEqual(['GET /v1/status']);
    expect(behindRule('/*/admin')).toMatch(/wants? more than a path/);
    expect(behindRule('*.php', '/x')).toMatch(/wants? more than a path/);
  });
});

describe('a stage', () => {
  const stageOf = (resources: readonly StateResource[], more: Partial<VerifySettings> = {}): unknown => {
    const [front] = decisionsOn([functionResource('f', { arn: arn('f') }), ...resources], more).fronts;
    return front === undefined ? null : (front.notAsked ?? front.root);
  };

  it('is asked at its root only where nothing leads there', () => {
    expect(stageOf(routes('POST /hook'))).toBe('no route leads there: the API answers by itself');
    expect(stageOf(routes('ANY /'), { functions: { f: { invoke: false } } })).toBe(
      'verify.functions "f" says invoke: false',
    );
    const workflow = httpApi([{ route_key: 'GET /' }]).map((each) =>
      each.type === 'aws_apigatewayv2_integration'
        ? { ...each, values: { ...each.values, integration_subtype: 'StepFunctions-StartExecution' } }
        : each,
    );
    expect(stageOf(workflow)).toBe('GET / leads to no function of this environment: it is not asked');
    const guarded = httpApi([{ route_key: 'GET /', authorization_type: 'CUSTOM' }]);
    expect(stageOf(guarded)).toMatch(/wants authorization/);
  });
});

describe('in any world', () => {
  const scenes = [...inside, ...outside].map(([, resources]) => resources);
  const isOutside = new Set(outside.map(([, resources]) => resources));
  /** Two scenes in one world must not share an id. */
  const apart = (resources: readonly StateResource[], index: number): StateResource[] =>
    JSON.parse(
      JSON.stringify(resources).replaceAll(
        /\b(api1|int1|rest1|res[12]|root|tg-arn|lb-arn)"/g,
        `$1-${index}"`,
      ),
    ) as StateResource[];
  const entry = fc.record(
    {
      event: fc.constantFrom({ a: 1 }, [2], 'x'),
      invoke: fc.boolean(),
      skip: fc.constant('why'),
      request: fc.constantFrom(
        false as const,
        { method: 'POST', path: '/hook' },
        { method: 'GET', path: '/' },
      ),
    },
    { requiredKeys: [] },
  );
  const worlds = fc.record({
    scenes: fc.uniqueArray(fc.constantFrom(...scenes), { maxLength: 4 }),
    functions: fc.dictionary(fc.constantFrom('f', 'f*', '*', 'g', 'aws_lambda_function.f'), entry, {
      maxKeys: 3,
    }),
    invoke: fc.constantFrom('safe' as const, 'none' as const),
  });

  it('safe calls nothing that has neither an open way from outside nor an entry that says so; none calls nothing', () => {
    let called = 0;
    fc.assert(
      fc.property(worlds, ({ scenes: chosen, functions, invoke }) => {
        const resources = [
          functionResource('f', { arn: arn('f') }),
          ...chosen
            .flatMap(apart)
            .filter(({ type, values }) => type !== 'aws_lambda_function' || values['function_name'] !== 'f'),
        ];
        const { functions: decided } = decisionsOn(resources, { functions, invoke });
        for (const { thing, event, requests, settings: said } of decided) {
          if (event === null && requests.length === 0) continue;
          called += 1;
          expect(invoke).toBe('safe');
          const open =
            thing.address === 'aws_lambda_function.f' && chosen.some((each) => isOutside.has(each));
          const configured =
            said.event !== undefined || said.invoke === true || typeof said.request === 'object';
          expect(open || configured).toBe(true);
          expect(said.invoke === false || said.skip !== undefined).toBe(false);
          // Whatever is sent unasked changes nothing.
          const unasked = said.request === undefined ? requests : [];
          expect(unasked.filter(({ method }) => method !== 'GET')).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
    // Not empty: a good part of the worlds has something to call.
    expect(called).toBeGreaterThan(50);
  });
});
