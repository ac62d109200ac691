/**
 * Account and region at the edge: a stand-in for Terraform that counts how often it is started, and one for AWS that
 * only says whom the credentials belong to.
 */
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Document } from '../../src/cli/document.ts';
import type { EnvironmentRecord } from '../../src/transfer/record.ts';
import { type CliRun, makeProject, runCli } from '../support/cli.ts';
import { aRecord } from '../support/record.ts';

const dev = '111111111111';
const other = '222222222222';
let server: Server;
let account: string;
let asked: number;
let terraform: string;
let started: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      if (!body.includes('GetCallerIdentity') || account === 'denied') {
        response
          .writeHead(403)
          .end('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
        return;
      }
      asked += 1;
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/ada</Arn><UserId>A</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const folder = await mkdtemp(join(tmpdir(), 'pe-place-'));
  terraform = join(folder, 'terraform');
  started = join(folder, 'started');
  await writeFile(
    terraform,
    `#!/bin/sh\ncase "$1" in version) echo 'Terraform v1.11.4';; *) echo "$1" >> ${started};; esac\n`,
  );
  await chmod(terraform, 0o700);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  account = dev;
  asked = 0;
  await writeFile(started, '');
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_DEFAULT_REGION', undefined);
  vi.stubEnv('AWS_PROFILE', undefined);
});
afterEach(() => vi.unstubAllEnvs());

const table = (name: string): string =>
  JSON.stringify({
    version: 4,
    terraform_version: '1.11.4',
    serial: 1,
    lineage: `lineage-${name}`,
    outputs: {},
    resources: [
      {
        mode: 'managed',
        type: 'aws_dynamodb_table',
        name: 't',
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [
          {
            attributes: { id: name, name, arn: `arn:aws:dynamodb:eu-west-1:${dev}:table/${name}` },
          },
        ],
      },
    ],
    check_results: null,
  });

const main = (provider: string): string => `terraform {
  backend "local" {}
}
provider "aws" {
  ${provider}
}
variable "environment" {
  type = string
}
variable "region" {
  type    = string
  default = "eu-west-1"
}
variable "account" {
  type    = string
  default = ""
}
resource "aws_dynamodb_table" "t" {
  name = "t-\${var.environment}"
}
`;

const t1 = (more: Partial<EnvironmentRecord> = {}): EnvironmentRecord =>
  aRecord({
    name: 't1',
    moduleDir: 'terraform',
    backendFile: 'terraform/envs/t1/backend.hcl',
    state: 'unused',
    place: { partition: 'aws', account: dev, region: 'eu-west-1' },
    ...more,
  });

async function project(
  provider = 'region = var.region',
  files: Readonly<Record<string, string>> = {},
  records: readonly EnvironmentRecord[] = [],
): Promise<string> {
  return makeProject(records, {
    'terraform/main.tf': main(provider),
    'terraform/envs/dev/backend.hcl': 'path = "dev.tfstate"\n',
    'terraform/dev.tfstate': table('t-dev'),
    ...files,
  });
}

const json = async (root: string, args: readonly string[]): Promise<CliRun & { document: Document }> => {
  const run = await runCli(root, [...args.slice(0, 1), '--json', ...args.slice(1)], {
    PROVISION_ENV_TERRAFORM: terraform,
  });
  return { ...run, document: JSON.parse(run.stdout) as Document };
};

const plans = async (): Promise<number> =>
  (await readFile(started, 'utf8')).split('\n').filter((line) => line !== '' && line !== 'init').length;

// The first one waits for everything to load, on a busy machine for long.
describe('plan', { timeout: 60_000 }, () => {
  it("ends before any plan where the credentials are not of the source's account; asks once", async () => {
    account = other;
    const { code, document } = await json(await project(), ['plan', 't1', 'from=dev']);
    expect([code, document.status, document.findings[0]?.rule]).toEqual([3, 'blocked', 'account-expected']);
    expect(document.findings[0]?.message).toContain(dev);
    expect(document.findings[0]?.message).toContain(other);
    expect(document.place).toEqual({ partition: 'aws', account: other, region: 'eu-west-1' });
    expect([await plans(), asked]).toEqual([0, 1]);
  });

  it('ends before any plan where the configuration has another account', async () => {
    const root = await project('region = var.region', {
      'provision-env.config.json': JSON.stringify({
        accounts: { dev: { id: dev }, team: { id: other, profile: 'team' } },
        environments: { accounts: { 't*': 'team', '*': 'dev' } },
      }),
    });
    const { code, document } = await json(root, ['plan', 't1', 'from=dev']);
    expect([code, document.findings[0]?.hint]).toEqual([3, expect.stringContaining('AWS_PROFILE=team')]);
    expect(await plans()).toBe(0);
  });

  it('ends before any plan where only the environment says another region', async () => {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    const { code, document } = await json(await project('max_retries = 1'), ['plan', 't1', 'from=dev']);
    expect([code, document.findings[0]?.subject]).toEqual([3, 'us-east-1']);
    expect(await plans()).toBe(0);
  });

  it.each([
    ['the same account', 'region = var.region', []],
    ['another region by --set', 'region = var.region', ['--set', 'region=us-east-1']],
    ['a number that keeps its zeros', 'region = var.region\n  allowed_account_ids = ["000000000000"]', []],
  ])('goes on to plan with %s', async (_title, provider, args) => {
    await json(await project(provider), ['plan', 't1', 'from=dev', ...args]);
    expect(await plans()).toBeGreaterThan(0);
  });
});

const commands: readonly (readonly string[])[] = [
  ['destroy', 't1', '--yes'],
  ['destroy', 't1', '--dry-run'],
  ['verify', 't1'],
  ['t1', 'from=dev', '--yes'],
  ['sweep', 't1'],
  ['sleep', 't1'],
  ['wake', 't1'],
];
const varFile = 'environment = "t1"\n';
const files = {
  'terraform/terraform.t1.tfvars': varFile,
  'terraform/envs/t1/backend.hcl': 'path = "t1.tfstate"\n',
  'terraform/t1.tfstate': table('t-t1'),
};

describe('an environment that stands', () => {
  it.each(commands)('%s %s is refused with credentials of another account', async (...args) => {
    account = other;
    const { code, document } = await json(await project(undefined, files, [t1()]), args);
    expect([code, document.error?.code]).toEqual([3, 'place-mismatch']);
    expect(document.error?.message).toContain(dev);
    expect(document.error?.message).toContain(other);
    expect(await plans()).toBe(0);
  });

  it.each(commands)('%s %s is refused where a role of another account is assumed now', async (...args) => {
    const role =
      'region = var.region\n  assume_role {\n    role_arn = "arn:aws:iam::${var.account}:role/x"\n  }';
    const changed = { ...files, 'terraform/terraform.t1.tfvars': `${varFile}account = "${other}"\n` };
    const { code, document } = await json(await project(role, changed, [t1()]), args);
    expect([code, document.error?.code]).toEqual([3, 'place-mismatch']);
    expect(document.error?.hint).toContain('assumes a role in it');
    expect(await plans()).toBe(0);
  });

  it.each(commands)('%s %s is refused in another region: by the var-file', async (...args) => {
    const changed = { ...files, 'terraform/terraform.t1.tfvars': `${varFile}region = "us-east-1"\n` };
    const root = await project(undefined, changed, [t1()]);
    const { code, document } = await json(root, args);
    expect([code, document.error?.code]).toEqual([3, 'place-mismatch']);
    expect(document.error?.hint).toContain('eu-west-1');
    expect(await plans()).toBe(0);
    expect(await readFile(join(root, 'terraform', 't1.tfstate'), 'utf8')).toBe(table('t-t1'));
  });

  it.each(commands)('%s %s is refused in another region: by AWS_REGION', async (...args) => {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    const { code, document } = await json(await project('max_retries = 1', files, [t1()]), args);
    expect([code, document.error?.code]).toEqual([3, 'place-mismatch']);
    expect(document.error?.hint).toContain('AWS_REGION=eu-west-1');
  });

  it.each(commands.slice(0, 2))('%s %s is refused where the region cannot be told', async (...args) => {
    const { code, document } = await json(await project('region = data.x.y.z', files, [t1()]), args);
    expect([code, document.error?.code]).toEqual([3, 'place-mismatch']);
    expect(document.error?.message).toContain('only Terraform can tell');
  });

  it('is not taken for ours where nobody says whose the credentials are', async () => {
    account = 'denied';
    const { code, document } = await json(await project(undefined, files, [t1()]), [
      'destroy',
      't1',
      '--yes',
    ]);
    expect(code).not.toBe(0);
    expect(document.error?.message).toContain('which account');
    expect(await plans()).toBe(0);
  });

  it('is judged by the ARNs of an older record', async () => {
    account = other;
    const resources = [
      {
        address: 'aws_dynamodb_table.t',
        type: 'aws_dynamodb_table',
        identity: 't-t1',
        id: 't-t1',
        arn: `arn:aws:dynamodb:eu-west-1:${dev}:table/t-t1`,
      },
    ];
    const root = await project(undefined, files, [t1({ place: undefined, resources })]);
    const { code, document } = await json(root, ['destroy', 't1', '--yes']);
    expect([code, document.error?.code]).toEqual([3, 'place-mismatch']);
  });

  it('shows account and region first', async () => {
    const root = await project(undefined, files, [t1()]);
    const env = { PROVISION_ENV_TERRAFORM: terraform };
    for (const args of [['destroy', 't1', '--dry-run'], ['status', 't1'], ['status'], ['list']])
      expect((await runCli(root, args, env)).stdout.split('\n')[0]).toContain(`account ${dev} · eu-west-1`);
    const markdown = await runCli(root, ['status', 't1', '--markdown'], env);
    expect(markdown.stdout.split('\n')[0]).toContain(`account ${dev} · eu-west-1`);
  });
});

it('the configuration names a key that does not exist', async () => {
  const root = await project(undefined, {
    'provision-env.config.json': JSON.stringify({
      accounts: { dev: { id: dev } },
      environments: { accounts: { prod: 'production' } },
    }),
  });
  const { code, document } = await json(root, ['plan', 't1']);
  expect([code, document.error?.code]).toEqual([2, 'config-invalid']);
  expect(document.error?.message).toContain('environments.accounts.prod');
});
