/** Every adapter that can be tried against an AWS that keeps what it is told: there, and then not. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import type { CheckedResource, Presence } from '../../src/aws/adapter.ts';
import { checkResources } from '../../src/aws/check.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { adapterOf } from '../../src/aws/registry.ts';
import { makers } from './aws/makers.ts';

let sandbox: Sandbox;
let clients: AwsClients;

beforeAll(async () => {
  sandbox = await startSandbox();
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
});

async function presenceOf(resource: CheckedResource): Promise<Presence | undefined> {
  return (await checkResources([resource], clients))[0]?.presence;
}

describe.each(Object.entries(makers))('%s', (_service, make) => {
  it('finds what was made, and no longer what was taken away', async () => {
    const made = await make(clients, sandbox);
    for (const each of made) {
      const resource = {
        address: `${each.type}.x`,
        type: each.type,
        identity: null,
        id: each.id,
        arn: each.arn ?? null,
        attributes: each.attributes ?? {},
      };
      expect(
        Object.keys(resource.attributes).filter((name) => !adapterOf(each.type)?.needs.includes(name)),
      ).toEqual([]);
      expect([each.type, await presenceOf(resource)]).toEqual([
        each.type,
        expect.objectContaining({ state: 'present', condition: 'ready' }),
      ]);
      if (each.remove === undefined) continue;
      await each.remove();
      expect([each.type, await presenceOf(resource)]).toEqual([each.type, each.after ?? { state: 'absent' }]);
    }
  });
});
