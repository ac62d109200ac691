/**
 * The trace of a sweep: a row before each removal and one after it, so that whoever looks at one that was killed sees
 * what it was about to remove. Nothing is resumed by it: the next sweep looks at everything again.
 */
import { randomUUID } from 'node:crypto';
import type { Found, SweepThing } from '../sweep/receipt.ts';
import { toProvisionError } from '../transfer/errors.ts';
import type { Clock } from '../transfer/host.ts';
import type { HeldStore, JournalRow } from '../transfer/store.ts';

export interface SweepJournal {
  /**
   * Does one removal between its two rows.
   *
   * @param outcome in which state the thing is then, and why
   */
  around<T>(
    thing: SweepThing,
    remove: () => Promise<T>,
    outcome: (result: T) => Pick<Found, 'state' | 'detail'>,
  ): Promise<T>;
}

/** States after which nothing of the thing is left to do. */
const ended: ReadonlySet<Found['state']> = new Set(['removed', 'pending']);

export function createSweepJournal(
  store: Pick<HeldStore, 'appendJournal'>,
  environment: string,
  clock: Clock,
): SweepJournal {
  const transfer = `sweep-${randomUUID()}`;
  const write = (row: Pick<JournalRow, 'name' | 'phase' | 'output' | 'error'>): Promise<void> =>
    store.appendJournal(environment, {
      transfer,
      step: 'sweep',
      version: 1,
      at: clock.now().toISOString(),
      ...row,
    });
  return {
    async around({ item, region }, remove, outcome) {
      const name = `${item.type} ${item.id}`;
      await write({
        name,
        phase: 'begin',
        output: { type: item.type, id: item.id, name: item.name, arn: item.arn ?? null, region },
      });
      try {
        const result = await remove();
        const { state, detail } = outcome(result);
        await write({ name, phase: ended.has(state) ? 'end' : 'fail', output: { state, detail } });
        return result;
      } catch (thrown) {
        await write({ name, phase: 'fail', error: toProvisionError(thrown).code });
        throw thrown;
      }
    },
  };
}

/**
 * What the last sweep had begun to remove when it was cut short.
 *
 * @returns type and id of each, oldest first
 */
export function unfinishedRemovals(rows: readonly JournalRow[]): readonly string[] {
  const last = rows.findLast(({ step }) => step === 'sweep')?.transfer;
  const open = new Set<string>();
  for (const { step, transfer, name, phase } of rows) {
    if (step !== 'sweep' || transfer !== last) continue;
    if (phase === 'begin') open.add(name);
    else open.delete(name);
  }
  return [...open];
}
