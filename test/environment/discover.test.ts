import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, configSchema, defaultConfig, type UserConfig } from '../../src/config/schema.ts';
import { deriveTarget, findEnvironment, findProject } from '../../src/environment/discover.ts';
import type { EnvironmentFiles, Project } from '../../src/environment/model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'discover-'));
  await mkdir(join(dir, '.git'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function files(given: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(given)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
}

const config = (given: UserConfig): Config => configSchema.parse(given);
const project = async (given: Config = defaultConfig(), cwd = dir): Promise<Project> =>
  findProject({ cwd, config: given });

const variable = 'variable "environment" {}\n';

async function transfer(
  given: Config = defaultConfig(),
  source = 'dev',
  target = 'feature-auth',
): Promise<{ source: EnvironmentFiles; target: EnvironmentFiles }> {
  const found = await project(given);
  const environment = await findEnvironment(found, source, given);
  return { source: environment, target: await deriveTarget(found, environment, target, given) };
}

describe('the project', () => {
  it.each(['.', 'terraform', 'infra', 'infrastructure'])(
    'is found with its root module in %s',
    async (folder) => {
      await files({
        [join(folder, 'main.tf')]: variable,
        [join(folder, 'terraform.dev.tfvars')]: 'environment = "dev"',
      });
      await mkdir(join(dir, 'src', 'deep'), { recursive: true });
      const expected = {
        root: dir,
        moduleDir: join(dir, folder),
        hasModule: true,
        environmentVariable: 'environment',
        environments: ['dev'],
      };
      expect(await project()).toEqual(expected);
      expect(await project(defaultConfig(), join(dir, folder))).toEqual(expected);
      expect(await project(defaultConfig(), join(dir, 'src', 'deep'))).toEqual(expected);
    },
  );

  it('lies where the configuration file lies', async () => {
    await files({
      'app/provision-env.config.json': '{}',
      'app/deploy/aws/main.tf': variable,
      'app/deploy/aws/dev.tfvars': 'environment = "dev"',
      'main.tf': variable,
    });
    const found = await project(config({ terraform: { dir: 'deploy/aws' } }), join(dir, 'app', 'deploy'));
    expect(found).toMatchObject({ root: join(dir, 'app'), moduleDir: join(dir, 'app', 'deploy', 'aws') });
  });

  it('is read from JSON as well', async () => {
    await files({
      'main.tf.json': '{"variable": {"env": {"type": "string"}}}',
      'dev.tfvars.json': '{"env": "dev"}',
    });
    expect(await project()).toMatchObject({ environmentVariable: 'env', environments: ['dev'] });
  });

  it('that is not there', async () => {
    await files({ 'README.md': '' });
    await expect(project()).rejects.toMatchObject({
      code: 'project-not-found',
      exitCode: 2,
      hint: expect.stringContaining('terraform/'),
    });
    await expect(project(config({ terraform: { dir: 'nope' } }))).rejects.toMatchObject({
      code: 'project-not-found',
    });
  });

  it.each<readonly [string, string, Readonly<Record<string, string>>, string]>([
    ['whatever it is called', 'variable "which" {}', { 'dev.tfvars': 'which = "dev"' }, 'which'],
    [
      'the most usual of two',
      'variable "tier" {}\nvariable "env" {}',
      { 'dev.tfvars': 'tier = "dev"\nenv = "dev"' },
      'env',
    ],
    [
      'the one that fits most files',
      'variable "env" {}\nvariable "stage" {}',
      { 'dev.tfvars': 'env = "dev"\nstage = "dev"', 'prod.tfvars': 'env = "eu"\nstage = "prod"' },
      'stage',
    ],
    ['by its name alone', 'variable "stage" {}\nvariable "x" {}', { 'dev.tfvars': 'x = 1' }, 'stage'],
  ])('finds the variable: %s', async (_, declared, varFiles, expected) => {
    await files({ 'main.tf': declared, ...varFiles });
    expect((await project()).environmentVariable).toBe(expected);
  });

  it('takes the variable that the configuration names', async () => {
    await files({ 'main.tf': 'variable "name" {}', 'prod.tfvars': 'name = "production"' });
    expect(await project(config({ terraform: { variable: 'name' } }))).toMatchObject({
      hasModule: true,
      environmentVariable: 'name',
      environments: ['prod'],
    });
    await expect(project(config({ terraform: { variable: 'nme' } }))).rejects.toMatchObject({
      code: 'environment-variable-not-found',
    });
  });

  it('names the candidates where no variable fits', async () => {
    await files({ 'main.tf': 'variable "environment" {}', 'prod.tfvars': 'environment = "production"' });
    await expect(project()).rejects.toMatchObject({
      code: 'environment-variable-not-found',
      exitCode: 2,
      hint: expect.stringContaining('`environment` ("production" in prod.tfvars)'),
    });
  });

  it('counts as environments only var-files that name one', async () => {
    await files({
      'main.tf': variable,
      'terraform.dev.tfvars': 'environment = "dev"',
      'prod.tfvars': 'environment = "prod"',
      'envs/qa/terraform.tfvars': 'environment = "qa"',
      'secrets.tfvars': 'password = "x"',
      'common.tfvars': '',
      'terraform.tfvars': 'environment = "dev"',
      'x.auto.tfvars': 'environment = "x"',
      'broken.tfvars': 'environment = ',
    });
    expect((await project()).environments).toEqual(['broken', 'dev', 'prod', 'qa']);
  });

  it('with broken configuration says where', async () => {
    await files({ 'main.tf': 'variable "environment" {\n  type = \n}\n' });
    await expect(project()).rejects.toMatchObject({
      code: 'configuration-invalid',
      exitCode: 2,
      where: { file: join(dir, 'main.tf'), line: 2 },
    });
  });
});

describe('the files of an environment', () => {
  it.each(
    [
      'terraform.{env}.tfvars',
      '{env}.tfvars',
      'envs/{env}/terraform.tfvars',
      'environments/{env}/terraform.tfvars',
      'envs/{env}.tfvars',
      'vars/{env}.tfvars',
      'tfvars/{env}.tfvars',
    ].flatMap((layout) => [layout, `${layout}.json`]),
  )('in the layout %s', async (layout) => {
    const text = layout.endsWith('.json') ? '{"environment": "dev"}' : 'environment = "dev"';
    const at = (name: string): string => join(dir, 'terraform', layout.replaceAll('{env}', name));
    await files({
      'terraform/main.tf': variable,
      [join('terraform', layout.replaceAll('{env}', 'dev'))]: text,
    });
    const { source, target } = await transfer();
    expect((await project()).environments).toEqual(['dev']);
    expect(source).toMatchObject({ name: 'dev', varFile: at('dev'), varFileExists: true, layout });
    expect(target).toMatchObject({
      name: 'feature-auth',
      varFile: at('feature-auth'),
      varFileExists: false,
      layout,
    });
  });

  it('of a target that are there are used, in whatever layout', async () => {
    await files({
      'main.tf': variable,
      'terraform.dev.tfvars': 'environment = "dev"',
      'envs/feature-auth.tfvars': '',
    });
    expect((await transfer()).target).toMatchObject({
      varFile: join(dir, 'envs/feature-auth.tfvars'),
      varFileExists: true,
    });
  });

  it('lie where the configuration says', async () => {
    await files({
      'main.tf': variable,
      'c/dev/v.tfvars': 'environment = "dev"',
      'p.tfvars': 'environment = "prod"',
      'dev.tfvars': '',
    });
    const given = config({
      environments: {
        varFile: 'c/{env}/v.tfvars',
        overrides: { prod: { varFile: 'p.tfvars' }, qa: { varFile: 'q.tfvars' } },
      },
    });
    expect((await project(given)).environments).toEqual(['dev', 'prod']);
    expect((await transfer(given)).target.varFile).toBe(join(dir, 'c/feature-auth/v.tfvars'));
    expect((await transfer(given, 'prod')).target.varFile).toBe(join(dir, 'c/feature-auth/v.tfvars'));
    expect((await transfer(given, 'dev', 'qa')).target.varFile).toBe(join(dir, 'q.tfvars'));
  });

  it('that are missing are named, with what is near', async () => {
    await files({ 'main.tf': variable, 'staging.tfvars': 'environment = "staging"' });
    await expect(transfer(defaultConfig(), 'stagng')).rejects.toMatchObject({
      code: 'environment-not-found',
      exitCode: 2,
      message: expect.stringContaining('`stagng`'),
      hint: expect.stringMatching(
        /Did you mean `staging`\?.*terraform\.stagng\.tfvars, stagng\.tfvars, envs\/stagng\/terraform\.tfvars/,
      ),
    });
  });

  it.each(['../x', 'a/b', '', 'a\nb'])('are not looked for under the name %j', async (name) => {
    await files({ 'main.tf': variable });
    await expect(transfer(defaultConfig(), name)).rejects.toMatchObject({ code: 'name-invalid' });
  });
});
