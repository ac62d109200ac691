/** What step 7 calls: told from the plan before anybody agrees to it, and from the state once it is there. */
import type { PlanModel, StateModel } from '../terraform/model.ts';
import type { Layer } from '../transfer/evidence.ts';
import { type Call, type CallPlan, callPlan, keptTo } from '../verify/calls.ts';
import { type Decisions, decide } from '../verify/decide.ts';
import type { VerifySettings } from '../verify/settings.ts';
import { type Reference, worldOfPlan, worldOfState } from '../verify/world.ts';
import type { TransferContext } from './context.ts';

export function verifySettings({ config, request }: TransferContext): VerifySettings {
  return { ...config.verify, invoke: request.invoke ?? config.verify.invoke };
}

/** @param references what refers to what in the target's configuration */
export async function plannedCalls(
  context: TransferContext,
  plan: PlanModel,
  references: readonly Reference[],
): Promise<CallPlan> {
  const settings = verifySettings(context);
  const world = worldOfPlan(plan, references, await context.sourceState());
  return callPlan(decide(world, context.types, settings), settings, await messages(context));
}

export interface ReadyCalls {
  readonly decisions: Decisions;
  readonly calls: CallPlan;
}

/** @param agreed what was shown before; nothing else is called then */
export async function callsOnState(
  context: TransferContext,
  state: StateModel,
  { only, agreed }: { readonly only?: Layer | undefined; readonly agreed?: CallPlan | undefined },
): Promise<ReadyCalls> {
  const settings = verifySettings(context);
  const all = decide(worldOfState(state), context.types, settings);
  const decisions = agreed === undefined ? all : keptTo(all, agreed);
  return { decisions, calls: callPlan(decisions, settings, await messages(context), only) };
}

/** Layer 4 sends an event to the webhook of each channel, and a code to its tester. */
async function messages(context: TransferContext): Promise<Call[]> {
  const session = await context.channels();
  return session.used.map((kind) => ({
    subject: kind.id,
    how: 'message',
    what: `a signed event to its webhook${session.testerOf(kind) === null ? '' : ', and a code to its tester'}`,
    via: null,
    url: null,
    why: `layer 4 of ${kind.service}`,
  }));
}
