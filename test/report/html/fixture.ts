/** A saved report as a run writes it: of the daily report, from what the real terraform wrote, or of any size. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChecklistLine } from '../../../src/channels/checklist.ts';
import { type Document, emptyDocument } from '../../../src/cli/document.ts';
import { costOf } from '../../../src/cost/cost.ts';
import { bundledPrices } from '../../../src/cost/prices/table.ts';
import { createRename } from '../../../src/environment/rename.ts';
import type { LiveInventory, SourceDrift } from '../../../src/live/model.ts';
import { classifySources, createSharedMatcher, pairResources } from '../../../src/proof/counterparts.ts';
import { createExpressionReader } from '../../../src/proof/expressions.ts';
import { prove } from '../../../src/proof/prove.ts';
import { fromState, managedIn, targetOf } from '../../../src/proof/target.ts';
import { analyzeSource } from '../../../src/steps/analyze-source.ts';
import { identify } from '../../../src/steps/identify.ts';
import type { StepOutputs } from '../../../src/steps/outputs.ts';
import { declaredReferences } from '../../../src/steps/references.ts';
import { readDeclarations } from '../../../src/terraform/declarations.ts';
import { parsePlan } from '../../../src/terraform/plan.ts';
import { parseState } from '../../../src/terraform/state.ts';
import { physicalName } from '../../../src/terraform/types/identity.ts';
import { resourceTypes } from '../../../src/terraform/types/table.ts';
import type { Evidence } from '../../../src/transfer/evidence.ts';
import type { MappingRow } from '../../../src/transfer/mapping.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const golden = (name: string): Promise<string> =>
  readFile(join(root, 'test', 'golden', 'daily-report', name), 'utf8');

export const ranAt = '2026-11-24T09:12:30.000Z';

/** The secrets of the daily report, as they would be mapped. */
const secretRows: readonly MappingRow[] = [
  ['LINE_CHANNEL_ACCESS_TOKEN', 'new-credential', 'names a channel: it must be its own'],
  ['LINE_CHANNEL_SECRET', 'new-credential', 'names a channel: it must be its own'],
  ['TELEGRAM_BOT_TOKEN', 'new-credential', 'names a bot: it must be its own'],
  ['OPENROUTER_API_KEY', 'same-value', 'shared by all environments'],
].map(([key = '', action, reason = '']): MappingRow => ({
  kind: 'secret',
  subject: key,
  type: 'secret',
  source: key,
  target: key,
  action: action as MappingRow['action'],
  reason,
}));

/** feature-auth from dev, verified but for the last layer. */
export async function dailyReport(): Promise<Document> {
  const [declarations, dev, made, plan] = await Promise.all([
    readDeclarations(join(root, 'examples', 'daily-report', 'terraform')),
    golden('dev.state.json').then(parseState),
    golden('feature-auth.state.json').then(parseState),
    golden('feature-auth.plan.json').then(parsePlan),
  ]);
  const rename = createRename('dev', 'feature-auth', ['staging']);
  const { managed } = targetOf({ target: { plan, state: null } });
  const expressions = createExpressionReader(declarations);
  const pairing = pairResources(dev, managed, rename);
  const classes = classifySources({
    source: dev,
    pairing,
    rename,
    types: resourceTypes,
    matchShared: createSharedMatcher([], resourceTypes),
    expressions,
  });
  const fingerprint = { lineage: dev.lineage, serial: dev.serial, observed: {} };
  const proof = prove({
    phase: 'after-apply',
    source: {
      name: 'dev',
      state: dev,
      stateLocation: 's3://states/dev.tfstate',
      variables: { environment: 'dev' },
      fingerprintBefore: fingerprint,
      fingerprintAfter: fingerprint,
    },
    target: {
      name: 'feature-auth',
      state: made,
      stateLocation: 's3://states/feature-auth.tfstate',
      plan: null,
      variables: { environment: 'feature-auth' },
      ours: true,
      protected: false,
    },
    others: [],
    declarations,
    environmentVariable: 'environment',
    rename,
    types: resourceTypes,
    shared: [],
  });
  const identified = identify('dev', 's3://states/dev.tfstate', dev, resourceTypes);
  const resourceRows = dev.resources
    .filter(({ mode, type }) => mode === 'managed' || !/policy_document|caller_identity/.test(type))
    .map(({ address, mode, type, values }): MappingRow => {
      const source = physicalName(type, values, resourceTypes) ?? address;
      const counterpart = mode === 'data' ? undefined : pairing.counterpartOf(address);
      const target = counterpart ? physicalName(type, counterpart.values, resourceTypes) : null;
      const shared = classes.get(address)?.kind === 'shared';
      const row = { kind: 'resource', subject: address, type, source } as const;
      if (!counterpart)
        return {
          ...row,
          target: shared ? source : null,
          action: shared ? 'share' : 'skip',
          reason: classes.get(address)?.reason ?? 'the target declares none of its own',
        };
      return resourceTypes.get(type)?.newCluster
        ? {
            ...row,
            target,
            action: 'new-cluster',
            reason: 'holds data and costs by itself: the target gets its own',
          }
        : {
            ...row,
            target,
            action: 'clone',
            reason: target === null ? 'the cloud gives it its identity' : 'renamed',
          };
    });
  const mapping = [...resourceRows, ...secretRows];
  const counts: Record<string, number> = {};
  for (const { action } of mapping) counts[action] = (counts[action] ?? 0) + 1;
  const cost = costOf({
    target: managed,
    source: managedIn(dev).map((resource) => fromState(resource)),
    region: 'ap-southeast-1',
    prices: bundledPrices,
  });
  const evidence = evidenceOf(managedIn(made));
  const created = managedIn(made).map(({ address }) => address);
  const outputs = {
    line_webhook_url: 'https://abc123.lambda-url.ap-southeast-1.on.aws/',
    telegram_webhook_url: 'https://x1y2.execute-api.ap-southeast-1.amazonaws.com/',
  };
  const step = <Id extends keyof StepOutputs>(id: Id, durationMs: number, output: StepOutputs[Id]) => ({
    id,
    status: 'done' as const,
    durationMs,
    output,
  });
  return {
    ...emptyDocument('provision', 'waiting'),
    source: 'dev',
    target: 'feature-auth',
    steps: [
      step('identify', 2210, identified),
      step('analyze-source', 310, analyzeSource(dev, declarations, resourceTypes)),
      step('analyze-target', 1130, {
        name: 'feature-auth',
        varFile: {
          path: 'terraform/terraform.feature-auth.tfvars',
          exists: false,
          changes: [{ variable: 'aurora_min_acu', from: null, to: 0.5, reason: 'given with --set' }],
        },
        backend: { kind: 's3', location: 's3://states/feature-auth.tfstate', file: null, fileExists: false },
        existing: { resources: 0, ours: false },
        constraints: ['name', 'state', 'names fit'].map((constraint) => ({
          constraint,
          met: true,
          detail: 'as it should be',
        })),
        derivedNames: [],
        external: [],
      }),
      step('map', 8400, {
        rows: mapping,
        counts,
        cost,
        references: declaredReferences(managed, expressions),
      }),
      step('untangle', 90, {
        portable: [{ type: 'aws_lambda_function', attributes: ['memory_size'], count: 412 }],
        contextBound: Array.from({ length: 131 }, (_, index) => ({
          address: `aws_lambda_function.line_bot`,
          attribute: `environment.${index}`,
          source: 'x-dev',
          target: 'x-feature-auth',
          how: 'renamed' as const,
        })),
        unexplained: [],
      }),
      step('rewire', 96_500, {
        plan: { create: 48, update: 0, delete: 0, replace: 0 },
        actions: [
          { what: 'Terraform apply', detail: '48 resources', durationMs: 61_000 },
          { what: 'Secrets', detail: 'AURORA_HOST from the new cluster', durationMs: 900 },
          { what: 'Webhook', detail: 'LINE webhook set and read back', durationMs: 1200 },
        ],
        created,
        failed: [],
        outputs,
        proof,
        terraformProcesses: 5,
      }),
      {
        ...step('verify', 17_300, { proof, evidence, layers: [], verdict: 'waiting' }),
        status: 'waiting' as const,
      },
    ],
    mapping,
    findings: proof.verdicts.flatMap(({ findings }) => findings),
    proof: proof as Document['proof'],
    cost: cost as Document['cost'],
    evidence: [...evidence],
    record: {
      version: 1,
      name: 'feature-auth',
      source: 'dev',
      owner: 'mika',
      created: '2026-11-24T09:09:00.000Z',
      updated: ranAt,
      expires: '2026-11-27T09:09:00.000Z',
      engine: 'terraform',
      status: 'waiting',
      transfer: 'transfer-1',
      moduleDir: 'terraform',
      varFile: 'terraform/terraform.feature-auth.tfvars',
      varFileOurs: true,
      backendFile: null,
      backendFileOurs: false,
      state: 's3://states/feature-auth.tfstate',
      set: { aurora_min_acu: '0.5' },
      keepLogRetention: false,
      accepted: [],
      resources: managedIn(made).map(({ address, type }) => ({
        address,
        type,
        identity: null,
        id: null,
        arn: null,
      })),
      proof: proof as Document['proof'],
      evidence: [...evidence],
      secrets: null,
      outputs,
    },
  };
}

function evidenceOf(
  resources: readonly { readonly address: string; readonly type: string }[],
): readonly Evidence[] {
  const item = (layer: Evidence['layer'], check: string, subject: string, observed: string): Evidence => ({
    layer,
    check,
    subject,
    status: 'pass',
    observed,
    expected: observed,
    at: ranAt,
    durationMs: 40,
  });
  const functions = resources.filter(({ type }) => type === 'aws_lambda_function');
  return [
    ...resources.slice(0, 30).map(({ address }) => item(1, 'resource-exists', address, 'there')),
    ...functions.map(({ address }) =>
      item(1, 'function-invocable', address, 'StatusCode 200, no FunctionError'),
    ),
    ...functions.map(({ address }) => item(2, 'answer-content', address, 'answers {"status":"ok"}')),
    ...functions.map(({ address }) => item(3, 'logs-present', address, '4 lines, none of level ERROR')),
    { ...item(3, 'no-errors-logged', 'aws_sfn_state_machine.report', 'no execution yet'), status: 'skipped' },
    item(4, 'reply-on-own-channel', 'line', 'the reply left through the bot of feature-auth'),
    {
      ...item(4, 'code-returned', 'line', 'the code was sent to the tester and has not come back'),
      expected: 'the code comes back',
      status: 'pending',
    },
  ];
}

export const checklist: readonly ChecklistLine[] = [
  [
    'Infrastructure',
    'Lambda function created with correct name',
    true,
    true,
    'seen in the account: dr-daily-report-line-bot-feature-auth',
  ],
  [
    'Infrastructure',
    'DynamoDB tables created',
    true,
    true,
    'seen in the account: dr-daily-report-watchlist-feature-auth',
  ],
  ['Secrets', 'Config created', true, true, 'Doppler: dev_feature-auth'],
  [
    'External services',
    'New LINE channel created',
    true,
    true,
    '@feature-auth is the bot of feature-auth and of no other environment',
  ],
  ['External services', 'New Telegram bot created', false, false, 'the environment uses none'],
  ['Verification', 'Lambda responds 200', true, true, 'aws_lambda_function.line_bot: StatusCode 200'],
  [
    'Verification',
    'End-to-end test passed: user receives message',
    false,
    true,
    'line: the code has not come back',
  ],
].map(
  ([section, line, ticked, applicable, because]) =>
    ({ section, line, ticked, applicable, because }) as ChecklistLine,
);

/** What `--live` finds of a source at which somebody has been at work by hand. */
const live: LiveInventory = {
  regions: ['ap-southeast-1'],
  kinds: 68,
  seen: 412,
  unmanaged: [
    {
      type: 'aws_sqs_queue',
      title: 'SQS queue',
      id: 'https://sqs.ap-southeast-1.amazonaws.com/1/retries-dev',
      name: 'retries-dev',
      arn: 'arn:aws:sqs:ap-southeast-1:1:retries-dev',
      region: 'ap-southeast-1',
      by: 'name',
      reason: 'its name bears that of the environment',
      leaving: null,
    },
  ],
  unreadable: [
    {
      subject: 'aws_kms_key (ap-southeast-1)',
      reason: 'access denied: kms:ListKeys is not allowed',
      permission: 'kms:ListKeys',
    },
  ],
  complete: false,
};
const drift: SourceDrift = {
  compared: 47,
  attributes: 812,
  drifted: [
    {
      address: 'aws_lambda_function.line_bot',
      type: 'aws_lambda_function',
      name: 'dr-line-bot-dev',
      change: 'differs',
      attributes: [
        { path: 'memory_size', state: 128, live: 512, shown: true },
        { path: 'environment.0.variables.API_TOKEN', state: null, live: null, shown: false },
      ],
    },
    {
      address: 'aws_dynamodb_table.watchlist',
      type: 'aws_dynamodb_table',
      name: 'dr-daily-report-watchlist-dev',
      change: 'gone',
      attributes: [],
    },
    {
      address: 'aws_iam_role.line_bot',
      type: 'aws_iam_role_policy',
      name: 'by-hand',
      change: 'added',
      attributes: [],
    },
  ],
  present: { aws_iam_policy: 2 },
  notAsked: {},
  unreadable: [],
  complete: true,
};

/** The same as `dailyReport`, with `--live`. */
export async function liveReport(): Promise<Document> {
  const document = await dailyReport();
  const added: Readonly<Record<string, object>> = { identify: { live }, 'analyze-source': { drift } };
  return {
    ...document,
    steps: document.steps.map((step) => ({
      ...step,
      output: { ...(step.output as object), ...added[step.id] },
    })),
  };
}

/** The run that would not be isolated: blocked, with findings, nothing made. */
export async function blockedReport(): Promise<Document> {
  const document = await dailyReport();
  const findings: Document['findings'] = [
    {
      rule: 'no-reference-to-source',
      severity: 'error',
      subject: 'aws_lambda_function.line_bot',
      message: 'environment.variables.TABLE names dr-daily-report-watchlist-dev, which belongs to dev.',
      hint: 'Build the name from var.environment.',
    },
    {
      rule: 'reversible',
      severity: 'warning',
      subject: 'aws_rds_cluster.aurora[0]',
      message: 'a final snapshot would be left.',
      hint: 'Set skip_final_snapshot.',
    },
  ];
  const proof = document.proof;
  return {
    ...document,
    status: 'blocked',
    findings,
    proof: proof && {
      ...proof,
      phase: 'before-apply',
      held: false,
      verdicts: proof.verdicts.map((verdict) => {
        const own = findings.filter(({ rule }) => rule === verdict.rule);
        return { ...verdict, findings: own, held: own.every(({ severity }) => severity !== 'error') };
      }),
    },
    steps: document.steps.map((step) =>
      step.id === 'rewire'
        ? {
            ...step,
            status: 'blocked',
            durationMs: 210,
            output: { ...(step.output as object), actions: [], created: [], outputs: {} },
          }
        : step.id === 'verify'
          ? { ...step, status: 'skipped', durationMs: 0, output: null }
          : step,
    ),
    evidence: [],
    record: null,
  };
}

const someTypes = [
  'aws_lambda_function',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_sqs_queue',
  'aws_dynamodb_table',
  'aws_cloudwatch_log_group',
  'aws_s3_bucket',
  'aws_sns_topic',
  'aws_security_group',
  'aws_unheard_of_thing',
];

/** A project of `count` resources, each with a finding, evidence and a price: the largest page there is. */
export async function largeReport(count: number): Promise<Document> {
  const document = await dailyReport();
  const addresses = Array.from({ length: count }, (_, index) => {
    const type = someTypes[index % someTypes.length] ?? '';
    return {
      type,
      address: `module.service_${Math.floor(index / 10)}.${type}.component_with_a_long_name_${index}["eu-central-1"]`,
    };
  });
  const mapping = addresses.map(({ address, type }, index): MappingRow => ({
    kind: 'resource',
    subject: address,
    type,
    source: `acme-platform-component-with-a-long-name-${index}-dev`,
    target: `acme-platform-component-with-a-long-name-${index}-feature-auth`,
    action: 'clone',
    reason: 'renamed (+$1.25/month)',
  }));
  return {
    ...document,
    mapping,
    findings: [],
    proof: document.proof && {
      ...document.proof,
      verdicts: document.proof.verdicts.map((verdict) => ({
        ...verdict,
        undecided: verdict.rule === 'no-reference-to-source' ? addresses.map(({ address }) => address) : [],
        findings:
          verdict.rule === 'reversible'
            ? addresses.slice(0, 200).map(({ address }) => ({
                rule: 'reversible',
                severity: 'warning' as const,
                subject: address,
                message: 'log groups that the service makes by itself would be left',
                hint: 'Declare them.',
              }))
            : [],
      })),
    },
    steps: document.steps.map((step) =>
      step.id === 'rewire'
        ? {
            ...step,
            output: { ...(step.output as object), created: addresses.map(({ address }) => address) },
          }
        : step.id === 'map'
          ? {
              ...step,
              output: {
                counts: { clone: count },
                references: addresses.slice(1).map(({ address }, index) => ({
                  from: address.replace(/\[.*\]/, ''),
                  to: (addresses[index]?.address ?? '').replace(/\[.*\]/, ''),
                })),
              },
            }
          : step,
    ),
    cost: {
      currency: 'USD',
      monthlyTotal: count * 1.25,
      monthlyDelta: count * 1.25,
      resources: addresses.map(({ address, type }) => ({
        address,
        type,
        monthly: 1.25,
        basis: '1 thing × $1.25 = $1.25',
      })),
      unknown: addresses.slice(0, 50).map(({ address }) => address),
    },
    evidence: addresses.flatMap(({ address }) =>
      evidenceOf([{ address, type: 'aws_lambda_function' }]).slice(0, 3),
    ),
    record: document.record && {
      ...document.record,
      resources: addresses.map(({ address, type }) => ({
        address,
        type,
        identity: null,
        id: null,
        arn: null,
      })),
    },
  };
}
