/** The two sides, paired: what steps 4 and 5 are made of. */
import {
  classifySources,
  createSharedMatcher,
  pairResources,
  type Pairing,
  type SourceClass,
} from '../proof/counterparts.ts';
import { createExpressionReader, type ExpressionReader } from '../proof/expressions.ts';
import { targetOf, type TargetResource } from '../proof/target.ts';
import type { StateModel } from '../terraform/model.ts';
import { createMover } from '../proof/moves.ts';
import type { TransferContext } from './context.ts';

export interface Sides {
  readonly source: StateModel;
  /** Managed resources of the target as planned. */
  readonly target: readonly TargetResource[];
  readonly pairing: Pairing;
  /** By address of the source. */
  readonly classes: ReadonlyMap<string, SourceClass>;
  readonly expressions: ExpressionReader;
}

/** Waits for the plan. */
export async function pairSides(context: TransferContext): Promise<Sides> {
  const { rename, types, config, workspace } = context;
  const plan = await workspace.plan();
  const [source, declarations] = await Promise.all([context.sourceState(), context.declarations()]);
  const { managed } = targetOf({ target: { plan, state: null } });
  const pairing = pairResources(source, managed, rename, createMover(declarations));
  const expressions = createExpressionReader(declarations);
  const classes = classifySources({
    source,
    pairing,
    rename,
    types,
    matchShared: createSharedMatcher(config.shared, types),
    expressions,
  });
  return { source, target: managed, pairing, classes, expressions };
}
