import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { configJsonSchema, configSchema, defaultConfig } from '../../src/config/schema.ts';
import { rules } from '../../src/proof/rules/index.ts';
import { isJsonObject, type Json } from '../../src/transfer/json.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'config-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const write = async (name: string, text: string): Promise<void> => writeFile(join(dir, name), text);

describe('the configuration', () => {
  it('is all defaults without a file', async () => {
    await mkdir(join(dir, '.git'));
    expect(await loadConfig(dir)).toEqual(defaultConfig());
    expect(defaultConfig()).toMatchObject({
      defaultSource: 'dev',
      logRetentionDays: 3,
      terraform: { timeoutMinutes: 60 },
    });
  });

  it.each([
    [
      'provision-env.config.ts',
      `import { defineConfig } from 'provision-env';\nconst dir: string = 'tf';\nexport default defineConfig({ terraform: { dir, parallelism: undefined } });\n`,
    ],
    ['provision-env.config.mts', `export default { terraform: { dir: 'tf' } } as const;\n`],
    [
      'provision-env.config.mjs',
      `import { defineConfig } from 'provision-env';\nexport default defineConfig({ terraform: { dir: 'tf' } });\n`,
    ],
    ['provision-env.config.js', `export default { terraform: { dir: 'tf' } };\n`],
    ['provision-env.config.json', `{ "$schema": "x", "terraform": { "dir": "tf" } }`],
  ])('is read from %s, also from a folder below', async (name, text) => {
    await write(name, text);
    await mkdir(join(dir, 'a', 'b'), { recursive: true });
    expect((await loadConfig(join(dir, 'a', 'b'))).terraform.dir).toBe('tf');
  });

  it('accepts findings of the contract, and of no other rule', () => {
    const subject = 'aws_iam_role_policy.notes';
    const accepted = rules
      .map(({ id }) => id)
      .filter((id) => configSchema.safeParse({ accept: [`${id}:${subject}`] }).success);
    expect(accepted).toEqual(rules.map(({ id }) => id).filter((id) => id.startsWith('contract-')));
    expect(accepted).toHaveLength(4);
    expect(configSchema.safeParse({ accept: ['contract-policy:'] }).success).toBe(false);
    expect(configSchema.safeParse({ accept: ['contract-policy'] }).success).toBe(false);
  });

  it('is not looked for beyond the repository', async () => {
    await write('provision-env.config.json', '{"defaultSource": "other"}');
    await mkdir(join(dir, 'repo', '.git'), { recursive: true });
    expect((await loadConfig(join(dir, 'repo'))).defaultSource).toBe('dev');
  });

  it.each<readonly [string, string, number | undefined, RegExp]>([
    [
      'unknown key',
      '{\n  "terraform": {\n    "dirr": 1\n  }\n}',
      3,
      /`terraform\.dirr` is not known; did you mean `dir`/,
    ],
    [
      'unknown key with nothing near',
      '{\n  "zzzzzzzz": 1\n}',
      2,
      /`zzzzzzzz` is not known; known are \$schema, terraform/,
    ],
    [
      'unknown key in a record',
      '{ "verify": { "functions": {\n "a-*": {\n "skp": "x" } } } }',
      3,
      /`verify\.functions\["a-\*"\]\.skp` is not known; did you mean `skip`/,
    ],
    ['wrong type', '{\n "terraform": { "dir": 5 }\n}', 2, /`terraform\.dir` must be a text, not 5/],
    ['list element', '{\n "protected": [\n "a",\n 1 ] }', 4, /`protected\[1\]` must be a text, not 1/],
    ['range', '{ "terraform": {\n"parallelism": 0 } }', 2, /`terraform\.parallelism` is 0: /],
    [
      'union',
      '{\n\n"logRetentionDays": true }',
      3,
      /`logRetentionDays` must be a whole number of days or `false`, not true/,
    ],
    [
      'pattern',
      '{ "environments": { "varFile":\n"a.tfvars" } }',
      1,
      /`environments\.varFile` is "a\.tfvars": must have `\{env\}`/,
    ],
    [
      'neither',
      '{ "verify": { "urls": [\n{} ] } }',
      2,
      /`verify\.urls\[0\]` is \{\}: needs either `output` or `url`/,
    ],
    ['no object', '[]', undefined, /it must be an object, not \[\]/],
    ['no JSON', '{\n "a": 1,\n}', 3, /not valid JSON/],
  ])('refuses JSON: %s', async (_, text, line, message) => {
    await write('provision-env.config.json', text);
    await expect(loadConfig(dir)).rejects.toMatchObject({
      code: 'config-invalid',
      exitCode: 2,
      message: expect.stringMatching(message),
      where: { file: join(dir, 'provision-env.config.json'), ...(line === undefined ? {} : { line }) },
    });
  });

  it.each<readonly [string, string, number | undefined, RegExp]>([
    [
      'unknown key',
      'export default {\n  // dirr: 1\n  terraform: {\n    dirr: 1,\n  },\n};',
      4,
      /`terraform\.dirr` is not known/,
    ],
    [
      'quoted key',
      `export default {\n environments: { overrides: {\n 'a-b': {\n varFile: 1 } } } };`,
      4,
      /`environments\.overrides\["a-b"\]\.varFile` must be a text, not 1/,
    ],
    ['syntax', 'export default {\n  a: 1,\n  b: [ }', 3, /cannot be loaded: ParseError/],
    ['throws', 'throw new Error("boom")', undefined, /cannot be loaded: boom/],
    ['nothing exported', 'export const a = 1;', undefined, /.*/],
    [
      'missing import',
      'import a from "not-there"; export default a;',
      undefined,
      /cannot be loaded: Cannot find/,
    ],
  ])('refuses code: %s', async (_, text, line, message) => {
    await write('provision-env.config.ts', text);
    await expect(loadConfig(dir)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(message),
      where: line === undefined ? { file: join(dir, 'provision-env.config.ts') } : { line },
    });
  });

  it('names all that is wrong, the first line first', async () => {
    await write('provision-env.config.json', '{\n "defaultSource": 1,\n "shared": 2\n}');
    await expect(loadConfig(dir)).rejects.toMatchObject({
      message: expect.stringContaining('defaultSource'),
      hint: 'Also: `shared` must be a list, not 2 (line 3).',
    });
  });

  it('has a description for every key', () => {
    const missing: string[] = [];
    const visit = (schema: Json | undefined, path: string): void => {
      if (!isJsonObject(schema)) return;
      for (const [key, inner] of Object.entries(
        isJsonObject(schema['properties']) ? schema['properties'] : {},
      )) {
        if (isJsonObject(inner) && typeof inner['description'] !== 'string') missing.push(`${path}.${key}`);
        visit(inner, `${path}.${key}`);
      }
      visit(schema['additionalProperties'], `${path}.*`);
      visit(schema['items'], `${path}[]`);
    };
    visit(configJsonSchema(), '');
    expect(missing).toEqual([]);
    expect(configSchema.safeParse(defaultConfig()).success).toBe(true);
  });
});
