import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dopplerSettings } from '../../src/secrets/doppler/settings.ts';
import { parseSimpleYaml, YamlError } from '../../src/secrets/doppler/yaml.ts';

let home: string;
let root: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pe-home-'));
  root = join(home, 'work', 'reports');
  await mkdir(root, { recursive: true });
  await mkdir(join(home, '.doppler'));
});

const cliFile = (text: string): Promise<void> => writeFile(join(home, '.doppler', '.doppler.yaml'), text);
const settings = (env: Record<string, string> = {}, project?: string) =>
  dopplerSettings({ root, home, env, project });

describe('token, host and project', () => {
  it('come from the variables of the Doppler CLI', async () => {
    const found = await settings({
      DOPPLER_TOKEN: 'dp.pt.x',
      DOPPLER_PROJECT: 'p',
      DOPPLER_API_HOST: 'http://127.0.0.1:1',
    });
    expect([found.token.reveal('DOPPLER_TOKEN'), found.project, found.host]).toEqual([
      'dp.pt.x',
      'p',
      'http://127.0.0.1:1',
    ]);
  });

  it('come from the CLI’s own file, the innermost scope first', async () => {
    await cliFile(
      [
        'scoped:',
        '    /:',
        '        token: dp.ct.everywhere',
        '        api-host: https://api.doppler.com',
        `    ${home}/work:`,
        '        enclave.project: outer',
        `    ${root}:`,
        '        enclave.project: reports',
        '        enclave.config: dev',
        `    ${root}-other:`,
        '        token: dp.ct.wrong',
        'version-check:',
        '    latest-version: v3.75.0',
        '    checked-at: 2026-01-01T00:00:00.000000Z',
        'analytics:',
        '    disable: false',
      ].join('\n'),
    );
    const found = await settings();
    expect([found.token.reveal('DOPPLER_TOKEN'), found.project, found.host]).toEqual([
      'dp.ct.everywhere',
      'reports',
      'https://api.doppler.com',
    ]);
    expect((await settings({}, 'named')).project).toBe('named');
    expect((await settings({ DOPPLER_PROJECT: 'from-env' })).project).toBe('from-env');
  });

  it.each([
    ['one', 'setup:\n  project: reports\n  config: dev\n'],
    [
      'a list',
      'setup:\n  - project: web\n    config: dev\n    path: web/\n  - project: "reports" # here\n    config: dev\n    path: .\n',
    ],
    ['a list that is not indented', 'setup:\n- project: reports\n  config: dev\n'],
  ])('the project comes from doppler.yaml with %s', async (_name, text) => {
    await writeFile(join(root, 'doppler.yaml'), text);
    expect((await settings({ DOPPLER_TOKEN: 't' })).project).toBe('reports');
  });

  it('are asked for where they are missing', async () => {
    await expect(settings()).rejects.toMatchObject({
      code: 'credentials-missing',
      hint: expect.stringContaining('doppler login'),
    });
    await expect(settings({ DOPPLER_TOKEN: 't' })).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('are not sent in plain text over a network', async () => {
    for (const host of ['http://api.doppler.com', 'ftp://x', 'nonsense']) {
      const env = { DOPPLER_TOKEN: 't', DOPPLER_PROJECT: 'p', DOPPLER_API_HOST: host };
      await expect(settings(env)).rejects.toMatchObject({ code: 'config-invalid' });
    }
  });

  it('do not show the file when it cannot be read', async () => {
    await cliFile('scoped:\n  /:\n    token: dp.ct.canary\n  &anchor canary\n');
    const error: unknown = await settings().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'config-invalid' });
    expect(String(error) + JSON.stringify(error)).not.toContain('canary');
  });
});

describe('YAML', () => {
  it('is read as far as Doppler’s files go', () => {
    expect(parseSimpleYaml('')).toEqual({});
    expect(parseSimpleYaml('---\na: 1 # one\n"b c": \'it\'\'s\'\nd:\n  e: "x: y"\n  f:\ng: []\n')).toEqual({
      a: '1',
      'b c': "it's",
      d: { e: 'x: y', f: '' },
      g: [],
    });
    expect(parseSimpleYaml('- a\n-\n  b: c\n- d: e\n  f: g\n')).toEqual([
      'a',
      { b: 'c' },
      { d: 'e', f: 'g' },
    ]);
    expect(parseSimpleYaml(String.raw`C:\work\x:${'\n'}  token: t`)).toEqual({
      [String.raw`C:\work\x`]: { token: 't' },
    });
  });

  it.each([
    'a: |\n  text\n',
    'a: {b: c}\n',
    'a: &x y\n',
    '\ta: b\n',
    'a: b\n   c: d\n',
    'just text\n',
    'a: "open\n',
  ])('is refused rather than misread: %j', (text) => {
    expect(() => parseSimpleYaml(text)).toThrow(YamlError);
  });
});
