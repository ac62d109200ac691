import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CommandOptions,
  describe as describeCommand,
  invoke,
  terraformEnvironment,
} from '../../src/terraform/command.ts';
import type { TransferEvent } from '../../src/transfer/host.ts';

let root = '';
let config = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'command-test-'));
  config = path.join(root, 'cli.tfrc');
  await writeFile(config, `provider_installation {\n  filesystem_mirror {\n    path = "/cache"\n  }\n}\n`);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const options = (more: Partial<CommandOptions> = {}): CommandOptions => ({
  binary: process.execPath,
  moduleDir: root,
  dataDir: 'data/dev',
  notify: () => undefined,
  ...more,
});

describe('terraformEnvironment', () => {
  it('sets what makes Terraform quiet, offline and apart from other environments', () => {
    expect(terraformEnvironment(options(), {})).toMatchObject({
      TF_DATA_DIR: path.resolve('data/dev'),
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
    });
  });

  it('keeps back what would change what was proved', () => {
    const inherited = {
      TF_WORKSPACE: 'dev',
      TF_CLI_ARGS: '-no-color',
      TF_CLI_ARGS_plan: '-var-file=dev.tfvars',
      TF_CLI_ARGSX: 'something else',
      TF_VAR_token: 'kept',
      TF_LOG: 'trace',
    };
    const env = { ...inherited, ...terraformEnvironment(options(), inherited) };
    const given = Object.entries(env).filter(([name, value]) => name in inherited && value !== undefined);
    expect(given.map(([name]) => name)).toEqual(['TF_CLI_ARGSX', 'TF_VAR_token']);
    expect(
      terraformEnvironment(options({ env: { TF_WORKSPACE: 'dev' } }), {})['TF_WORKSPACE'],
    ).toBeUndefined();
  });

  it('keeps a log that goes into a file', () => {
    expect(terraformEnvironment(options(), { TF_LOG: 'trace', TF_LOG_PATH: '/x' })).not.toHaveProperty(
      'TF_LOG',
    );
  });

  it('does not name a configuration file that is missing', () => {
    const inherited = { TF_CLI_CONFIG_FILE: path.join(root, 'missing') };
    expect(terraformEnvironment(options(), inherited)['TF_CLI_CONFIG_FILE']).toBeUndefined();
    expect(terraformEnvironment(options({ cliConfigFile: config }), inherited)['TF_CLI_CONFIG_FILE']).toBe(
      config,
    );
  });

  it('gives up the plugin cache where it serves as a mirror: Terraform cannot copy a folder to itself', () => {
    const at = options({ cliConfigFile: config });
    const inherited = (cache: string): Record<string, string> => ({ TF_PLUGIN_CACHE_DIR: cache });
    expect(terraformEnvironment(at, inherited('/cache'))).toHaveProperty('TF_PLUGIN_CACHE_DIR', undefined);
    expect(terraformEnvironment(at, inherited('/other'))).not.toHaveProperty('TF_PLUGIN_CACHE_DIR');
  });
});

describe('invoke', () => {
  it('tells of every process, so that they can be counted', async () => {
    const events: TransferEvent[] = [];
    const result = await invoke(options({ notify: (event) => events.push(event) }), {
      args: ['-e', 'console.log(process.cwd())'],
      timeoutMs: 20_000,
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: `${root}\n` });
    expect(events).toMatchObject([
      { type: 'process-started' },
      { type: 'process', command: process.execPath },
    ]);
  });

  it('says that the program is missing, or took too long', async () => {
    await expect(
      invoke(options({ binary: 'no-such-terraform' }), { args: [], timeoutMs: 5_000 }),
    ).rejects.toMatchObject({
      code: 'tool-missing',
    });
    await expect(
      invoke(options(), { args: ['-e', 'setTimeout(() => {}, 60000)'], timeoutMs: 200, graceMs: 500 }),
    ).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('starts nothing after an interrupt, but for what tells how things stand', async () => {
    const signal = AbortSignal.abort();
    const request = { args: ['-e', 'console.log(1)'], timeoutMs: 20_000 };
    await expect(invoke(options({ signal }), request)).rejects.toMatchObject({ code: 'interrupted' });
    expect(await invoke(options({ signal }), { ...request, evenIfInterrupted: true })).toMatchObject({
      stdout: '1\n',
    });
  });
});

describe('the name of a command', () => {
  it('is what people know, without options', () => {
    expect(describeCommand({ binary: '/usr/bin/tofu' }, ['state', 'rm', '-no-color', 'aws_x.y'])).toBe(
      'tofu state rm',
    );
    expect(describeCommand({ binary: 'terraform' }, ['plan', '-json'])).toBe('terraform plan');
  });
});
