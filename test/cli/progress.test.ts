import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTerminalHost, type HostOptions } from '../../src/cli/host.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { silenceMs } from '../../src/cli/live-line.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { columnsOf } from '../../src/report/columns.ts';
import type { TransferEvent } from '../../src/transfer/host.ts';

const create = (
  address: string,
  phase: 'started' | 'progress' | 'done' | 'failed',
  elapsedSeconds = 0,
): TransferEvent & { type: 'resource' } => ({
  type: 'resource',
  action: 'create',
  address,
  phase,
  elapsedSeconds,
});
const cluster = 'aws_rds_cluster.aurora[0]';
const plan = { create: 48, update: 0, delete: 0, replace: 0 };

describe('the line of what is under way', () => {
  it('says the step, how much is done, and what is waited for', () => {
    let now = 0;
    const progress = createProgress(() => now);
    expect(progress.text(80)).toBeNull();
    progress.begin('6/7 Rewire');
    expect(progress.text(80)).toBe('6/7 Rewire');
    progress.wait('terraform apply');
    now = 2000;
    expect(progress.text(80)).toBe('6/7 Rewire 2 s: terraform apply 2 s');
    progress.expect(48);
    progress.resource(create(cluster, 'started'));
    progress.resource(create('aws_iam_role.x', 'started'));
    progress.resource(create('aws_sqs_queue.x', 'started'));
    now = 67_000;
    progress.resource(create('aws_iam_role.x', 'done'));
    progress.resource(create('aws_sqs_queue.y', 'failed'));
    expect(progress.text(100)).toBe(
      '6/7 Rewire 1 min 07 s, 1 of 48: create aws_rds_cluster.aurora[0] 1 min 05 s and 1 more',
    );
    progress.end();
    expect(progress.text(80)).toBeNull();
  });

  it('never takes more columns than there are, and keeps the times', () => {
    const progress = createProgress(() => 0);
    progress.begin('7/7 Verify');
    progress.resource(create('aws_lambda_function.日本語の名前がとても長い["ภาษาไทย"]', 'progress', 90));
    for (let columns = 1; columns <= 100; columns += 1)
      expect(columnsOf(progress.text(columns) ?? '')).toBeLessThanOrEqual(columns);
    expect(progress.text(40)).toMatch(/^7\/7 Verify: create .*… 1 min 30 s$/);
  });
});

describe('progress at a terminal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function host(terminal: boolean, env: Record<string, string> = {}, options: Partial<HostOptions> = {}) {
    let text = '';
    const stream = Object.assign(new PassThrough(), { isTTY: terminal, columns: 80 });
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const streams = { stdout: stream, stderr: stream };
    const io = { cwd: '/', env, stdin: stream, ...streams, unguarded: streams } as unknown as CliIo;
    const made = createTerminalHost(io, { yes: false, quiet: false, verbose: false, ...options });
    return { ...made, text: () => text };
  }

  function run(at: ReturnType<typeof host>): void {
    const notify = (event: TransferEvent): void => at.notify(event);
    notify({ type: 'step-started', step: 'rewire' });
    notify({ type: 'proposal', step: 'rewire', output: { plan } });
    notify(create(cluster, 'started'));
    vi.advanceTimersByTime(2.5 * silenceMs);
    notify(create(cluster, 'done', 150));
    notify({
      type: 'step-ended',
      result: { id: 'rewire', status: 'done', durationMs: 150_000, output: null },
    });
    vi.advanceTimersByTime(3 * silenceMs);
    at.close();
  }

  it('is redrawn within one line, shorter than the terminal, and gone at the end', () => {
    const at = host(true);
    run(at);
    const drawn = at.text().split('\u001b[1G\u001b[2K');
    expect(drawn.length).toBeGreaterThan(100);
    for (const line of stripVTControlCharacters(drawn.join('\n')).split('\n'))
      expect(columnsOf(line)).toBeLessThan(80);
    expect(drawn).toContain('⏳ 6/7 Rewire 1 min 00 s, 0 of 48: create aws_rds_cluster.aurora[0] 1 min 00 s');
    expect(stripVTControlCharacters(at.text()).trimEnd()).toMatch(/✓ 6\/7 Rewire 2 min 30 s$/);
  });

  it.each([
    ['where no terminal is', false, {}],
    ['on a dumb terminal', true, { TERM: 'dumb' }],
    ['in CI', true, { CI: 'true' }],
    ['where it is to be plain', true, { PROVISION_ENV_PLAIN: '1' }],
  ])('tells in a log that it still waits, now and then: %s', (_, terminal, env) => {
    const at = host(terminal, { NO_COLOR: '1', ...env });
    run(at);
    expect(at.text().split('\n')).toEqual([
      '  … 6/7 Rewire 1 min 00 s, 0 of 48: create aws_rds_cluster.aurora[0] 1 min 00 s',
      '  … 6/7 Rewire 2 min 00 s, 0 of 48: create aws_rds_cluster.aurora[0] 2 min 00 s',
      '  + create aws_rds_cluster.aurora[0] 150 s',
      '✓ 6/7 Rewire 2 min 30 s',
      '',
    ]);
  });

  it('is silent where that is asked for', () => {
    const at = host(true, {}, { quiet: true });
    run(at);
    expect(at.text()).toBe('');
  });

  it.each([
    ['yes\n', true],
    ['Y\n', true],
    ['no\n', false],
    ['\n', false],
    ['', false],
  ])('asks plainly on a dumb terminal: %j is %s', async (typed, expected) => {
    vi.useRealTimers();
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    let shown = '';
    output.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    const streams = { stdout: output, stderr: output };
    const io = { cwd: '/', env: { TERM: 'dumb' }, stdin: input, ...streams, unguarded: streams };
    const terminal = createTerminalHost(io as unknown as CliIo, { yes: false, quiet: false, verbose: false });
    const answer = terminal.ask({ kind: 'confirm', id: 'apply', text: 'Create it?' });
    if (typed === '') input.end();
    else input.write(typed);
    expect(await answer).toBe(expected);
    expect(shown).toBe('? Create it? (yes or no) ');
  });
});
