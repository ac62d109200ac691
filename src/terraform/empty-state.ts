import type { StateModel } from './model.ts';

/** What a project has that was never applied. */
export const emptyState: StateModel = {
  lineage: '',
  serial: 0,
  terraformVersion: '',
  resources: [],
  outputs: {},
  sensitiveOutputs: [],
};
