import { execPath } from 'node:process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type RunRequest } from '../../src/process/run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'run-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script in a Node of its own. */
function node(script: string, more: Partial<RunRequest> = {}): ReturnType<typeof run> {
  return run({ command: execPath, args: ['-e', script], timeoutMs: 20_000, graceMs: 5_000, ...more });
}

/** Says that it is ready, ignores SIGINT, and would run for a minute. */
const stubborn = `process.on('SIGINT', () => console.log('no')); console.log('ready'); setTimeout(() => {}, 60000);`;

describe('run', () => {
  it('passes arguments as they are: no shell reads them', async () => {
    const { stdout, exitCode } = await run({
      command: execPath,
      args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '$(id)', '; rm x', "'", '*'],
      timeoutMs: 20_000,
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(['$(id)', '; rm x', "'", '*']);
  });

  it('gives a program that says what it reads nothing else of the environment', async () => {
    process.env['RUN_TEST_API_TOKEN'] = 'canary';
    process.env['RUN_TEST_SETTING'] = 'on';
    try {
      const { stdout } = await node('console.log(JSON.stringify(process.env))', {
        reads: /^RUN_TEST_SETTING$/,
        env: { ADDED: 'yes' },
      });
      const seen = JSON.parse(stdout) as Record<string, string>;
      expect(seen).toMatchObject({ PATH: process.env['PATH'], RUN_TEST_SETTING: 'on', ADDED: 'yes' });
      expect(stdout).not.toContain('canary');
      const all = await node('console.log(process.env.RUN_TEST_API_TOKEN)');
      expect(all.stdout).toBe('canary\n');
    } finally {
      delete process.env['RUN_TEST_API_TOKEN'];
      delete process.env['RUN_TEST_SETTING'];
    }
  });

  it('gives output, exit code and what was asked of the environment', async () => {
    const result = await node(
      'console.error(process.env.ADDED, process.env.HOME === undefined); process.stdin.pipe(process.stdout); process.exitCode = 3',
      { env: { ADDED: 'yes', HOME: undefined }, input: 'hello' },
    );
    expect(result).toMatchObject({ stdout: 'hello', stderr: 'yes true\n', exitCode: 3, timedOut: false });
  });

  it('tells lines while the process runs', async () => {
    const lines: string[] = [];
    const result = await node('console.log("a\\nb"); process.stdout.write("c")', {
      onLine: (line) => lines.push(line),
      keepStdout: false,
    });
    expect(lines).toEqual(['a', 'b', 'c']);
    expect(result.stdout).toBe('');
  });

  it('says why a program was not started', async () => {
    const result = await run({ command: 'no-such-program-here', args: ['secret'], timeoutMs: 5_000 });
    expect(result.exitCode).toBeUndefined();
    expect(result.notStarted).toContain('ENOENT');
    expect(result.notStarted).not.toContain('secret');
  });

  it('interrupts what takes too long', async () => {
    const result = await node('setTimeout(() => {}, 60000)', { timeoutMs: 300 });
    expect(result).toMatchObject({ timedOut: true, interrupted: false });
    expect(result.durationMs).toBeLessThan(5_000);
  });

  it('lets an interrupted process finish within its grace', async () => {
    const abort = new AbortController();
    const result = await node(
      `process.on('SIGINT', () => setTimeout(() => { console.log('saved'); process.exit(7); }, 200));
       console.log('ready'); setTimeout(() => {}, 60000);`,
      { signal: abort.signal, onLine: () => abort.abort() },
    );
    expect(result).toMatchObject({ exitCode: 7, interrupted: true });
    expect(result.stdout).toContain('saved');
  });

  it('kills what ignores the interrupt, and all that it started', async () => {
    const abort = new AbortController();
    // The plugin holds the output open: `run` ends only when it is gone too.
    const result = await node(
      `require('node:child_process').spawn(process.execPath, ['-e', "process.on('SIGINT', () => {}); setTimeout(() => {}, 60000)"], { stdio: 'inherit' });
       ${stubborn}`,
      { signal: abort.signal, graceMs: 300, onLine: (line) => line === 'ready' && abort.abort() },
    );
    expect(result).toMatchObject({ exitCode: undefined, interrupted: true });
    expect(result.durationMs).toBeLessThan(10_000);
  });

  it('sends a second interrupt at once when the person insists', async () => {
    const abort = new AbortController();
    const insist = new AbortController();
    const result = await node(
      `let seen = 0; process.on('SIGINT', () => { if (++seen === 2) process.exit(9); console.log('first'); });
       console.log('ready'); setTimeout(() => {}, 60000);`,
      {
        signal: abort.signal,
        insist: insist.signal,
        graceMs: 60_000,
        onLine: (line) => (line === 'ready' ? abort.abort() : insist.abort()),
      },
    );
    expect(result).toMatchObject({ exitCode: 9, interrupted: true });
  });

  it('ends a process whose listener failed', async () => {
    await expect(
      node('console.log("x"); setTimeout(() => {}, 60000)', {
        onLine: () => {
          throw new Error('cannot read this');
        },
      }),
    ).rejects.toThrow('cannot read this');
  });

  it('writes into files and tells their lines', async () => {
    const lines: string[] = [];
    const result = await node(
      'console.log("ä1"); setTimeout(() => { console.log("2"); console.error("e") }, 300)',
      {
        outputFile: path.join(folder, 'apply'),
        onLine: (line) => lines.push(line),
      },
    );
    expect(lines).toEqual(['ä1', '2']);
    expect(result).toMatchObject({ stdout: 'ä1\n2\n', stderr: 'e\n', exitCode: 0 });
  });

  it('lets a process that writes into files finish when this one is killed', async () => {
    const done = path.join(folder, 'done');
    // The same as `run` does with `outputFile`, in a process that can be killed.
    const script = `
      const { spawn } = require('node:child_process'); const { openSync } = require('node:fs');
      const out = openSync(${JSON.stringify(path.join(folder, 'orphan.out'))}, 'w');
      spawn(process.execPath, ['-e', ${JSON.stringify(
        `console.log(1); setTimeout(() => { console.log(2); require('node:fs').writeFileSync(${JSON.stringify(done)}, 'saved'); }, 500)`,
      )}], { stdio: ['ignore', out, out], detached: true });
      console.log('ready'); setTimeout(() => {}, 60000);`;
    const abort = new AbortController();
    // Only the process itself is killed here, as `kill -9` does.
    await node(`console.log(process.pid);${script}`, {
      signal: abort.signal,
      graceMs: 0,
      onLine: (line) => line === 'ready' && abort.abort(),
    });
    let text = '';
    for (let tries = 0; text === '' && tries < 200; tries += 1) {
      await sleep(25);
      text = await readFile(done, 'utf8').catch(() => '');
    }
    expect(text).toBe('saved');
  });
});
