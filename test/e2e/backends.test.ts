import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyByHand } from '../../src/demo/by-hand.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state', apply: null });
});
afterAll(() => world.close());

async function makeDev(
  copy: World,
  folder: string,
  { init, apply }: { init: readonly string[]; apply: readonly string[] },
): Promise<void> {
  await applyByHand({
    terraform: copy.terraform,
    dir: join(copy.project, folder),
    env: {
      ...process.env,
      ...copy.env,
      TF_VAR_api_token: 'canary-token-of-dev',
      TF_DATA_DIR: `${copy.project}-data-of-dev`,
    },
    init,
    apply,
  });
}

interface Files {
  readonly devState: string;
  readonly state: string;
  /** What is written for the target, and removed with it. */
  readonly written: readonly [varFile: string, ...others: readonly string[]];
}

/** The whole life of an environment whose state lies in a file, beside that of its source. */
async function expectOwnLife(copy: World, files: Files): Promise<void> {
  const before = await copy.read(files.devState);
  expect(before).toContain('mini-dev-');
  const { exitCode, document, stderr } = await copy.json(['feature-auth', 'from=dev', '--yes']);
  expect({ exitCode, error: document.error, stderr: exitCode === 0 ? '' : stderr }).toEqual({
    exitCode: 0,
    error: null,
    stderr: '',
  });
  expect(document.status).toBe('verified');
  expect(document.record?.state).toBe(`file://${join(copy.project, files.state)}`);
  expect(document.record?.varFile).toBe(files.written[0]);
  for (const file of files.written) expect(await copy.read(file)).toContain('feature-auth');
  const state = JSON.parse((await copy.read(files.state)) ?? '{}') as {
    outputs?: { table?: { value?: string } };
  };
  expect(state.outputs?.table?.value).toMatch(/^mini-feature-auth-(?:x-)?notes$/);
  expect(await copy.read(files.devState)).toBe(before);

  const destroyed = await copy.json(['destroy', 'feature-auth', '--yes']);
  expect(destroyed.document.error).toBeNull();
  expect([destroyed.exitCode, destroyed.document.status]).toEqual([0, 'destroyed']);
  for (const file of [files.state, `${files.state}.backup`, ...files.written])
    expect({ file, text: await copy.read(file) }).toEqual({ file, text: null });
  expect(await copy.read(files.devState)).toBe(before);
}

describe('a local backend', () => {
  it('keeps the state of each environment in its own file', async () => {
    const copy = await world.copy();
    await copy.edit('terraform/main.tf', (text) => text.replace('backend "s3" {}', 'backend "local" {}'));
    await copy.write('terraform/envs/dev/backend.hcl', 'path = "states/dev/terraform.tfstate"\n');
    await makeDev(copy, 'terraform', {
      init: ['-backend-config=envs/dev/backend.hcl'],
      apply: ['-var-file=terraform.dev.tfvars'],
    });
    await expectOwnLife(copy, {
      devState: 'terraform/states/dev/terraform.tfstate',
      state: 'terraform/states/feature-auth/terraform.tfstate',
      written: ['terraform/terraform.feature-auth.tfvars', 'terraform/envs/feature-auth/backend.hcl'],
    });
  });
});

describe('no backend, the root module in infra/, and a variable called stage', () => {
  let copy: World;
  beforeAll(async () => {
    copy = await world.copy();
    const at = (path: string): string => join(copy.project, path);
    await rename(at('terraform'), at('infra'));
    await rename(at('infra/terraform.dev.tfvars'), at('infra/dev.tfvars'));
    await rename(at('infra/envs'), at('unused'));
    await copy.edit('infra/main.tf', (text) =>
      text
        .replace('  backend "s3" {}\n', '')
        .replaceAll('var.environment', 'var.stage')
        .replace('variable "environment"', 'variable "stage"')
        // Not the names of the other test, on the same account.
        .replace('"mini-${var.stage}"', '"mini-${var.stage}-x"'),
    );
    await copy.edit('infra/dev.tfvars', (text) => text.replace(/^environment /m, 'stage '));
    await makeDev(copy, 'infra', {
      init: [],
      apply: ['-var-file=dev.tfvars', '-state=terraform.dev.tfstate'],
    });
  });

  it('keeps a state file for each environment', async () => {
    await expectOwnLife(copy, {
      devState: 'infra/terraform.dev.tfstate',
      state: 'infra/terraform.feature-auth.tfstate',
      written: ['infra/feature-auth.tfvars'],
    });
  });

  it("leaves alone the source's state where that is Terraform's own default", async () => {
    const state = 'infra/terraform.tfstate';
    await rename(join(copy.project, 'infra/terraform.dev.tfstate'), join(copy.project, state));
    const before = await copy.read(state);
    const { exitCode, document } = await copy.json(['plan', 'feature-auth', 'from=dev']);
    expect(document.error).toBeNull();
    expect([exitCode, document.status]).toEqual([0, 'planned']);
    const target = document.steps.find(({ id }) => id === 'analyze-target');
    expect(target?.output).toMatchObject({
      backend: { location: `file://${join(copy.project, 'infra/terraform.feature-auth.tfstate')}` },
    });
    expect(await copy.read(state)).toBe(before);
    expect(await copy.read('infra/terraform.feature-auth.tfstate')).toBeNull();
  });
});
