/** Both kinds of store, for what holds of each. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../../src/store/file-store.ts';
import type { FileLockSettings } from '../../../src/store/file-lock.ts';
import { createObjectStore } from '../../../src/store/object-store.ts';
import type { JournalRow, Store } from '../../../src/transfer/store.ts';
import { bucket } from './bucket.ts';

/** Each `open` is another process, as far as the store can tell. */
export interface Place {
  open(settings?: Partial<FileLockSettings>): Store;
}

export const places: readonly (readonly [kind: string, make: () => Promise<Place>])[] = [
  [
    'files',
    async () => {
      const folder = join(await mkdtemp(join(tmpdir(), 'pe-store-')), '.provision-env');
      return { open: (settings) => createFileStore(folder, settings) };
    },
  ],
  [
    'a bucket',
    async () => {
      const objects = bucket();
      return Promise.resolve({ open: (settings) => createObjectStore(objects, settings) });
    },
  ],
];

export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export const row = (name: string, at = '2026-01-01T00:00:00.000Z'): JournalRow => ({
  transfer: 't1',
  step: 'rewire',
  name,
  phase: 'begin',
  version: 1,
  at,
});
