import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands/index.ts';
import { runCommand } from '../../../src/cli/define-command.ts';
import { emptyDocument } from '../../../src/cli/document.ts';
import { hostileBranches } from '../../support/branches.ts';
import { call, connect, endsWith, moving } from './client.ts';

/** What the command line makes of arguments. */
async function parsed([word = '', ...args]: readonly string[]): Promise<unknown> {
  const seen: unknown[] = [];
  const spec = await commands[word]?.load();
  const run = async (input: unknown): Promise<0> => {
    seen.push(input);
    return 0;
  };
  await runCommand({ ...spec, run } as never, args, {} as never);
  return seen[0];
}

describe('the tools', () => {
  it('are what reads, and what changes is marked as such', async () => {
    const { client } = await connect();
    const { tools } = await client.listTools();
    const marks = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
    const looks = { readOnlyHint: true, openWorldHint: true };
    const looksUp = { readOnlyHint: true, openWorldHint: false };
    const acts = { readOnlyHint: false, destructiveHint: true, openWorldHint: true };
    expect(marks).toEqual({
      plan: looks,
      diff: looks,
      cost: looks,
      list: looksUp,
      status: looksUp,
      report: looksUp,
      // It calls functions, which do what they do, and sends testers a message, each time.
      verify: { ...acts, idempotentHint: false },
      provision: { ...acts, idempotentHint: false },
      destroy: { ...acts, idempotentHint: true },
    });
    expect(Object.keys(marks)).toHaveLength(9);
    expect(client.getServerVersion()).toMatchObject({ name: 'provision-env', version: '1.2.3' });
    expect(tools.find(({ name }) => name === 'plan')?.inputSchema).toMatchObject({
      required: ['target_env'],
      additionalProperties: false,
    });
  });

  it.each<readonly [string, Record<string, unknown>, readonly string[], Record<string, unknown>]>([
    ['list', {}, ['list', '--json', '--'], { json: true }],
    ['status', {}, ['status', '--json', '--'], { json: true }],
    ['status', { env: 'auth' }, ['status', '--json', '--', 'auth'], { env: 'auth' }],
    ['diff', { a: 'dev', b: 'auth' }, ['diff', '--json', '--', 'dev', 'auth'], { a: 'dev', b: 'auth' }],
    [
      'verify',
      { env: 'auth', layer: 3 },
      ['verify', '--json', '--layer=3', '--', 'auth'],
      { env: 'auth', layer: 3 },
    ],
    ['report', { env: 'auth' }, ['report', '--json', '--', 'auth'], { env: 'auth', json: true }],
    [
      'cost',
      { env: 'auth', source_env: 'dev', max_monthly: 50 },
      ['cost', '--json', '--from=dev', '--max-monthly=50.00', '--', 'auth'],
      { env: 'auth', from: 'dev', maxMonthly: 50 },
    ],
    // Names of commands are names of environments, too.
    [
      'plan',
      { target_env: 'list', source_env: 'dev', keep_log_retention: true, prices: 'live' },
      ['plan', '--json', '--from=dev', '--keep-log-retention', '--prices=live', '--', 'list'],
      { target: 'list', from: 'dev', keepLogRetention: true, prices: 'live' },
    ],
    [
      'provision',
      { target_env: 'auth', ttl: '3d', confirm: 'auth', digest: 'd1' },
      ['provision', '--json', '--expect=d1', '--ttl=3d', '--', 'auth'],
      { target: 'auth', expect: 'd1', ttl: '3d' },
    ],
    [
      'destroy',
      { env: 'auth', confirm: 'auth', digest: 'd1' },
      ['destroy', '--json', '--expect=d1', '--', 'auth'],
      { env: 'auth', expect: 'd1', dryRun: false },
    ],
  ])('%s %j is a command line that our own command reads', async (name, input, args, meaning) => {
    const { client, ran } = await connect();
    expect((await call(client, name, input)).isError).toBe(false);
    expect(ran.map((request) => request.args)).toEqual([args]);
    expect(await parsed(args)).toMatchObject(meaning);
  });

  it('hand values of variables over as they are', async () => {
    const { client, ran } = await connect();
    const value = fc.oneof(fc.string(), fc.constantFrom('from=dev', '--yes', '-y', '$(id)', '--', 'a=b'));
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,9}$/), value, async (key, text) => {
        await call(client, 'plan', { target_env: 'auth', set: { [key]: text } });
        expect(await parsed(ran.at(-1)?.args ?? [])).toMatchObject({
          target: 'auth',
          set: [`${key}=${text}`],
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('hostile input', () => {
  const names = ['', '-rf', '--yes', '$(id)', '`id`', 'a b', 'a;b', '../..', "it's", 'line\nbreak', 'Ä'];

  it.each([...names, ...hostileBranches])('%j is no name, and nothing is run', async (name) => {
    const { client, ran } = await connect();
    for (const [tool, input] of [
      ['plan', { target_env: name }],
      ['plan', { target_env: 'auth', source_env: `${name}/` }],
      ['provision', { target_env: name, confirm: name }],
      ['destroy', { env: `${name}/`, confirm: `${name}/` }],
      ['diff', { a: 'dev', b: `${name}/` }],
    ] as const) {
      const { isError, text } = await call(client, tool, input);
      expect([isError, text]).toEqual([true, expect.stringMatching(/Input validation error: .*name/is)]);
    }
    expect(ran).toEqual([]);
  });

  it.each([
    ['plan', {}, /target_env/],
    ['plan', { target_env: 'auth', yes: true }, /unrecognized key.*yes/i],
    ['plan', { target_env: 'auth', set: { '-x': '1' } }, /set/],
    ['plan', { target_env: 'auth', max_monthly: -1 }, /max_monthly/],
    ['verify', { env: 'auth', layer: 5 }, /layer/],
    ['provision', { target_env: 'auth', ttl: 'soon' }, /no duration/],
    ['destroy', { env: 'auth', confirm: true }, /confirm/],
    ['rm', {}, /rm not found/],
  ])('%s %j is refused with what is wrong', async (tool, input, message) => {
    const { client, ran } = await connect();
    const { isError, text } = await call(client, tool, input);
    expect([isError, text]).toEqual([true, expect.stringMatching(message)]);
    expect(ran).toEqual([]);
  });
});

describe('confirmation', () => {
  it.each([
    ['provision', { target_env: 'auth', source_env: 'dev' }, ['plan', '--json', '--from=dev', '--', 'auth']],
    ['destroy', { env: 'auth' }, ['destroy', '--json', '--dry-run', '--', 'auth']],
  ])('%s without it shows what would be done', async (tool, input, args) => {
    const { client, ran } = await connect();
    const { isError, document, text } = await call(client, tool, input);
    expect(ran.map((request) => request.args)).toEqual([args]);
    expect(isError).toBe(false);
    expect(document?.confirmation).toMatchObject({
      confirm: 'auth',
      digest: 'd1',
      message: expect.stringContaining('Nothing was changed') as string,
    });
    expect(JSON.parse(text)).toEqual(document);
  });

  it.each([
    ['provision', { target_env: 'auth', confirm: 'yes' }],
    ['provision', { target_env: 'auth', confirm: 'Auth' }],
    ['destroy', { env: 'auth', confirm: '' }],
    ['destroy', { env: 'auth', confirm: 'auth2' }],
  ])('%s with that of something else is an error: %j', async (tool, input) => {
    const { client, ran } = await connect();
    const { isError, document } = await call(client, tool, input);
    expect([isError, document?.error?.code]).toEqual([true, 'usage']);
    expect(document?.error?.message).toContain('nothing was changed');
    expect(ran).toEqual([]);
  });

  it.each([
    ['provision', { target_env: 'auth' }],
    ['destroy', { env: 'auth' }],
  ])('%s of nothing in particular is an error', async (tool, input) => {
    const { client, ran } = await connect();
    const { isError, document } = await call(client, tool, { ...input, confirm: 'auth' });
    expect([isError, document?.error?.code, ran]).toEqual([true, 'usage', []]);
    expect(document?.error?.hint).toContain('`digest`');
    // The digest alone is no yes.
    await call(client, tool, { ...input, digest: 'd1' });
    expect(ran.flatMap(({ args }) => args.filter((arg) => /^--(?:expect|yes)/.test(arg)))).toEqual([]);
  });

  it.each([
    ['provision', { target_env: 'auth' }],
    ['destroy', { env: 'auth' }],
  ])('%s of what has changed since is answered with what it is now', async (tool, input) => {
    const { client, ran } = await connect(moving(1));
    const shown = await call(client, tool, input);
    expect(shown.document?.confirmation?.digest).toBe('d1');
    const late = await call(client, tool, { ...input, confirm: 'auth', digest: 'd1' });
    expect([late.isError, late.document?.error?.code]).toEqual([true, 'plan-changed']);
    expect(late.document?.confirmation).toMatchObject({ confirm: 'auth', digest: 'd2' });
    const done = await call(client, tool, { ...input, confirm: 'auth', digest: 'd2' });
    expect([done.isError, done.document?.confirmation]).toEqual([false, undefined]);
    expect(ran.flatMap(({ args }) => args)).not.toContain('--yes');
  });

  it('is not asked for what is blocked', async () => {
    const { client } = await connect(endsWith(3, { status: 'blocked' }));
    const { isError, document } = await call(client, 'provision', { target_env: 'auth' });
    expect([isError, document?.status, document?.confirmation]).toEqual([true, 'blocked', undefined]);
  });
});

describe('answers', () => {
  it.each([1, 2, 3, 4, 5, 6])('exit code %d is an error, with the document', async (exitCode) => {
    const { client } = await connect(endsWith(exitCode, { status: 'failed' }));
    const { isError, document } = await call(client, 'verify', { env: 'auth' });
    expect([isError, document?.status]).toEqual([true, 'failed']);
  });

  it('a difference is an answer, trouble is none', async () => {
    const different = await connect(endsWith(1, {}));
    expect((await call(different.client, 'diff', { a: 'a', b: 'b' })).isError).toBe(false);
    const trouble = await connect(endsWith(2, {}));
    expect((await call(trouble.client, 'diff', { a: 'a', b: 'b' })).isError).toBe(true);
  });

  it('leave the outputs of the steps out, unless they are asked for', async () => {
    const steps = [{ id: 'map', status: 'done', durationMs: 1, output: { rows: ['long'] } }] as const;
    const { client } = await connect(endsWith(0, { steps: [...steps] }));
    const short = await call(client, 'plan', { target_env: 'auth' });
    expect(short.document?.steps).toEqual([{ ...steps[0], output: null }]);
    const long = await call(client, 'plan', { target_env: 'auth', details: true });
    expect(long.document?.steps).toEqual(steps);
  });

  it('tell how far they are to who asks', async () => {
    const { client } = await connect(({ onProgress }) => {
      onProgress('✓ 1/7 Identify');
      onProgress('✓ 2/7 Analyze source');
      return Promise.resolve({ exitCode: 0, document: emptyDocument('plan', 'planned') });
    });
    const heard: (string | undefined)[] = [];
    await client.callTool({ name: 'plan', arguments: { target_env: 'auth' } }, undefined, {
      onprogress: ({ message }) => heard.push(message),
    });
    expect(heard).toEqual(['✓ 1/7 Identify', '✓ 2/7 Analyze source']);
  });
});

describe('an end before the answer', () => {
  /** A command that runs until it is interrupted. */
  const endless = ({ signal }: { readonly signal: AbortSignal }): ReturnType<ReturnType<typeof endsWith>> =>
    new Promise((done) => {
      signal.addEventListener('abort', () => done({ exitCode: 5, document: emptyDocument('plan', 'error') }));
    });

  it('interrupts the command where the client cancels the call', async () => {
    const { client, ran } = await connect(endless);
    const cancel = new AbortController();
    const calling = client.callTool({ name: 'plan', arguments: { target_env: 'auth' } }, undefined, {
      signal: cancel.signal,
    });
    const failure = calling.then(
      () => 'answered',
      (error: unknown) => String(error),
    );
    await expect.poll(() => ran.length).toBe(1);
    expect(ran[0]?.signal.aborted).toBe(false);
    cancel.abort();
    expect(await failure).toMatch(/abort/i);
    await expect.poll(() => ran[0]?.signal.aborted).toBe(true);
  });

  it('interrupts it and waits for its end where the server ends', async () => {
    const { client, ran, stop } = await connect(endless);
    const calling = call(client, 'plan', { target_env: 'auth' });
    await expect.poll(() => ran.length).toBe(1);
    await stop();
    expect((await calling).document?.status).toBe('error');
  });
});
