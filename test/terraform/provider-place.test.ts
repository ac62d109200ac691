/** What provider blocks of real projects say of account and region, without starting Terraform. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHclParser } from '../../src/hcl/parser.ts';
import { readProviderBlocks } from '../../src/terraform/provider-blocks.ts';
import {
  mainConfiguration,
  placeOfProvider,
  type ProviderPlace,
} from '../../src/terraform/provider-place.ts';
import type { Json } from '../../src/transfer/json.ts';

const hcl = await createHclParser();

async function told(
  files: string | Readonly<Record<string, string>>,
  variables: Readonly<Record<string, Json>> = {},
): Promise<ProviderPlace | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'pe-provider-'));
  const all = typeof files === 'string' ? { 'main.tf': files } : files;
  for (const [name, text] of Object.entries(all)) await writeFile(join(dir, name), text);
  const main = mainConfiguration((await readProviderBlocks(dir, hcl)).evaluate(variables));
  return main && placeOfProvider(main, dir);
}

const inBlock = (text: string, more = ''): string => `provider "aws" {\n${text}\n}\n${more}`;

describe('the region', () => {
  const one = { environment: 't1', region: 'eu-west-1', regions: { t1: 'eu-west-1', dev: 'us-east-1' } };
  it.each([
    ['a literal', 'region = "eu-west-1"', ''],
    ['a variable', 'region = var.region', ''],
    ['a template', 'region = "${var.region}"', ''],
    ['a local', 'region = local.region', 'locals {\n  region = var.region\n}'],
    ['a map of a variable', 'region = var.regions[var.environment]', ''],
    ['lookup with a default', 'region = lookup(var.regions, "none", "eu-west-1")', ''],
    [
      'a map of objects',
      'region = local.all[var.environment].region',
      'locals {\n  all = { t1 = { region = "eu-west-1" } }\n}',
    ],
    ['a condition', 'region = var.environment == "dev" ? "us-east-1" : "eu-west-1"', ''],
    [
      'merged maps',
      'region = merge(local.a, { region = "eu-west-1" }).region',
      'locals {\n  a = { region = "x" }\n}',
    ],
    ['the first that is set', 'region = coalesce("", var.region)', ''],
  ])('is told by %s', async (_title, text, more) => {
    expect((await told(inBlock(text, more), one))?.region).toEqual({
      value: 'eu-west-1',
      where: 'main.tf:1',
    });
  });

  it.each([
    ['nothing', ''],
    ['null', 'region = null'],
    ['an empty text', 'region = ""'],
  ])('is left to the environment by %s', async (_title, text) =>
    expect((await told(inBlock(text)))?.region).toBeNull(),
  );

  it.each([
    ['a data source', 'region = data.terraform_remote_state.net.outputs.region'],
    ['a variable that nobody knows', 'region = var.nobody'],
    ['a file', 'region = yamldecode(file("x.yaml")).region'],
    ['a local that leads to itself', 'region = local.a'],
  ])('is not guessed from %s', async (_title, text) => {
    const place = await told(inBlock(text, 'locals {\n  a = local.b\n  b = local.a\n}'));
    expect(place?.region).toMatchObject({ value: null });
    expect(place?.region).toHaveProperty('why', expect.stringMatching(/main\.tf:2.*only Terraform/));
  });

  it('is read from JSON, overrides and a provider of another name', async () => {
    const json = JSON.stringify({ provider: { aws: { region: '${var.region}' } } });
    expect((await told({ 'main.tf.json': json }, { region: 'eu-west-1' }))?.region?.value).toBe('eu-west-1');
    const overridden = {
      'main.tf': inBlock('region = "us-east-1"'),
      'x_override.tf': inBlock('region = "eu-west-1"'),
    };
    expect((await told(overridden))?.region?.value).toBe('eu-west-1');
    const renamed =
      'terraform {\n  required_providers {\n    amazon = { source = "hashicorp/aws" }\n  }\n}\nprovider "amazon" {\n  region = "eu-west-1"\n}\n';
    expect((await told(renamed))?.region?.value).toBe('eu-west-1');
  });

  it('is that of the default configuration, not of an alias', async () => {
    const alias = 'provider "aws" {\n  alias  = "edge"\n  region = "us-east-1"\n}\n';
    expect((await told(alias + inBlock('region = "eu-west-1"')))?.region?.value).toBe('eu-west-1');
    expect((await told(alias))?.region?.value).toBe('us-east-1');
    expect(await told(alias + alias.replace('edge', 'other'))).toBeUndefined();
  });
});

describe('the account', () => {
  const role = (text: string): string => inBlock(`assume_role {\n  ${text}\n}`);
  it('is that of the role', async () => {
    const text = role(
      'role_arn = "arn:aws-us-gov:iam::${var.id}:role/x"\n  external_id = "e"\n  session_name = "s"',
    );
    const place = await told(text, { id: '012345678901' });
    expect(place).toMatchObject({
      account: { value: '012345678901', partition: 'aws-us-gov' },
      acting: { roles: [{ externalId: 'e', sessionName: 's' }] },
      outOfReach: null,
    });
  });

  it('is that of the last of several', async () => {
    const chain = inBlock(
      'assume_role {\n  role_arn = "arn:aws:iam::111111111111:role/a"\n}\nassume_role {\n  role_arn = "arn:aws:iam::222222222222:role/b"\n}',
    );
    const place = await told(chain);
    expect(place?.account?.value).toBe('222222222222');
    expect(place?.acting.roles.map(({ arn }) => arn)).toEqual([
      'arn:aws:iam::111111111111:role/a',
      'arn:aws:iam::222222222222:role/b',
    ]);
  });

  it('is told through a dynamic block, with a role and without', async () => {
    const text = inBlock(
      'dynamic "assume_role" {\n  for_each = var.role == "" ? [] : [var.role]\n  content {\n    role_arn = assume_role.value\n  }\n}',
    );
    expect((await told(text, { role: 'arn:aws:iam::111111111111:role/a' }))?.account?.value).toBe(
      '111111111111',
    );
    expect((await told(text, { role: '' }))?.account).toBeNull();
    expect((await told(text))?.account).toMatchObject({ value: null });
  });

  it('is that of the credentials where the role is empty', async () =>
    expect((await told(role('role_arn = var.role'), { role: '' }))?.account).toBeNull());

  it('that lost its leading zero as a number is said so', async () => {
    const place = await told(role('role_arn = "arn:aws:iam::${var.id}:role/x"'), { id: 12_345_678_901 });
    expect(place?.account).toMatchObject({ value: null });
    expect(place?.account).toHaveProperty('why', expect.stringContaining('twelve digits'));
  });

  it.each([
    ['a web identity', 'assume_role_with_web_identity {\n  role_arn = var.x\n}'],
    ['files of its own', 'shared_credentials_files = ["x"]'],
    ['a key that only Terraform knows', 'access_key = var.key\nsecret_key = "s"'],
  ])('is not taken for that of the credentials with %s', async (_title, text) => {
    const place = await told(inBlock(text));
    expect(place?.account).toMatchObject({ value: null });
    expect(place?.outOfReach).toMatch(/provider/);
  });

  it('is that of the web identity, out of our reach', async () => {
    const text = inBlock(
      'assume_role_with_web_identity {\n  role_arn = "arn:aws:iam::111111111111:role/a"\n}',
    );
    expect(await told(text)).toMatchObject({
      account: { value: '111111111111' },
      outOfReach: expect.stringContaining('web identity') as string,
    });
  });

  it('is that of the profile or the keys of the block', async () => {
    expect((await told(inBlock('profile = var.p'), { p: 'team' }))?.acting.profile).toBe('team');
    expect((await told(inBlock('access_key = "a"\nsecret_key = "b"')))?.acting.keys).toEqual({
      accessKeyId: 'a',
      secretAccessKey: 'b',
    });
  });
});
