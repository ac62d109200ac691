/** What is read back from disk is checked: a record that somebody changed by hand must not be half understood. */
import { z } from 'zod';
import { mappingActions } from '../transfer/mapping.ts';
import { stepIds } from '../transfer/steps.ts';

export const findingSchema = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  subject: z.string(),
  message: z.string(),
  hint: z.string(),
  accepted: z.object({ by: z.string(), at: z.string() }).optional(),
});

export const proofSchema = z.object({
  phase: z.enum(['before-apply', 'after-apply']),
  held: z.boolean(),
  verdicts: z.array(
    z.object({
      rule: z.string(),
      held: z.boolean(),
      judged: z.number(),
      undecided: z.array(z.string()),
      findings: z.array(findingSchema),
    }),
  ),
  coverage: z.object({
    handled: z.number(),
    nothingToDo: z.number(),
    unknown: z.array(z.string()),
    unreadable: z.array(z.string()),
  }),
});

export const evidenceSchema = z.object({
  layer: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  check: z.string(),
  subject: z.string(),
  status: z.enum(['pass', 'fail', 'pending', 'skipped']),
  observed: z.string(),
  expected: z.string(),
  at: z.string(),
  durationMs: z.number(),
});

export const mappingRowSchema = z.object({
  kind: z.enum(['resource', 'secret']),
  subject: z.string(),
  type: z.string(),
  source: z.string(),
  target: z.string().nullable(),
  action: z.enum(mappingActions),
  reason: z.string(),
});

export const challengeSchema = z.object({
  version: z.literal(1),
  salt: z.string(),
  hash: z.string(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
  attemptsLeft: z.int().min(0),
  returned: z.iso.datetime().nullable(),
});

export const placeSchema = z.object({
  partition: z.string().regex(/^aws(?:-[a-z]+)*$/),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().regex(/^[a-z0-9-]+$/),
});

/** What is deleted by it has to lie in the project. */
const pathInProject = z.string().regex(/^(?![/\\]|[A-Za-z]:|\.\.(?:[/\\]|$))(?!.*[/\\]\.\.(?:[/\\]|$)).+$/s, {
  error: 'must be a path inside of the project, relative and without ..',
});

export const environmentRecordSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  source: z.string(),
  owner: z.string(),
  created: z.string(),
  updated: z.string(),
  expires: z.iso.datetime().nullable(),
  noticed: z.string().optional(),
  engine: z.enum(['terraform', 'direct']),
  status: z.enum([
    'planned',
    'applying',
    'halfway',
    'applied',
    'waiting',
    'verified',
    'failed',
    'destroying',
    'destroyed',
  ]),
  transfer: z.string(),
  moduleDir: pathInProject,
  varFile: pathInProject,
  varFileOurs: z.boolean(),
  backendFile: pathInProject.nullable(),
  backendFileOurs: z.boolean(),
  state: z.string(),
  place: placeSchema.optional(),
  lineage: z.string().optional(),
  set: z.record(z.string(), z.string()),
  keepLogRetention: z.boolean(),
  accepted: z.array(findingSchema),
  resources: z.array(
    z.object({
      address: z.string(),
      type: z.string(),
      identity: z.string().nullable(),
      id: z.string().nullable(),
      arn: z.string().nullable(),
      attributes: z.record(z.string(), z.string()).optional(),
      origin: z.enum(['made', 'taken-over']).optional(),
      planned: z.object({ nameWasFree: z.boolean() }).optional(),
    }),
  ),
  proof: proofSchema.nullable(),
  evidence: z.array(evidenceSchema),
  secrets: z
    .object({
      provider: z.enum(['doppler', 'env', 'dotenv', 'aws-secrets-manager', 'aws-ssm']),
      config: z.string(),
      made: z.boolean(),
      sealed: z.boolean(),
      own: z.array(z.string()).optional(),
      fingerprints: z.record(z.string(), z.string()),
      missing: z.array(z.string()).optional(),
    })
    .nullable(),
  mapping: z.array(mappingRowSchema).optional(),
  cost: z
    .object({
      currency: z.literal('USD'),
      monthlyTotal: z.number(),
      monthlyDelta: z.number(),
      unknown: z.array(z.string()),
    })
    .optional(),
  channels: z
    .array(
      z.object({
        kind: z.string(),
        bot: z.object({ id: z.string(), name: z.string(), handle: z.string().nullable() }).nullable(),
        sharedWith: z.string().nullable(),
        webhookUrl: z.string().nullable(),
      }),
    )
    .optional(),
  challenges: z.array(z.object({ subject: z.string(), challenge: challengeSchema })).optional(),
  asleep: z
    .object({
      since: z.iso.datetime(),
      databases: z.array(
        z.object({
          address: z.string(),
          type: z.string(),
          id: z.string(),
          arn: z.string().nullable(),
          way: z.enum(['pause', 'stop']),
          before: z
            .object({ min: z.number(), max: z.number(), secondsUntilAutoPause: z.number().nullable() })
            .nullable(),
        }),
      ),
    })
    .optional(),
  outputs: z.record(z.string(), z.string()),
});

export const journalRowSchema = z.object({
  transfer: z.string(),
  step: z.enum([...stepIds, 'destroy', 'sweep', 'sleep', 'wake']),
  name: z.string(),
  phase: z.enum(['begin', 'end', 'fail']),
  version: z.literal(1),
  input: z.string().optional(),
  output: z.unknown().optional(),
  error: z.string().optional(),
  at: z.string(),
});
