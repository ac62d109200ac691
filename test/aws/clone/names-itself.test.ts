/** What is named by its own made-up id in its policy gets the policy once the id is known: not one word of it is lost. */
import { describe, expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';
import { fakeClients, type Operations } from '../../sweep/fake-account.ts';

async function cloned(type: string, values: JsonObject, account: Operations): Promise<void> {
  await clonerOf(type)?.clone(
    {
      values,
      source: { id: 'source', values: {} },
      withOwnId: (id, known) => ({ ...values, policy: `of ${JSON.stringify([id, known?.['arn'] ?? null])}` }),
      signal: new AbortController().signal,
    },
    fakeClients(account),
  );
}

describe('a policy that names what it is of', () => {
  it('is put on a secret', async () => {
    const put: unknown[] = [];
    await cloned(
      'aws_secretsmanager_secret',
      { name: 'token-x' },
      {
        'secretsmanager.createSecret': () => ({ ARN: 'arn:secret-x' }),
        'secretsmanager.putResourcePolicy': (input) => put.push(input),
      },
    );
    expect(put).toEqual([{ SecretId: 'arn:secret-x', ResourcePolicy: 'of ["arn:secret-x",null]' }]);
  });

  it('is put on a key, which has that of the service until then', async () => {
    const calls: unknown[] = [];
    await cloned(
      'aws_kms_key',
      { description: 'x' },
      {
        'kms.createKey': ({ Policy }) => {
          calls.push(['create', Policy]);
          return { KeyMetadata: { KeyId: 'key-x', Arn: 'arn:key-x' } };
        },
        'kms.putKeyPolicy': ({ KeyId, Policy }) => calls.push([KeyId, Policy]),
      },
    );
    expect(calls).toEqual([
      ['create', undefined],
      ['key-x', 'of ["key-x","arn:key-x"]'],
    ]);
  });
});
