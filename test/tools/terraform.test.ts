import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installTerraform } from '../../src/tools/install-terraform.ts';
import { findOrInstallTerraform, findTerraform } from '../../src/tools/terraform.ts';
import { parseVersion } from '../../src/tools/version.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'tools-test-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A program that prints a text whatever it is asked. */
async function program(folder: string, name: string, prints: string, exitCode = 0): Promise<string> {
  const dir = path.join(root, folder);
  await mkdir(dir, { recursive: true });
  const file = path.join(dir, name);
  await writeFile(file, `#!/bin/sh\necho '${prints}'\nexit ${exitCode}\n`);
  await chmod(file, 0o755);
  return file;
}

const onPath = (...folders: string[]): { PATH: string } => ({
  PATH: folders.map((folder) => path.join(root, folder)).join(path.delimiter),
});

describe('parseVersion', () => {
  it.each([
    ['Terraform v1.11.4\non linux_amd64\n', { product: 'terraform', version: '1.11.4' }],
    ['OpenTofu v1.8.0-rc1\non darwin_arm64', { product: 'tofu', version: '1.8.0-rc1' }],
    ['A warning\n\nTerraform v1.5.7\n', { product: 'terraform', version: '1.5.7' }],
    ['Python 3.11.7', null],
  ])('reads %j', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });
});

describe('findTerraform', () => {
  it('prefers terraform, takes tofu where that is what there is', async () => {
    const terraform = await program('both', 'terraform', 'Terraform v1.11.4');
    await program('both', 'tofu', 'OpenTofu v1.9.0');
    const tofu = await program('one', 'tofu', 'OpenTofu v1.9.0');
    expect(await findTerraform({ env: onPath('both') })).toEqual({
      path: terraform,
      product: 'terraform',
      version: '1.11.4',
    });
    expect(await findTerraform({ env: onPath('one') })).toMatchObject({ path: tofu, product: 'tofu' });
  });

  it('passes over what does not work or is too old', async () => {
    await program('shim', 'terraform', 'no version is set', 126);
    await program('old', 'terraform', 'Terraform v1.2.9');
    const good = await program('good', 'terraform', 'Terraform v1.5.0');
    expect(await findTerraform({ env: onPath('shim', 'old', 'good') })).toMatchObject({ path: good });
  });

  it('takes a prerelease of a version that is new enough', async () => {
    await program('rc', 'terraform', 'Terraform v1.5.0-rc1');
    expect(await findTerraform({ env: onPath('rc') })).toMatchObject({ version: '1.5.0-rc1' });
  });

  it('names what was found and what is needed', async () => {
    const old = await program('old', 'terraform', 'Terraform v1.2.9');
    await expect(findTerraform({ env: onPath('old') })).rejects.toMatchObject({
      code: 'tool-too-old',
      message: `Terraform 1.2.9 (${old}) is too old: 1.5.0 or newer is needed.`,
    });
    await expect(findTerraform({ env: onPath('nothing') })).rejects.toMatchObject({ code: 'tool-missing' });
  });

  it('takes the one that was named, and no other', async () => {
    const tofu = await program('one', 'tofu', 'OpenTofu v1.9.0');
    const terraform = await program('both', 'terraform', 'Terraform v1.11.4');
    expect(await findTerraform({ configured: 'tofu', env: onPath('both', 'one') })).toMatchObject({
      product: 'tofu',
    });
    expect(await findTerraform({ configured: tofu, env: onPath('both') })).toMatchObject({ path: tofu });
    expect(
      await findTerraform({
        configured: tofu,
        env: { ...onPath('one'), PROVISION_ENV_TERRAFORM: terraform },
      }),
    ).toMatchObject({ path: terraform });
    await expect(findTerraform({ configured: '/no/such', env: onPath('both') })).rejects.toMatchObject({
      code: 'tool-missing',
      message: expect.stringContaining('/no/such') as string,
    });
    const other = { env: { ...onPath('nothing'), PROVISION_ENV_TERRAFORM: 'nope' }, notify: () => undefined };
    await expect(findOrInstallTerraform(other)).rejects.toMatchObject({ code: 'tool-missing' });
  });
});

describe('installTerraform', () => {
  const name = process.platform === 'win32' ? 'terraform.exe' : 'terraform';
  const archive = zipSync({
    [name]: new TextEncoder().encode('#!/bin/sh\necho "Terraform v9.9.9"\n'),
    'LICENSE.txt': new Uint8Array(3),
  });
  const sum = createHash('sha256').update(archive).digest('hex');
  let server: Server;
  let releases = '';
  let asked: string[] = [];
  let published = sum;
  let cache = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      const file = request.url ?? '';
      asked.push(file);
      const zip = asked.find((one) => one.endsWith('.zip'));
      if (file.endsWith('.zip')) response.end(archive);
      else if (file.endsWith('SHA256SUMS')) {
        const system = process.platform === 'win32' ? 'windows' : process.platform;
        const arch = process.arch === 'x64' ? 'amd64' : process.arch;
        response.end(
          `${'0'.repeat(64)}  terraform_9.9.9_plan9_mips.zip\n${published}  terraform_9.9.9_${system}_${arch}.zip\n`,
        );
      } else response.writeHead(404).end(zip);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    releases = `http://127.0.0.1:${(server.address() as AddressInfo).port}/terraform`;
  });
  afterAll(() => void server.close());
  beforeEach(async () => {
    asked = [];
    published = sum;
    cache = await mkdtemp(path.join(root, 'cache-'));
  });

  const install = (): Promise<string> =>
    installTerraform({ env: { XDG_CACHE_HOME: cache }, releases, version: '9.9.9' });

  it('downloads, checks, unpacks, and does so once', async () => {
    const [file, again] = await Promise.all([install(), install()]);
    expect(again).toBe(file);
    expect(file).toBe(path.join(cache, 'provision-env', 'terraform', '9.9.9', name));
    expect((await stat(file)).mode & 0o111).not.toBe(0);
    expect(await readFile(file, 'utf8')).toContain('Terraform v9.9.9');
    expect(await readdir(path.dirname(file))).toEqual([name]);
    asked = [];
    await install();
    expect(asked).toEqual([]);
  });

  it('refuses what is not what was published', async () => {
    published = 'f'.repeat(64);
    await expect(install()).rejects.toMatchObject({
      code: 'tool-missing',
      message: expect.stringContaining('is not what was published') as string,
    });
    expect(await readdir(cache)).toEqual([]);
  });

  it('says what to do without network', async () => {
    releases = 'http://127.0.0.1:9/terraform';
    await expect(install()).rejects.toMatchObject({
      code: 'tool-missing',
      message: expect.stringContaining('127.0.0.1:9') as string,
      hint: expect.stringContaining('developer.hashicorp.com') as string,
    });
  });
});
