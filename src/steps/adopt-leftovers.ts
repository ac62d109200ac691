/**
 * Takes into the state what an apply made whose end nobody saw: it is in the record as planned, its name was free before,
 * nobody else has it, and now it is there. Without this the next apply runs into its own leftovers.
 */
import { importIdOf } from '../aws/import-id.ts';
import { adapterOf } from '../aws/registry.ts';
import { askNames } from '../aws/taken.ts';
import { claimsOf, isNameless, isTakenOver } from '../ownership/belongings.ts';
import { nameOfThing } from '../ownership/same-thing.ts';
import type { PlanModel } from '../terraform/model.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { RecordedResource } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';
import { resourcesOf } from './recorded-resources.ts';

export interface Leftover {
  readonly address: string;
  readonly name: string;
  /** By which Terraform imports it. */
  readonly importId: string;
}

/** What the plan would make though an earlier apply of ours has. Asks, and changes nothing. */
export async function findLeftovers(context: TransferContext, plan: PlanModel): Promise<readonly Leftover[]> {
  const recorded = new Map(
    (context.record?.resources ?? [])
      .filter(({ planned, address }) => planned !== undefined && !isLiveAddress(address))
      .map((thing) => [thing.address, thing] as const),
  );
  if (recorded.size === 0) return [];
  const takenOver = new Set(
    (context.record?.resources ?? []).filter(isTakenOver).map(({ address }) => address),
  );
  const own = resourcesOf(await context.workspace.state()).filter(({ address }) => !takenOver.has(address));
  const wanted = plan.changes.flatMap((change): Wanted[] => {
    const thing = recorded.get(change.address);
    if (change.action !== 'create' || thing === undefined || thing.type !== change.type) return [];
    const values = change.after ?? {};
    if (thing.planned?.nameWasFree === true) return [{ thing, values, askedBy: thing.attributes ?? {} }];
    return isPartOfOwn(thing, values, own) ? [{ thing, values, askedBy: values }] : [];
  });
  if (wanted.length === 0) return [];
  const clients = await context.aws();
  const answers = await askNames(
    wanted.map(({ thing: { address, type }, askedBy }) => ({ address, type, values: askedBy })),
    clients,
  );
  const found = wanted.flatMap(({ thing, values }, index) => {
    const answer = answers[index];
    return answer?.state === 'taken' && answer.condition === 'there'
      ? [{ thing, values, item: answer.item }]
      : [];
  });
  if (found.length === 0) return [];
  const claims = claimsOf(await context.neighbours());
  return Promise.all(
    found
      .filter(
        ({ thing, item }) => claims.find({ ...thing, id: item.id, arn: item.arn ?? null }) === undefined,
      )
      .map(async ({ thing, values, item }) => ({
        address: thing.address,
        name: nameOfThing(thing) || item.id,
        importId: await importIdOf(item, values, clients),
      })),
  );
}

interface Wanted {
  readonly thing: RecordedResource;
  /** As it is planned now. */
  readonly values: JsonObject;
  readonly askedBy: JsonObject;
}

/**
 * A part had no name as long as its whole had none. Once the whole is in the state the part has one, and there it can
 * only be ours: nobody else had the whole.
 */
function isPartOfOwn(thing: RecordedResource, values: JsonObject, own: readonly RecordedResource[]): boolean {
  const whole = adapterOf(thing.type)?.partOf ?? null;
  if (whole === null || !isNameless(thing)) return false;
  const said = new Set(Object.values(values));
  return own.some(
    ({ type, identity, id, arn }) =>
      type === whole && [identity, id, arn].some((name) => name !== null && said.has(name)),
  );
}

/** What AWS gives its name to cannot be looked for by it. */
export function warnOfNameless(context: TransferContext, plan: PlanModel): void {
  const planned = new Set(
    plan.changes.filter(({ action }) => action === 'create').map(({ address }) => address),
  );
  const open = (context.record?.resources ?? []).filter(
    (thing) =>
      thing.planned !== undefined &&
      isNameless(thing) &&
      planned.has(thing.address) &&
      // A part is only ever there once.
      (adapterOf(thing.type)?.partOf ?? null) === null,
  );
  if (open.length === 0) return;
  context.host.notify({
    type: 'note',
    level: 'warning',
    text: `The run that was cut short may have made ${open.map(({ address }) => address).join(', ')}, whose names AWS gives: they are made now, perhaps for a second time.`,
    hint: `provision-env sweep ${context.target.name} shows what is there twice.`,
  });
}

/** A part of a part of a whole: nothing lies deeper. */
const mostRounds = 4;

/**
 * Adopts, and plans anew, until that shows nothing more: with a whole in the state its parts have names.
 *
 * @returns the plan to go on with
 * @throws ProvisionError `apply-failed`, with what a person can do
 */
export async function adoptLeftovers(
  context: TransferContext,
  found: readonly Leftover[],
): Promise<PlanModel> {
  const adopted = new Set<string>();
  let leftovers = found;
  for (let round = 1; ; round += 1) {
    for (const { address, name } of leftovers) {
      adopted.add(address);
      context.host.notify({
        type: 'note',
        level: 'info',
        text: `${address} (${name}) was made by the run that was cut short: it is taken into the state, and not made again.`,
      });
    }
    await adoptAll(context, leftovers);
    const plan = await context.workspace.replan();
    if (round === mostRounds) return plan;
    leftovers = (await findLeftovers(context, plan)).filter(({ address }) => !adopted.has(address));
    if (leftovers.length === 0) return plan;
  }
}

async function adoptAll(
  { workspace, target }: TransferContext,
  leftovers: readonly Leftover[],
): Promise<void> {
  for (const { address, name, importId } of leftovers) {
    try {
      await workspace.adopt(address, importId);
    } catch (error) {
      if (!isProvisionError(error) || error.code === 'interrupted') throw error;
      throw new ProvisionError(
        'apply-failed',
        `${address} (${name}) was made by the run that was cut short, and Terraform cannot take it into the state: ${error.message}`,
        {
          cause: error,
          hint: `Delete ${name} by hand, or take away all of it with provision-env destroy ${target.name}; then provision-env resume ${target.name}, or make it anew.`,
        },
      );
    }
  }
}
