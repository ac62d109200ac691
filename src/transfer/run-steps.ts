/**
 * Runs the steps in order: journaled before and after, told to the host, stopped at the first that does not end.
 * A step is a function of (context, the outputs before it) to a serialisable output; nothing here knows what the
 * steps do, so a durable engine can take this runner's place.
 */
import { isProvisionError, type ProvisionError, toProvisionError } from './errors.ts';
import type { Clock, Host } from './host.ts';
import type { JournalRow } from './store.ts';
import type { StepId, StepResult, StepStatus } from './steps.ts';

export interface Step<Context, Outputs, Id extends StepId & keyof Outputs = StepId & keyof Outputs> {
  readonly id: Id;
  run(context: Context, before: Partial<Outputs>): Promise<StepEnd<Outputs[Id]>>;
}

/** How a step ended that did not throw. Anything but `done` ends the run. */
export interface StepEnd<Output> {
  readonly status: Extract<StepStatus, 'done' | 'blocked' | 'waiting' | 'failed' | 'pending'>;
  readonly output: Output;
  /** Ends the run as if it had been thrown, but what the step has found out by then is not lost. */
  readonly error?: ProvisionError;
}

export interface RunStepsOptions {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Writes a row of the journal; absent where nothing may be written (`plan`). */
  readonly journal?: (row: Omit<JournalRow, 'transfer' | 'version' | 'at'>) => Promise<void>;
}

export interface RunStepsResult<Outputs> {
  readonly results: readonly StepResult[];
  readonly outputs: Partial<Outputs>;
  /** Why it stopped, if a step threw or ended with an error. */
  readonly error: ProvisionError | null;
}

export async function runSteps<Context, Outputs extends Partial<Record<StepId, unknown>>>(
  steps: readonly Step<Context, Outputs>[],
  context: Context,
  options: RunStepsOptions,
): Promise<RunStepsResult<Outputs>> {
  const results: StepResult[] = [];
  const outputs: Partial<Outputs> = {};
  let error: ProvisionError | null = null;
  let stopped = false;
  for (const step of steps) {
    if (stopped) {
      results.push({ id: step.id, status: 'skipped', durationMs: 0, output: null });
      continue;
    }
    const started = performance.now();
    options.host.notify({ type: 'step-started', step: step.id });
    let result: StepResult;
    try {
      await options.journal?.({ step: step.id, name: 'step', phase: 'begin' });
      options.signal.throwIfAborted();
      const { status, output, error: why } = await step.run(context, outputs);
      outputs[step.id] = output;
      result = { id: step.id, status, durationMs: performance.now() - started, output };
      error = why ?? null;
      await options.journal?.({
        step: step.id,
        name: 'step',
        phase: status === 'done' ? 'end' : 'fail',
        ...(why === undefined ? { output: status } : { error: why.code }),
      });
    } catch (thrown) {
      // After an interrupt, libraries throw errors of their own that say no more than that.
      const { aborted, reason } = options.signal;
      // And where the lock is lost, that is why whatever was under way was stopped.
      const lost = aborted && isProvisionError(reason) && reason.code === 'lock-lost';
      error = toProvisionError(lost || (aborted && !isProvisionError(thrown)) ? reason : thrown);
      result = { id: step.id, status: 'failed', durationMs: performance.now() - started, output: null };
      // Where that cannot be written either, what came first is the news.
      await options
        .journal?.({ step: step.id, name: 'step', phase: 'fail', error: error.code })
        .catch(() => undefined);
    }
    results.push(result);
    options.host.notify({ type: 'step-ended', result });
    stopped = result.status !== 'done';
  }
  return { results, outputs, error };
}
