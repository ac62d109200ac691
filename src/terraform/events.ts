/**
 * The machine-readable lines of `plan -json` and `apply -json`.
 * https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
import { z } from 'zod';
import type { TransferEvent } from '../transfer/host.ts';
import type { Json } from '../transfer/json.ts';
import { type Diagnostic, readDiagnostic } from './diagnostics.ts';

type ResourceEvent = TransferEvent & { readonly type: 'resource' };

export interface ChangeSummary {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  readonly import: number;
}

/** One line, as far as it says something that we need. */
export type UiEvent =
  | ResourceEvent
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly type: 'summary'; readonly operation: string; readonly changes: ChangeSummary }
  /** Values of outputs; those of sensitive outputs are left out. */
  | { readonly type: 'outputs'; readonly outputs: Readonly<Record<string, Json>> }
  | { readonly type: 'other' };

const Line = z.object({
  type: z.string(),
  '@level': z.string().optional(),
  '@message': z.string().optional(),
});
const Hook = z.object({
  hook: z.object({
    resource: z.object({ addr: z.string() }),
    action: z.string().optional(),
    elapsed_seconds: z.number().optional(),
  }),
});
const Summary = z.object({
  changes: z.object({
    add: z.number(),
    change: z.number(),
    remove: z.number(),
    import: z.number().default(0),
    operation: z.string(),
  }),
});
const Outputs = z.object({
  outputs: z.record(
    z.string(),
    z.object({ sensitive: z.boolean().optional(), value: z.unknown().optional() }),
  ),
});

const phases: Readonly<Record<string, ResourceEvent['phase']>> = {
  apply_start: 'started',
  apply_progress: 'progress',
  apply_complete: 'done',
  apply_errored: 'failed',
};
const actions: Readonly<Record<string, ResourceEvent['action']>> = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  replace: 'replace',
  read: 'read',
  remove: 'forget',
  forget: 'forget',
};

const other: UiEvent = { type: 'other' };

function readHook(phase: ResourceEvent['phase'], raw: unknown): UiEvent {
  const parsed = Hook.safeParse(raw);
  if (!parsed.success) return other;
  const { resource, action, elapsed_seconds } = parsed.data.hook;
  const known = actions[action ?? ''];
  if (known === undefined) return other;
  return {
    type: 'resource',
    address: resource.addr,
    action: known,
    phase,
    elapsedSeconds: elapsed_seconds ?? 0,
  };
}

function readOutputs(raw: unknown): UiEvent {
  const parsed = Outputs.safeParse(raw);
  if (!parsed.success) return other;
  const open = Object.entries(parsed.data.outputs).filter(
    ([, { sensitive, value }]) => !sensitive && value !== undefined,
  );
  return {
    type: 'outputs',
    outputs: Object.fromEntries(open.map(([name, { value }]) => [name, value as Json])),
  };
}

/**
 * Lines of a kind that is not known are `other`: new Terraform versions may add some, and what counts (exit code,
 * state, plan) is read elsewhere.
 * @param folder where Terraform runs
 */
export function readUiLine(line: string, folder: string): UiEvent {
  if (!line.startsWith('{')) return other;
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return other;
  }
  const parsed = Line.safeParse(raw);
  if (!parsed.success) return other;
  const { type } = parsed.data;
  const phase = phases[type];
  if (phase !== undefined) return readHook(phase, raw);
  if (type === 'outputs') return readOutputs(raw);
  if (type === 'change_summary') {
    const summary = Summary.safeParse(raw);
    if (!summary.success) return other;
    const { operation, ...changes } = summary.data.changes;
    return { type: 'summary', operation, changes };
  }
  if (type === 'diagnostic') {
    const diagnostic = readDiagnostic((raw as { diagnostic?: unknown }).diagnostic, folder);
    return diagnostic ? { type: 'diagnostic', diagnostic } : other;
  }
  return other;
}
