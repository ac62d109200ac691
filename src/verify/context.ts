import type { AwsClients } from '../aws/clients.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { Evidence, EvidenceStatus, Layer } from '../transfer/evidence.ts';
import type { Clock, TransferEvent } from '../transfer/host.ts';

export interface VerifyContext {
  readonly clients: AwsClients;
  /** Absent: the runtime's own. */
  readonly fetch?: typeof fetch | undefined;
  readonly clock: Clock;
  /** Of the run; absent: one that knows what the state shows. */
  readonly redactor?: Redactor | undefined;
  readonly signal?: AbortSignal | undefined;
  notify(event: TransferEvent): void;
}

/** What a check says of what was seen. */
export interface Verdict {
  readonly status: EvidenceStatus;
  readonly observed: string;
}

/** One check: one file. Judging is pure; what it judges was gathered before. */
export interface Check<Seen> {
  readonly layer: Layer;
  readonly id: string;
  readonly expected: string;
  judge(seen: Seen): Verdict;
}

/** Collects evidence and tells each one as it comes. */
export class EvidenceLog {
  readonly #context: VerifyContext;
  readonly #layers: readonly Layer[];
  readonly #all: Evidence[] = [];

  constructor(context: VerifyContext, layers: readonly Layer[]) {
    this.#context = context;
    this.#layers = layers;
  }

  wants(layer: Layer): boolean {
    return this.#layers.includes(layer);
  }

  add<Seen>(check: Check<Seen>, subject: string, seen: Seen, durationMs: number): void {
    if (!this.wants(check.layer)) return;
    const { status, observed } = check.judge(seen);
    const evidence: Evidence = {
      layer: check.layer,
      check: check.id,
      subject,
      status,
      observed,
      expected: check.expected,
      at: this.#context.clock.now().toISOString(),
      durationMs: Math.round(durationMs),
    };
    this.#all.push(evidence);
    this.#context.notify({ type: 'evidence', evidence });
  }

  /** By layer, then by subject and check: what came side by side must not change the order from run to run. */
  sorted(): Evidence[] {
    const key = (each: Evidence): string => `${each.layer}\0${each.subject}\0${each.check}`;
    return this.#all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}

export const pass = (observed: string): Verdict => ({ status: 'pass', observed });

export const fail = (observed: string): Verdict => ({ status: 'fail', observed });

export const skipped = (reason: string): Verdict => ({ status: 'skipped', observed: reason });

/** Says what was left out, and why: silence would read as "checked". */
export function skipAll(
  log: EvidenceLog,
  checks: readonly Pick<Check<never>, 'layer' | 'id' | 'expected'>[],
  subject: string,
  reason: string,
): void {
  for (const { layer, id, expected } of checks)
    log.add({ layer, id, expected, judge: () => skipped(reason) }, subject, null, 0);
}
