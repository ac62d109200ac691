export type Layer = 1 | 2 | 3 | 4;

export type EvidenceStatus = 'pass' | 'fail' | 'pending' | 'skipped';

/** One observation for one layer. Never holds a secret's value. */
export interface Evidence {
  /** 1 surface (it runs), 2 content (what it answers), 3 observability (what it logs), 4 ground truth (a person). */
  readonly layer: Layer;
  /** Kebab-case id of what was checked, for example `function-invocable`. */
  readonly check: string;
  /** Resource address or channel. */
  readonly subject: string;
  readonly status: EvidenceStatus;
  /** What was seen, in one line; for `skipped`, the reason. */
  readonly observed: string;
  /** What would have passed. */
  readonly expected: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly durationMs: number;
}
