/** The seven steps of a transfer, in order. The ids are a contract. */
export const stepIds = [
  'identify',
  'analyze-source',
  'analyze-target',
  'map',
  'untangle',
  'rewire',
  'verify',
] as const;

export type StepId = (typeof stepIds)[number];

export type StepStatus = 'pending' | 'running' | 'done' | 'failed' | 'blocked' | 'waiting' | 'skipped';

/** What one step did in this run. `output` is serialisable and holds no secret. */
export interface StepResult<Output = unknown> {
  readonly id: StepId;
  readonly status: StepStatus;
  readonly durationMs: number;
  readonly output: Output | null;
}

/** Where a step stands in the run, for people. */
export const stepTitles: Readonly<Record<StepId, string>> = {
  identify: 'Identify',
  'analyze-source': 'Analyze source',
  'analyze-target': 'Analyze target',
  map: 'Map',
  untangle: 'Untangle',
  rewire: 'Rewire',
  verify: 'Verify',
};
