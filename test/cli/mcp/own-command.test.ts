import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { documentSchema, emptyDocument } from '../../../src/cli/document.ts';
import { createRunOwn, type OwnRequest, type OwnRun } from '../../../src/cli/mcp/own-command.ts';

/** Runs a script in place of our own program. */
function runScript(
  script: string,
  more: Partial<OwnRequest> = {},
): { ended: Promise<OwnRun>; lines: string[] } {
  const lines: string[] = [];
  const runOwn = createRunOwn({ node: ['-e', script], cwd: tmpdir(), env: { FORCE_COLOR: '1' } });
  const ended = runOwn({
    args: ['plan', '--json', '--', 'auth'],
    timeoutMs: 20_000,
    graceMs: 5_000,
    signal: new AbortController().signal,
    ...more,
    onProgress: (line) => {
      lines.push(line);
      more.onProgress?.(line);
    },
  });
  return { ended, lines };
}

const printDocument = `console.log(JSON.stringify(${JSON.stringify(emptyDocument('plan', 'planned'))}));`;
/** Says when it is interrupted, as our own commands do. */
const ends = `process.on('SIGINT', () => { ${printDocument} process.exit(5); }); setTimeout(() => {}, 60000); console.error('ready');`;

describe('our own command, run for an agent', () => {
  it('gives its document, its exit code and what it says on the way', async () => {
    const { ended, lines } = runScript(
      `console.error('one\\n\\n two'); ${printDocument} process.exitCode = 3`,
    );
    const { exitCode, document } = await ended;
    expect([exitCode, document.status]).toEqual([3, 'planned']);
    expect(lines).toEqual(['one', 'two']);
  });

  it('gets nothing to read, nobody to ask and no colours', async () => {
    const { ended, lines } = runScript(
      `process.stdin.on('end', () => console.error(process.stdin.isTTY, process.env.NO_COLOR, process.env.FORCE_COLOR)).resume()`,
    );
    await ended;
    expect(lines).toEqual(['undefined 1 undefined']);
  });

  it('is interrupted, not killed, when nobody waits any more', async () => {
    const cancel = new AbortController();
    const { ended } = runScript(ends, { signal: cancel.signal, onProgress: () => cancel.abort() });
    const { exitCode, document } = await ended;
    expect([exitCode, document.status]).toEqual([5, 'planned']);
  });

  it('is interrupted when it takes too long', async () => {
    const { exitCode } = await runScript(ends, { timeoutMs: 3_000 }).ended;
    expect(exitCode).toBe(5);
  });

  it.each([
    ['a crash', `console.error('no memory'); process.exit(134)`, 'ended with 134', 'output-unreadable'],
    ['something else on standard output', `console.log('{}')`, 'without a document', 'output-unreadable'],
  ])('%s is an error document', async (_, script, message, code) => {
    const { document } = await runScript(script).ended;
    expect(documentSchema.parse(document)).toMatchObject({
      command: 'plan',
      target: 'auth',
      status: 'error',
    });
    expect(document.error).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
});
