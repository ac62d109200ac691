import { readdirSync } from 'node:fs';
import type { Client, MetadataBearer } from '@smithy/types';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckedResource, TypeAdapter } from '../../src/aws/adapter.ts';
import { createClients } from '../../src/aws/clients.ts';
import { adapterOf, services } from '../../src/aws/registry.ts';
import { absentAnswers, presentAnswers } from './answers.ts';

const adapters = services.flatMap((service) => service.types);

/** An id with every separator in it fits each way of taking one apart. */
function sample(adapter: TypeAdapter): CheckedResource {
  return {
    address: `${adapter.type}.this`,
    type: adapter.type,
    identity: null,
    id: 'a:b/c|d',
    arn: null,
    attributes: Object.fromEntries(adapter.needs.map((name) => [name, 'value'])),
  };
}

const clients = createClients({ region: 'eu-central-1' });

afterAll(() => {
  clients.close();
});

async function mocked(adapter: TypeAdapter): Promise<AwsStub<object, MetadataBearer, unknown>> {
  // The union of all clients is more than the mock's types take; what it replaces is the same in each.
  return mockClient(
    (await clients.get(adapter.service)) as unknown as Client<object, MetadataBearer, unknown>,
  );
}

async function answering(adapter: TypeAdapter, answer: object | Error): ReturnType<TypeAdapter['check']> {
  const mock = await mocked(adapter);
  if (answer instanceof Error) mock.onAnyCommand().rejects(answer);
  else mock.onAnyCommand().resolves(answer);
  return adapter.check(sample(adapter), clients);
}

function awsError(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

describe('the registry', () => {
  it('has one file for each service, named like it, and one that tries it against an emulator', () => {
    const filesOf = (folder: string, ending: string): string[] =>
      readdirSync(new URL(folder, import.meta.url))
        .filter((file) => file.endsWith(ending))
        .map((file) => file.replace(ending, ''))
        .toSorted();
    const names = services.map(({ service }) => service).toSorted();
    expect(filesOf('../../src/aws/services/', '.ts')).toEqual(names);
    expect(filesOf('../aws-moto/', '.test.ts')).toEqual(names);
  });

  it('has one adapter for each type', () => {
    const types = adapters.map(({ type }) => type);
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
    expect(types.filter((type) => !/^aws_[a-z0-9_]+$/.test(type))).toEqual([]);
  });

  it('knows no adapter for a type that nobody wrote one for', () => {
    expect(adapterOf('aws_mystery')).toBeNull();
  });
});

describe('what the answer does not hold', () => {
  it.each(adapters.filter(({ type }) => type in absentAnswers))('$type is absent', async (adapter) => {
    expect(await answering(adapter, absentAnswers[adapter.type] ?? {})).toEqual({ state: 'absent' });
  });
});

describe.each(adapters)('$type', (adapter) => {
  it('names the permissions it needs', () => {
    expect(adapter.actions.check.length).toBeGreaterThan(0);
    for (const action of adapter.actions.check) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
  });

  it('says present for what is there', async () => {
    const presence = await answering(adapter, presentAnswers[adapter.type] ?? {});
    expect(presence).toMatchObject({ state: 'present', condition: 'ready' });
  });

  it('says absent for what the service does not know', async () => {
    const codes = services.find(({ service }) => service === adapter.service)?.notFound ?? [];
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(await answering(adapter, awsError(code))).toEqual({ state: 'absent' });
  });

  it('says unreadable, and with which permission, where access is denied', async () => {
    const [action] = adapter.actions.check;
    expect(await answering(adapter, awsError('AccessDeniedException'))).toEqual({
      state: 'unreadable',
      reason: `access denied: ${action} is not allowed`,
      permission: action,
    });
    const named = awsError(
      'AccessDenied',
      'User: x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:k',
    );
    expect(await answering(adapter, named)).toMatchObject({ state: 'unreadable', permission: 'kms:Decrypt' });
  });

  it('says unreadable for every other error', async () => {
    for (const code of ['ThrottlingException', 'InternalFailure', 'ValidationException', 'TimeoutError'])
      expect(await answering(adapter, awsError(code))).toMatchObject({ state: 'unreadable' });
  });

  it('throws where the credentials are the trouble', async () => {
    await expect(answering(adapter, awsError('ExpiredTokenException'))).rejects.toThrow('no');
    await expect(answering(adapter, awsError('CredentialsProviderError'))).rejects.toThrow('no');
  });

  it('says unreadable where the record lacks what it needs', async () => {
    const bare = { address: 'x', type: adapter.type, identity: null, id: null, arn: null };
    await mocked(adapter);
    expect(await adapter.check(bare, clients)).toMatchObject({
      state: 'unreadable',
      reason: expect.stringMatching(/^recorded without its /),
    });
  });
});
