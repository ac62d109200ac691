/** The part of the JSON document that only `diff` has. */
import { z } from 'zod';
import { differenceChanges, differenceKinds, diffSources, diffVerdicts } from '../diff/model.ts';

export const diffSchema = z.object({
  a: z.string(),
  b: z.string(),
  readFrom: z
    .enum(diffSources)
    .describe("Terraform's states, the account, or `both`: each part where it is managed."),
  verdict: z
    .enum(diffVerdicts)
    .describe('`not-comparable` as soon as anything could not be read, whatever else was found.'),
  differences: z.array(
    z.object({
      kind: z.enum(differenceKinds),
      change: z
        .enum(differenceChanges)
        .describe('As seen from `a`: `b` lacks it, has it beyond, has another, or has what is of `a` alone.'),
      subject: z.string(),
      what: z.string().nullable(),
      a: z.string().nullable().describe('`null` where it is not there, or must not be shown.'),
      b: z.string().nullable(),
      message: z.string(),
      explanation: z.string().nullable(),
    }),
  ),
  notes: z.array(z.object({ subject: z.string(), message: z.string() })),
  incomparable: z.array(z.object({ subject: z.string(), reason: z.string(), hint: z.string().nullable() })),
  compared: z.record(z.enum(differenceKinds), z.number()),
});
