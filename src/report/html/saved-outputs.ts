/** What the page reads of the steps' outputs in a saved report. Checked: the file may come from another version. */
import { z } from 'zod';
import { driftSchema, inventorySchema } from '../../live/schema.ts';
import { evidenceSchema } from '../../store/schemas.ts';
import { categories } from '../../terraform/types/facts.ts';

const action = z.object({ what: z.string(), detail: z.string(), durationMs: z.number() });

const outputs = {
  identify: z.object({
    resources: z.array(
      z.object({
        address: z.string(),
        type: z.string(),
        title: z.string(),
        category: z.enum(categories),
        name: z.string(),
        shared: z.boolean(),
      }),
    ),
    live: inventorySchema.optional(),
  }),
  'analyze-source': z.object({
    functions: z.array(z.unknown()),
    policies: z.array(z.unknown()),
    drift: driftSchema.optional(),
  }),
  'analyze-target': z.object({
    constraints: z.array(z.object({ met: z.boolean() })),
    varFile: z.object({
      changes: z.array(z.object({ variable: z.string(), to: z.unknown(), reason: z.string() })),
    }),
  }),
  map: z.object({
    counts: z.record(z.string(), z.number()),
    references: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
  }),
  untangle: z.object({
    portable: z.array(z.object({ count: z.number() })),
    contextBound: z.array(z.unknown()),
    unexplained: z.array(z.unknown()),
  }),
  rewire: z.object({
    plan: z.object({ create: z.number(), update: z.number(), delete: z.number(), replace: z.number() }),
    actions: z.array(action),
    created: z.array(z.string()),
    failed: z.array(z.object({ address: z.string(), message: z.string() })),
    outputs: z.record(z.string(), z.string()),
  }),
  verify: z.object({ evidence: z.array(evidenceSchema.pick({ status: true })) }),
};

export type SavedOutputs = { readonly [Id in keyof typeof outputs]: z.infer<(typeof outputs)[Id]> | null };

interface SavedStep {
  readonly id: keyof typeof outputs;
  readonly output?: unknown;
}

/**
 * @returns `null` for a step that was not done
 * @throws ZodError for an output whose shape is not known
 */
export function savedOutputs(steps: readonly SavedStep[]): SavedOutputs {
  const of = <Id extends keyof typeof outputs>(id: Id): SavedOutputs[Id] => {
    const output = steps.find((step) => step.id === id)?.output ?? null;
    return output === null ? null : (outputs[id].parse(output) as SavedOutputs[Id]);
  };
  return {
    identify: of('identify'),
    'analyze-source': of('analyze-source'),
    'analyze-target': of('analyze-target'),
    map: of('map'),
    untangle: of('untangle'),
    rewire: of('rewire'),
    verify: of('verify'),
  };
}
