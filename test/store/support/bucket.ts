/** A bucket in memory with a clock of its own. It keeps conditions, unless told how it does not. */
import type { Objects } from '../../../src/store/objects.ts';

interface Kept {
  readonly text: string;
  readonly version: string;
  readonly modified: Date;
}

export interface Bucket extends Objects {
  readonly content: Map<string, Kept>;
  /** Milliseconds by which the service's clock is ahead of ours. */
  skew: number;
  /** Called before each write takes effect: for what happens in between. */
  before: (key: string) => Promise<void> | void;
}

export function bucket(): Bucket {
  const content = new Map<string, Kept>();
  let writes = 0;
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  const now = (): Date => new Date(Date.now() + made.skew);
  const made: Bucket = {
    content,
    skew: 0,
    before: () => undefined,
    place: 's3://bucket/team',
    now,
    async get(key) {
      await turn();
      return content.get(key) ?? null;
    },
    async put(key, text, condition) {
      await turn();
      await made.before(key);
      const there = content.get(key);
      if (condition === 'absent' && there) return null;
      if (typeof condition === 'object' && there?.version !== condition.version) return null;
      const version = `"${(writes += 1)}"`;
      content.set(key, { text, version, modified: now() });
      return version;
    },
    async list(prefix) {
      await turn();
      return [...content.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    async remove(key, version) {
      await turn();
      if (version === undefined || content.get(key)?.version === version) content.delete(key);
    },
  };
  return made;
}
