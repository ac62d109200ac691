/**
 * What a run was asked for, written down before it does anything: one that is killed before it has a record can be gone
 * on with all the same. Never a secret: `--set` takes no sensitive variable.
 */
import { z } from 'zod';
import { invokeSettings } from '../transfer/invoke.ts';
import type { Json } from '../transfer/json.ts';
import type { JournalRow } from '../transfer/store.ts';
import { type TransferRequest } from './context.ts';
import { priceChoices } from './costs.ts';

const name = 'request';

const schema = z.object({
  source: z.string(),
  set: z.record(z.string(), z.string()),
  accept: z.array(z.string()),
  keepLogRetention: z.boolean(),
  ttl: z.string().optional(),
  live: z.boolean().optional(),
  maxMonthly: z.number().optional(),
  prices: z.enum(priceChoices).optional(),
  invoke: z.enum(invokeSettings).optional(),
  engine: z.enum(['terraform', 'direct']).optional(),
});

export type JournaledRequest = z.infer<typeof schema>;

export function requestRow(request: TransferRequest): Pick<JournalRow, 'step' | 'name' | 'phase' | 'output'> {
  // Through JSON: what is left open is not there.
  const output = JSON.parse(JSON.stringify(schema.parse(request))) as Json;
  return { step: 'identify', name, phase: 'begin', output };
}

/** How the last run stands by its journal. `over`: it came to an end, and changed nothing. */
export type LastRun =
  | { readonly state: 'none' }
  | { readonly state: 'open'; readonly request: JournaledRequest }
  | { readonly state: 'over'; readonly how: 'blocked' | 'declined'; readonly request: JournaledRequest };

/** @param rows of an environment without a record */
export function lastRun(rows: readonly JournalRow[]): LastRun {
  const begin = rows.findLastIndex((row) => row.name === name && row.phase === 'begin');
  const request = schema.safeParse(rows[begin]?.output);
  if (!request.success) return { state: 'none' };
  const { data } = request;
  const after = rows.slice(begin + 1);
  // Made, and taken away again: there is nothing left of it to go on with.
  if (after.some(({ step }) => step === 'destroy')) return { state: 'none' };
  const end = after.findLast((row) => row.name === 'step');
  const how = end?.output === 'blocked' ? 'blocked' : end?.error === 'declined' ? 'declined' : null;
  return how === null ? { state: 'open', request: data } : { state: 'over', how, request: data };
}
