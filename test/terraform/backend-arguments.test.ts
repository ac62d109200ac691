/** What Terraform is given of a backend: everybody on a machine can read the arguments of a process. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EnvironmentBackend } from '../../src/environment/model.ts';
import { createTerraform } from '../../src/terraform/runner.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backend-arguments-'));
  await mkdir(join(folder, 'module'));
  // Writes down what it is given, and what stands in the files that are named there.
  await writeFile(
    join(folder, 'terraform'),
    `#!/bin/sh
printf '%s\\n' "$@" >> "${folder}/arguments"
for each in "$@"; do
  case "$each" in -backend-config=/*) cat "\${each#-backend-config=}" >> "${folder}/files" ;; esac
done
`,
    { mode: 0o755 },
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('credentials go by a private file, which is gone afterwards, and the rest by arguments', async () => {
  const overrides = {
    region: 'eu-west-1',
    access_key: 'canary-access-4711',
    secret_key: 'canary-"${secret}"-4711',
    token: 'canary-token-4711',
  };
  const backend: EnvironmentBackend = {
    kind: 's3',
    declaration: { type: 's3', file: 'main.tf', line: 1, text: '', settings: {} },
    file: null,
    fileExists: false,
    fileText: null,
    overrides,
    settings: overrides,
    stateFile: null,
    location: 's3://bucket/key',
  };
  const terraform = createTerraform({
    binary: join(folder, 'terraform'),
    moduleDir: join(folder, 'module'),
    dataDir: join(folder, 'data'),
    notify: () => undefined,
  });
  await terraform.init({ backend });
  const given = await readFile(join(folder, 'arguments'), 'utf8');
  expect(given).toContain('-backend-config=region=eu-west-1');
  expect(given).not.toContain('canary');
  const files = await readFile(join(folder, 'files'), 'utf8');
  expect(files).toBe(
    'access_key = "canary-access-4711"\nsecret_key = "canary-\\"$${secret}\\"-4711"\ntoken = "canary-token-4711"\n',
  );
  const [, file = ''] = /^-backend-config=(\/.*)$/m.exec(given) ?? [];
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
});
