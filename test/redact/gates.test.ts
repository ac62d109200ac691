/** What went through the redactor into a record and is read back and used: it must still lead where it led. */
import { describe, expect, it } from 'vitest';
import { gatedStore } from '../../src/redact/gates.ts';
import { createRedactor, type Redactor } from '../../src/redact/redactor.ts';
import { learnState } from '../../src/secrets/learn.ts';
import { createObjectStore } from '../../src/store/object-store.ts';
import type { StateModel } from '../../src/terraform/model.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { bucket } from '../store/support/bucket.ts';
import { aRecord } from '../support/record.ts';

const token = 'sk_live_4711abcDEFghijklmnop';

async function writtenBy(redactor: Redactor, record: EnvironmentRecord): Promise<EnvironmentRecord | null> {
  const store = gatedStore(createObjectStore(bucket()), redactor);
  const lock = await store.lock(record.name, 'provision');
  try {
    await lock.store.writeRecord(record);
    return await store.readRecord(record.name);
  } finally {
    await lock.release();
  }
}

function knowing(secrets: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(secrets)) redactor.learn(name, value);
  return redactor;
}

const resource = {
  address: 'aws_sqs_queue.jobs',
  type: 'aws_sqs_queue',
  identity: 'orders',
  id: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
  arn: 'arn:aws:sqs:eu-west-1:123456789012:orders',
  attributes: { name: 'orders' },
};

describe('a record', () => {
  it('says where an environment lies and what it has, though a secret is the same word', async () => {
    const record = aRecord({
      name: 'feature-auth',
      state: 's3://states/orders/feature-auth/terraform.tfstate',
      place: { partition: 'aws', account: '123456789012', region: 'eu-west-1' },
      resources: [resource],
    });
    const redactor = knowing({ DB_PASSWORD: 'orders', PIN: '123456789012', TOKEN: 'feature-auth' });
    const read = await writtenBy(redactor, record);
    expect(read).toEqual(record);
  });

  it('makes no password public because a random text has it as its id', async () => {
    const redactor = knowing({ DB_PASSWORD: 'hG7sK2pQ9xZ1' });
    const random = { address: 'random_string.db', type: 'random_string', identity: null, arn: null };
    await writtenBy(
      redactor,
      aRecord({ name: 'feature-auth', resources: [{ ...random, id: 'hG7sK2pQ9xZ1' }] }),
    );
    learnState(redactor, {
      resources: [{ ...random, values: { id: 'hG7sK2pQ9xZ1' }, sensitivePaths: [] }],
      outputs: {},
    } as unknown as StateModel);
    expect(redactor.text('got hG7sK2pQ9xZ1')).toBe('got «secret DB_PASSWORD»');
  });

  it('knows no name rather than a broken one', async () => {
    const arn = `arn:aws:sqs:eu-west-1:123456789012:q-${token}`;
    const record = aRecord({
      name: 'feature-auth',
      resources: [
        { ...resource, identity: `q-${token}`, arn, attributes: { name: `q-${token}`, kind: 'fifo' } },
      ],
    });
    const read = await writtenBy(knowing({ TOKEN: token }), record);
    expect(read?.resources).toEqual([
      { ...resource, identity: null, arn: null, attributes: { kind: 'fifo' } },
    ]);
  });

  it('is refused where a secret is part of the way to the state', async () => {
    const record = aRecord({ name: 'feature-auth', state: `s3://states/${token}/terraform.tfstate` });
    await expect(writtenBy(knowing({ TOKEN: token }), record)).rejects.toMatchObject({
      code: 'backend-invalid',
      message:
        'A secret stands in what feature-auth is found by: s3://states/«secret TOKEN»/terraform.tfstate',
    });
  });
});
