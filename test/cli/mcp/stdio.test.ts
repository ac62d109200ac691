/** The SDK's own client, over standard input and output, against the real program. */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/process/run.ts';
import { makeProject } from '../../support/cli.ts';
import { aRecord } from '../../support/record.ts';
import { call } from './client.ts';

const bin = join(import.meta.dirname, '..', '..', '..', 'src', 'bin.ts');
/** By its full name: the program runs in the folder of a project. */
const args = ['--import', import.meta.resolve('tsx'), bin, 'mcp'];

let project: string;
const client = new Client({ name: 'test', version: '1' });
beforeAll(async () => {
  project = await makeProject([aRecord()]);
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([k, v]) => (v ? [[k, v]] : [])));
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [...args, '-C', project], env }),
  );
}, 60_000);
afterAll(() => client.close());

// Each call starts the program from its sources.
describe('provision-env mcp', { timeout: 60_000 }, () => {
  it('lists its tools', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['plan', 'provision', 'destroy']));
  });

  it('answers with the document of the command', async () => {
    const { isError, document } = await call(client, 'list', {});
    expect(isError).toBe(false);
    expect(document?.records?.map(({ name }) => name)).toEqual(['feature-auth']);
  });

  it('says what is wrong with a name, and with what is not there', async () => {
    const refused = await call(client, 'plan', { target_env: '$(id)' });
    expect([refused.isError, refused.text]).toEqual([true, expect.stringContaining('environment name')]);
    const missing = await call(client, 'plan', { target_env: 'feature-x', source_env: 'qa' });
    expect([missing.isError, missing.document?.error?.code]).toEqual([true, 'environment-not-found']);
    const protectedOne = await call(client, 'destroy', { env: 'dev', confirm: 'dev', digest: 'd1' });
    expect([protectedOne.isError, protectedOne.document?.error?.code]).toEqual([
      true,
      'protected-environment',
    ]);
  });

  it('ends when its client goes away', async () => {
    const { exitCode, stdout } = await run({
      command: process.execPath,
      args: [...args, '-C', project],
      input: '',
      timeoutMs: 50_000,
    });
    expect([exitCode, stdout]).toEqual([0, '']);
  });
});
