/** What `--live` adds to the outputs of the first two steps, as it stands in the JSON document and in saved reports. */
import { z } from 'zod';

const unreadable = z.array(
  z.object({
    subject: z.string().describe('Address of a resource, or the type and region of a listing.'),
    reason: z.string(),
    permission: z
      .string()
      .nullable()
      .describe('The IAM action that lacks; null where that is not the reason.'),
  }),
);

export const inventorySchema = z.object({
  regions: z.array(z.string()),
  kinds: z.number().describe('How many kinds of things were listed.'),
  seen: z.number().describe('How many things there were, whoever they belong to.'),
  unmanaged: z
    .array(
      z.object({
        type: z.string(),
        title: z.string(),
        id: z.string(),
        name: z.string(),
        arn: z.string().nullable(),
        region: z.string().describe('`global` for what belongs to none.'),
        by: z.enum(['name', 'tag', 'reference', 'service']).describe('What it was found by.'),
        reason: z.string(),
        leaving: z.string().nullable().describe('Until when it is on its way out, where it is.'),
      }),
    )

    .describe('Of the environment, and in no state.'),
  unreadable,
  complete: z.boolean().describe('False where something could not be listed: there may be more.'),
});

const counts = z.record(z.string(), z.number());

export const driftSchema = z.object({
  compared: z.number().describe('Resources whose values were compared.'),
  attributes: z.number(),
  drifted: z.array(
    z.object({
      address: z.string(),
      type: z.string(),
      name: z.string(),
      change: z
        .enum(['differs', 'gone', 'added'])
        .describe('`added`: a part that the state does not know, of the resource at the address.'),
      attributes: z.array(
        z.object({
          path: z.string(),
          state: z.json().describe('null where it is not set, or not shown.'),
          live: z.json(),
          shown: z.boolean().describe('False for what may be secret: only that it differs is told.'),
        }),
      ),
    }),
  ),
  present: counts.describe('Only known to be there, by type.'),
  notAsked: counts.describe('Not looked for, by type.'),
  unreadable,
  complete: z.boolean().describe('False where something could not be read: it may have drifted.'),
});
