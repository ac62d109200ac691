import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/transfer/json.ts';
import {
  account,
  applied,
  arn,
  blockedBy,
  declared,
  declaredIn,
  expression,
  held,
  judged,
  planned,
  policyOn,
  undecidedOf,
  withAfter,
  withChange,
  withDeclared,
  withHeld,
  withMade,
  withPlanned,
  withTarget,
  world,
} from '../build.ts';

const id = 'no-reference-to-source';
const bot = 'aws_lambda_function.bot';
const withVariable = (value: Json) =>
  withAfter(world(), bot, {
    environment: [
      { variables: { ENVIRONMENT: 'feature-auth', ITEMS: 'app-items-feature-auth', LOG_LEVEL: value } },
    ],
  });

describe('an error: a value that belongs to a resource of the source', () => {
  it.each([
    ['a name', 'app-items-dev', "the name of dev's aws_dynamodb_table.items"],
    ['an ARN', arn('dynamodb', 'table/app-items-dev'), "the ARN of dev's aws_dynamodb_table.items"],
    [
      'an ARN with a path behind',
      arn('dynamodb', 'table/app-items-dev/index/x'),
      "the ARN of dev's aws_dynamodb_table",
    ],
    [
      'a URL',
      `https://sqs.eu-west-1.amazonaws.com/${account}/app-jobs-dev`,
      "the URL of dev's aws_sqs_queue.jobs",
    ],
    [
      'a URL without scheme',
      `sqs.eu-west-1.amazonaws.com/${account}/app-jobs-dev/`,
      "dev's aws_sqs_queue.jobs",
    ],
    ['a generated id', 'sg-0123456789abcdef0', "the id of dev's aws_security_group.bot"],
    ['a name in a text', 'tables: app-items-dev, other', "dev's aws_dynamodb_table.items"],
    ['a name with a wildcard', arn('dynamodb', 'table/app-items-dev-*'), "dev's aws_dynamodb_table.items"],
    [
      'a name in JSON',
      JSON.stringify({ a: ['x', { b: 'app-items-dev' }] }),
      "dev's aws_dynamodb_table.items",
    ],
    [
      'a name in JSON after a line feed',
      JSON.stringify({ a: 'x\napp-items-dev' }),
      "dev's aws_dynamodb_table.items",
    ],
    [
      'a name in JSON in JSON',
      JSON.stringify({ a: JSON.stringify('x\napp-items-dev') }),
      "dev's aws_dynamodb_table",
    ],
  ])('%s', (_title, value, message) => {
    const found = judged(id, withVariable(value));
    expect(found).toMatchObject([{ severity: 'error', subject: bot }]);
    expect(found[0]?.message).toContain(message);
    expect(found[0]?.message).toContain('environment.variables.LOG_LEVEL');
    expect(blockedBy(withVariable(value))).toEqual([id]);
  });

  it('says where in a policy, and what to refer to instead', () => {
    const policy = policyOn([arn('sqs', 'app-jobs-feature-auth'), arn('sqs', 'app-jobs-dev')]);
    const found = judged(id, withPlanned(world(), planned('aws_sqs_queue_policy.q', { policy })));
    expect(found[0]?.message).toContain('policy.Statement.Resource[1]');
    expect(found[0]?.hint).toContain('aws_sqs_queue.jobs');
  });

  it('is said once for each thing that is named, with every place', () => {
    const values = { A: 'app-items-dev', B: 'app-items-dev', C: 'app-jobs-dev' };
    const found = judged(id, withAfter(world(), bot, { environment: [{ variables: values }] }));
    expect(found).toHaveLength(2);
    expect(found[0]?.message).toContain('environment.variables.A, environment.variables.B hold');
  });

  it('never shows a sensitive value', () => {
    const input = withChange(withVariable('app-items-dev'), bot, {
      afterSensitive: { environment: [{ variables: true }] },
    });
    const found = judged(id, input);
    expect(found).toMatchObject([{ severity: 'error' }]);
    expect(found[0]?.message).not.toContain('app-items-dev');
    expect(found[0]?.message).toContain('a sensitive value');
  });

  it('a data source that reads it', () => {
    const { plan } = world().target;
    const table = held('data.aws_dynamodb_table.items', {
      name: 'app-items-dev',
      arn: arn('dynamodb', 'table/app-items-dev'),
    });
    const input = withTarget(world(), { plan: plan && { ...plan, dataSources: [table] } });
    expect(judged(id, input)).toMatchObject([
      { severity: 'error', subject: 'data.aws_dynamodb_table.items' },
    ]);
  });

  it('the remote state of the source, by what it puts out', () => {
    const { plan } = world().target;
    const state = held('data.terraform_remote_state.dev', { outputs: { table: 'app-items-dev' } });
    const input = withTarget(world(), { plan: plan && { ...plan, dataSources: [state] } });
    expect(judged(id, input)).toMatchObject([{ severity: 'error' }]);
  });

  it("a recorded environment's ARN", () => {
    const known = arn('sqs', 'app-jobs-staging');
    const resources = [
      { address: 'aws_sqs_queue.jobs', type: 'aws_sqs_queue', identity: null, id: null, arn: known },
    ];
    const others = [{ name: 'staging', stateLocation: 's3://s', resources }];
    expect(judged(id, { ...withVariable(known), others })[0]?.message).toContain(
      "staging's aws_sqs_queue.jobs",
    );
  });

  it('an output, after the apply', () => {
    const input = applied();
    const state = input.target.state && {
      ...input.target.state,
      outputs: { queue: arn('sqs', 'app-jobs-dev') },
    };
    expect(judged(id, withTarget(input, { state }))).toMatchObject([
      { severity: 'error', subject: 'output.queue' },
    ]);
  });

  it('a real value, after the apply', () => {
    const policy = policyOn(arn('dynamodb', 'table/app-items-dev'));
    expect(judged(id, withMade(applied(), 'aws_iam_role_policy.bot', { policy }))).toMatchObject([
      { severity: 'error', subject: 'aws_iam_role_policy.bot' },
    ]);
  });

  it('what the source has and the target does without', () => {
    const source = withHeld(
      world(),
      held('aws_sqs_queue.dead', { name: 'app-dead-dev', arn: arn('sqs', 'app-dead-dev') }),
    );
    expect(
      judged(id, withAfter(source, bot, { description: null, dead_letter: arn('sqs', 'app-dead-dev') })),
    ).toMatchObject([{ severity: 'error', subject: bot }]);
  });
});

describe('an error: an expression whose value is not known yet', () => {
  const role = 'aws_iam_role_policy.bot';
  const withPolicy = (references: readonly string[], literals: readonly string[]) => {
    const declaration = declaredIn(world(), role);
    return withDeclared(world(), {
      ...declaration,
      attributes: { ...declaration.attributes, policy: expression(references, literals) },
    });
  };

  it('a literal in it', () => {
    const found = judged(id, withPolicy(['aws_sqs_queue.jobs.arn'], ['Allow', ':table/app-items-dev/*']));
    expect(found).toMatchObject([{ severity: 'error', subject: role }]);
    expect(found[0]?.message).toContain('main.tf:7');
    expect(found[0]?.message).toContain('only after the apply');
  });

  it('a literal in a local that it uses, through another one', () => {
    const input = withPolicy(['local.a'], []);
    const locals = { a: expression(['local.b']), b: expression(['local.a'], ['app-items-dev']) };
    const declaration = declaredIn(input, role);
    expect(judged(id, withDeclared(input, declaration, { locals }))).toMatchObject([
      { severity: 'error', subject: role },
    ]);
  });

  it('a variable with such a value', () => {
    const input = withPolicy(['var.table'], []);
    const { plan } = input.target;
    const variables = { environment: 'feature-auth', table: 'app-items-dev' };
    const found = judged(id, withTarget(input, { plan: plan && { ...plan, variables } }));
    expect(found[0]?.message).toContain('var.table');
  });

  it('an argument of the module that it lies in', () => {
    const address = 'module.api.aws_iam_role_policy.inner';
    const input = withPlanned(world(), planned(address, { name: 'x' }, { afterUnknown: { policy: true } }));
    const root = input.declarations.modules[''];
    if (!root) throw new Error('no root module');
    const inner = declared('aws_iam_role_policy.inner', { policy: expression(['var.table']) });
    const call = { source: './api', line: 4, attributes: { table: expression([], ['app-items-dev']) } };
    const modules = {
      '': { ...root, calls: { api: call } },
      api: { ...root, resources: { [inner.address]: inner }, locals: {}, outputs: {} },
    };
    const found = judged(id, { ...input, declarations: { ...input.declarations, modules } });
    expect(found).toMatchObject([{ severity: 'error', subject: address }]);
  });

  it('an output', () => {
    const outputs = { table: expression([], ['app-items-dev']) };
    const input = withDeclared(world(), declaredIn(world(), role), { outputs });
    expect(judged(id, input)).toMatchObject([{ severity: 'error', subject: 'output.table' }]);
  });

  it('is undecided where nothing is declared', () => {
    const input = withPlanned(world(), planned('aws_sqs_queue.ghost', { name: 'x' }));
    expect(undecidedOf(id, input)).toEqual(['aws_sqs_queue.ghost']);
  });
});

describe('a warning', () => {
  it.each([
    ['a host', 'https://api.dev.example.com/v1'],
    ['a name of nothing known', 'foo-dev'],
    ['the name alone', 'dev'],
    ['a list of environments', 'dev,staging'],
  ])('%s that names the source', (_title, value) => {
    const found = judged(id, withVariable(value));
    expect(found).toMatchObject([{ severity: 'warning', subject: bot }]);
    expect(found[0]?.message).toContain(value);
  });

  it.each([
    ['tags', { tags: { Table: 'app-items-dev' } }],
    ['description', { description: 'reads app-items-dev' }],
  ])("a resource of the source's in %s", (_title, values) => {
    expect(judged(id, withAfter(world(), bot, values))).toMatchObject([
      { severity: 'warning', subject: bot },
    ]);
  });

  it('one of many that a data source lists', () => {
    const { plan } = world().target;
    const all = held('data.aws_lambda_functions.all', { function_names: ['other', 'app-bot-dev'] });
    const input = withTarget(world(), { plan: plan && { ...plan, dataSources: [all] } });
    expect(judged(id, input)).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('nothing', () => {
  it.each([
    ['words that only contain the name', 'developer device product'],
    ['a device', '/dev/xvda'],
    ['a top-level domain', 'https://example.dev/'],
    ['a managed policy', 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    ['what both use', 'app-reports'],
    ['the shared VPC', 'vpc-2a038826099d6160c'],
    ["the target's own", 'app-items-feature-auth'],
    ['nothing', ''],
  ])('%s', (_title, value) => expect(judged(id, withVariable(value))).toEqual([]));

  it.each([
    ['a longer name', 'app-items-dev-2'],
    ['a name inside another', 'myapp-items-dev'],
  ])('worse than a warning: %s', (_title, value) => {
    expect(judged(id, withVariable(value))).toMatchObject([{ severity: 'warning' }]);
  });

  it('what is declared as shared, even if the source is in its name', () => {
    const source = withHeld(
      world(),
      held('aws_s3_bucket.files', { bucket: 'files-dev', arn: 'arn:aws:s3:::files-dev' }),
    );
    const input = withAfter(source, bot, { description: 'files-dev', bucket: 'arn:aws:s3:::files-dev/x' });
    expect(judged(id, input).map(({ severity }) => severity)).toContain('error');
    expect(judged(id, { ...input, shared: ['aws_s3_bucket.files'] })).toEqual([]);
  });

  it('names that say nothing, such as default', () => {
    const source = withHeld(
      world(),
      held('aws_scheduler_schedule_group.g', { name: 'default', id: 'default' }),
    );
    const input = withPlanned(source, planned('aws_scheduler_schedule_group.g', { name: 'other' }));
    expect(judged(id, withAfter(input, bot, { description: 'default' }))).toEqual([]);
  });

  it('what is the same on both sides by design', () => {
    const permission = { statement_id: 'AllowHttpApi2', action: 'lambda:InvokeFunction', principal: '*' };
    const source = withHeld(
      world(),
      held('aws_lambda_permission.p', { ...permission, id: 'AllowHttpApi2', function_name: 'app-bot-dev' }),
    );
    const input = withPlanned(
      source,
      planned('aws_lambda_permission.p', { ...permission, function_name: 'app-bot-feature-auth' }),
    );
    expect(judged(id, input)).toEqual([]);
  });
});
