/**
 * Makes a source state, the plan of its clone and the configuration of both, as large as wanted. Terraform itself is
 * too slow for that: its time grows with the square of the instances of one block.
 *
 * The resources come in units of ten, of the kind that a project of functions has: names and ids that hold the
 * environment, policies in JSON that name other resources, values that are known only after the apply.
 */
import { createRename } from '../src/environment/rename.ts';
import type { ProofInput } from '../src/proof/rule.ts';
import type {
  Declarations,
  ExpressionFacts,
  PlannedResource,
  ResourceDeclaration,
  StateResource,
} from '../src/terraform/model.ts';
import type { ResourceTypeTable } from '../src/terraform/types/facts.ts';
import type { JsonObject } from '../src/transfer/json.ts';

export interface SyntheticOptions {
  readonly resources: number;
  readonly types: ResourceTypeTable;
  readonly source?: string;
  readonly target?: string;
}

/** Resources of one unit. */
export const unitSize = 10;

interface Part {
  readonly type: string;
  readonly name: string;
  readonly values: JsonObject;
  /** What the plan of a creation does not know. */
  readonly open: readonly string[];
}

const account = '123456789012';
const region = 'ap-southeast-1';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
});

function unit(environment: string, number: number): readonly Part[] {
  const name = (what: string): string => `acme-${what}-u${number}-${environment}`;
  const arn = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;
  /** An id as the cloud makes it up: never twice the same. */
  const generated = (salt: number): string =>
    ((number * 2_654_435_761 + salt * 40_503 + environment.length * 97) % 0xff_ff_ff_ff)
      .toString(16)
      .padStart(8, '0') + number.toString(36).padStart(4, '0');
  const tags = { Project: 'acme', Environment: environment, Unit: `u${number}` };
  const role = `arn:aws:iam::${account}:role/${name('role')}`;
  const queue = arn('sqs', name('jobs'));
  const queueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name('jobs')}`;
  const table = arn('dynamodb', `table/${name('items')}`);
  const handler = arn('lambda', `function:${name('worker')}`);
  const mapping = `${generated(2)}-0000-4000-8000-${generated(3)}`;
  const group = `sg-0${generated(4)}`;
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Items', Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: table },
      { Sid: 'Jobs', Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], Resource: queue },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::acme-shared/${environment}/*` },
    ],
  });
  const variables = {
    ENVIRONMENT: environment,
    ITEMS_TABLE: name('items'),
    JOBS_QUEUE_URL: queueUrl,
    LOG_LEVEL: 'info',
    SHARED_BUCKET: 'acme-shared',
    API_BASE: 'https://api.example.com/v1',
  };
  const part = (type: string, label: string, values: JsonObject, open: readonly string[]): Part => ({
    type,
    name: label,
    values,
    open,
  });
  return [
    part(
      'aws_lambda_function',
      'worker',
      {
        function_name: name('worker'),
        arn: handler,
        id: name('worker'),
        role,
        handler: 'index.handler',
        runtime: 'nodejs22.x',
        package_type: 'Zip',
        architectures: ['arm64'],
        memory_size: 512,
        timeout: 30,
        environment: [{ variables }],
        tags,
        tags_all: tags,
      },
      ['arn', 'id', 'role'],
    ),
    part(
      'aws_iam_role',
      'worker',
      {
        name: name('role'),
        id: name('role'),
        arn: role,
        path: '/',
        unique_id: `AROA${generated(1).toUpperCase()}`,
        assume_role_policy: trust,
        tags,
        tags_all: tags,
      },
      ['arn', 'id', 'unique_id'],
    ),
    part(
      'aws_iam_role_policy',
      'worker',
      { name: 'work', role: name('role'), id: `${name('role')}:work`, policy },
      ['id', 'role', 'policy'],
    ),
    part(
      'aws_iam_role_policy_attachment',
      'logs',
      {
        role: name('role'),
        policy_arn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
        id: `${name('role')}-2026112304543401540000${number}`,
      },
      ['id'],
    ),
    part(
      'aws_cloudwatch_log_group',
      'worker',
      {
        name: `/aws/lambda/${name('worker')}`,
        id: `/aws/lambda/${name('worker')}`,
        arn: arn('logs', `log-group:/aws/lambda/${name('worker')}`),
        retention_in_days: 7,
        tags,
        tags_all: tags,
      },
      ['arn', 'id'],
    ),
    part(
      'aws_dynamodb_table',
      'items',
      {
        name: name('items'),
        id: name('items'),
        arn: table,
        billing_mode: 'PAY_PER_REQUEST',
        hash_key: 'id',
        attribute: [{ name: 'id', type: 'S' }],
        deletion_protection_enabled: false,
        tags,
        tags_all: tags,
      },
      ['arn', 'id'],
    ),
    part(
      'aws_sqs_queue',
      'jobs',
      {
        name: name('jobs'),
        id: queueUrl,
        url: queueUrl,
        arn: queue,
        visibility_timeout_seconds: 180,
        tags,
        tags_all: tags,
      },
      ['arn', 'id', 'url'],
    ),
    part(
      'aws_lambda_event_source_mapping',
      'jobs',
      {
        uuid: mapping,
        id: mapping,
        arn: arn('lambda', `event-source-mapping:${mapping}`),
        event_source_arn: queue,
        function_name: handler,
        batch_size: 10,
      },
      ['uuid', 'id', 'arn', 'event_source_arn', 'function_name'],
    ),
    part(
      'aws_security_group',
      'worker',
      {
        name: name('worker'),
        id: group,
        arn: arn('ec2', `security-group/${group}`),
        description: 'Workers',
        vpc_id: 'vpc-2a038826099d6160c',
        tags,
        tags_all: tags,
      },
      ['arn', 'id'],
    ),
    // Not in the table of types: judged by the fallback.
    part(
      'example_widget',
      'worker',
      { name: name('widget'), id: `w-${generated(5)}`, parent_id: group, size: 3 },
      ['id', 'parent_id'],
    ),
  ];
}

function expression(references: readonly string[], literals: readonly string[] = []): ExpressionFacts {
  return { references, literals, line: 1 };
}

/** Every attribute refers to what the real configuration of such a unit would refer to. */
function declarations(): Declarations {
  const resources: Record<string, ResourceDeclaration> = {};
  const add = (type: string, name: string, attributes: Record<string, ExpressionFacts>): void => {
    const address = `${type}.${name}`;
    const common = {
      mode: 'managed',
      file: 'main.tf',
      line: 1,
      preventDestroy: false,
      provisioners: [],
    } as const;
    resources[address] = {
      ...common,
      address,
      type,
      name,
      attributes,
      repetition: expression(['local.units']),
    };
  };
  const named = (what: string): ExpressionFacts =>
    expression(['var.environment', 'each.key'], ['-', `acme-${what}-`]);
  add('aws_lambda_function', 'worker', {
    function_name: named('worker'),
    role: expression(['aws_iam_role.worker']),
    handler: expression([], ['index.handler']),
    runtime: expression([], ['nodejs22.x']),
    'environment.variables': expression([
      'var.environment',
      'aws_sqs_queue.jobs',
      'aws_dynamodb_table.items',
    ]),
  });
  add('aws_iam_role', 'worker', {
    name: named('role'),
    assume_role_policy: expression([], ['sts:AssumeRole']),
  });
  add('aws_iam_role_policy', 'worker', {
    name: expression([], ['work']),
    role: expression(['aws_iam_role.worker']),
    policy: expression(
      ['aws_dynamodb_table.items', 'aws_sqs_queue.jobs', 'var.environment'],
      ['2012-10-17', 'Allow', 'dynamodb:GetItem', 'dynamodb:PutItem', 'arn:aws:s3:::acme-shared/'],
    ),
  });
  add('aws_iam_role_policy_attachment', 'logs', {
    role: expression(['aws_iam_role.worker']),
    policy_arn: expression([], ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']),
  });
  add('aws_cloudwatch_log_group', 'worker', { name: named('worker') });
  add('aws_dynamodb_table', 'items', { name: named('items') });
  add('aws_sqs_queue', 'jobs', { name: named('jobs') });
  add('aws_lambda_event_source_mapping', 'jobs', {
    event_source_arn: expression(['aws_sqs_queue.jobs']),
    function_name: expression(['aws_lambda_function.worker']),
  });
  add('aws_security_group', 'worker', { name: named('worker'), vpc_id: expression(['var.vpc_id']) });
  add('example_widget', 'worker', {
    name: named('widget'),
    parent_id: expression(['aws_security_group.worker']),
  });
  const locals = { units: expression([], ['u0', 'u1']) };
  const root = { dir: '/project/terraform', resources, locals, variables: {}, outputs: {}, calls: {} };
  return {
    backend: null,
    requiredVersion: null,
    requiredProviders: {},
    modules: { '': root },
    unresolvedCalls: [],
  };
}

/** A clean input: the plan is the image of the source, so no rule finds an error in it. */
export function syntheticInput(options: SyntheticOptions): ProofInput {
  const { resources, types, source = 'dev', target = 'feature-auth' } = options;
  const held: StateResource[] = [];
  const changes: PlannedResource[] = [];
  for (let number = 0; held.length < resources; number += 1) {
    const image = unit(target, number);
    for (const [position, { type, name, values, open }] of unit(source, number).entries()) {
      if (held.length >= resources) break;
      const common = {
        address: `${type}.${name}["u${number}"]`,
        mode: 'managed',
        type,
        name,
        modulePath: '',
      } as const;
      held.push({ ...common, values, sensitivePaths: [], tainted: false });
      const known = Object.entries(image[position]?.values ?? {}).filter(([key]) => !open.includes(key));
      changes.push({
        ...common,
        action: 'create',
        before: null,
        after: Object.fromEntries(known),
        afterUnknown: Object.fromEntries(open.map((key) => [key, true])),
        afterSensitive: {},
      });
    }
  }
  const terraformVersion = '1.11.4';
  const fingerprint = { lineage: 'lineage-of-the-source', serial: 7, observed: {} };
  return {
    phase: 'before-apply',
    source: {
      name: source,
      state: { ...fingerprint, terraformVersion, resources: held, outputs: {}, sensitiveOutputs: [] },
      stateLocation: `s3://states/${source}.tfstate`,
      variables: { environment: source },
      fingerprintBefore: fingerprint,
    },
    target: {
      name: target,
      state: null,
      stateLocation: `s3://states/${target}.tfstate`,
      plan: {
        terraformVersion,
        changes,
        dataSources: [],
        variables: { environment: target },
        outputChanges: {},
      },
      variables: { environment: target },
      ours: false,
      protected: false,
    },
    others: [],
    declarations: declarations(),
    environmentVariable: 'environment',
    rename: createRename(source, target),
    types,
    shared: [],
  };
}
