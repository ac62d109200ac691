/** An agent makes and destroys an environment: the SDK's own client, the built program, the real Terraform. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Document } from '../../src/cli/document.ts';
import { call } from '../cli/mcp/client.ts';
import { bin, createWorld, type World } from './support/world.ts';

let world: World;
const client = new Client({ name: 'test', version: '1' });
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...world.env }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  );
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [bin, 'mcp'], cwd: world.project, env }),
  );
});
afterAll(async () => {
  await client.close();
  await world.close();
});

const devKey = 'mini/dev/terraform.tfstate';
const target = { target_env: 'feature-mcp', source_env: 'dev' };

async function records(): Promise<readonly (readonly [string, string])[]> {
  const { document } = await call(client, 'list', {});
  return (document?.records ?? []).map(({ name, status }) => [name, status] as const);
}

it('lets an agent look, and change only what a person confirmed', async () => {
  const bad = await call(client, 'plan', { target_env: '--yes' });
  expect([bad.isError, bad.text]).toEqual([true, expect.stringContaining('environment name')]);
  expect(await records()).toEqual([]);

  const planned = await call(client, 'provision', target);
  expect([planned.isError, planned.document?.status]).toEqual([false, 'planned']);
  const first = planned.document?.confirmation;
  expect(first?.confirm).toBe('feature-mcp');
  expect(await world.objects()).toEqual([devKey]);

  // Somebody changes the configuration while the person reads: their yes was to something else.
  const varFile = join(world.project, 'terraform', 'terraform.dev.tfvars');
  const text = await readFile(varFile, 'utf8');
  expect(text).toContain('"hello"');
  await writeFile(varFile, text.replace('"hello"', '"hola"'));
  const late = await call(client, 'provision', { ...target, confirm: 'feature-mcp', digest: first?.digest });
  expect([late.isError, late.document?.error?.code]).toEqual([true, 'plan-changed']);
  const second = late.document?.confirmation;
  expect(second?.digest).not.toBe(first?.digest);
  expect(await world.objects()).toEqual([devKey]);
  expect(await records()).toEqual([]);

  const heard: (string | undefined)[] = [];
  const made = await client.callTool(
    { name: 'provision', arguments: { ...target, confirm: 'feature-mcp', digest: second?.digest } },
    undefined,
    // A call as long as this one lives by what the server tells on the way.
    { onprogress: ({ message }) => heard.push(message), timeout: 60_000, resetTimeoutOnProgress: true },
  );
  const document = made.structuredContent as Document;
  expect([made.isError ?? false, document.status, document.error]).toEqual([false, 'verified', null]);
  expect(heard).toEqual(expect.arrayContaining([expect.stringContaining('7/7 Verify')]));
  expect(JSON.stringify(made)).not.toContain('canary-token');
  expect(await records()).toEqual([['feature-mcp', 'verified']]);

  const before = await world.objects();
  const shown = await call(client, 'destroy', { env: 'feature-mcp' });
  expect([shown.isError, shown.document?.status]).toEqual([false, 'planned']);
  expect(shown.document?.confirmation?.confirm).toBe('feature-mcp');
  const addresses = shown.document?.destroyPlan?.destroys.map(({ address }) => address);
  expect(addresses).toEqual(document.record?.resources.map(({ address }) => address));
  expect((await call(client, 'destroy', { env: 'feature-mcp', confirm: 'yes' })).isError).toBe(true);
  expect(await world.objects()).toEqual(before);
  expect(await records()).toEqual([['feature-mcp', 'verified']]);

  const alone = await call(client, 'destroy', { env: 'feature-mcp', confirm: 'feature-mcp' });
  expect([alone.isError, alone.document?.error?.code]).toEqual([true, 'usage']);
  const old = { env: 'feature-mcp', confirm: 'feature-mcp', digest: first?.digest };
  expect((await call(client, 'destroy', old)).document?.error?.code).toBe('plan-changed');
  expect(await world.objects()).toEqual(before);

  const gone = await call(client, 'destroy', { ...old, digest: shown.document?.confirmation?.digest });
  expect([gone.isError, gone.document?.status]).toEqual([false, 'destroyed']);
  expect(await world.objects()).toEqual([devKey]);
  expect(await records()).toEqual([]);
});
