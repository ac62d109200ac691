/** Follows a file that another process writes, line by line, until told that it is written to its end. */
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const CHUNK = 64 * 1024;

export interface Tail {
  /** Reads what is still there and ends. Throws what `onLine` threw. */
  finish(): Promise<void>;
}

export function tail(file: string, onLine: (line: string) => void): Tail {
  const ended = new AbortController();
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(CHUNK);
  let position = 0;
  let rest = '';

  const readOn = async (handle: FileHandle): Promise<void> => {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    }
  };
  const followed = (async () => {
    const handle = await open(file, 'r');
    try {
      while (!ended.signal.aborted) {
        await readOn(handle);
        await sleep(POLL_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      }
      await readOn(handle);
      if (rest !== '') onLine(rest);
    } finally {
      await handle.close();
    }
  })();
  // Reported by `finish`; until then an error here must not count as unhandled.
  followed.catch(() => undefined);
  return {
    finish() {
      ended.abort();
      return followed;
    },
  };
}
