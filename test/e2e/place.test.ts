/** The right account and region, with the real Terraform: the emulator serves other accounts to who assumes a role there. */
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './support/world.ts';

const own = '123456789012';
const other = '222222222222';
const roleIn = (account: string): string => `arn:aws:iam::${account}:role/deployer`;

let world: World;
let others: Record<string, string>;

beforeAll(async () => {
  world = await createWorld({
    fixture: 'mini',
    bucket: 'place-state',
    prepare: async (project) => {
      const file = join(project, 'terraform', 'main.tf');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text.replace(
          'region      = "ap-southeast-1"',
          `region      = var.region

  dynamic "assume_role" {
    for_each = var.account_id == "" ? [] : [var.account_id]
    content {
      role_arn     = "arn:aws:iam::\${assume_role.value}:role/\${local.role}"
      session_name = "team"
    }
  }`,
        ) +
          `
variable "region" {
  type    = string
  default = "ap-southeast-1"
}

variable "account_id" {
  type    = string
  default = ""
}

locals {
  role = "deployer"
}
`,
      );
      const backend = join(project, 'terraform', 'envs', 'dev', 'backend.hcl');
      await writeFile(backend, (await readFile(backend, 'utf8')).replaceAll('mini-state', 'place-state'));
    },
  });
  const sts = new STSClient({
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleIn(other), RoleSessionName: 'somebody' }),
  );
  others = {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
  };
});
afterAll(() => world.close());

async function tables(credentials?: Record<string, string>): Promise<readonly string[]> {
  const dynamodb = new DynamoDBClient({
    region: 'ap-southeast-1',
    endpoint: world.sandbox.endpoint,
    credentials: {
      accessKeyId: credentials?.['AWS_ACCESS_KEY_ID'] ?? 'sandbox',
      secretAccessKey: credentials?.['AWS_SECRET_ACCESS_KEY'] ?? 'sandbox',
      ...(credentials ? { sessionToken: credentials['AWS_SESSION_TOKEN'] ?? '' } : {}),
    },
  });
  try {
    return (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? [];
  } finally {
    dynamodb.destroy();
  }
}

const key = 'mini/t1/terraform.tfstate';
const head = `t1 from dev · account ${own} · ap-southeast-1`;
const place = { partition: 'aws', account: own, region: 'ap-southeast-1' };

describe("credentials of another account than the source's", () => {
  it('are refused before anything is planned, and both accounts are named', async () => {
    const { exitCode, document } = await world.json(['plan', 't1', 'from=dev'], { env: others });
    expect([exitCode, document.status, document.place?.account]).toEqual([3, 'blocked', other]);
    const [finding] = document.findings;
    expect(finding).toMatchObject({ rule: 'account-expected', severity: 'error', subject: other });
    expect(finding?.message).toContain(own);
    expect(finding?.message).toContain(other);
    expect(finding?.hint).toContain('accounts');

    const shown = await world.cli(['plan', 't1', 'from=dev', '--verbose'], { env: others });
    expect(shown.exitCode).toBe(3);
    expect(shown.stdout.split('\n')[0]).toBe(`t1 from dev · account ${other} · ap-southeast-1`);
    expect(shown.stderr).not.toMatch(/terraform plan|show -json/);
  });
});

describe('an environment that stands', () => {
  it('is touched only where it lies', async () => {
    const made = await world.cli(['t1', 'from=dev', '--yes']);
    expect({ exitCode: made.exitCode, stderr: made.exitCode === 0 ? '' : made.stderr }).toEqual({
      exitCode: 0,
      stderr: '',
    });
    expect(made.stdout.split('\n')[0]).toBe(head);
    const { document } = await world.json(['status', 't1']);
    expect([document.place, document.record?.place]).toEqual([place, place]);
    expect((await world.cli(['report', 't1', '--markdown'])).stdout.split('\n')[0]).toBe(`# ${head}`);
    const before = await world.object(key);

    for (const command of [
      ['destroy', 't1', '--yes'],
      ['destroy', 't1', '--dry-run'],
      ['verify', 't1'],
      ['sweep', 't1'],
      ['sleep', 't1'],
      ['t1', 'from=dev', '--yes'],
    ]) {
      const refused = await world.json(command, { env: others });
      expect([command.join(' '), refused.exitCode, refused.document.error?.code]).toEqual([
        command.join(' '),
        3,
        'place-mismatch',
      ]);
      expect(refused.document.error?.message).toContain(own);
      expect(refused.document.error?.message).toContain(other);
    }

    // The refresh of a plan in another region would find nothing, and empty the state.
    const varFile = 'terraform/terraform.t1.tfvars';
    const text = (await world.read(varFile)) ?? '';
    await world.write(varFile, `${text}\nregion = "us-east-1"\n`);
    for (const command of [
      ['destroy', 't1', '--yes'],
      ['verify', 't1'],
      ['t1', 'from=dev', '--yes'],
    ]) {
      const refused = await world.json(command);
      expect([refused.exitCode, refused.document.error?.code]).toEqual([3, 'place-mismatch']);
      expect(refused.document.error?.message).toContain('us-east-1');
      expect(refused.document.error?.hint).toContain('terraform/main.tf');
    }
    expect(await world.object(key)).toBe(before);
    expect(await tables()).toEqual(['mini-dev-notes', 'mini-t1-notes']);

    await world.write(varFile, text);
    const destroyed = await world.json(['destroy', 't1', '--yes']);
    expect([destroyed.exitCode, destroyed.document.place]).toEqual([0, place]);
    expect(await tables()).toEqual(['mini-dev-notes']);
  });
});

describe('a provider that assumes a role in another account', () => {
  it('is followed: verified, destroyed and swept there', async () => {
    await world.write(
      'provision-env.config.json',
      JSON.stringify({
        accounts: { dev: { id: own }, team: { id: other } },
        environments: { accounts: { 't*': 'team', '*': 'dev' } },
      }),
    );
    const wrong = await world.json(['plan', 't2', 'from=dev']);
    expect([wrong.exitCode, wrong.document.findings[0]?.rule]).toEqual([3, 'account-expected']);
    expect(wrong.document.findings[0]?.message).toContain('`accounts.team`');

    const args = ['t2', 'from=dev', '--yes', '--set', `account_id=${other}`];
    const made = await world.json(args);
    expect(made.document.error).toBeNull();
    expect(made.document.place?.account).toBe(other);
    expect(await tables()).toEqual(['mini-dev-notes']);
    expect(await tables(others)).toEqual(['mini-t2-notes']);
    const surface = made.document.evidence.filter(({ layer }) => layer === 1);
    expect(surface.filter(({ observed }) => observed.includes('not found'))).toEqual([]);

    const destroyed = await world.json(['destroy', 't2', '--yes']);
    expect(destroyed.document.error).toBeNull();
    expect(destroyed.exitCode).toBe(0);
    expect(await tables(others)).toEqual([]);
    expect(await tables()).toEqual(['mini-dev-notes']);
  });
});
