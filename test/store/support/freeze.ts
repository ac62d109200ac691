import { vi } from 'vitest';
import type { Lock, Store } from '../../../src/transfer/store.ts';

/** Takes a lock whose lease nobody renews, as if its process had been stopped in that instant. */
export async function takeAndFreeze(store: Store, environment: string, command = 'provision'): Promise<Lock> {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  try {
    return await store.lock(environment, command);
  } finally {
    vi.useRealTimers();
  }
}
