import { describe, expect, it } from 'vitest';
import type { CheckedResource } from '../../src/aws/adapter.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import type { Description, Describer } from '../../src/aws/describe.ts';
import type { SourceDrift } from '../../src/live/model.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { driftBlocks } from '../../src/report/live.ts';
import { findDrift } from '../../src/steps/live-drift.ts';
import type { StateResource } from '../../src/terraform/model.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import { fakeClock, fakeHost } from '../channels/tools.ts';
import { resource, stateOf } from './state.ts';

const region = 'eu-central-1';
const arnOf = (name: string): string => `arn:aws:lambda:${region}:1:function:${name}`;

/** Answers for types by the id that is asked for; a type that is not named cannot be described. */
type Answers = Readonly<Record<string, (resource: CheckedResource) => Description>>;

async function drift(
  resources: readonly StateResource[],
  answers: Answers,
  onClients?: (region: string) => void,
): Promise<SourceDrift> {
  const clients = createClients({ region });
  try {
    return await findDrift({
      state: stateOf(...resources),
      types: resourceTypes,
      region,
      clientsFor: (name): AwsClients => {
        onClients?.(name);
        return clients;
      },
      describerOf: (type): Describer | null => {
        const answer = answers[type];
        return answer
          ? { type, service: 'lambda', actions: [], describe: async (asked) => answer(asked) }
          : null;
      },
      clock: fakeClock(),
      host: fakeHost([]),
    });
  } finally {
    clients.close();
  }
}

const bot = resource('aws_lambda_function.bot', {
  id: 'bot-dev',
  arn: arnOf('bot-dev'),
  function_name: 'bot-dev',
  memory_size: 128,
});

const role = resource('aws_iam_role.bot', {
  id: 'bot-dev',
  name: 'bot-dev',
  arn: 'arn:aws:iam::1:role/bot-dev',
  managed_policy_arns: [],
});

const attachment = resource('aws_iam_role_policy_attachment.logs', {
  id: 'bot-dev-20260101000000000000000001',
  role: 'bot-dev',
  policy_arn: 'arn:aws:iam::1:policy/logs',
});

const attached = (...policies: readonly string[]): Answers => ({
  aws_iam_role: () => ({
    state: 'described',
    resources: [
      {
        type: 'aws_iam_role',
        id: 'bot-dev',
        values: {
          name: 'bot-dev',
          managed_policy_arns: policies.map((each) => `arn:aws:iam::1:policy/${each}`),
        },
      },
      ...policies.map((each) => ({
        type: 'aws_iam_role_policy_attachment',
        id: `bot-dev/${each}`,
        values: { role: 'bot-dev', policy_arn: `arn:aws:iam::1:policy/${each}` },
      })),
    ],
  }),
});

describe('the drift of a state', () => {
  it('tells what differs, and counts what was compared', async () => {
    const found = await drift([bot], {
      aws_lambda_function: ({ id }) => ({
        state: 'described',
        resources: [
          {
            type: 'aws_lambda_function',
            id: id ?? '',
            values: { function_name: 'bot-dev', memory_size: 512 },
          },
        ],
      }),
    });
    expect(found).toEqual({
      compared: 1,
      attributes: 2,
      drifted: [
        {
          address: 'aws_lambda_function.bot',
          type: 'aws_lambda_function',
          name: 'bot-dev',
          change: 'differs',
          attributes: [{ path: 'memory_size', state: 128, live: 512, shown: true }],
        },
      ],
      present: {},
      notAsked: {},
      unreadable: [],
      complete: true,
    });
  });

  it('asks the region of each resource', async () => {
    const asked: string[] = [];
    const other = resource('aws_lambda_function.edge', {
      id: 'edge',
      arn: 'arn:aws:lambda:us-east-1:1:function:edge',
    });
    await drift([bot, other], { aws_lambda_function: () => ({ state: 'absent' }) }, (name) =>
      asked.push(name),
    );
    // What is absent is asked for three times.
    expect([...new Set(asked)].sort()).toEqual([region, 'us-east-1'].sort());
  });

  it('looks again before it calls something gone: what was just made is not seen by everybody at once', async () => {
    let looks = 0;
    const found = await drift([bot], {
      aws_lambda_function: (): Description => {
        looks += 1;
        return looks < 3
          ? { state: 'absent' }
          : { state: 'described', resources: [{ type: bot.type, id: 'bot-dev', values: bot.values }] };
      },
    });
    expect([found.drifted, found.compared, looks]).toEqual([[], 1, 3]);
  });

  it('tells what is gone', async () => {
    const { drifted, complete } = await drift([bot], { aws_lambda_function: () => ({ state: 'absent' }) });
    expect(drifted).toMatchObject([{ address: bot.address, change: 'gone' }]);
    expect(complete).toBe(true);
  });

  it('is incomplete where something cannot be read, and names the permission that lacks', async () => {
    const found = await drift([bot, role, attachment], {
      ...attached('logs'),
      aws_lambda_function: () => ({
        state: 'unreadable',
        reason: 'access denied: lambda:GetFunction is not allowed',
        permission: 'lambda:GetFunction',
      }),
    });
    expect(found.drifted).toEqual([]);
    expect(found.complete).toBe(false);
    expect(found.unreadable).toEqual([
      {
        subject: bot.address,
        reason: 'access denied: lambda:GetFunction is not allowed',
        permission: 'lambda:GetFunction',
      },
    ]);
    const text = toMarkdown(driftBlocks(found));
    expect(text).toContain('lambda:GetFunction');
    expect(text).toContain('Incomplete');
    expect(text).not.toContain('No drift:');
  });

  it('finds a part with what it is part of, whatever ids the provider makes up', async () => {
    const { drifted, compared } = await drift([role, attachment], attached('logs'));
    expect(drifted).toEqual([]);
    expect(compared).toBe(2);
  });

  it('tells of a policy that somebody attached, once', async () => {
    const { drifted } = await drift([role, attachment], attached('logs', 'admin'));
    expect(drifted).toMatchObject([
      {
        address: role.address,
        change: 'added',
        type: 'aws_iam_role_policy_attachment',
        name: 'arn:aws:iam::1:policy/admin',
      },
    ]);
  });

  it('takes nothing for added that the state says in another way', async () => {
    const all = resource('aws_iam_policy_attachment.all', { policy_arn: 'arn:aws:iam::1:policy/admin' });
    const inside = resource('aws_iam_role.bot', {
      ...role.values,
      managed_policy_arns: ['arn:aws:iam::1:policy/admin'],
    });
    expect((await drift([inside], attached('admin'))).drifted).toEqual([]);
    expect(
      (await drift([role, all], attached('admin'))).drifted.filter(({ change }) => change === 'added'),
    ).toEqual([]);
  });

  it('takes the permission of a URL for what the provider made with it, and every other one for added', async () => {
    const url = resource('aws_lambda_function_url.bot', { id: 'bot-dev', function_name: 'bot-dev' });
    const permission = (id: string) => ({
      type: 'aws_lambda_permission',
      id,
      values: { statement_id: id, function_name: 'bot-dev' },
    });
    const answers: Answers = {
      aws_lambda_function: () => ({
        state: 'described',
        resources: [
          { type: 'aws_lambda_function', id: 'bot-dev', values: { memory_size: 128 } },
          { type: 'aws_lambda_function_url', id: 'bot-dev', values: { function_name: 'bot-dev' } },
          permission('FunctionURLAllowPublicAccess'),
          permission('AllowAll'),
        ],
      }),
    };
    const added = async (...resources: readonly StateResource[]): Promise<string[]> =>
      (await drift(resources, answers)).drifted.map(({ type, name }) => `${type} ${name}`).sort();
    expect(await added(bot, url)).toEqual(['aws_lambda_permission AllowAll']);
    expect(await added(bot)).toEqual([
      'aws_lambda_function_url bot-dev',
      'aws_lambda_permission AllowAll',
      'aws_lambda_permission FunctionURLAllowPublicAccess',
    ]);
  });

  it('counts by type what nobody can describe, and leaves out what is in no cloud', async () => {
    const unknown = resource('aws_quantum_thing.x', { id: 'x' });
    const local = resource('random_id.x', { id: 'x' });
    const found = await drift([unknown, local], {});
    expect(found).toMatchObject({
      compared: 0,
      notAsked: { aws_quantum_thing: 1 },
      present: {},
      drifted: [],
    });
    expect(toMarkdown(driftBlocks(found))).toContain('1 not looked for');
  });

  it('ends where nothing can be read at all', async () => {
    const answers: Answers = {
      aws_lambda_function: () => {
        throw Object.assign(new Error('expired'), { name: 'ExpiredToken' });
      },
    };
    await expect(drift([bot], answers)).rejects.toMatchObject({ code: 'credentials-expired' });
  });
});
