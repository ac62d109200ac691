import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeclarations } from '../../src/terraform/declarations.ts';
import type { Declarations, ModuleDeclarations } from '../../src/terraform/model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'declarations-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function read(files: Readonly<Record<string, string>>): Promise<Declarations> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  return readDeclarations(dir);
}

async function root(text: string): Promise<ModuleDeclarations> {
  const module = (await read({ 'main.tf': text })).modules[''];
  if (!module) throw new Error('no root module');
  return module;
}

describe('resources', () => {
  it('with arguments by path, repeated blocks together', async () => {
    const { resources } = await root(`resource "aws_x" "y" {
  count      = var.on ? 1 : 0
  provider   = aws.us
  depends_on = [aws_z.w]
  name       = "app-\${var.environment}"
  environment {
    variables = { TABLE = aws_dynamodb_table.t.name, MODE = "dev" }
  }
  ingress {
    port = 1
    from = "a"
  }
  ingress {
    from = local.b
  }
  dynamic "rule" {
    for_each = var.rules
    content {
      target = rule.value.arn
      own    = aws_q.r.arn
    }
  }
  dynamic "deep" {
    for_each = var.deep
    iterator = it
    content {
      x = it.value
      inner {
        y = [it.key, var.z]
      }
    }
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags]
  }
  provisioner "local-exec" {
    command = "true"
  }
}
`);
    expect(resources['aws_x.y']).toEqual({
      address: 'aws_x.y',
      mode: 'managed',
      type: 'aws_x',
      name: 'y',
      file: join(dir, 'main.tf'),
      line: 1,
      attributes: {
        name: { references: ['var.environment'], literals: ['app-'], line: 5 },
        'environment.variables': { references: ['aws_dynamodb_table.t.name'], literals: ['dev'], line: 7 },
        'ingress.port': { references: [], literals: [], line: 10 },
        'ingress.from': { references: ['local.b'], literals: ['a'], line: 11 },
        rule: { references: ['var.rules'], literals: [], line: 17 },
        'rule.target': { references: [], literals: [], line: 19 },
        'rule.own': { references: ['aws_q.r.arn'], literals: [], line: 20 },
        deep: { references: ['var.deep'], literals: [], line: 24 },
        'deep.x': { references: [], literals: [], line: 27 },
        'deep.inner.y': { references: ['var.z'], literals: [], line: 29 },
      },
      repetition: { references: ['var.on'], literals: [], line: 2 },
      preventDestroy: true,
      provisioners: [{ type: 'local-exec', line: 37 }],
    });
  });

  it('and data sources do not get mixed up', async () => {
    const { resources } = await root(
      'data "aws_x" "y" {\n for_each = toset(["a"])\n}\nresource "aws_x" "y" {}\n',
    );
    expect(resources['data.aws_x.y']).toMatchObject({
      mode: 'data',
      repetition: { literals: ['a'] },
      preventDestroy: false,
    });
    expect(resources['aws_x.y']).toMatchObject({ mode: 'managed', repetition: null });
  });
});

it('reads variables with defaults and validations', async () => {
  const { variables } = await root(`variable "a" {
  description = "A"
  default     = { x = [1, null] }
  sensitive   = true
  validation {
    condition     = length(var.a) > 1
    error_message = "Too short."
  }
  validation {
    condition     = true
    error_message = "Not \${var.a} here."
  }
}
variable "b" {}
variable "c" { default = null }
`);
  expect(variables['a']).toEqual({
    name: 'a',
    file: join(dir, 'main.tf'),
    line: 1,
    default: { x: [1, null] },
    hasDefault: true,
    sensitive: true,
    description: 'A',
    type: null,
    validations: [
      { line: 5, errorMessage: 'Too short.', condition: 'length(var.a) > 1' },
      { line: 9, errorMessage: 'Not … here.', condition: 'true' },
    ],
  });
  expect(variables['b']).toMatchObject({ hasDefault: false, sensitive: false, description: null });
  expect(variables['b']).not.toHaveProperty('default');
  expect(variables['c']).toMatchObject({ hasDefault: true, default: null });
});

it('reads locals, outputs, versions and the backend', async () => {
  const declarations = await read({
    'versions.tf': `terraform {
  required_version = ">= 1.10"
  required_providers {
    aws    = { source = "registry.terraform.io/hashicorp/aws", version = "~> 5.0" }
    random = {}
    other  = { source = "acme/other" }
    null   = "3.0"
  }
  backend "s3" {
    bucket = "state" # the bucket
    lock   = true
  }
}
`,
    'main.tf':
      'locals {\n  a = "x-${var.e}"\n}\nlocals {\n  b = local.a\n}\noutput "o" {\n  value = aws_x.y.arn\n}\n',
  });
  expect(declarations).toMatchObject({
    requiredVersion: '>= 1.10',
    requiredProviders: {
      'hashicorp/aws': '~> 5.0',
      'hashicorp/random': null,
      'acme/other': null,
      'hashicorp/null': '3.0',
    },
    backend: {
      type: 's3',
      file: join(dir, 'versions.tf'),
      line: 9,
      settings: { bucket: 'state', lock: true },
      text: 'backend "s3" {\n    bucket = "state" # the bucket\n    lock   = true\n  }',
    },
    unresolvedCalls: [],
  });
  expect(declarations.modules['']?.locals).toMatchObject({
    a: { references: ['var.e'], literals: ['x-'], line: 2 },
    b: { references: ['local.a'] },
  });
  expect(declarations.modules['']?.outputs).toEqual({
    o: { references: ['aws_x.y.arn'], literals: [], line: 8 },
  });
});

describe('modules', () => {
  it('are followed on disk, by path, once for every call', async () => {
    const declarations = await read({
      'main.tf': `module "api" {
  source      = "./modules/api"
  environment = var.environment
  for_each    = var.all
}
module "again" { source = "./modules/api" }
module "remote" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0"
}
module "gone" { source = "../nowhere" }
`,
      'modules/api/main.tf': 'module "inner" { source = "../inner" }\nresource "aws_x" "y" {}\n',
      'modules/inner/main.tf': 'resource "aws_z" "w" {}\n',
    });
    expect(Object.keys(declarations.modules).toSorted()).toEqual([
      '',
      'again',
      'again.inner',
      'api',
      'api.inner',
    ]);
    expect(declarations.modules['api.inner']?.resources).toHaveProperty(['aws_z.w']);
    expect(declarations.modules['']?.calls['api']).toEqual({
      source: './modules/api',
      line: 1,
      attributes: { environment: { references: ['var.environment'], literals: [], line: 3 } },
    });
    expect(declarations.unresolvedCalls).toEqual(['remote', 'gone']);
  });

  it('that init has brought are found through its data folder', async () => {
    const files = {
      'main.tf': 'module "vpc" { source = "terraform-aws-modules/vpc/aws" }\n',
      'data/modules/modules.json': JSON.stringify({
        Modules: [
          { Key: '', Source: '', Dir: '.' },
          {
            Key: 'vpc',
            Source: 'registry.terraform.io/terraform-aws-modules/vpc/aws',
            Dir: 'data/modules/vpc',
          },
          { Key: 'vpc.sub', Source: 'git::https://x', Dir: 'data/modules/vpc.sub' },
        ],
      }),
      'data/modules/vpc/main.tf': 'module "sub" { source = "git::https://x" }\n',
      'data/modules/vpc.sub/main.tf': 'resource "aws_x" "y" {}\n',
    };
    expect((await read(files)).unresolvedCalls).toEqual(['vpc']);
    const declarations = await readDeclarations(dir, { dataDir: join(dir, 'data') });
    expect(declarations.unresolvedCalls).toEqual([]);
    expect(declarations.modules['vpc.sub']?.resources).toHaveProperty(['aws_x.y']);
    await writeFile(join(dir, 'data/modules/modules.json'), '{"Modules": [');
    expect((await readDeclarations(dir, { dataDir: join(dir, 'data') })).unresolvedCalls).toEqual(['vpc']);
  });

  it('that call themselves come to an end', async () => {
    const declarations = await read({ 'main.tf': 'module "m" { source = "./" }\n' });
    expect(declarations.unresolvedCalls).toHaveLength(1);
  });
});

describe('files', () => {
  it('that override replace arguments and whole groups of blocks', async () => {
    const declarations = await read({
      'main.tf': `terraform {
  required_version = ">= 1.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = "4" }
    x   = { source = "a/x" }
  }
  backend "s3" {}
}
locals {
  a = "base"
  b = "kept"
}
resource "aws_x" "y" {
  name = "base"
  size = "kept"
  rule { a = "base" }
}
`,
      'x_override.tf': `terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5" }
  }
  backend "local" {}
}
locals { a = "over" }
resource "aws_x" "y" {
  name = "over"
  rule { b = "over" }
}
`,
      'override.tf.json': '{"resource": {"aws_x": {"y": {"json": "over"}}}}',
    });
    expect(declarations.backend?.type).toBe('local');
    expect(declarations.requiredVersion).toBe('>= 1.0');
    expect(declarations.requiredProviders).toEqual({ 'hashicorp/aws': '5', 'a/x': null });
    expect(declarations.modules['']?.locals).toMatchObject({
      a: { literals: ['over'] },
      b: { literals: ['kept'] },
    });
    const attributes = declarations.modules['']?.resources['aws_x.y']?.attributes ?? {};
    expect(
      Object.fromEntries(Object.entries(attributes).map(([path, { literals }]) => [path, literals])),
    ).toEqual({
      name: ['over'],
      size: ['kept'],
      'rule.b': ['over'],
      json: ['over'],
    });
  });

  it('may be JSON', async () => {
    const declarations = await read({
      'main.tf.json': JSON.stringify(
        {
          '//': 'comment',
          terraform: {
            required_version: '>= 1.1',
            required_providers: { aws: { source: 'hashicorp/aws' } },
            backend: { s3: { bucket: 'state' } },
          },
          variable: {
            env: {
              default: 'dev',
              sensitive: true,
              validation: [{ condition: '${true}', error_message: 'No.' }],
            },
            free: {},
          },
          locals: [{ a: 'x-${var.env}' }],
          output: { o: { value: '${aws_x.y.arn}' } },
          module: { m: { source: './m', name: '${local.a}' } },
          data: { aws_d: { e: {} } },
          resource: {
            aws_x: {
              y: {
                '//': 'comment',
                name: 'app-${var.env}-%{ if var.on }x%{ endif }',
                environment: { variables: { A: '${aws_q.r.name}' } },
                count: '${var.n}',
                lifecycle: { prevent_destroy: true },
                provisioner: [{ 'local-exec': { command: 'true' } }],
              },
            },
          },
        },
        null,
        2,
      ),
      'm/main.tf.json': '{"resource": {"aws_z": {"w": {}}}}',
    });
    expect(declarations).toMatchObject({
      requiredVersion: '>= 1.1',
      requiredProviders: { 'hashicorp/aws': null },
      backend: { type: 's3', settings: { bucket: 'state' }, text: 'backend "s3" {\n  bucket = "state"\n}' },
    });
    const module = declarations.modules[''];
    expect(module?.variables).toMatchObject({
      env: { default: 'dev', hasDefault: true, sensitive: true, validations: [{ errorMessage: 'No.' }] },
      free: { hasDefault: false },
    });
    expect(module?.locals['a']).toMatchObject({ references: ['var.env'], literals: ['x-'] });
    expect(module?.outputs['o']).toMatchObject({ references: ['aws_x.y.arn'] });
    expect(module?.calls['m']).toMatchObject({
      source: './m',
      attributes: { name: { references: ['local.a'] } },
    });
    expect(module?.resources['aws_x.y']).toMatchObject({
      attributes: {
        name: { references: ['var.env', 'var.on'], literals: ['app-', '-', 'x'] },
        environment: { references: ['aws_q.r.name'] },
        'environment.variables': { references: ['aws_q.r.name'] },
      },
      repetition: { references: ['var.n'] },
      preventDestroy: true,
      provisioners: [{ type: 'local-exec' }],
    });
    expect(module?.resources['aws_x.y']?.attributes).not.toHaveProperty('count');
    expect(declarations.modules['m']?.resources).toHaveProperty(['aws_z.w']);
  });

  it('that are no configuration are left alone', async () => {
    const declarations = await read({
      'main.tf': 'locals {}\n',
      '.hidden.tf': '{{',
      'main.tf~': '{{',
      '#main.tf#': '{{',
      'notes.txt': '{{',
    });
    expect(Object.keys(declarations.modules)).toEqual(['']);
  });

  it.each<readonly [string, string, number]>([
    ['main.tf', 'locals {\n  a = "x\n}\n', 2],
    ['main.tf', 'resource "a" "b" {\n  x = [1,\n}\n', 2],
    ['main.tf.json', '{\n  "locals": {\n}', 1],
  ])('that do not parse are named with their line: %s %j', async (file, text, line) => {
    await expect(read({ [file]: text })).rejects.toMatchObject({
      code: 'configuration-invalid',
      exitCode: 2,
      where: { file: join(dir, file), line },
      hint: expect.any(String),
    });
  });

  it('have to be there', async () => {
    await expect(read({ 'README.md': '' })).rejects.toMatchObject({
      code: 'project-not-found',
      where: { file: dir },
    });
  });
});
