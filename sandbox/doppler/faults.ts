/** Faults on demand: rate limits, errors, silence and broken answers, for a number of requests or until taken back. */

export interface Fault {
  /** Requests that it meets: method and part of the path; absent means any. */
  readonly method?: string;
  readonly path?: string;
  /** How many requests it meets; all if absent. */
  readonly times?: number;
  /** Requests that pass before it begins. */
  readonly after?: number;
  readonly status?: number;
  /** For 429: what `Retry-After` says; the header is left out if absent. */
  readonly retryAfter?: string;
  readonly messages?: readonly string[];
  /** Instead of JSON, as a proxy in between would answer. */
  readonly text?: string;
  /** Milliseconds before it answers at all. */
  readonly delayMs?: number;
  /** Carries the request out and only then answers so: what was asked for is done, and nobody learns of it. */
  readonly afterwards?: boolean;
}

export class Faults {
  #faults: { readonly fault: Fault; left: number; after: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, after: fault.after ?? 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  take(method: string, path: string): Fault | undefined {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (entry.left <= 0) continue;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.path !== undefined && !path.includes(fault.path)) continue;
      if (entry.after > 0) {
        entry.after -= 1;
        continue;
      }
      entry.left -= 1;
      return fault;
    }
    return undefined;
  }
}
