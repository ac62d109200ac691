import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  logRetentionFor,
  makeTargetVarFile,
  type TargetVarFileRequest,
} from '../../src/environment/target-var-file.ts';
import { parseVarFile } from '../../src/environment/var-file.ts';
import { createHclParser, type HclParser } from '../../src/hcl/parser.ts';
import { toHcl } from '../../src/hcl/values.ts';
import type { VariableDeclaration } from '../../src/terraform/model.ts';
import type { Json } from '../../src/transfer/json.ts';

let hcl: HclParser;
beforeAll(async () => {
  hcl = await createHclParser();
});

function declared(...names: readonly string[]): Readonly<Record<string, VariableDeclaration>> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        name,
        file: 'variables.tf',
        line: 1,
        hasDefault: false,
        sensitive: name.startsWith('secret'),
        description: null,
        type: null,
        validations: [],
      },
    ]),
  );
}

function request(sourceText: string, more: Partial<TargetVarFileRequest> = {}): TargetVarFileRequest {
  return {
    sourceText,
    sourceFile: '/p/terraform/terraform.dev.tfvars',
    targetFile: 'terraform/terraform.feature-auth.tfvars',
    sourceName: 'dev',
    targetName: 'feature-auth',
    environmentVariable: 'environment',
    variables: declared(
      'environment',
      'azs',
      'count_of',
      'enabled',
      'version_of',
      'log_retention_days',
      'tags',
      'secret_a',
    ),
    set: {},
    logRetention: null,
    hcl,
    ...more,
  };
}

const header = `# terraform/terraform.feature-auth.tfvars
# Created from: terraform.dev.tfvars
# Purpose: Isolated environment for feature development

`;

describe('a value of --set that was taken out of what was written down', () => {
  it('is asked for again, and never used', async () => {
    const text = 'environment = "dev"\nversion_of = "1"\n';
    await expect(
      makeTargetVarFile(request(text, { set: { version_of: 'v-«secret TOKEN»' } })),
    ).rejects.toMatchObject({
      code: 'usage',
      message:
        'The value of --set version_of is not known any more: it held a secret, and was not written down.',
      hint: 'Begin again and give it: `provision-env feature-auth from=dev --set version_of=<value>`.',
    });
  });
});

describe('the var-file of a target', () => {
  it('has the header of the spec and one changed value', async () => {
    const source = '# dev\n\nenvironment  = "dev"   # the name\nazs = [\n  "a", # dev\n]\n';
    const made = await makeTargetVarFile(request(source));
    expect(made.text).toBe(header + source.replace('"dev"', '"feature-auth"'));
    expect(made.changes).toEqual([
      { variable: 'environment', from: 'dev', to: 'feature-auth', sensitive: false, reason: 'environment' },
    ]);
  });

  it('keeps the line ends and the byte order mark of the source', async () => {
    const made = await makeTargetVarFile(
      request('\uFEFFenvironment = "dev"\r\ntags = {\r\n  a = <<EOT\r\nx\r\nEOT\r\n}\r\n'),
    );
    expect(made.text).toBe(
      `\uFEFF${header.replaceAll('\n', '\r\n')}environment = "feature-auth"\r\ntags = {\r\n  a = <<EOT\r\nx\r\nEOT\r\n}\r\n`,
    );
  });

  it('replaces a header of ours instead of adding a second', async () => {
    const staging = await makeTargetVarFile(
      request('environment = "dev"\n', {
        targetName: 'staging',
        targetFile: 'terraform/terraform.staging.tfvars',
      }),
    );
    expect(staging.text).toContain('# Purpose: Isolated environment staging\n');
    const feature = await makeTargetVarFile(
      request(staging.text, { sourceFile: 'terraform.staging.tfvars', sourceName: 'staging' }),
    );
    expect(feature.text).toBe(
      `${header.replace('terraform.dev', 'terraform.staging')}environment = "feature-auth"\n`,
    );
  });

  it('adds what the source does not set, also after a last line without an end', async () => {
    const made = await makeTargetVarFile(
      request('azs = ["a"]', { logRetention: { variable: 'log_retention_days', days: 3 } }),
    );
    expect(made.text).toBe(`${header}azs = ["a"]\nenvironment = "feature-auth"\nlog_retention_days = 3\n`);
    expect((await makeTargetVarFile(request(''))).text).toBe(`${header}environment = "feature-auth"\n`);
  });

  it.each<readonly [string, string, string]>([
    ['azs=["a"]', 'azs=["b", "c"]', 'azs=["b", "c"]'],
    ['count_of = 1', 'count_of=7', 'count_of = 7'],
    ['count_of = 1', 'count_of="7"', 'count_of = 7'],
    ['count_of = 1', 'count_of=-1.5', 'count_of = -1.5'],
    ['enabled = true', 'enabled=false', 'enabled = false'],
    ['version_of = "1.9"', 'version_of=1.10', 'version_of = "1.10"'],
    ['version_of = "1.9"', 'version_of="1.10"', 'version_of = "1.10"'],
    ['version_of = "1.9"', 'version_of=${x} "q" \\', 'version_of = "$${x} \\"q\\" \\\\"'],
    ['version_of = "1.9"', 'version_of=', 'version_of = ""'],
    ['version_of = "1.9"', 'version_of=null', 'version_of = null'],
    ['tags = {}', 'tags={ a = "b" }', 'tags = { a = "b" }'],
    ['count_of = 1', 'version_of=a b', 'count_of = 1\nversion_of = "a b"'],
    ['count_of = 1', 'version_of=1\nx = 2', 'count_of = 1\nversion_of = "1\\nx = 2"'],
  ])('in `%s` sets %s', async (source, set, expected) => {
    const at = set.indexOf('=');
    const made = await makeTargetVarFile(
      request(`environment = "dev"\n${source}\n`, { set: { [set.slice(0, at)]: set.slice(at + 1) } }),
    );
    expect(made.text).toBe(`${header}environment = "feature-auth"\n${expected}\n`);
  });

  it.each<readonly [string, string, RegExp, RegExp]>([
    ['count_off', '1', /no variable `count_off`/, /Did you mean `count_of`/],
    ['zzzzzz', '1', /no variable `zzzzzz`/, /Declared are: azs, count_of/],
    ['environment', 'x', /names the environment/, /first argument/],
    ['azs', 'a,b', /is no list/, /\["a", "b"\]/],
    ['azs', '5', /is no list/, /\["a", "b"\]/],
  ])('refuses --set %s=%s', async (name, raw, message, hint) => {
    const made = makeTargetVarFile(request('azs = []\n', { set: { [name]: raw } }));
    await expect(made).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('takes no sensitive variable, and does not repeat what was given for it', async () => {
    const error: unknown = await makeTargetVarFile(
      request('secret_a = "old-value"\n', { set: { secret_a: 'new-value' } }),
    ).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage', hint: expect.stringContaining('TF_VAR_secret_a') });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('new-value');
  });

  it('edits JSON in place, without a header', async () => {
    const json = {
      sourceFile: 'terraform.dev.tfvars.json',
      set: { azs: '["b"]' },
      logRetention: { variable: 'log_retention_days', days: 3 },
    };
    const made = await makeTargetVarFile(
      request('{\r\n\t"environment" : "dev",\r\n\t"azs": ["a"]\r\n}', json),
    );
    expect(made.text).toBe(
      '{\r\n\t"environment" : "feature-auth",\r\n\t"azs": ["b"],\r\n\t"log_retention_days": 3\r\n}',
    );
    expect((await makeTargetVarFile(request('{ }\n', { sourceFile: 'a.json' }))).text).toBe(
      '{\n  "environment": "feature-auth"\n}\n',
    );
    expect((await makeTargetVarFile(request('{"azs":[]}', { sourceFile: 'a.json' }))).text).toBe(
      '{"azs":[], "environment": "feature-auth"}',
    );
  });

  it('changes nothing but the one value, whatever stands around it', { timeout: 60_000 }, async () => {
    const value: fc.Arbitrary<Json> = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\ud800-\udfff]/g, '?')),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    );
    const lineEnd = fc.constantFrom('\n', '\r\n');
    const filler = fc.oneof(
      fc.constant(''),
      fc.constantFrom('# environment = "dev"', '// dev', '/* environment = "dev" */', '   '),
      fc
        .tuple(fc.stringMatching(/^[a-d]_[a-z]{1,8}$/), fc.constantFrom(' = ', '=', '   =  '), value)
        .map(([name, equals, json]) => name + equals + toHcl(json)),
      fc
        .stringMatching(/^[a-d]_[a-z]{1,8}$/)
        .map((name) => `${name} = <<-EOT\n  environment = "dev" $ % " \\\n  EOT`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(filler),
        fc.array(filler),
        lineEnd,
        fc.boolean(),
        async (before, after, end, present) => {
          const seen = new Set<string>();
          const unique = (lines: readonly string[]): readonly string[] =>
            lines.filter((line) => {
              const name = /^[a-d]_[a-z]+/.exec(line)?.[0];
              if (name === undefined) return true;
              return seen.has(name) ? false : seen.add(name) !== undefined;
            });
          const lines = (given: readonly string[]): string =>
            unique(given)
              .map((line) => line.replaceAll('\n', end) + end)
              .join('');
          const [head, tail] = [lines(before), lines(after)];
          const source = head + (present ? `environment = "dev"${end}` : '') + tail;
          const made = await makeTargetVarFile(request(source));
          // An empty source has no line ends to follow.
          const line = `environment = "feature-auth"${source === '' ? '\n' : end}`;
          const expected = present ? head + line + tail : head + tail + line;
          expect(made.text.endsWith(expected)).toBe(true);
          const was = parseVarFile(source, 'a.tfvars', hcl).values;
          expect(parseVarFile(made.text, 'a.tfvars', hcl).values).toEqual({
            ...was,
            environment: 'feature-auth',
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('log retention', () => {
  it.each<readonly [Json | undefined, boolean]>([
    [14, true],
    ['14', true],
    [0, true],
    [3, false],
    [1, false],
    [null, false],
    ['never', false],
    [undefined, false],
  ])('of %j is shortened: %s', (value, shortened) => {
    const values = value === undefined ? {} : { log_retention_days: value };
    const variables = declared('log_retention_days');
    expect(logRetentionFor(values, variables, 3)).toEqual(
      shortened ? { variable: 'log_retention_days', days: 3 } : null,
    );
    expect(logRetentionFor(values, variables, false)).toBeNull();
    expect(logRetentionFor(values, declared('other'), 3)).toBeNull();
  });

  it('is shortened where only the default says how long', () => {
    const variables = { log_retention_in_days: { ...declared('x')['x']!, hasDefault: true, default: 30 } };
    expect(logRetentionFor({}, variables, 3)).toEqual({ variable: 'log_retention_in_days', days: 3 });
  });
});
