/** What every adapter does with what can be left behind: lists all of it, and removes one, whoever else does too. */
import type { Client, MetadataBearer } from '@smithy/types';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { afterAll, describe, expect, it } from 'vitest';
import type { FoundItem, Removal, WholeAdapter } from '../../src/aws/adapter.ts';
import { createClients } from '../../src/aws/clients.ts';
import { adapterOf, services } from '../../src/aws/registry.ts';
import { listAnswers, pagesOf } from './lists.ts';

const all = services.flatMap((service) => service.types);
const wholes = all.flatMap(({ whole }) => (whole ? [whole] : []));

const clients = createClients({ region: 'eu-central-1' });

afterAll(() => {
  clients.close();
});

async function mocked(adapter: WholeAdapter): Promise<AwsStub<object, MetadataBearer, unknown>> {
  return mockClient(
    (await clients.get(adapter.service)) as unknown as Client<object, MetadataBearer, unknown>,
  );
}

function awsError(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

/** An id with every separator in it fits each way of taking one apart. */
function sample({ type }: WholeAdapter): FoundItem {
  return {
    type,
    id: 'a:b/c|d',
    name: 'thing',
    arn: 'arn:aws:x:r:1:thing',
    attributes: Object.fromEntries((adapterOf(type)?.needs ?? []).map((name) => [name, 'value'])),
  };
}

async function removing(adapter: WholeAdapter, answer: Error): Promise<Removal> {
  (await mocked(adapter)).onAnyCommand().rejects(answer);
  return adapter.remove(sample(adapter), clients);
}

async function listing(
  adapter: WholeAdapter,
  answers: readonly (object | Error)[],
): Promise<{ ids: string[]; outcome: Awaited<ReturnType<WholeAdapter['list']>> }> {
  const mock = await mocked(adapter);
  const [first, ...rest] = answers;
  let stub = mock.onAnyCommand();
  if (first instanceof Error) stub.rejects(first);
  else if (rest.length === 0) stub.resolves(first ?? {});
  else {
    stub = stub.resolvesOnce(first ?? {});
    for (const answer of rest)
      stub = answer instanceof Error ? stub.rejectsOnce(answer) : stub.resolvesOnce(answer);
  }
  const ids: string[] = [];
  const outcome = await adapter.list(clients, ({ id }) => ids.push(id));
  return { ids, outcome };
}

/** Services that ask more than one question to list: what the first answers is not a page of the things. */
const nested = new Set([
  'aws_cloudwatch_event_rule',
  'aws_ecr_image',
  'aws_kms_key',
  'aws_lambda_layer_version',
]);

describe('parts', () => {
  it.each(all.filter(({ partOf }) => partOf !== null))('$type is part of a whole', ({ partOf }) => {
    expect(adapterOf(partOf ?? '')?.whole).toMatchObject({ type: partOf });
  });
});

describe('the order of removal', () => {
  it('names known types, and never itself in the end', () => {
    const byType = new Map(wholes.map((whole) => [whole.type, whole]));
    const visit = (type: string, above: readonly string[]): void => {
      expect(above).not.toContain(type);
      const whole = byType.get(type);
      expect([type, whole?.type]).toEqual([type, type]);
      for (const next of whole?.dependsOn ?? []) visit(next, [...above, type]);
    };
    for (const { type } of wholes) visit(type, []);
  });
});

const answerOf = ({ type }: WholeAdapter): readonly object[] => {
  const answer = listAnswers[type];
  if (!answer) throw new Error(`no answer for ${type} in lists.ts`);
  return pagesOf(answer);
};

describe('listing', () => {
  it.each(wholes.filter(({ type }) => !nested.has(type)))('$type goes to the last page', async (adapter) => {
    const { ids, outcome } = await listing(adapter, answerOf(adapter));
    expect(outcome).toEqual({ state: 'complete' });
    expect(ids).toEqual([expect.stringContaining('first'), expect.stringContaining('second')]);
  });

  it.each(wholes.filter(({ type }) => nested.has(type)))(
    '$type goes through each parent',
    async (adapter) => {
      const { ids, outcome } = await listing(adapter, [{ ...answerOf(adapter).at(-1), KeyMetadata: {} }]);
      expect(outcome).toEqual({ state: 'complete' });
      expect(ids.length).toBeGreaterThan(0);
    },
  );

  it.each(wholes.filter((each) => !nested.has(each.type) && answerOf(each).length > 1))(
    '$type is unreadable where a later page fails, and keeps what it saw',
    async (adapter) => {
      const [first = {}] = answerOf(adapter);
      const { ids, outcome } = await listing(adapter, [first, awsError('InternalFailure')]);
      expect(ids).toHaveLength(1);
      expect(outcome).toMatchObject({ state: 'unreadable' });
    },
  );
});

describe('tags', () => {
  it.each(wholes.filter(({ tagsApart }) => tagsApart))(
    '$type says why they cannot be read',
    async (adapter) => {
      (await mocked(adapter)).onAnyCommand().rejects(awsError('AccessDeniedException'));
      expect(await adapter.tagged(sample(adapter), clients)).toMatchObject({
        state: 'unreadable',
        permission: adapter.actions.tags?.[0],
      });
      (await mocked(adapter)).onAnyCommand().resolves({});
      expect(await adapter.tagged(sample(adapter), clients)).toMatchObject({ id: 'a:b/c|d', tags: {} });
    },
  );
});

describe.each(wholes)('$type', (adapter) => {
  it('names the permissions of each verb', () => {
    for (const actions of Object.values(adapter.actions)) {
      expect(actions.length).toBeGreaterThan(0);
      for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
    }
    expect(adapter.tagsApart).toBe(adapter.actions.tags !== undefined);
  });

  it('says unreadable, and with which permission, where listing is denied', async () => {
    const [action] = adapter.actions.list;
    expect(await listing(adapter, [awsError('AccessDeniedException')])).toEqual({
      ids: [],
      outcome: {
        state: 'unreadable',
        reason: `access denied: ${action} is not allowed`,
        permission: action,
      },
    });
    await expect(listing(adapter, [awsError('ExpiredTokenException')])).rejects.toThrow('no');
  });

  it('takes what is gone already for removed', async () => {
    const service = services.find(({ service: name }) => name === adapter.service);
    for (const code of service?.notFound ?? [])
      expect(await removing(adapter, awsError(code))).toEqual({ state: 'gone' });
  });

  it('tells a refusal from a failure', async () => {
    const service = services.find(({ service: name }) => name === adapter.service);
    expect(service?.inUse.length).toBeGreaterThan(0);
    for (const code of service?.inUse ?? [])
      expect(await removing(adapter, awsError(code))).toMatchObject({ state: 'refused' });
    for (const code of ['ThrottlingException', 'InternalFailure', 'TimeoutError'])
      expect(await removing(adapter, awsError(code))).toMatchObject({ state: 'failed' });
  });

  it('names the permission that lacks to remove it', async () => {
    const named = awsError(
      'AccessDenied',
      'User: x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:k',
    );
    expect(await removing(adapter, awsError('AccessDeniedException'))).toMatchObject({
      state: 'denied',
      permission: adapter.actions.remove[0],
    });
    expect(await removing(adapter, named)).toMatchObject({ state: 'denied', permission: 'kms:Decrypt' });
    await expect(removing(adapter, awsError('ExpiredTokenException'))).rejects.toThrow('no');
  });
});
