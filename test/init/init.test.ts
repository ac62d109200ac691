import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { findProject } from '../../src/environment/discover.ts';
import { configName, configText } from '../../src/init/config-text.ts';
import { type Answers, type Found, look } from '../../src/init/look.ts';
import { runCli } from '../support/cli.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function projectOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pe-init-'));
  for (const [path, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const s3 = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    region = "eu-west-1"\n  }\n}\n';
const environment = 'variable "environment" {\n  type = string\n}\n';

interface Layout {
  readonly files: Readonly<Record<string, string>>;
  /** What is asked, in order, and what a person answers. */
  readonly asks?: readonly (readonly [keyof Answers, string, readonly string[]])[];
  readonly found: Partial<Found>;
}

const layouts: Readonly<Record<string, Layout>> = {
  'that of the example': {
    files: {
      'terraform/main.tf': s3 + environment,
      'terraform/terraform.dev.tfvars': 'environment = "dev"',
      'terraform/terraform.staging.tfvars': 'environment = "staging"',
      'terraform/envs/dev/backend.hcl': 'key = "dev"',
      'doppler.yaml': 'setup: {}',
    },
    found: {
      dir: 'terraform',
      variable: 'environment',
      environments: ['dev', 'staging'],
      backend: 's3',
      doppler: true,
      source: 'dev',
    },
  },
  'the root module at the top, no backend': {
    files: { 'main.tf': environment, 'dev.tfvars': 'environment = "dev"' },
    found: { dir: '.', environments: ['dev'], backend: null, doppler: false },
  },
  'a folder for each environment, another name for the variable': {
    files: {
      'infra/main.tf': `${s3}variable "stage" {\n  type = string\n}\n`,
      'infra/envs/dev/terraform.tfvars': 'stage = "dev"',
      'infra/envs/prod/terraform.tfvars': 'stage = "prod"',
    },
    found: { dir: 'infra', variable: 'stage', environments: ['dev', 'prod'] },
  },
  'a root module where nobody looks': {
    files: {
      'deploy/aws/main.tf': s3 + environment,
      'deploy/aws/config/dev.tfvars': 'environment = "dev"',
      'deploy/aws/modules/queue/main.tf': 'variable "name" {\n  type = string\n}\n',
    },
    found: { dir: 'deploy/aws', environments: ['dev'], backend: 's3' },
  },
  'two root modules in strange folders': {
    files: {
      'stacks/app/main.tf': s3 + environment,
      'stacks/app/dev.tfvars': 'environment = "dev"',
      'stacks/network/main.tf': s3,
    },
    asks: [['dir', 'stacks/app', ['stacks/app', 'stacks/network']]],
    found: { dir: 'stacks/app', environments: ['dev'] },
  },
  'a variable that nothing tells, and no dev': {
    files: {
      'terraform/main.tf': `${s3}variable "flavour" {\n  type = string\n}\nvariable "region" {\n  type = string\n}\n`,
      'terraform/terraform.qa.tfvars': 'flavour = "qa-1"',
      'terraform/terraform.uat.tfvars': 'flavour = "uat-1"',
    },
    asks: [
      ['variable', 'flavour', ['flavour', 'region']],
      ['source', 'uat', ['qa', 'uat']],
    ],
    found: { variable: 'flavour', environments: ['qa', 'uat'], source: 'uat' },
  },
  'var-files in sub-folders where nobody looks': {
    files: {
      'infra/main.tf': s3 + environment,
      'infra/vars/eu/dev.tfvars': 'environment = "dev"',
      'infra/vars/eu/prod.tfvars': 'environment = "prod"',
      'infra/vars/common.tfvars': 'region = "eu-west-1"',
      'infra/modules/queue/dev.tfvars': 'environment = "dev"',
    },
    found: { environments: ['dev', 'prod'], told: { varFile: 'vars/eu/{env}.tfvars' } },
  },
  'var-files beside the root module, by region': {
    files: {
      'infra/main.tf': s3 + environment,
      'settings/dev/eu.tfvars': 'environment = "dev"',
      'settings/dev/us.tfvars': 'environment = "dev"',
    },
    asks: [
      [
        'varFile',
        '../settings/{env}/us.tfvars',
        ['../settings/{env}/eu.tfvars', '../settings/{env}/us.tfvars'],
      ],
    ],
    found: { environments: ['dev'] },
  },
  'names made of the workspace': {
    files: {
      'terraform/main.tf': `${s3}${environment}# not terraform.workspace\n`,
      'terraform/names.tf': 'locals {\n  prefix = "app-${terraform.workspace}"\n}\n',
      'terraform/terraform.dev.tfvars': 'environment = "dev"',
    },
    found: { environments: ['dev'], workspaces: true },
  },
  'JSON and Terraform Cloud, nothing made yet': {
    files: {
      'terraform/main.tf.json': JSON.stringify({
        terraform: { cloud: { organization: 'acme' } },
        variable: { env: { type: 'string' } },
      }),
    },
    found: { variable: 'env', environments: [], source: 'dev', backend: 'cloud' },
  },
};

/** Looks, answering as the layout says; fails where something else is asked. */
async function interview(root: string, asks: NonNullable<Layout['asks']>): Promise<Found> {
  let answers: Answers = {};
  for (const [id, answer, choices] of asks) {
    const { question } = await look(root, answers);
    expect(question).toMatchObject({ id, choices });
    answers = { ...answers, [id]: answer };
  }
  const { found, question } = await look(root, answers);
  expect(question).toBeNull();
  return found as Found;
}

describe.each(Object.entries(layouts))('init in a project with %s', (_, { files, asks = [], found }) => {
  it('finds it, asks only what it cannot find, and writes a configuration that says the same', async () => {
    const root = await projectOf(files);
    const seen = await interview(root, asks);
    expect(seen).toMatchObject(found);

    await writeFile(join(root, configName), configText(seen));
    const config = await loadConfig(root);
    expect(config.defaultSource).toBe(seen.source);
    const project = await findProject({ cwd: root, config });
    expect(project).toMatchObject({
      root,
      moduleDir: join(root, seen.dir === '.' ? '' : seen.dir),
      environmentVariable: seen.variable,
      environments: seen.environments,
    });
  });
});

describe('provision-env init', () => {
  const strange = layouts['a variable that nothing tells, and no dev']?.files ?? {};

  it('writes the configuration, shows what it found, and ends with doctor', async () => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const root = await projectOf(strange);
    const { code, stdout } = await runCli(root, ['init', '--variable', 'flavour', '--source', 'qa']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Environments +qa, uat/);
    expect(stdout).toMatch(/Doctor[\s\S]*Project: root module/);
    expect(await readFile(join(root, configName), 'utf8')).toContain('  defaultSource: "qa",');
    // And not a second time.
    const again = await runCli(root, ['init', '--variable', 'flavour', '--source', 'uat']);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('has a configuration already')]);
    expect(await readFile(join(root, configName), 'utf8')).toContain('"qa"');
  });

  it('asks a person what it cannot find, and goes by the answers', async () => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const root = await projectOf(strange);
    const down = '\u001b[B';
    const { code, stderr } = await runCli(root, ['init'], { NO_COLOR: '1' }, ['\r', down, '\r']);
    expect(stderr).toContain('Which variable names the environment?');
    expect(stderr).toContain('Which environment is copied where none is named?');
    expect(code).toBe(0);
    const text = await readFile(join(root, configName), 'utf8');
    expect(text).toContain('    variable: "flavour",');
    expect(text).toContain('  defaultSource: "uat",');
  });

  it('writes nothing where a person declines', async () => {
    const root = await projectOf(strange);
    const { code } = await runCli(root, ['init'], { NO_COLOR: '1' }, ['\u0003']);
    expect(code).toBe(3);
    await expect(readFile(join(root, configName))).rejects.toThrow('ENOENT');
  });

  it('asks nobody where nobody is, and names the option that answers', async () => {
    const root = await projectOf(strange);
    const { code, stderr } = await runCli(root, ['init']);
    expect(code).toBe(6);
    expect(stderr).toContain('Say it with --variable. There are: flavour, region.');
    await expect(readFile(join(root, configName))).rejects.toThrow('ENOENT');
  });

  it.each<readonly [string, Record<string, string>, string[], string]>([
    ['no Terraform', {}, [], 'No Terraform root module was found'],
    ['no variable', { 'terraform/main.tf': s3 }, [], 'no variable that names the environment'],
    [
      'workspaces only',
      { 'terraform/main.tf': `${s3}locals {\n  name = terraform.workspace\n}\n` },
      [],
      'It goes by terraform.workspace',
    ],
    ['a pattern without the name', strange, ['--var-file', 'a.tfvars'], '--var-file must have {env} in it'],
    [
      'an unknown source',
      layouts['that of the example']?.files ?? {},
      ['--source', 'qa'],
      'There is no environment qa',
    ],
    ['a wrong folder', strange, ['--dir', 'nowhere'], 'no Terraform configuration in `nowhere`'],
  ])('says what is wrong with %s', async (_, files, args, message) => {
    const { code, stderr } = await runCli(await projectOf(files), ['init', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('writes names that would break out of a text as texts', () => {
    const found: Found = {
      root: '/p',
      dir: 'a"b\n${x}',
      variable: 'v',
      environments: [],
      source: 'dev',
      backend: null,
      doppler: false,
      workspaces: false,
      functions: [
        {
          address: 'aws_lambda_function.f["a\nb*/"]',
          why: 'behind the queue\nevil',
          called: false,
          handler: 'a\nb',
          event: { Records: [] },
        },
      ],
      told: { dir: 'a"b\n${x}' },
    };
    // Whatever stands in a name, it stays within its comment.
    expect(configText(found)).toContain('not called: behind the queue evil; handler a b\n');
    expect(configText(found)).toContain(String.raw`  //   "aws_lambda_function.f[\"a\nb*/\"]": {`);
    expect(configText(found)).toContain(String.raw`    dir: "a\"b\n${'${x}'}",`);
  });

  it('proposes an event for each function that fits what starts it, and says what is called without one', async () => {
    const project = await projectOf({
      ...layouts['that of the example']?.files,
      'terraform/functions.tf': `
resource "aws_lambda_function" "web" { function_name = "web-\${var.environment}" }
resource "aws_lambda_function_url" "web" {
  function_name      = aws_lambda_function.web.function_name
  authorization_type = "NONE"
}
resource "aws_lambda_function" "worker" {
  function_name = "worker-\${var.environment}"
  handler       = "src/worker.handler"
}
resource "aws_sqs_queue" "jobs" { name = "jobs-\${var.environment}" }
resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.worker.arn
}
resource "aws_lambda_function" "migrate" { function_name = "migrate-\${var.environment}" }
`,
    });
    const printed = await runCli(project, ['init', '--print']);
    expect(printed.stdout).toContain(
      '// asked with a GET: behind the Function URL aws_lambda_function_url.web',
    );
    expect(printed.stdout).toContain(
      '// not called: behind the queue aws_sqs_queue.jobs; handler src/worker.handler',
    );
    expect(printed.stdout).toContain('"aws_lambda_function.worker": { event: {"Records":[]} },');
    expect(printed.stdout).toContain('// not called: no URL, route or trigger of it is known');
    const written = await runCli(project, ['init']);
    const [shown, said] = ['Functions in a verification', 'is written'].map((text) =>
      written.stdout.indexOf(text),
    );
    expect(shown).toBeGreaterThan(0);
    expect(said).toBeGreaterThan(shown ?? 0);
  });
});
