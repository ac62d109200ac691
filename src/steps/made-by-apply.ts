/** What an apply makes is written down before it begins, and what it has made after it: whatever becomes of the run. */
import type { CheckedPresence } from '../aws/check.ts';
import { type AwsClients, regionOfClients } from '../aws/clients.ts';
import { createClientsByRegion } from '../aws/clients-by-region.ts';
import { isNameless } from '../ownership/belongings.ts';
import { withPlanned, withState } from '../ownership/recorded.ts';
import type { AccountAnswer } from '../proof/account.ts';
import type { PlanModel, StateModel } from '../terraform/model.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import type { RecordedResource } from '../transfer/record.ts';
import { askPresence } from './ask-presence.ts';
import type { TransferContext } from './context.ts';
import { lineageIn, plannedResources, resourcesOf } from './recorded-resources.ts';
import { regionOf } from './region.ts';
import { saveRecord } from './save-record.ts';
import type { Applied } from './workspace.ts';

/** Before the apply: beside what is there, what the plan is about to make. */
export async function rememberPlanned(
  context: TransferContext,
  plan: PlanModel,
  account: readonly AccountAnswer[],
): Promise<void> {
  const { store, target, workspace } = context;
  const recorded = (await store.readRecord(target.name))?.resources ?? [];
  const state = await workspace.state();
  await saveRecord(context, 'applying', {
    resources: withPlanned(
      withState(recorded, resourcesOf(state)).resources,
      plannedResources(plan, account),
    ),
    ...lineageOf(state),
  });
}

/** The lineage to be recorded, where there is a state that has one. */
export function lineageOf(state: StateModel | null): { readonly lineage?: string } {
  const lineage = lineageIn(state);
  return lineage === '' ? {} : { lineage };
}

/**
 * After the apply: what the state lists, and of the rest what the account does not say to be absent.
 *
 * @param applied `null` where nothing was applied
 */
export async function resourcesAfter(
  context: TransferContext,
  state: StateModel | null,
  applied: Pick<Applied, 'ok' | 'applied' | 'failed' | 'unfinished' | 'interrupted'> | null,
): Promise<readonly RecordedResource[]> {
  const recorded = (await context.store.readRecord(context.target.name))?.resources ?? [];
  const { resources, unlisted } = withState(recorded, resourcesOf(state));
  // Of what the direct engine made, the account itself is the state.
  const open = unlisted.filter(({ address }) => !isLiveAddress(address));
  if (open.length === 0) return resources.filter((thing) => !unlisted.includes(thing));
  const toTheEnd = applied === null || applied.ok || endedByItself(applied);
  const answers = await lookFor(context, open);
  const gone = new Set(open.filter((thing, index) => isGone(thing, answers[index], { toTheEnd, applied })));
  return resources.filter(
    (thing) => !gone.has(thing) && !(isLiveAddress(thing.address) && unlisted.includes(thing)),
  );
}

/** Terraform tells of everything that it has begun how it ended, unless it is killed. */
const endedByItself = ({ unfinished, failed }: Pick<Applied, 'unfinished' | 'failed'>): boolean =>
  unfinished.length === 0 && failed.length > 0;

/** What cannot be asked stays recorded: a failed apply is news enough. */
async function lookFor(
  context: TransferContext,
  things: readonly RecordedResource[],
): Promise<readonly (CheckedPresence | undefined)[]> {
  try {
    const clients = await context.aws();
    // Where the apply acted, which need not be where the source lies: what is looked for elsewhere is never there.
    const region =
      (await context.place())?.facts.region ??
      regionOf(await context.sourceState(), context.record) ??
      (await regionOfClients(clients));
    const others = createClientsByRegion((where) => clients.with({ region: where }));
    const clientsFor = (where: string): AwsClients => (where === region ? clients : others.clientsFor(where));
    return await askPresence(things, { clientsFor, region }).finally(() => others.close());
  } catch {
    return [];
  }
}

/** As services say that somebody else has the name. */
const taken = /already ?exists|AlreadyOwnedByYou|already in use|ResourceInUse|ConflictException/i;

function isGone(
  thing: RecordedResource,
  answer: CheckedPresence | undefined,
  {
    toTheEnd,
    applied,
  }: { readonly toTheEnd: boolean; readonly applied: Pick<Applied, 'applied' | 'failed'> | null },
): boolean {
  if (answer?.presence.state === 'absent') return true;
  if (!toTheEnd) return false;
  // A state that Terraform has saved itself lists all that it made.
  if (isNameless(thing)) return true;
  // It was refused because it was there: then another made it, between the proof and the apply.
  const refused = applied?.failed.some(
    ({ address, message }) => address === thing.address && taken.test(message),
  );
  if (thing.planned !== undefined && refused === true) return true;
  const unasked = answer?.presence.state === 'not-asked';
  return unasked && (thing.planned !== undefined || applied?.applied.includes(thing.address) === true);
}
