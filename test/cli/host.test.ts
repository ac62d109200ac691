import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createTerminalHost, type HostOptions } from '../../src/cli/host.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { digestOf } from '../../src/steps/plan-digest.ts';
import type { Question } from '../../src/transfer/host.ts';

function hostWithoutTerminal(options: Partial<HostOptions>): ReturnType<typeof createTerminalHost> {
  const stream = Object.assign(new PassThrough(), { isTTY: false, columns: 80 });
  const streams = { stdout: stream, stderr: stream };
  const io = { cwd: '/', env: {}, stdin: stream, ...streams, unguarded: streams } as unknown as CliIo;
  return createTerminalHost(io, { yes: false, quiet: true, verbose: false, ...options });
}

const loss = {
  kind: 'lose-data',
  id: 'data-loss',
  name: 'feature-auth',
  text: 'What these hold is lost for good: aws_dynamodb_table.notes.',
  loses: ['aws_dynamodb_table.notes'],
} as const satisfies Question;

it('does not take --yes for the leave to lose data', async () => {
  await expect(hostWithoutTerminal({ yes: true }).ask(loss)).rejects.toMatchObject({
    code: 'needs-person',
    exitCode: 6,
    message: expect.stringContaining('aws_dynamodb_table.notes'),
    hint: expect.stringContaining('--allow-data-loss'),
  });
});

it('loses data where that was said, and takes that for no other yes', async () => {
  const host = hostWithoutTerminal({ allowDataLoss: true });
  expect(await host.ask(loss)).toBe(true);
  await expect(host.ask({ kind: 'confirm', id: 'apply', text: 'Go on?' })).rejects.toMatchObject({
    code: 'needs-person',
  });
  await expect(
    host.ask({ kind: 'type-name', id: 'destroy', text: 'Type it', name: 'feature-auth' }),
  ).rejects.toMatchObject({ code: 'needs-person' });
});

it('takes --expect for a yes to what has that digest, and to nothing else', async () => {
  const nothing = {
    destroys: [],
    unrecorded: [],
    removes: [],
    untold: [],
    keeps: [],
    files: [],
    webhooks: [],
  };
  const plan = { environment: 'a', state: 's3://b/a', accepted: [], ...nothing };
  const question = { kind: 'type-name', id: 'destroy', text: 'Type it', name: 'a' } as const;
  // `yes` beside it takes nothing back of that.
  const host = hostWithoutTerminal({ expect: digestOf(plan), yes: true });
  await expect(host.ask(question)).rejects.toMatchObject({ code: 'plan-changed', exitCode: 6 });
  host.notify({ type: 'proposal', step: 'destroy', output: plan });
  expect(await host.ask(question)).toBe(true);
  await expect(host.ask(loss)).rejects.toMatchObject({ code: 'needs-person' });
  await expect(host.ask({ kind: 'code', id: 'code', text: 'Code' })).rejects.toMatchObject({
    code: 'needs-person',
  });
  host.notify({ type: 'proposal', step: 'destroy', output: { ...plan, files: ['x'] } });
  await expect(host.ask(question)).rejects.toMatchObject({
    code: 'plan-changed',
    message: expect.stringContaining(digestOf(plan)),
  });
});
