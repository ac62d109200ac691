/** What came out of each step, in a few words. */
import type { StepId } from '../../transfer/steps.ts';
import { counted } from '../blocks.ts';
import type { SavedOutputs } from './saved-outputs.ts';

type Summaries = { readonly [Id in StepId]: (output: NonNullable<SavedOutputs[Id]>) => string };

const holes = ({ complete }: { readonly complete: boolean }): string => (complete ? '' : ' (incomplete)');

const summaries: Summaries = {
  identify: ({ resources, live }) => {
    const shared = resources.filter((item) => item.shared).length;
    const beside = live ? `, ${live.unmanaged.length} in the account beside it${holes(live)}` : '';
    return `${counted(resources.length - shared, 'resource')} found${shared > 0 ? `, ${shared} more only read` : ''}${beside}`;
  },
  'analyze-source': ({ functions, policies, drift }) =>
    `${counted(functions.length, 'function')}, ${counted(policies.length, 'policy', 'policies')}${drift ? `, ${drift.drifted.length} drifted${holes(drift)}` : ''}`,
  'analyze-target': ({ constraints }) => {
    const met = constraints.filter((item) => item.met).length;
    return `${met} of ${counted(constraints.length, 'constraint')} met`;
  },
  map: ({ counts }) =>
    Object.entries(counts)
      .map(([action, count]) => `${count} ${action}`)
      .join(', '),
  untangle: ({ portable, contextBound, unexplained }) => {
    const same = portable.reduce((sum, { count }) => sum + count, 0);
    const odd = unexplained.length > 0 ? `, ${unexplained.length} unexplained` : '';
    return `${same} settings copied as they are, ${contextBound.length} rewired${odd}`;
  },
  rewire: ({ plan, created, failed }) => {
    const wrong = failed.length > 0 ? `, ${failed.length} failed` : '';
    if (created.length > 0 || failed.length > 0) return `${counted(created.length, 'resource')} made${wrong}`;
    return `${plan.create} to add, ${plan.update + plan.replace} to change, ${plan.delete + plan.replace} to destroy`;
  },
  verify: ({ evidence }) => {
    const passed = evidence.filter(({ status }) => status === 'pass').length;
    return `${passed} of ${counted(evidence.length, 'check')} passed`;
  },
};

/** '' for a step that was not done. */
export function stepSummary(id: StepId, outputs: SavedOutputs): string {
  const output = outputs[id];
  return output === null ? '' : (summaries[id] as (value: unknown) => string)(output);
}
