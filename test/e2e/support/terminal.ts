/** The command line in a terminal, typed at by a test: questions are asked, and answers are hidden or shown. */
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { bin } from './world.ts';

/** Python has pseudo-terminals in its standard library, and the sandbox needs Python anyway. */
const inTerminal = `
import os, pty, sys
sized = """
import fcntl, os, struct, sys, termios
fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 140, 0, 0))
os.execvp(sys.argv[1], sys.argv[1:])
"""
status = pty.spawn([sys.executable, "-c", sized, *sys.argv[1:]])
sys.exit(os.waitstatus_to_exitcode(status))
`;

export interface Terminal {
  /** What it has shown so far, without colours and movements. */
  shown(): string;
  /** Resolves as soon as it has shown the text after what was typed last. */
  shows(text: string): Promise<void>;
  type(text: string): void;
  /** Its exit code; rejects with what it showed if it does not end by itself. */
  readonly ended: Promise<number>;
}

export function startInTerminal(
  { project, env }: { readonly project: string; readonly env: Record<string, string> },
  args: readonly string[],
): Terminal {
  const child = execa('python3', ['-c', inTerminal, process.execPath, bin, ...args], {
    cwd: project,
    env: { ...env, CI: undefined, TERM: 'xterm-256color' },
    reject: false,
    all: true,
    timeout: 5 * 60_000,
  });
  let output = '';
  let typedAt = 0;
  child.all.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let running = true;
  const shown = (): string => stripVTControlCharacters(output);
  const ended = child.then(({ exitCode, shortMessage }) => {
    running = false;
    if (exitCode === undefined) throw new Error(`${shortMessage}:\n${shown().slice(-4000)}`);
    return exitCode;
  });
  // Who waits for a text is told by that; nobody may be waiting for the end then.
  ended.catch(() => undefined);
  return {
    shown,
    async shows(text) {
      while (!stripVTControlCharacters(output.slice(typedAt)).includes(text)) {
        if (!running) throw new Error(`it ended without showing ${text}:\n${shown().slice(-4000)}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    type(text) {
      typedAt = output.length;
      child.stdin.write(text);
    },
    ended,
  };
}
