/** What is under way, and how it is said in one line: the step, how many resources are done, what is waited for. */
import { duration } from '../report/blocks.ts';
import { columnsOf, cutTo } from '../report/columns.ts';
import { printable } from '../report/foreign-text.ts';
import type { TransferEvent } from '../transfer/host.ts';

type ResourceEvent = TransferEvent & { readonly type: 'resource' };

export interface Progress {
  begin(step: string): void;
  /** Nothing is under way any more. */
  end(): void;
  /** How many changes of resources are to come. */
  expect(changes: number): void;
  wait(what: string): void;
  resource(event: ResourceEvent): void;
  /** One line of at most so many columns; `null` where nothing is under way. */
  text(columns: number): string | null;
}

interface Begun {
  readonly what: string;
  readonly since: number;
}

export function createProgress(now: () => number): Progress {
  let step: Begun | null = null;
  let waiting: Begun | null = null;
  let expected = 0;
  let done = 0;
  const open = new Map<string, Begun>();

  const took = ({ since }: Begun): string => {
    const ms = Math.round((now() - since) / 1000) * 1000;
    return ms < 1000 ? '' : ` ${ms < 10_000 ? `${ms / 1000} s` : duration(ms)}`;
  };

  return {
    begin(what) {
      step = { what, since: now() };
      waiting = null;
    },
    end() {
      step = null;
      waiting = null;
      expected = 0;
      done = 0;
      open.clear();
    },
    expect(changes) {
      expected = changes;
      done = 0;
    },
    wait(what) {
      waiting = { what, since: now() };
    },
    resource({ address, action, phase, elapsedSeconds }) {
      waiting = null;
      if (phase === 'done' || phase === 'failed') {
        open.delete(address);
        // What is only read was never among the changes that were planned.
        if (phase === 'done' && action !== 'read' && action !== 'forget') done += 1;
      } else if (!open.has(address)) {
        open.set(address, { what: `${action} ${address}`, since: now() - elapsedSeconds * 1000 });
      }
    },
    text(columns) {
      const [oldest] = open.values();
      const current = oldest ?? waiting;
      if (step === null && current === null && done === 0) return null;
      const before = [
        ...(step === null ? [] : [`${step.what}${took(step)}`]),
        ...(expected > 0 && (done > 0 || open.size > 0) ? [`${done} of ${expected}`] : []),
      ].join(', ');
      const first = cutTo(before, columns);
      if (current === null) return first;
      const after = `${took(current)}${open.size > 1 ? ` and ${open.size - 1} more` : ''}`;
      const room = columns - columnsOf(`${first}: ${after}`);
      // A name of which next to nothing would be left says nothing.
      if (room < 8) return first;
      return `${first === '' ? '' : `${first}: `}${cutTo(printable(current.what), room)}${after}`;
    },
  };
}
