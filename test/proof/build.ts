/** A small world for the rules: a source, the clean plan of its clone, and ways to put one thing wrong. */
import { createRename } from '../../src/environment/rename.ts';
import { prove, type ProveOptions } from '../../src/proof/prove.ts';
import type { ProofInput } from '../../src/proof/rule.ts';
import type {
  Declarations,
  ModuleDeclarations,
  PlannedResource,
  ResourceDeclaration,
  StateModel,
  StateResource,
} from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { Finding, Proof } from '../../src/transfer/finding.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/transfer/json.ts';

import {
  account,
  arn,
  computed,
  declared,
  expression,
  held,
  moduleOf,
  planned,
  policyOn,
  trust,
} from './pieces.ts';

export * from './pieces.ts';

const sourceResources: readonly StateResource[] = [
  held('aws_lambda_function.bot', {
    function_name: 'app-bot-dev',
    arn: arn('lambda', 'function:app-bot-dev'),
    id: 'app-bot-dev',
    role: arn('iam', 'role/app-bot-role-dev'),
    handler: 'index.handler',
    runtime: 'nodejs22.x',
    package_type: 'Zip',
    architectures: ['arm64'],
    environment: [{ variables: { ENVIRONMENT: 'dev', ITEMS: 'app-items-dev', LOG_LEVEL: 'info' } }],
    tags: { Environment: 'dev' },
  }),
  held('aws_iam_role.bot', {
    name: 'app-bot-role-dev',
    arn: arn('iam', 'role/app-bot-role-dev'),
    id: 'app-bot-role-dev',
    assume_role_policy: trust,
    force_detach_policies: false,
  }),
  held('aws_iam_role_policy.bot', {
    name: 'work',
    role: 'app-bot-role-dev',
    id: 'app-bot-role-dev:work',
    policy: policyOn(arn('dynamodb', 'table/app-items-dev')),
  }),
  held('aws_iam_role_policy_attachment.logs', {
    role: 'app-bot-role-dev',
    policy_arn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    id: 'app-bot-role-dev-20261123045434015400000005',
  }),
  held('aws_dynamodb_table.items', {
    name: 'app-items-dev',
    id: 'app-items-dev',
    arn: arn('dynamodb', 'table/app-items-dev'),
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'id',
    deletion_protection_enabled: false,
  }),
  held('aws_cloudwatch_log_group.bot', {
    name: '/aws/lambda/app-bot-dev',
    id: '/aws/lambda/app-bot-dev',
    arn: arn('logs', 'log-group:/aws/lambda/app-bot-dev'),
  }),
  held('aws_sqs_queue.jobs', {
    name: 'app-jobs-dev',
    id: `https://sqs.eu-west-1.amazonaws.com/${account}/app-jobs-dev`,
    url: `https://sqs.eu-west-1.amazonaws.com/${account}/app-jobs-dev`,
    arn: arn('sqs', 'app-jobs-dev'),
  }),
  held('aws_security_group.bot', {
    name: 'app-bot-dev',
    id: 'sg-0123456789abcdef0',
    arn: arn('ec2', 'security-group/sg-0123456789abcdef0'),
    description: 'The bot',
    vpc_id: 'vpc-2a038826099d6160c',
  }),
  held('data.aws_s3_bucket.reports', {
    bucket: 'app-reports',
    id: 'app-reports',
    arn: 'arn:aws:s3:::app-reports',
    bucket_domain_name: 'app-reports.s3.amazonaws.com',
  }),
];

const named = expression(['var.environment'], ['app-']);

export const declaredResources: readonly ResourceDeclaration[] = [
  declared('aws_lambda_function.bot', {
    function_name: named,
    role: expression(['aws_iam_role.bot.arn']),
    handler: expression([], ['index.handler']),
    'environment.variables': expression(['var.environment', 'aws_dynamodb_table.items.name'], ['info']),
  }),
  declared('aws_iam_role.bot', { name: named, assume_role_policy: expression([], ['sts:AssumeRole']) }),
  declared('aws_iam_role_policy.bot', {
    name: expression([], ['work']),
    role: expression(['aws_iam_role.bot.id']),
    policy: expression(['aws_dynamodb_table.items.arn'], ['2012-10-17', 'Allow', 'dynamodb:GetItem']),
  }),
  declared('aws_iam_role_policy_attachment.logs', {
    role: expression(['aws_iam_role.bot.name']),
    policy_arn: expression([], ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']),
  }),
  declared('aws_dynamodb_table.items', { name: named, hash_key: expression([], ['id']) }),
  declared('aws_cloudwatch_log_group.bot', { name: named }),
  declared('aws_sqs_queue.jobs', { name: named }),
  declared('aws_security_group.bot', { name: named, vpc_id: expression(['var.vpc_id']) }),
  declared('data.aws_s3_bucket.reports', { bucket: expression([], ['app-reports']) }),
];

export function stateOf(resources: readonly StateResource[], more: Partial<StateModel> = {}): StateModel {
  const common = {
    lineage: 'lineage-dev',
    serial: 4,
    terraformVersion: '1.11.4',
    outputs: {},
    sensitiveOutputs: [],
  };
  return { ...common, resources, ...more };
}

export const rename = createRename('dev', 'feature-auth', ['staging']);

/** Every text of a value under ρ. */
export function imageOf(value: Json): Json {
  if (typeof value === 'string') {
    return rename.apply(value).replaceAll('sg-0123456789abcdef0', 'sg-0fedcba9876543210');
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map(imageOf);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, imageOf(inner)]));
}

/** The plan that creates the image of a resource; policies and references of it are not known yet. */
export function plannedImage(resource: StateResource): PlannedResource {
  const image = imageOf(resource.values) as JsonObject;
  const open = new Set(computed);
  if (resource.type === 'aws_iam_role_policy') for (const key of ['policy', 'role']) open.add(key);
  if (resource.type === 'aws_lambda_function') open.add('role');
  const known = Object.entries(image).filter(([key]) => !open.has(key));
  const unknown = Object.keys(image).filter((key) => open.has(key));
  return planned(resource.address, Object.fromEntries(known), {
    afterUnknown: Object.fromEntries(unknown.map((key) => [key, true])),
  });
}

export const declarationsOf = (
  resources: readonly ResourceDeclaration[] = declaredResources,
  more: Partial<ModuleDeclarations> = {},
): Declarations => ({
  backend: null,
  requiredVersion: null,
  requiredProviders: {},
  modules: { '': moduleOf(resources, more) },
  unresolvedCalls: [],
});

/** The clean input: no rule finds an error in it. */
export function world(resources: readonly StateResource[] = sourceResources): ProofInput {
  const state = stateOf(resources);
  const fingerprint = {
    lineage: state.lineage,
    serial: state.serial,
    observed: { 'function app-bot-dev': 'rev 1' },
  };
  const managed = resources.filter(({ mode }) => mode === 'managed');
  return {
    phase: 'before-apply',
    source: {
      name: 'dev',
      state,
      stateLocation: 's3://states/dev.tfstate',
      variables: { environment: 'dev' },
      fingerprintBefore: fingerprint,
    },
    target: {
      name: 'feature-auth',
      state: null,
      stateLocation: 's3://states/feature-auth.tfstate',
      plan: {
        terraformVersion: '1.11.4',
        changes: managed.map(plannedImage),
        dataSources: resources.filter(({ mode }) => mode === 'data'),
        variables: { environment: 'feature-auth' },
        outputChanges: {},
      },
      variables: { environment: 'feature-auth' },
      ours: false,
      protected: false,
    },
    others: [],
    declarations: declarationsOf(),
    environmentVariable: 'environment',
    rename,
    types: resourceTypes,
    shared: [],
  };
}

/** The same world after the apply: everything is there, under the target's own names. */
export function applied(input: ProofInput = world()): ProofInput {
  const resources = input.source.state.resources.map((resource) =>
    resource.mode === 'data' ? resource : { ...resource, values: imageOf(resource.values) as JsonObject },
  );
  return {
    ...input,
    phase: 'after-apply',
    source: { ...input.source, fingerprintAfter: input.source.fingerprintBefore },
    target: {
      ...input.target,
      plan: null,
      ours: true,
      state: stateOf(resources, { lineage: 'lineage-target' }),
    },
  };
}

// --- ways to put one thing wrong --------------------------------------------------------------------------------

export function withTarget(input: ProofInput, more: Partial<ProofInput['target']>): ProofInput {
  return { ...input, target: { ...input.target, ...more } };
}

export function withSource(input: ProofInput, more: Partial<ProofInput['source']>): ProofInput {
  return { ...input, source: { ...input.source, ...more } };
}

export function withChanges(
  input: ProofInput,
  edit: (changes: readonly PlannedResource[]) => readonly PlannedResource[],
): ProofInput {
  const { plan } = input.target;
  if (!plan) throw new Error('This input has no plan.');
  return withTarget(input, { plan: { ...plan, changes: edit(plan.changes) } });
}

export function withChange(input: ProofInput, address: string, more: Partial<PlannedResource>): ProofInput {
  return withChanges(input, (changes) =>
    changes.map((change) => (change.address === address ? { ...change, ...more } : change)),
  );
}

/** Planned values of one resource, with some replaced. */
export function withAfter(input: ProofInput, address: string, values: JsonObject): ProofInput {
  return withChanges(input, (changes) =>
    changes.map((change) => {
      if (change.address !== address) return change;
      const unknown = isJsonObject(change.afterUnknown) ? change.afterUnknown : {};
      const open = Object.entries(unknown).filter(([key]) => !(key in values));
      return { ...change, after: { ...change.after, ...values }, afterUnknown: Object.fromEntries(open) };
    }),
  );
}

export function withPlanned(input: ProofInput, ...more: readonly PlannedResource[]): ProofInput {
  return withChanges(input, (changes) => [...changes, ...more]);
}

export function withoutPlanned(input: ProofInput, address: string): ProofInput {
  return withChanges(input, (changes) => changes.filter((change) => change.address !== address));
}

export function withHeld(input: ProofInput, ...more: readonly StateResource[]): ProofInput {
  const { state } = input.source;
  return withSource(input, { state: { ...state, resources: [...state.resources, ...more] } });
}

/** One resource of the source with some values replaced. */
export function withHeldValues(input: ProofInput, address: string, values: JsonObject): ProofInput {
  const { state } = input.source;
  const resources = state.resources.map((resource) =>
    resource.address === address ? { ...resource, values: { ...resource.values, ...values } } : resource,
  );
  return withSource(input, { state: { ...state, resources } });
}

/** One resource of the target's state with some values replaced. */
export function withMade(input: ProofInput, address: string, values: JsonObject): ProofInput {
  const { state } = input.target;
  if (!state) throw new Error('This input has no state of the target.');
  const resources = state.resources.map((resource) =>
    resource.address === address ? { ...resource, values: { ...resource.values, ...values } } : resource,
  );
  return withTarget(input, { state: { ...state, resources } });
}

/** Another declaration of the same address, or one more. */
export function withDeclared(
  input: ProofInput,
  resource: ResourceDeclaration,
  more: Partial<ModuleDeclarations> = {},
): ProofInput {
  const root = input.declarations.modules[''] ?? moduleOf([]);
  const resources = { ...root.resources, [resource.address]: resource };
  return {
    ...input,
    declarations: {
      ...input.declarations,
      modules: { ...input.declarations.modules, '': { ...root, resources, ...more } },
    },
  };
}

export function declaredIn(input: ProofInput, address: string): ResourceDeclaration {
  const found = input.declarations.modules['']?.resources[address];
  if (!found) throw new Error(`${address} is not declared in this world.`);
  return found;
}

// --- what the rules say -----------------------------------------------------------------------------------------

export function findingsOf(proof: Proof): readonly Finding[] {
  return proof.verdicts.flatMap(({ findings }) => findings);
}

export function errorsOf(proof: Proof): readonly Finding[] {
  return findingsOf(proof).filter(({ severity }) => severity === 'error');
}

/** Findings of one rule, all rules having been asked. */
export function judged(rule: string, input: ProofInput, options: ProveOptions = {}): readonly Finding[] {
  return findingsOf(prove(input, options)).filter((finding) => finding.rule === rule);
}

export function undecidedOf(rule: string, input: ProofInput): readonly string[] {
  return prove(input).verdicts.find((verdict) => verdict.rule === rule)?.undecided ?? [];
}

/** Ids of the rules that find an error. */
export function blockedBy(input: ProofInput): readonly string[] {
  return [...new Set(errorsOf(prove(input)).map(({ rule }) => rule))].sort();
}
