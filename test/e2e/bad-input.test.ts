import { chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentSchema } from '../../src/cli/document.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
});
afterAll(() => world.close());

const devKey = 'mini/dev/terraform.tfstate';
const stack = /\n\s+at .*(?:\.[cm]?[jt]s|node:)/;

interface Expected {
  readonly exitCode: number;
  readonly code: string;
  readonly message?: RegExp;
  readonly hint?: RegExp;
}

async function expectError(
  world_: World,
  args: readonly string[],
  expected: Expected,
  env: Record<string, string | undefined> = {},
): Promise<void> {
  const { exitCode, document, stderr } = await world_.json(args, { env });
  expect(documentSchema.parse(document)).toBeTruthy();
  expect(document.error).not.toBeNull();
  const { code, message, hint } = document.error ?? { code: '', message: '', hint: '' };
  expect({ exitCode, code, message }).toMatchObject({ exitCode: expected.exitCode, code: expected.code });
  expect(message).toMatch(expected.message ?? /\w/);
  expect(hint ?? '').toMatch(expected.hint ?? /^/);
  expect(stderr).not.toMatch(stack);
  expect(`${stderr}${JSON.stringify(document)}`).not.toContain('canary-token');
  expect(await world_.objects()).toEqual([devKey]);
}

describe('names', () => {
  it.each([
    ['', undefined],
    ['Feature/Auth', /feature-auth/],
    ['FEATURE', /feature/],
    ['../../etc/passwd', undefined],
    ['a b', /a-b/],
    ['it"s', undefined],
    ["it's", undefined],
    ['$(touch pwned)', undefined],
    ['`id`', undefined],
    ['line\nbreak', undefined],
    ['default', undefined],
    ['x'.repeat(200), undefined],
    ['dev', undefined],
    ['-rf', undefined],
  ])('%j is refused', async (name, hint) => {
    await expectError(world, ['plan', '--from', 'dev', '--', name], {
      exitCode: 2,
      code: 'name-invalid',
      ...(hint === undefined ? {} : { hint }),
    });
    expect(await world.read('.provision-env/reports')).toBeNull();
  });
});

describe('usage', () => {
  it('of an unknown option suggests the near one', async () => {
    await expectError(world, ['plan', 'feature-auth', '--form', 'dev'], {
      exitCode: 2,
      code: 'usage',
      message: /--from/,
    });
  });
  it.each([
    ['--set', 'canary-token-without-an-equals-sign', '--set must have the form key=value'],
    ['--accept', 'identity-free', '--accept must have the form rule:subject'],
  ])(
    'of %s that does not have its form names the option, and not the value',
    async (option, value, message) => {
      await expectError(world, ['plan', 'feature-auth', option, value], {
        exitCode: 2,
        code: 'usage',
        message: new RegExp(`^${message}$`),
        hint: /--help/,
      });
    },
  );
  it('of --set for a variable that does not exist names the near one', async () => {
    await expectError(world, ['plan', 'feature-auth', '--set', 'greting=x'], {
      exitCode: 2,
      code: 'usage',
      message: /greting/,
      hint: /greeting/,
    });
  });
  it('of a source without a var-file names the near ones', async () => {
    await expectError(world, ['plan', 'feature-auth', 'from=dve'], {
      exitCode: 2,
      code: 'environment-not-found',
      hint: /dev/,
    });
  });
  it('outside of a project', async () => {
    const { exitCode, stdout } = await world.cli(['plan', 'feature-auth', '--json'], { cwd: '/' });
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'project-not-found' } });
  });
});

describe('the project', () => {
  it('with broken HCL is reported with file and line', async () => {
    const copy = await world.copy();
    await copy.write('terraform/broken.tf', 'resource "aws_s3_bucket" "x" {\n  bucket = \n');
    const { exitCode, document } = await copy.json(['plan', 'feature-auth']);
    expect(exitCode).toBe(2);
    expect(document.error).toMatchObject({
      code: 'configuration-invalid',
      where: { file: expect.stringContaining('broken.tf'), line: expect.any(Number) },
    });
  });
  it('whose variable refuses the name is reported with variable, file and line', async () => {
    const copy = await world.copy();
    const { exitCode, document } = await copy.json(['plan', 'feature-with-a-long-name']);
    expect(exitCode).toBe(2);
    expect(document.error).toMatchObject({
      code: 'variable-refused',
      where: { file: expect.stringContaining('main.tf'), line: expect.any(Number) },
    });
    expect(document.error?.message).toContain('environment');
  });
  it('with a config file that is not valid is reported with key and line', async () => {
    const copy = await world.copy();
    await copy.write('provision-env.config.json', '{\n  "shred": []\n}\n');
    const { exitCode, document } = await copy.json(['plan', 'feature-auth']);
    expect(exitCode).toBe(2);
    expect(document.error).toMatchObject({ code: 'config-invalid', where: { line: 2 } });
    expect(`${document.error?.message} ${document.error?.hint}`).toContain('shared');
  });
  it('with a backend that is not supported is refused with the mend', async () => {
    const copy = await world.copy();
    await copy.edit('terraform/main.tf', (text) => text.replace('backend "s3" {}', 'backend "azurerm" {}'));
    await expectError(copy, ['plan', 'feature-auth'], {
      exitCode: 2,
      code: 'backend-unsupported',
      message: /azurerm/,
    });
  });
});

describe('the world around', () => {
  it('whose state of the source is missing', async () => {
    const copy = await world.copy();
    await copy.edit('terraform/envs/dev/backend.hcl', (text) => text.replace('mini/dev/', 'mini/gone/dev/'));
    await expectError(copy, ['plan', 'feature-auth'], { exitCode: 2, code: 'state-empty' });
  });
  it('whose bucket does not exist', async () => {
    const copy = await world.copy();
    await copy.edit('terraform/envs/dev/backend.hcl', (text) => text.replace('mini-state', 'no-such-bucket'));
    await expectError(copy, ['plan', 'feature-auth'], {
      exitCode: 2,
      code: 'backend-invalid',
      message: /no-such-bucket/,
    });
  });
  it('in which AWS cannot be reached', async () => {
    const copy = await world.copy();
    await expectError(
      copy,
      ['plan', 'feature-auth'],
      { exitCode: 1, code: 'network-unreachable' },
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    );
  });
  it('in which the credentials have expired', async () => {
    const copy = await world.copy();
    const aws = createServer((_request, response) => {
      response
        .writeHead(403, { 'content-type': 'application/xml' })
        .end(
          '<?xml version="1.0" encoding="UTF-8"?><Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>',
        );
    });
    await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
    const { port } = aws.address() as AddressInfo;
    try {
      await expectError(
        copy,
        ['plan', 'feature-auth'],
        { exitCode: 2, code: 'credentials-expired', message: /expired/, hint: /aws sso login/ },
        { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` },
      );
      expect(await copy.read('terraform/terraform.feature-auth.tfvars')).toBeNull();
    } finally {
      aws.closeAllConnections();
      aws.close();
    }
  });
  it.each([
    ['no JSON', 'this is no state'],
    [
      'cut short',
      '{"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "x", "resources": [{',
    ],
    ['another document', '{"hello": "world"}'],
  ])('whose state of the source is %s', async (_what, text) => {
    const copy = await world.copy();
    await copy.edit('terraform/envs/dev/backend.hcl', (hcl) => hcl.replace('mini/dev/', 'mini/bad/dev/'));
    await copy.putObject('mini/bad/dev/terraform.tfstate', text);
    try {
      const { exitCode, document, stderr } = await copy.json(['plan', 'feature-auth']);
      expect([exitCode, document.error?.code]).toEqual([2, 'state-unreadable']);
      expect(`${document.error?.message} ${document.error?.where?.file}`).toContain(
        'mini/bad/dev/terraform.tfstate',
      );
      expect(document.error?.hint).toBeTruthy();
      expect(stderr).not.toMatch(stack);
      expect(await copy.object('mini/bad/dev/terraform.tfstate')).toBe(text);
    } finally {
      await copy.removeObject('mini/bad/dev/terraform.tfstate');
    }
  });
  it('in which the provider cannot be had', async () => {
    const copy = await world.copy();
    await copy.write('mirror/empty.txt', '');
    await copy.write(
      'mirror.tfrc',
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(join(copy.project, 'mirror'))}\n  }\n}\n`,
    );
    await expectError(
      copy,
      ['plan', 'feature-auth'],
      { exitCode: 2, code: 'provider-unavailable', message: /hashicorp\/aws/, hint: /mirror/ },
      { TF_CLI_CONFIG_FILE: join(copy.project, 'mirror.tfrc'), TF_PLUGIN_CACHE_DIR: undefined },
    );
  });
  it('without a value for a variable that needs one', async () => {
    const copy = await world.copy();
    await expectError(
      copy,
      ['plan', 'feature-auth'],
      { exitCode: 2, code: 'var-file-invalid', message: /api_token/ },
      { TF_VAR_api_token: undefined },
    );
  });
  it('with a terraform that is too old', async () => {
    const copy = await world.copy();
    const fake = join(copy.project, 'terraform-old');
    await copy.write('terraform-old', `#!/bin/sh\necho 'Terraform v0.12.31'\n`);
    await chmod(fake, 0o755);
    await expectError(
      copy,
      ['plan', 'feature-auth'],
      { exitCode: 2, code: 'tool-too-old', message: /0\.12\.31/ },
      { PROVISION_ENV_TERRAFORM: fake },
    );
  });
  it('in which somebody else holds the lock of the target state', async () => {
    const copy = await world.copy();
    await copy.putObject(
      'mini/feature-auth/terraform.tfstate.tflock',
      JSON.stringify({
        ID: 'b2f5cfa0-3a0c-4b39-9d71-0f0f0f0f0f0f',
        Operation: 'OperationTypeApply',
        Info: '',
        Who: 'ada@laptop',
        Version: '1.11.4',
        Created: '2026-01-01T00:00:00Z',
        Path: 'mini-state/mini/feature-auth/terraform.tfstate',
      }),
    );
    try {
      const { exitCode, document } = await copy.json(['plan', 'feature-auth']);
      expect(document.error).toMatchObject({ code: 'state-locked' });
      expect(document.error?.message).toContain('ada@laptop');
      expect(document.error?.hint).toContain('force-unlock');
      expect(exitCode).toBe(1);
    } finally {
      await copy.removeObject('mini/feature-auth/terraform.tfstate.tflock');
    }
  });
});
