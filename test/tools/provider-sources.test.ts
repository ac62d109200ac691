import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ProviderSources,
  providerSources,
  type ProviderSourcesOptions,
} from '../../src/tools/provider-sources.ts';

let root = '';
let home = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'providers-test-'));
  home = path.join(root, 'home');
  await mkdir(home);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function mirror(...segments: string[]): Promise<string> {
  const folder = path.join(root, ...segments);
  await mkdir(path.join(folder, 'registry.terraform.io', 'hashicorp', 'aws'), { recursive: true });
  return folder;
}

const decide = (env: Record<string, string>, more: ProviderSourcesOptions = {}): Promise<ProviderSources> =>
  providerSources({
    env: { HOME: home, ...env },
    roots: [],
    reachable: () => Promise.resolve(false),
    ...more,
  });

const never = (): Promise<boolean> => {
  throw new Error('the registry was asked');
};

describe('providerSources', () => {
  it('leaves a configuration alone that is there', async () => {
    const file = path.join(root, 'my.tfrc');
    await writeFile(file, 'provider_installation {}\n');
    expect(await decide({ TF_CLI_CONFIG_FILE: file }, { reachable: never })).toMatchObject({
      cliConfigFile: file,
    });

    const other = path.join(root, 'other-home');
    await mkdir(other);
    await writeFile(path.join(other, '.terraformrc'), 'plugin_cache_dir = "/x"\n');
    expect(await decide({ HOME: other }, { reachable: never })).toMatchObject({ cliConfigFile: null });
  });

  it('does nothing where the registry answers', async () => {
    const root = await mirror('reached', 'mirror');
    const found = await decide({}, { roots: [root], reachable: () => Promise.resolve(true) });
    expect(found).toMatchObject({ cliConfigFile: null, mirrors: [] });
  });

  it('takes a configuration file that is missing for none, and finds mirrors below the usual roots', async () => {
    const deep = await mirror('opt', 'vendor', 'terraform', 'mirror');
    const near = await mirror('srv');
    await mirror('opt', 'far', 'far', 'far', 'too-far');
    await mkdir(path.join(root, 'opt', 'empty', 'registry.terraform.io'), { recursive: true });
    const found = await decide(
      { TF_CLI_CONFIG_FILE: path.join(root, 'missing.tfrc') },
      { roots: [path.join(root, 'opt'), path.join(root, 'srv'), path.join(root, 'no-such-root')] },
    );
    expect(found.mirrors).toEqual([deep, near]);
    expect(await readFile(found.cliConfigFile ?? '', 'utf8')).toBe(
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(deep)}\n  }\n  filesystem_mirror {\n    path = ${JSON.stringify(near)}\n  }\n}\n`,
    );
  });

  it('takes the plugin cache for a mirror', async () => {
    const cache = await mirror('cache');
    expect(await decide({ TF_PLUGIN_CACHE_DIR: cache })).toMatchObject({ mirrors: [cache] });
  });

  it('says so where there is neither', async () => {
    const found = await decide({});
    expect(found.cliConfigFile).toBeNull();
    expect(found.note).toContain('no mirror was found');
  });
});
