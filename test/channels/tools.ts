import type { ChannelTools } from '../../src/channels/channel.ts';
import type { Clock, Host, Question, TransferEvent } from '../../src/transfer/host.ts';

export interface FakeClock extends Clock {
  readonly pauses: number[];
  advance(ms: number): void;
}

/** Sleeping takes no time, and is remembered. */
export function fakeClock(start = Date.parse('2026-11-23T10:00:00Z')): FakeClock {
  let now = start;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
    // A turn of the event loop: what is waited for has to happen meanwhile.
    sleep: async (ms) => {
      pauses.push(ms);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export function toolsFor(
  apiBase: string,
  more: Partial<ChannelTools> = {},
): ChannelTools & { clock: FakeClock } {
  const clock = fakeClock();
  return {
    fetch: globalThis.fetch,
    apiBase,
    fingerprint: (value) => `fingerprint-of-${value.length}`,
    ...more,
    clock,
  };
}

export interface FakeHost extends Host {
  readonly events: TransferEvent[];
  readonly asked: Question[];
}

/** Answers secrets in order; without one it fails the test, as an unexpected question has to. */
export function fakeHost(answers: readonly string[]): FakeHost {
  const left = [...answers];
  const events: TransferEvent[] = [];
  const asked: Question[] = [];
  const ask = (question: Question): Promise<string> => {
    asked.push(question);
    const answer = left.shift();
    if (answer === undefined) return Promise.reject(new Error(`unexpected question ${question.id}`));
    return Promise.resolve(answer);
  };
  return { events, asked, notify: (event) => events.push(event), ask: ask as Host['ask'] };
}

export const notesOf = (events: readonly TransferEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
