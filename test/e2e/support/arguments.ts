/** Watches the arguments of all processes: everybody on the machine can see them with `ps`. */
import { readdir, readFile } from 'node:fs/promises';

export interface ArgumentsWatch {
  /** Command lines that held one of the texts at any time. Empty where the system does not show processes as files. */
  readonly exposed: readonly string[];
  stop(): Promise<void>;
}

/** @param texts asked for anew each time: they may become more */
export function watchArguments(texts: () => readonly string[]): ArgumentsWatch {
  const exposed: string[] = [];
  const ended = new AbortController();
  const watch = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
      const lines = await Promise.all(
        pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
      );
      exposed.push(...lines.filter((line) => texts().some((text) => line.includes(text))));
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const watching = watch();
  return {
    exposed,
    async stop() {
      ended.abort();
      await watching;
    },
  };
}
