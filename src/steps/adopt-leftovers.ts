/**
 * Takes into the state what an apply made whose end nobody saw: it is in the record as planned, its name was free before,
 * nobody else has it, and now it is there. Without this the next apply runs into its own leftovers.
 */
import { importIdOf } from '../aws/import-id.ts';
import { adapterOf } from '../aws/registry.ts';
import { askNames } from '../aws/taken.ts';
import { claimsOf, isNameless } from '../ownership/belongings.ts';
import { nameOfThing } from '../ownership/same-thing.ts';
import type { PlanModel } from '../terraform/model.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import { isProvisionError, ProvisionError } from '../transfer/errors.ts';
import type { JsonObject } from '../transfer/json.ts';
import type { RecordedResource } from '../transfer/record.ts';
import type { TransferContext } from './context.ts';

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
      .filter(({ planned, address }) => planned?.nameWasFree === true && !isLiveAddress(address))
      .map((thing) => [thing.address, thing] as const),
  );
  const wanted = plan.changes.flatMap((change): { thing: RecordedResource; values: JsonObject }[] => {
    const thing = recorded.get(change.address);
    return change.action === 'create' && thing !== undefined && thing.type === change.type
      ? [{ thing, values: change.after ?? {} }]
      : [];
  });
  warnOfNameless(context, plan);
  if (wanted.length === 0) return [];
  const clients = await context.aws();
  const answers = await askNames(
    wanted.map(({ thing: { address, type, attributes } }) => ({ address, type, values: attributes ?? {} })),
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
        name: nameOfThing(thing),
        importId: await importIdOf(item, values, clients),
      })),
  );
}

/** What AWS gives its name to cannot be looked for by it. */
function warnOfNameless(context: TransferContext, plan: PlanModel): void {
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

/** @throws ProvisionError `apply-failed`, with what a person can do */
export async function adoptLeftovers(
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
