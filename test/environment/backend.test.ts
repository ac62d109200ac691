import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, configSchema, defaultConfig } from '../../src/config/schema.ts';
import { deriveTarget, findEnvironment, findProject } from '../../src/environment/discover.ts';
import type { EnvironmentBackend } from '../../src/environment/model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'backend-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function backends(
  given: Readonly<Record<string, string>>,
  config: Config = defaultConfig(),
): Promise<{ source: EnvironmentBackend; target: EnvironmentBackend }> {
  const all = { 'terraform/dev.tfvars': 'environment = "dev"', ...given };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  const project = await findProject({ cwd: dir, config });
  const source = await findEnvironment(project, 'dev', config);
  return {
    source: source.backend,
    target: (await deriveTarget(project, source, 'feature-auth', config)).backend,
  };
}

const main = (block: string): Readonly<Record<string, string>> => ({
  'terraform/main.tf': `terraform {\n  ${block}\n}\nvariable "environment" {}\n`,
});
const at = (...path: readonly string[]): string => join(dir, 'terraform', ...path);

describe('an s3 backend', () => {
  const file =
    '# of dev\r\nbucket = "state"\r\nkey    = "app/dev/terraform.tfstate" # one per environment\r\nregion = "eu-west-1"\r\n';

  it.each([
    'envs/{env}/backend.hcl',
    'environments/{env}/backend.hcl',
    '{env}.backend.hcl',
    'backend.{env}.hcl',
    'backend-{env}.hcl',
    'config.{env}.s3.tfbackend',
    'envs/{env}/config.s3.tfbackend',
    '{env}.tfbackend',
  ])('with the file %s gets one like it', async (layout) => {
    const { source, target } = await backends({
      ...main('backend "s3" {}'),
      [`terraform/${layout.replaceAll('{env}', 'dev')}`]: file,
    });
    expect(source).toMatchObject({
      kind: 's3',
      file: at(layout.replaceAll('{env}', 'dev')),
      fileExists: true,
      fileText: file,
    });
    expect(source.location).toBe('s3://state/app/dev/terraform.tfstate');
    expect(target).toMatchObject({
      kind: 's3',
      file: at(layout.replaceAll('{env}', 'feature-auth')),
      fileExists: false,
      overrides: {},
      stateFile: null,
    });
    expect(target.settings).toEqual({
      bucket: 'state',
      key: 'app/feature-auth/terraform.tfstate',
      region: 'eu-west-1',
    });
    expect(target.location).toBe('s3://state/app/feature-auth/terraform.tfstate');
    const [header, rest] = target.fileText?.split('\r\n\r\n') ?? [];
    expect(header).toContain(`# terraform/${layout.replaceAll('{env}', 'feature-auth')}\r\n# Created from: `);
    expect(rest).toBe(file.replace('app/dev', 'app/feature-auth'));
  });

  it.each([
    ['terraform.tfstate', 'feature-auth/terraform.tfstate'],
    ['app/terraform.tfstate', 'app/feature-auth/terraform.tfstate'],
    ['app/dev.tfstate', 'app/feature-auth.tfstate'],
    ['app/developer.tfstate', 'app/feature-auth/developer.tfstate'],
    ['app-dev/x', 'app-feature-auth/x'],
  ])('whose key stands in the block as %s gets %s beside it', async (key, expected) => {
    const { source, target } = await backends(
      main(`backend "s3" {\n bucket = "state"\n key = "${key}"\n dynamodb_table = "locks"\n }`),
    );
    expect(source).toMatchObject({ file: null, location: `s3://state/${key}`, overrides: {} });
    expect(target).toMatchObject({
      file: null,
      fileText: null,
      overrides: { key: expected },
      location: `s3://state/${expected}`,
    });
    expect(target.settings).toEqual({ bucket: 'state', key: expected, dynamodb_table: 'locks' });
    expect(target.declaration?.text).toContain('backend "s3" {');
  });

  it('whose file has the bucket only gets the key into its own', async () => {
    const { target } = await backends({
      ...main('backend "s3" {\n key = "terraform.tfstate"\n }'),
      'terraform/dev.tfbackend': 'bucket = "dev-state"',
    });
    expect(target.settings).toEqual({ bucket: 'dev-state', key: 'feature-auth/terraform.tfstate' });
    expect(target.fileText).toMatch(/bucket = "dev-state"\nkey = "feature-auth\/terraform\.tfstate"\n$/);
  });

  it('that the target has already is used as it is, even where it is the same state', async () => {
    const { source, target } = await backends({
      ...main('backend "s3" {}'),
      'terraform/dev.tfbackend': file,
      'terraform/feature-auth.tfbackend': file,
    });
    expect(target).toMatchObject({ fileExists: true, fileText: file });
    expect(target.location).toBe(source.location);
  });

  it('is one state for two regions and a leading slash', async () => {
    const { source, target } = await backends({
      ...main('backend "s3" {\n bucket = "state"\n }'),
      'terraform/dev.tfbackend': 'key = "/k"\nregion = "eu-west-1"',
      'terraform/feature-auth.tfbackend': 'key = "k"',
    });
    expect(target.location).toBe(source.location);
  });

  it('takes settings from the configuration', async () => {
    const config = configSchema.parse({
      environments: {
        backendFile: 'state/{env}.hcl',
        overrides: {
          dev: { backendConfig: { bucket: 'b' } },
          'feature-auth': { backendConfig: { bucket: 'c', key: 'own' } },
        },
      },
    });
    const { source, target } = await backends(
      { ...main('backend "s3" {}'), 'terraform/state/dev.hcl': 'key = "dev"' },
      config,
    );
    expect(source.location).toBe('s3://b/dev');
    expect(target).toMatchObject({
      file: at('state/feature-auth.hcl'),
      location: 's3://c/own',
      overrides: { bucket: 'c', key: 'own' },
    });
  });

  it.each<readonly [string, string, RegExp, number | undefined]>([
    ['no bucket', 'key = "k"', /has no `bucket`/, undefined],
    ['no key', 'bucket = "k"', /has no `key`/, undefined],
    ['broken', 'bucket = "a"\nkey = "b', /does not parse/, 2],
    ['a reference', 'bucket = var.x', /`bucket` is not a plain value/, 1],
  ])('with %s in its file is refused', async (_, text, message, line) => {
    await expect(
      backends({ ...main('backend "s3" {}'), 'terraform/dev.tfbackend': text }),
    ).rejects.toMatchObject({
      code: 'backend-invalid',
      exitCode: 2,
      message: expect.stringMatching(message),
      where: { file: at('dev.tfbackend'), ...(line === undefined ? {} : { line }) },
    });
  });

  it('with nothing said is refused at its block', async () => {
    await expect(backends(main('backend "s3" {}'))).rejects.toMatchObject({
      code: 'backend-invalid',
      where: { file: at('main.tf'), line: 2 },
      hint: expect.stringContaining('envs/dev/backend.hcl'),
    });
  });
});

describe('a local backend', () => {
  it.each([
    ['', 'terraform.tfstate', 'feature-auth/terraform.tfstate'],
    ['path = "state/dev.tfstate"', 'state/dev.tfstate', 'state/feature-auth.tfstate'],
    ['path = "../dev/x.tfstate"', '../dev/x.tfstate', '../feature-auth/x.tfstate'],
  ])('with {%s} gets its own path', async (setting, own, derived) => {
    const { source, target } = await backends(main(`backend "local" {\n ${setting}\n }`));
    expect(source).toMatchObject({ kind: 'local', stateFile: at(own), location: `file://${at(own)}` });
    expect(target).toMatchObject({ kind: 'local', stateFile: at(derived), overrides: { path: derived } });
  });

  it('with an absolute path renames its end only', async () => {
    const { target } = await backends(
      main('backend "local" {\n path = "/home/dev/states/dev/x.tfstate"\n }'),
    );
    expect(target.stateFile).toBe('/home/dev/states/feature-auth/x.tfstate');
  });
});

describe('no backend', () => {
  it.each([
    [[], 'terraform.tfstate', 'terraform.feature-auth.tfstate'],
    [['terraform.tfstate'], 'terraform.tfstate', 'terraform.feature-auth.tfstate'],
    [
      ['terraform.tfstate', 'terraform.dev.tfstate'],
      'terraform.dev.tfstate',
      'terraform.feature-auth.tfstate',
    ],
    [['dev.tfstate'], 'dev.tfstate', 'feature-auth.tfstate'],
    [['envs/dev/terraform.tfstate'], 'envs/dev/terraform.tfstate', 'envs/feature-auth/terraform.tfstate'],
  ])('with the state files %j', async (states, own, derived) => {
    const { source, target } = await backends({
      ...main(''),
      ...Object.fromEntries(states.map((file) => [`terraform/${file}`, '{}'])),
    });
    expect(source).toMatchObject({
      kind: 'none',
      declaration: null,
      stateFile: at(own),
      location: `file://${at(own)}`,
    });
    expect(target).toMatchObject({
      kind: 'none',
      file: null,
      stateFile: at(derived),
      location: `file://${at(derived)}`,
    });
  });
});

it.each(['azurerm', 'gcs', 'http', 'remote', 'pg', 'consul', 'kubernetes'])(
  'refuses the backend %s, with the mend',
  async (type) => {
    await expect(backends(main(`backend "${type}" {}`))).rejects.toMatchObject({
      code: 'backend-unsupported',
      exitCode: 2,
      message: expect.stringContaining(`\`${type}\``),
      where: { file: at('main.tf'), line: 2 },
    });
  },
);

it('refuses a cloud block', async () => {
  await expect(backends(main('cloud {\n organization = "o"\n }'))).rejects.toMatchObject({
    code: 'backend-unsupported',
  });
});
