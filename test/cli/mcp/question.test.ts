/** A client that can ask its person: the agent's own `confirm` does not stand for their answer. */
import { describe, expect, it } from 'vitest';
import type { Document } from '../../../src/cli/document.ts';
import { emptyDocument } from '../../../src/cli/document.ts';
import type { RunOwn } from '../../../src/cli/mcp/own-command.ts';
import { call, connect, endsWith, moving } from './client.ts';

const typed = (name: string) => () => ({ action: 'accept' as const, content: { name } });

const calls = [
  ['provision', { target_env: 'auth' }, 'plan', ['provision', '--json', '--expect=d1', '--', 'auth']],
  ['destroy', { env: 'auth' }, 'destroy', ['destroy', '--json', '--expect=d1', '--', 'auth']],
] as const;

const shows =
  (more: Partial<Document>): RunOwn =>
  ({ args: [command = ''] }) =>
    Promise.resolve({ exitCode: 0, document: { ...emptyDocument(command, 'done'), digest: 'd1', ...more } });

describe('a client that can ask', () => {
  describe.each([{}, { confirm: 'auth', digest: 'd0' }])('given %j', (given) => {
    it.each(calls)('%s is done once its person has typed the name', async (tool, input, first, act) => {
      const { client, ran } = await connect(undefined, typed('auth'));
      const { isError, document } = await call(client, tool, { ...input, ...given });
      expect([isError, document?.command, document?.confirmation]).toEqual([false, tool, undefined]);
      expect(ran.map(({ args }) => args[0])).toEqual([first, tool]);
      expect(ran[0]?.args.join(' ')).not.toMatch(/--yes|--expect/);
      expect(ran[1]?.args).toEqual(act);
    });

    it.each(
      calls.flatMap(([tool, input]) =>
        (
          [
            ['decline', { action: 'decline' }, 'declined'],
            ['cancel', { action: 'cancel' }, 'declined'],
            ['another name', { action: 'accept', content: { name: 'Auth' } }, 'declined'],
            ['no name', { action: 'accept', content: {} }, 'needs-person'],
          ] as const
        ).map(([how, answer, code]) => [tool, how, input, answer, code] as const),
      ),
    )('%s is not done upon %s', async (tool, _how, input, answer, code) => {
      const { client, ran } = await connect(undefined, () => ({ ...answer }));
      const { isError, document } = await call(client, tool, { ...input, ...given });
      expect([isError, document?.error?.code]).toEqual([true, code]);
      expect(document?.error?.message).toContain('nothing was changed');
      expect(ran.flatMap(({ args }) => args).join(' ')).not.toMatch(/--yes|--expect/);
    });
  });

  it.each(calls)('%s is asked about anew where it has changed while they read', async (tool, input) => {
    let asked = 0;
    const { client, ran } = await connect(moving(2), () => {
      asked += 1;
      return typed('auth')();
    });
    const { isError, document } = await call(client, tool, input);
    expect([isError, document?.error, asked]).toEqual([false, null, 3]);
    const agreed = ran.flatMap(({ args }) => args.filter((arg) => arg.startsWith('--expect')));
    expect(agreed).toEqual(['--expect=d1', '--expect=d2', '--expect=d3']);
  });

  it.each(calls)('%s is not asked about without an end, and nothing is done then', async (tool, input) => {
    let asked = 0;
    const { client } = await connect(moving(100), () => {
      asked += 1;
      return typed('auth')();
    });
    const { isError, document } = await call(client, tool, input);
    expect([isError, document?.error?.code, asked]).toEqual([true, 'plan-changed', 3]);
    expect(document?.confirmation?.digest).toBe('d4');
  });

  it('is not asked about what reads', async () => {
    const { client } = await connect(undefined, () => {
      throw new Error('It was asked.');
    });
    expect((await call(client, 'plan', { target_env: 'auth' })).isError).toBe(false);
  });

  it('is not asked about what is blocked', async () => {
    let asked = 0;
    const { client, ran } = await connect(endsWith(3, { status: 'blocked' }), () => {
      asked += 1;
      return { action: 'decline' };
    });
    const { document } = await call(client, 'provision', {
      target_env: 'auth',
      confirm: 'auth',
      digest: 'd1',
    });
    expect([document?.status, asked, ran.length]).toEqual(['blocked', 0, 1]);
  });

  it('is refused a confirmation of something else, as any', async () => {
    const { client, ran } = await connect(undefined, typed('auth'));
    const { document } = await call(client, 'destroy', { env: 'auth', confirm: 'dev' });
    expect([document?.error?.code, ran]).toEqual(['usage', []]);
  });

  it('changes nothing where the client fails to ask', async () => {
    const { client, ran } = await connect(undefined, () => {
      throw new Error('The window was closed.');
    });
    const { document } = await call(client, 'destroy', { env: 'auth' });
    expect([document?.error?.code, ran.length]).toEqual(['needs-person', 1]);
  });
});

describe('the question', () => {
  async function asked(
    tool: string,
    input: Record<string, unknown>,
    more: Partial<Document>,
  ): Promise<string> {
    let message = '';
    const { client } = await connect(shows(more), (question) => {
      ({ message } = question);
      return { action: 'decline' };
    });
    await call(client, tool, input);
    return message;
  }

  it('says what a provision would do, cost and lose', async () => {
    const finding = {
      rule: 'plan-creates-only',
      severity: 'warning',
      subject: 'aws_sqs_queue.jobs',
      message: 'The plan deletes data.',
      hint: 'Save them.',
    } as const;
    const output = { plan: { create: 3, update: 1, delete: 0, replace: 1 } };
    const text = await asked(
      'provision',
      { target_env: 'auth' },
      {
        source: 'dev',
        steps: [{ id: 'rewire', status: 'pending', durationMs: 1, output }],
        cost: { currency: 'USD', monthlyTotal: 50, monthlyDelta: 43.8, resources: [], unknown: ['aws_x.y'] },
        findings: [finding],
      },
    );
    expect(text).toBe(
      [
        'Make or update auth from dev?',
        'Plan: 3 to add, 2 to change, 1 to destroy.',
        'Cost: +$43.80 a month, and 1 unknown price.',
        '1 finding:',
        '- aws_sqs_queue.jobs: The plan deletes data.',
        'Type auth to go on.',
      ].join('\n'),
    );
  });

  it('lists what would be destroyed, as far as there is room, without signs that hide anything', async () => {
    const destroys = Array.from({ length: 25 }, (_, index) => ({
      address: `aws_sqs_queue.q${index}`,
      type: 'aws_sqs_queue',
      name: `q\u202E\n${index}`,
    }));
    const text = await asked(
      'destroy',
      { env: 'auth' },
      {
        destroyPlan: {
          environment: 'auth',
          destroys,
          keeps: [],
          unrecorded: [],
          removes: [],
          untold: [],
          elsewhere: [],
          accepted: [],
          files: [],
          state: 's3://b/k',
          webhooks: [],
        },
      },
    );
    expect(text).toContain('Destroy auth for good?\n25 resources would be deleted:\n- aws_sqs_queue.q0 (q0)');
    expect(text).toContain('- and 5 more\nType auth to go on.');
    expect(text).not.toContain('\u202E');
  });
});
