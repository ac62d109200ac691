/** Faults on order: the next calls of an API path fail as the service would let them fail. */

export interface Fault {
  /** Start of the path, or its whole; `*` for any. */
  readonly path: string;
  /** In capitals; any if absent. */
  readonly method?: string;
  readonly status: number;
  /** How many calls; the default is one. */
  readonly times?: number;
  readonly retryAfterSeconds?: number;
  /** Answers only after this time. */
  readonly delayMs?: number;
}

export class Faults {
  #pending: { fault: Fault; left: number }[] = [];

  inject(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#pending = [];
  }

  /** Takes one off. */
  next(path: string, method: string): Fault | null {
    const found = this.#pending.find(
      ({ fault }) =>
        (fault.path === '*' || path.includes(fault.path)) &&
        (fault.method === undefined || fault.method === method),
    );
    if (!found) return null;
    found.left -= 1;
    this.#pending = this.#pending.filter(({ left }) => left > 0);
    return found.fault;
  }
}

/** Counts calls in a sliding window, by a key. */
export class RateLimiter {
  readonly #calls = new Map<string, number[]>();

  /** Milliseconds until a call would be let through; 0 lets this one through and counts it. */
  take(key: string, limit: number, windowMs: number, now: number): number {
    const calls = (this.#calls.get(key) ?? []).filter((at) => at > now - windowMs);
    this.#calls.set(key, calls);
    if (calls.length < limit) {
      calls.push(now);
      return 0;
    }
    return Math.max(1, (calls[0] ?? now) + windowMs - now);
  }
}
