/** Says how far a look through an account is: an account may hold thousands of things, and nobody likes silence. */
import type { Clock, Host } from '../transfer/host.ts';

interface Teller {
  readonly clock: Clock;
  readonly host: Host;
}

const progressMs = 3_000;

/** Looking at the clock for each of thousands of things is of no use. */
const thingsBetween = 500;

/** Tells at most every three seconds. */
export function progressOf({ clock, host }: Teller, what: () => string): () => void {
  let told = clock.now().getTime();
  return () => {
    const now = clock.now().getTime();
    if (now - told < progressMs) return;
    told = now;
    host.notify({ type: 'waiting', what: what() });
  };
}

/** Of a look through all kinds of things: `seen` for each thing, `ended` for each kind. */
export function searchProgress(teller: Teller): { seen(): void; ended(): void } {
  let count = 0;
  let done = 0;
  const tell = progressOf(
    teller,
    () => `looking through the account: ${count} things of ${done} kinds so far`,
  );
  return {
    seen() {
      count += 1;
      if (count % thingsBetween === 0) tell();
    },
    ended() {
      done += 1;
      tell();
    },
  };
}
