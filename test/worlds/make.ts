/** Makes a world of a shape: by hand with the stand-in Terraform what people made, by the product what it made. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { emptyAccount } from '../support/stand-in-terraform/account.ts';
import { runTerraform } from '../support/stand-in-terraform/run.ts';
import {
  bucket,
  type Environment,
  environmentsOf,
  type ModuleKind,
  projectOf,
  region,
  type Shape,
  type Snapshot,
  takeSnapshot,
  type World,
} from './world.ts';

const table = `resource "aws_dynamodb_table" "notes" {
  name         = "app-\${var.environment}-notes"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}
`;
const parameter = `resource "aws_ssm_parameter" "table" {
  name  = "/app/\${var.environment}/table"
  type  = "String"
  value = aws_dynamodb_table.notes.name
}
`;
const role = `resource "aws_iam_role" "jobs" {
  name               = "app-\${var.environment}-jobs"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
`;
const logs = `resource "aws_cloudwatch_log_group" "jobs" {
  name              = "/app/\${var.environment}/jobs"
  retention_in_days = var.retention
}
`;
const queue = (name: string): string => `resource "aws_sqs_queue" "jobs" {\n  name = "${name}"\n}\n`;

const resources: Readonly<Record<ModuleKind, readonly string[]>> = {
  two: [table, parameter],
  all: [table, parameter, role, logs, queue('app-${var.environment}-jobs')],
  shared: [table, queue('app-audit')],
};

function moduleText({ backend, module }: Shape): string {
  const block = {
    's3-file': '  backend "s3" {}\n',
    's3-override': `  backend "s3" {\n    bucket = "${bucket}"\n    region = "${region}"\n  }\n`,
    local: '  backend "local" {}\n',
    none: '',
  }[backend];
  return [
    `terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n${block}}\n`,
    'provider "aws" {\n  region = var.region\n}\n',
    'variable "environment" {\n  type = string\n}\n',
    'variable "region" {\n  type = string\n}\n',
    'variable "retention" {\n  type    = number\n  default = 7\n}\n',
    ...resources[module],
  ].join('\n');
}

function configText({ backend }: Shape, environments: readonly Environment[]): string {
  const keyed = environments.filter(({ role: made }) => made !== 'ours');
  const overrides = Object.fromEntries(
    keyed.map(({ name }) => [name, { backendConfig: { key: `app/${name}/terraform.tfstate` } }]),
  );
  const config = {
    secrets: { provider: 'dotenv', pattern: '.env.{env}' },
    ...(backend === 's3-override' ? { environments: { overrides } } : {}),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** The files that people write for an environment. */
function filesByHand(
  { backend }: Shape,
  { name, backendFile, secretsFile, varFile }: Environment,
): [string, string][] {
  const settings =
    backend === 'local'
      ? `path = "states/${name}.tfstate"\n`
      : `bucket = "${bucket}"\nkey    = "app/${name}/terraform.tfstate"\nregion = "${region}"\n`;
  return [
    [varFile, `environment = "${name}"\nregion      = "${region}"\n`],
    [secretsFile, 'GREETING=hello\n'],
    ...(backendFile === null ? [] : [[backendFile, settings] as [string, string]]),
  ];
}

async function applyByHand(world: World, environment: Environment): Promise<void> {
  const { account, folder, shape } = world;
  const { home, name } = environment;
  account.maker = name;
  const cwd = join(projectOf(world), 'terraform');
  const env = { TF_DATA_DIR: join(folder, 'data-of-people', name) };
  const settings = {
    's3-file': [`-backend-config=envs/${name}/backend.hcl`],
    's3-override': [`-backend-config=key=app/${name}/terraform.tfstate`],
    local: [`-backend-config=envs/${name}/backend.hcl`],
    none: [],
  }[shape.backend];
  const state = shape.backend === 'none' && 'file' in home ? [`-state=terraform.${name}.tfstate`] : [];
  const varFile = `-var-file=terraform.${name}.tfvars`;
  for (const args of [
    ['init', ...settings],
    ['apply', '-auto-approve', ...state, varFile],
  ]) {
    const { exitCode, stderr } = await runTerraform(args, env, cwd, account);
    if (exitCode !== 0) throw new Error(`${name} could not be made by hand: ${stderr}`);
  }
}

/** @param folder the same for all worlds: the paths in records and states are those of where they were made */
export async function makeWorld(shape: Shape, folder: string): Promise<Snapshot> {
  const environments = environmentsOf(shape);
  const world: World = { shape, folder, account: emptyAccount(), environments, env: {} };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  rmSync(folder, { recursive: true, force: true });
  write('outside.txt', 'not of the project\n');
  write('project/.git/HEAD', 'ref: refs/heads/main\n');
  write('project/terraform/main.tf', moduleText(shape));
  write('project/provision-env.config.json', configText(shape, environments));
  for (const environment of environments.filter(({ role: made }) => made !== 'ours')) {
    for (const [path, text] of filesByHand(shape, environment)) write(`project/${path}`, text);
    await applyByHand(world, environment);
  }
  const ours = environments.filter(({ role: made }) => made === 'ours');
  const accept = shape.module === 'shared' ? ['--accept', 'identity-free:aws_sqs_queue.jobs'] : [];
  for (const { name } of ours) {
    world.account.maker = name;
    // Only the last one ends: so a world knows whom `gc` takes.
    const ttl = name === ours.at(-1)?.name ? '2d' : 'never';
    const dies = shape.killed && name === ours.at(-1)?.name;
    world.account.death = dies ? { afterChanges: 1 } : null;
    const { exitCode, stderr } = await runCommand(world, [
      name,
      'from=dev',
      '--yes',
      '--ttl',
      ttl,
      ...accept,
    ]);
    world.account.death = null;
    if (exitCode !== (dies ? 5 : 0)) throw new Error(`${name} could not be made (${exitCode}): ${stderr}`);
  }
  world.account.maker = 'nobody';
  return takeSnapshot(world);
}
