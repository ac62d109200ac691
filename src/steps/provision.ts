/** The seven steps of a transfer in order, and what came of them. */
import type { Cost } from '../cost/model.ts';
import type { ExitCode } from '../transfer/error-codes.ts';
import { exitCodes } from '../transfer/error-codes.ts';
import type { ProvisionError } from '../transfer/errors.ts';
import type { Evidence } from '../transfer/evidence.ts';
import { blocks, type Finding, type Proof } from '../transfer/finding.ts';
import type { MappingRow } from '../transfer/mapping.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';
import { runSteps, type Step, type StepEnd } from '../transfer/run-steps.ts';
import type { StepResult } from '../transfer/steps.ts';
import { emptyState } from '../terraform/empty-state.ts';
import { analyzeSource } from './analyze-source.ts';
import { analyzeTarget } from './analyze-target.ts';
import type { TransferContext } from './context.ts';
import { identify } from './identify.ts';
import { mapResources } from './map.ts';
import type { StepOutputs } from './outputs.ts';
import { findingsOf } from './proof-input.ts';
import { rewire } from './rewire.ts';
import { checkPlace } from './target-place.ts';
import { untangleContext } from './untangle-context.ts';
import { verify } from './verify.ts';

export type TransferStatus =
  'planned' | 'blocked' | 'verified' | 'waiting' | 'failed' | 'halfway' | 'cancelled' | 'error';

export interface TransferResult {
  readonly status: TransferStatus;
  readonly exitCode: ExitCode;
  readonly steps: readonly StepResult[];
  readonly findings: readonly Finding[];
  readonly mapping: readonly MappingRow[];
  /** What the target costs in a month; `null` where there was no plan. */
  readonly cost: Cost | null;
  /** The last proof: on what now exists, or on the plan where it did not come so far. */
  readonly proof: Proof | null;
  readonly evidence: readonly Evidence[];
  readonly record: EnvironmentRecord | null;
  readonly error: ProvisionError | null;
}

const done = <Output>(output: Output): StepEnd<Output> => ({ status: 'done', output });

const steps: readonly Step<TransferContext, StepOutputs>[] = [
  {
    id: 'identify',
    async run(context) {
      // The target's `init` needs nothing of the source: it runs while the source's state is read.
      context.workspace.init().catch(() => undefined);
      const { source, types, request } = context;
      const state = context.sourceState();
      state.catch(() => undefined);
      // The wrong account is told before anything is asked of it, and whatever else may be wrong there.
      const misplaced = await checkPlace(context);
      context.findings.push(...misplaced.filter(({ severity }) => severity === 'error'));
      const isBlocked = misplaced.some(blocks);
      const read = isBlocked ? await state.catch(() => emptyState) : await state;
      const found = identify(source.name, source.backend.location, read, types);
      if (isBlocked) return { status: 'blocked', output: found };
      if (!request.live) return done(found);
      const { inventoryOf, withInventory } = await import('./live.ts');
      return done(withInventory(found, await inventoryOf(context)));
    },
  },
  {
    id: 'analyze-source',
    async run(context) {
      const { types, request } = context;
      const found = analyzeSource(await context.sourceState(), await context.declarations(), types);
      if (!request.live) return done(found);
      const { driftOf } = await import('./live.ts');
      return done({ ...found, drift: await driftOf(context) });
    },
  },
  { id: 'analyze-target', run: (context, before) => analyzeTarget(context, before) },
  { id: 'map', run: mapResources },
  { id: 'untangle', run: async (context) => done(await untangleContext(context)) },
  { id: 'rewire', run: rewire },
  { id: 'verify', run: (context, before) => verify(context, { agreed: before.rewire?.calls }) },
];

/** Runs the steps. Never throws for what a step does: the result says how it ended. */
export async function provision(context: TransferContext): Promise<TransferResult> {
  const { host, clock, signal, request, store, target } = context;
  const { results, outputs, error } = await runSteps(steps, context, {
    host,
    clock,
    signal,
    ...(request.planOnly ? {} : { journal: (row) => context.journal(row) }),
  });
  const rewired = outputs.rewire;
  const verified = outputs.verify;
  const status = statusOf(results, error, await store.readRecord(target.name).catch(() => null));
  const proof = verified?.proof ?? rewired?.proof ?? null;
  return {
    status,
    exitCode: error && status !== 'halfway' ? error.exitCode : exitCodeOf[status],
    steps: results,
    findings: uniqueFindings([
      ...context.findings,
      ...(rewired ? findingsOf(rewired.proof) : []),
      ...(verified ? findingsOf(verified.proof) : []),
    ]),
    mapping: outputs.map?.rows ?? [],
    cost: outputs.map?.cost ?? null,
    proof,
    evidence: verified?.evidence ?? [],
    record: await store.readRecord(target.name).catch(() => null),
    error,
  };
}

/**
 * The first four steps and no more: what would be made, and what it costs. Changes nothing.
 * @throws ProvisionError what a step threw
 */
export async function planUntilMapped(context: TransferContext): Promise<Partial<StepOutputs>> {
  const { host, clock, signal } = context;
  const { outputs, error } = await runSteps(steps.slice(0, 4), context, { host, clock, signal });
  if (error) throw error;
  return outputs;
}

const exitCodeOf: Readonly<Record<TransferStatus, ExitCode>> = {
  planned: exitCodes.done,
  verified: exitCodes.done,
  blocked: exitCodes.blocked,
  cancelled: exitCodes.blocked,
  failed: exitCodes.verificationFailed,
  halfway: exitCodes.halfway,
  waiting: exitCodes.waiting,
  error: exitCodes.unexpected,
};

/** How a transfer stands after its last step, told by that step, by what it threw, and by the target's record. */
export function statusOf(
  results: readonly StepResult[],
  error: ProvisionError | null,
  record: EnvironmentRecord | null,
): TransferStatus {
  const ended = results.find(({ status }) => status !== 'done');
  if (ended === undefined) return 'verified';
  if (error?.code === 'declined') return 'cancelled';
  if (error?.code === 'needs-person' || error?.code === 'plan-changed') return 'waiting';
  if (ended.id === 'rewire' && (ended.status === 'failed' || error)) {
    return record?.status === 'applying' || record?.status === 'halfway' ? 'halfway' : 'error';
  }
  // The target stands by then: whatever kept the verification from its end, it is not verified.
  if (error) return ended.id === 'verify' ? 'failed' : 'error';
  if (ended.status === 'blocked') return 'blocked';
  if (ended.status === 'pending') return 'planned';
  return ended.status === 'waiting' ? 'waiting' : 'failed';
}

/** The two proofs find the same things where nothing changed in between. */
function uniqueFindings(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map(
    findings.map((finding) => [`${finding.rule}\n${finding.subject}\n${finding.message}`, finding]),
  );
  return [...seen.values()];
}
