/**
 * The JSON document that `--json` prints: exactly one, on success and on every failure. Its shape is a contract;
 * `schema/document.json` is made from this schema.
 */
import { z } from 'zod';
import { driftSchema, inventorySchema } from '../live/schema.ts';
import { diffSchema } from './diff-schema.ts';
import { errorKinds } from '../transfer/error-codes.ts';
import { recordLiesIn } from '../proof/place.ts';
import type { ProvisionError } from '../transfer/errors.ts';
import { type PlaceFacts, wholePlace } from '../transfer/place.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { invokeSettings } from '../transfer/invoke.ts';
import { stepIds } from '../transfer/steps.ts';
import {
  environmentRecordSchema,
  evidenceSchema,
  findingSchema,
  mappingRowSchema,
  placeSchema,
  proofSchema,
} from '../store/schemas.ts';

export const documentStatuses = [
  'done',
  'planned',
  'blocked',
  'applied',
  'verified',
  'waiting',
  'failed',
  'halfway',
  'destroyed',
  'cancelled',
  'error',
] as const;

const errorSchema = z.object({
  code: z.enum(Object.keys(errorKinds) as [string, ...string[]]),
  source: z.enum(['user', 'environment', 'bug']),
  message: z.string(),
  hint: z.string().nullable(),
  where: z
    .object({ file: z.string(), line: z.number().optional(), column: z.number().optional() })
    .nullable(),
});

const found = z.object({
  type: z.string(),
  id: z.string(),
  name: z.string(),
  arn: z.string().nullable(),
  region: z.string(),
  verdict: z.enum(['ours', 'derived', 'suspected']),
  reason: z.string(),
  state: z.enum(['found', 'pending', 'removed', 'refused', 'held-back', 'failed']),
  detail: z.string().nullable(),
});

const sweepSchema = z.object({
  environment: z.string(),
  mode: z.enum(['look', 'delete']),
  clean: z.boolean(),
  looked: z.array(z.object({ service: z.string(), type: z.string(), region: z.string(), seen: z.number() })),
  found: z.array(found),
  suspected: z.array(found),
  removed: z.array(found),
  left: z.array(found),
  unreadable: z.array(
    z.object({
      service: z.string(),
      type: z.string(),
      region: z.string(),
      reason: z.string(),
      permission: z.string().nullable(),
    }),
  ),
});

const destroyPlanSchema = z.object({
  environment: z.string(),
  destroys: z.array(z.object({ address: z.string(), type: z.string(), name: z.string() })),
  keeps: z
    .array(z.object({ address: z.string(), reason: z.string() }))
    .describe('Taken out of the state first, and left as they are.'),
  unrecorded: z
    .array(z.object({ address: z.string(), type: z.string(), name: z.string() }))
    .describe('Of `destroys`, what is in no record: it wants `--allow-unrecorded`.'),
  removes: z
    .array(z.object({ address: z.string(), type: z.string(), name: z.string() }))
    .describe('In the record and not in the state, and still there: removed through the API.'),
  untold: z
    .array(z.object({ address: z.string(), type: z.string(), name: z.string(), reason: z.string() }))
    .describe('In the record and not in the state, and nobody can say whether it is there.'),
  elsewhere: z
    .array(
      z.object({
        address: z.string(),
        type: z.string(),
        name: z.string(),
        reason: z.string(),
        hint: z.string(),
      }),
    )
    .default([])
    .describe("By its record its own, and in another's state too: it is left, and so is the record."),
  accepted: z.array(findingSchema).describe('What was gone over with `--accept`.'),
  files: z.array(z.string()),
  state: z.string(),
  webhooks: z.array(z.object({ kind: z.string(), url: z.string() })),
});

const confirmationSchema = z.object({
  confirm: z.string().describe('What `confirm` has to be.'),
  digest: z.string().describe('What `digest` has to be: of what is shown here.'),
  message: z.string(),
});

const stepOutputSchema = z
  .looseObject({
    live: inventorySchema.optional().describe('Of `identify`, with `--live`: the account beside the state.'),
    drift: driftSchema
      .optional()
      .describe('Of `analyze-source`, with `--live`: where account and state differ.'),
  })
  .describe('What the step found or did; null for one that was not done.');

/** To who builds a document it is whatever the step puts out; the schema holds that to what is promised of it. */
const stepOutput: z.ZodType = stepOutputSchema.nullish();

export const documentSchema = z.object({
  version: z.literal(1),
  command: z.string(),
  source: z.string().nullable(),
  target: z.string().nullable(),
  // Not there in a report that an older version has written.
  place: placeSchema
    .nullable()
    .default(null)
    .describe(
      'Where the target lies or would lie; null where it is not known, or nothing of it lies in AWS.',
    ),
  status: z.enum(documentStatuses),
  steps: z.array(
    z.object({
      id: z.enum(stepIds),
      status: z.enum(['pending', 'running', 'done', 'failed', 'blocked', 'waiting', 'skipped']),
      durationMs: z.number(),
      output: stepOutput,
    }),
  ),
  findings: z.array(findingSchema),
  mapping: z.array(mappingRowSchema),
  proof: proofSchema.nullable(),
  cost: z
    .object({
      currency: z.string(),
      monthlyTotal: z.number(),
      monthlyDelta: z.number(),
      monthlyChange: z
        .number()
        .optional()
        .describe('Of an update: by how much the plan changes what the environment costs now.'),
      resources: z.array(
        z.object({ address: z.string(), type: z.string(), monthly: z.number(), basis: z.string() }),
      ),
      unknown: z.array(z.string()),
    })
    .nullable(),
  request: z
    .object({
      engine: z.enum(['terraform', 'direct']).nullable(),
      live: z.boolean(),
      keepLogRetention: z.boolean(),
      invoke: z.enum(invokeSettings).nullish(),
    })
    .optional()
    .describe(
      'Of `plan`, `provision` and `resume`: what it was asked for beside the names; null where that was left open.',
    ),
  diff: diffSchema.optional().describe('Only of `diff`.'),
  calls: z
    .object({
      invoke: z.enum(invokeSettings),
      calls: z.array(
        z.object({
          subject: z.string(),
          how: z
            .enum(['event', 'request', 'message'])
            .describe('Invoked directly, asked by HTTP, or layer 4 by its channel.'),
          what: z.string().describe('The event, or method and path.'),
          via: z.string().nullable().describe('Address of the URL or stage that a request goes through.'),
          url: z.string().nullable().describe('Null where it is known only after the apply.'),
          why: z.string(),
        }),
      ),
      notCalled: z.array(z.object({ subject: z.string(), why: z.string() })),
    })
    .optional()
    .describe(
      'What a verification calls, and the functions that it does not: of `plan` before anybody agrees.',
    ),
  functions: z
    .object({ total: z.int(), notCalled: z.int() })
    .optional()
    .describe('How many functions the last verification looked at, and how many of them it did not call.'),
  evidence: z.array(evidenceSchema),
  record: environmentRecordSchema.nullable(),
  records: z
    .array(environmentRecordSchema)
    .optional()
    .describe('Only of `list` and `status` without a name.'),
  gc: z
    .object({
      dryRun: z.boolean(),
      environments: z.array(
        z.object({
          environment: z.string(),
          expires: z.string().nullable(),
          place: placeSchema.nullable(),
          outcome: z.enum([
            'would-destroy',
            'destroyed',
            'left-behind',
            'overtaken',
            'protected',
            'failed',
            'not-begun',
          ]),
          error: errorSchema.nullable(),
        }),
      ),
      notices: z.array(
        z.object({
          environment: z.string(),
          expires: z.string(),
          delivery: z.enum(['told', 'told-before', 'shown', 'failed']),
          error: errorSchema.nullable(),
        }),
      ),
    })
    .optional()
    .describe('Only of `gc`.'),
  file: z
    .object({
      path: z.string(),
      status: z.enum(['written', 'unchanged', 'printed']),
      text: z.string(),
      trustPolicy: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('Only of `ci`: for the role that CI signs in to. The account has to be filled in.'),
    })
    .optional()
    .describe('Only of `ci` and `init`.'),
  event: z
    .object({
      action: z.enum(['provision', 'verify', 'extend', 'destroy', 'none']),
      environment: z.string().nullable(),
      commit: z.string().nullable(),
      pullRequest: z.number().nullable(),
      duration: z.string().nullable(),
      reason: z.string(),
    })
    .optional()
    .describe('Only of `ci-event`.'),
  digest: z
    .string()
    .optional()
    .describe('Of what would be done, where that is shown: --expect takes it as a yes to exactly that.'),
  nothingDone: z
    .string()
    .optional()
    .describe(
      'Why nothing was done, of a command that ended well all the same: the branch of the run is gone.',
    ),
  comment: z
    .object({
      pullRequest: z.number().nullable(),
      status: z.enum(['made', 'changed', 'none', 'printed']),
      body: z.string(),
    })
    .optional()
    .describe('Only of `comment`.'),
  checklist: z
    .array(
      z.object({
        section: z.enum(['Infrastructure', 'Secrets', 'External services', 'Verification']),
        line: z.string(),
        ticked: z.boolean(),
        applicable: z.boolean(),
        because: z.string(),
      }),
    )
    .optional()
    .describe('The master checklist, where one environment is shown or was verified.'),
  checks: z
    .array(z.object({ check: z.string(), ok: z.boolean(), detail: z.string(), hint: z.string().nullable() }))
    .optional()
    .describe('Only of `doctor` and `init`.'),
  iam: z
    .object({
      Version: z.string(),
      Statement: z.array(
        z.object({
          Sid: z.string(),
          Effect: z.literal('Allow'),
          Action: z.array(z.string()),
          Resource: z.string(),
        }),
      ),
    })
    .optional()
    .describe('Only of `doctor --iam`: the policy.'),
  sweep: sweepSchema
    .optional()
    .describe('Of `sweep`, and of `destroy` where it looked for what is left: the receipt.'),
  destroyPlan: destroyPlanSchema.optional().describe('Only of `destroy --dry-run`.'),
  confirmation: confirmationSchema
    .optional()
    .describe('Only of `mcp`: nothing was changed, because the call did not confirm it.'),
  sleep: z
    .object({
      action: z.enum(['sleep', 'wake']),
      databases: z.array(
        z.object({
          address: z.string(),
          type: z.string(),
          id: z.string(),
          way: z.enum(['pause', 'stop']).nullable(),
          outcome: z.enum(['asleep', 'awake', 'was-asleep', 'was-awake', 'gone', 'left', 'failed']),
          detail: z.string(),
        }),
      ),
      saves: z
        .object({ currency: z.string(), monthly: z.number(), unknown: z.array(z.string()) })
        .nullable()
        .describe('At least this, in a month asleep; null where nothing sleeps.'),
    })
    .optional()
    .describe('Only of `sleep` and `wake`.'),
  sandbox: z
    .object({
      env: z
        .record(z.string(), z.string())
        .describe('Variables that point Terraform, command lines and provision-env to the sandbox.'),
      endpoints: z.object({ aws: z.url(), doppler: z.url(), line: z.url(), telegram: z.url() }),
      inboxes: z.array(
        z.object({
          service: z.enum(['line', 'telegram']),
          environment: z.string().describe('`spare` is of no environment yet.'),
          user: z.string(),
          name: z.string(),
          url: z.url(),
        }),
      ),
      spare: z
        .record(z.string(), z.string())
        .describe('Credentials for the next environment: made up by the sandbox, good for nothing else.'),
    })
    .optional()
    .describe('Only of `sandbox`.'),
  error: errorSchema.nullable(),
});

export type Document = z.infer<typeof documentSchema>;

export function emptyDocument(command: string, status: Document['status']): Document {
  return {
    version: 1,
    command,
    source: null,
    target: null,
    place: null,
    status,
    steps: [],
    findings: [],
    mapping: [],
    proof: null,
    cost: null,
    evidence: [],
    record: null,
    error: null,
  };
}

/** Where a run acted; else where the record says that the environment lies. */
export function placePart(
  found: PlaceFacts | null,
  record: Pick<EnvironmentRecord, 'place' | 'resources'> | null = null,
): Document['place'] {
  return (found && wholePlace(found)) ?? (record && wholePlace(recordLiesIn(record)));
}

export function errorPart(error: ProvisionError): NonNullable<Document['error']> {
  return {
    code: error.code,
    source: error.source,
    message: error.message,
    hint: error.hint ?? null,
    where: error.where ?? null,
  };
}

/**
 * For a command that ended before it could say more, bad usage included.
 *
 * @param takesValue true for an option after which its value stands: that is no target
 */
export function failureDocument(
  command: string,
  error: ProvisionError,
  args: readonly string[],
  takesValue: (option: string) => boolean = () => false,
): Document {
  const isValue = (index: number): boolean => index > 0 && takesValue(args[index - 1] ?? '');
  const target =
    args.find((arg, index) => !arg.startsWith('-') && !arg.includes('=') && !isValue(index)) ?? null;
  const fromAssignment = args.find((arg) => arg.startsWith('from='))?.slice('from='.length);
  const fromOption = args[args.indexOf('--from') + 1];
  const source = fromAssignment ?? (args.includes('--from') ? fromOption : undefined) ?? null;
  return { ...emptyDocument(command, 'error'), target, source, error: errorPart(error) };
}
