import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DopplerSandbox, startDoppler } from '../../sandbox/doppler/start.ts';
import { classifySecrets } from '../../src/secrets/classify.ts';
import { envProvider } from '../../src/secrets/providers/env.ts';
import { dotenvProvider } from '../../src/secrets/providers/dotenv.ts';
import type { SecretsProvider } from '../../src/secrets/provider.ts';
import {
  deleteTargetConfig,
  ensureTargetConfig,
  fillFromOutputs,
  previewTargetConfig,
  type RecordedSecretsConfig,
  type TargetConfigRequest,
} from '../../src/secrets/target-config.ts';
import { dopplerFor } from './providers.ts';

const dev = {
  AURORA_HOST: 'aurora-dev.cluster-abc.rds.amazonaws.com',
  AURORA_PASSWORD: 'dev-password-1',
  LINE_CHANNEL_ACCESS_TOKEN: 'dev-line-token-1',
  LINE_CHANNEL_SECRET: 'dev-line-secret-1',
  OPENROUTER_API_KEY: 'shared-key-1',
  TELEGRAM_BOT_TOKEN: '1:dev-telegram',
};
const rules = [
  { key: 'AURORA_HOST', class: 'from-output', output: 'aurora_endpoint' },
  { key: 'AURORA_PASSWORD', class: 'generated' },
] as const;
const classified = classifySecrets(Object.keys(dev), { rules });

let doppler: DopplerSandbox;
let provider: SecretsProvider;
let remembered: RecordedSecretsConfig[];
beforeEach(async () => {
  doppler = await startDoppler({
    seed: { reports: { dev: { secrets: dev }, stg: { secrets: { LINE_CHANNEL_SECRET: 'stg-line' } } } },
  });
  provider = dopplerFor(doppler);
  remembered = [];
});
afterEach(() => doppler.stop());

const feature = (more: Partial<TargetConfigRequest> = {}): TargetConfigRequest => ({
  provider,
  source: { environment: 'dev', config: 'dev' },
  target: { environment: 'feature-auth', standing: false },
  classified,
  recorded: null,
  remember: (config) => {
    remembered.push(config);
    return Promise.resolve();
  },
  ...more,
});
const staging = (more: Partial<TargetConfigRequest> = {}) =>
  feature({ target: { environment: 'staging', standing: true }, ...more });

const writes = (): number => doppler.requests.filter(({ method }) => method !== 'GET').length;

describe('a feature in Doppler', () => {
  it('gets a branch config without the source’s credentials', async () => {
    const result = await ensureTargetConfig(feature());
    expect(result.recorded).toEqual({
      provider: 'doppler',
      config: 'dev_feature-auth',
      made: true,
      sealed: true,
      own: [
        'AURORA_HOST',
        'AURORA_PASSWORD',
        'LINE_CHANNEL_ACCESS_TOKEN',
        'LINE_CHANNEL_SECRET',
        'TELEGRAM_BOT_TOKEN',
      ],
    });
    expect(result.place).toBe('the Doppler config reports/dev_feature-auth');
    expect(result.emptied).toEqual([
      'AURORA_HOST',
      'LINE_CHANNEL_ACCESS_TOKEN',
      'LINE_CHANNEL_SECRET',
      'TELEGRAM_BOT_TOKEN',
    ]);
    expect(result.generated).toEqual(['AURORA_PASSWORD']);
    expect(result.missing).toEqual(result.emptied);
    const seen = doppler.secrets('reports', 'dev_feature-auth');
    expect(seen).toMatchObject({
      OPENROUTER_API_KEY: 'shared-key-1',
      LINE_CHANNEL_SECRET: '',
      AURORA_HOST: '',
    });
    expect(seen['AURORA_PASSWORD']).toMatch(/^[\w-]{30}$/);
    expect(doppler.secrets('reports', 'dev')).toMatchObject(dev);
  });

  it('changes nothing that is right when it is done again', async () => {
    const { recorded } = await ensureTargetConfig(feature());
    doppler.set('reports', 'dev_feature-auth', { LINE_CHANNEL_SECRET: 'own-line-secret' });
    const before = doppler.secrets('reports', 'dev_feature-auth');
    const count = writes();
    const again = await ensureTargetConfig(feature({ recorded }));
    expect(doppler.secrets('reports', 'dev_feature-auth')).toEqual(before);
    expect(writes()).toBe(count);
    expect([again.created, again.emptied, again.generated, again.copied]).toEqual([false, [], [], []]);
    expect(again.missing).not.toContain('LINE_CHANNEL_SECRET');
  });

  it('leaves the source’s value alone where somebody sets it later: the proof finds it', async () => {
    const { recorded } = await ensureTargetConfig(feature());
    doppler.set('reports', 'dev_feature-auth', { LINE_CHANNEL_SECRET: dev.LINE_CHANNEL_SECRET });
    const count = writes();
    const again = await ensureTargetConfig(feature({ recorded }));
    expect(writes()).toBe(count);
    expect(again.values.reveal('LINE_CHANNEL_SECRET')).toBe(dev.LINE_CHANNEL_SECRET);
  });

  it('follows the source in what is shared, and empties what is added to it later', async () => {
    const { recorded } = await ensureTargetConfig(feature());
    doppler.set('reports', 'dev', { OPENROUTER_API_KEY: 'shared-key-2', SLACK_BOT_TOKEN: 'dev-slack-token' });
    const more = classifySecrets([...Object.keys(dev), 'SLACK_BOT_TOKEN'], { rules });
    const again = await ensureTargetConfig(feature({ recorded, classified: more }));
    expect(again.emptied).toEqual(['SLACK_BOT_TOKEN']);
    expect(doppler.secrets('reports', 'dev_feature-auth')).toMatchObject({
      OPENROUTER_API_KEY: 'shared-key-2',
      SLACK_BOT_TOKEN: '',
    });
  });

  it('is known as ours before it is made, and is sealed when the run before died', async () => {
    doppler.fail({ method: 'POST', path: '/secrets', status: 500 });
    await expect(ensureTargetConfig(feature())).rejects.toMatchObject({ code: 'network-unreachable' });
    expect(remembered).toEqual([
      { provider: 'doppler', config: 'dev_feature-auth', made: true, sealed: false },
    ]);
    expect(doppler.configs('reports')).toContain('dev_feature-auth');
    doppler.clearFaults();
    const again = await ensureTargetConfig(feature({ recorded: remembered[0] ?? null }));
    expect(again.recorded).toMatchObject({ made: true, sealed: true });
    expect(doppler.secrets('reports', 'dev_feature-auth')['LINE_CHANNEL_SECRET']).toBe('');
  });

  it('makes one config even where Doppler’s answer is lost', async () => {
    doppler.fail({ method: 'POST', path: '/v3/configs', status: 504, times: 1, afterwards: true });
    const result = await ensureTargetConfig(feature());
    expect(result.recorded.made).toBe(true);
    expect(doppler.secrets('reports', 'dev_feature-auth')['LINE_CHANNEL_SECRET']).toBe('');
  });

  it('has restricted secrets emptied too, which nobody may read', async () => {
    await doppler.stop();
    doppler = await startDoppler({
      seed: { reports: { dev: { secrets: dev, restricted: ['LINE_CHANNEL_SECRET'] } } },
    });
    const result = await ensureTargetConfig(feature({ provider: dopplerFor(doppler) }));
    expect(result.emptied).toContain('LINE_CHANNEL_SECRET');
    expect(doppler.secrets('reports', 'dev_feature-auth')['LINE_CHANNEL_SECRET']).toBe('');
    // Once sealed, a value that cannot be read may be the target's own: it stays.
    doppler.set('reports', 'dev_feature-auth', { LINE_CHANNEL_SECRET: 'own-line-secret' });
    const again = await ensureTargetConfig(
      feature({ provider: dopplerFor(doppler), recorded: result.recorded }),
    );
    expect(again.emptied).toEqual([]);
    expect(again.unreadable).toEqual(['LINE_CHANNEL_SECRET']);
  });

  it('keeps what a person has accepted', async () => {
    const result = await ensureTargetConfig(feature({ keep: ['line_channel_secret'] }));
    expect(result.emptied).not.toContain('LINE_CHANNEL_SECRET');
    expect(doppler.secrets('reports', 'dev_feature-auth')['LINE_CHANNEL_SECRET']).toBe('dev-line-secret-1');
  });

  it('takes what differs in a source that is itself a branch', async () => {
    await doppler.stop();
    const branches = { dev_main: { OPENROUTER_API_KEY: 'key-of-main', LINE_CHANNEL_SECRET: 'line-of-main' } };
    doppler = await startDoppler({ seed: { reports: { dev: { secrets: dev, branches } } } });
    const source = { environment: 'main', config: 'dev_main' };
    const result = await ensureTargetConfig(feature({ provider: dopplerFor(doppler), source }));
    expect(result.recorded.config).toBe('dev_feature-auth');
    expect(doppler.secrets('reports', 'dev_feature-auth')).toMatchObject({
      LINE_CHANNEL_SECRET: '',
      OPENROUTER_API_KEY: 'key-of-main',
    });
  });

  it('gets a name that Doppler takes, however long the environment’s is', async () => {
    const long = 'feature-with-a-name-of-32-letter';
    const { recorded } = await ensureTargetConfig(
      feature({ target: { environment: long, standing: false } }),
    );
    expect(recorded.config).toMatch(/^dev_feature-with-a-name-of-\S*-[0-9a-f]{6}$/);
    expect(recorded.config.length).toBeLessThanOrEqual(35);
    expect(await provider.find(long)).toBe(recorded.config);
  });
});

describe('a standing environment in Doppler', () => {
  it('gets an environment of its own, with what is shared and nothing else', async () => {
    const result = await ensureTargetConfig(feature({ target: { environment: 'prod', standing: true } }));
    expect(result.recorded).toMatchObject({ config: 'prod', made: true });
    expect(doppler.environments('reports')).toEqual(['dev', 'prod', 'stg']);
    const seen = doppler.secrets('reports', 'prod');
    expect(Object.keys(seen).sort()).toEqual(['AURORA_PASSWORD', 'OPENROUTER_API_KEY']);
    expect(JSON.stringify(doppler.requests)).not.toContain('dev-line');
  });

  it('that is there already under Doppler’s own name is filled up and otherwise left alone', async () => {
    const result = await ensureTargetConfig(staging());
    expect(result.recorded).toMatchObject({ config: 'stg', made: false });
    expect(doppler.secrets('reports', 'stg')).toMatchObject({
      LINE_CHANNEL_SECRET: 'stg-line',
      OPENROUTER_API_KEY: 'shared-key-1',
    });
    expect(result.missing).toEqual(['AURORA_HOST', 'LINE_CHANNEL_ACCESS_TOKEN', 'TELEGRAM_BOT_TOKEN']);
  });

  it('keeps a credential that somebody copied into it: the proof finds it', async () => {
    doppler.set('reports', 'stg', { LINE_CHANNEL_ACCESS_TOKEN: dev.LINE_CHANNEL_ACCESS_TOKEN });
    const result = await ensureTargetConfig(staging());
    expect(result.values.reveal('LINE_CHANNEL_ACCESS_TOKEN')).toBe(dev.LINE_CHANNEL_ACCESS_TOKEN);
  });

  it('says which secrets lean on another config', async () => {
    doppler.set('reports', 'dev', { WEATHER_API_KEY: '${dev.OPENROUTER_API_KEY}' });
    const more = classifySecrets([...Object.keys(dev), 'WEATHER_API_KEY'], { rules });
    expect((await ensureTargetConfig(staging({ classified: more }))).leaning).toEqual(['WEATHER_API_KEY']);
  });
});

describe('before anything is changed', () => {
  it.each([
    ['a feature', feature, 'dev_feature-auth'],
    ['a standing environment', staging, 'stg'],
  ] as const)('%s shows what it will hold', async (_name, request, config) => {
    const count = writes();
    const preview = await previewTargetConfig(request());
    expect(writes()).toBe(count);
    expect(remembered).toEqual([]);
    const made = await ensureTargetConfig(request());
    expect(preview.recorded.config).toBe(config);
    expect([preview.emptied, preview.copied, preview.generated, preview.missing]).toEqual([
      made.emptied,
      made.copied,
      made.generated,
      made.missing,
    ]);
    expect(preview.values.keys().filter((key) => preview.values.hasValue(key))).toEqual(
      made.values.keys().filter((key) => made.values.hasValue(key)),
    );
  });
});

describe('after the apply', () => {
  it('outputs are filled in, once', async () => {
    const { recorded } = await ensureTargetConfig(feature());
    const outputs = { aurora_endpoint: 'aurora-feature-auth.cluster-abc.rds.amazonaws.com' };
    const filled = await fillFromOutputs(provider, recorded.config, classified, outputs);
    expect(filled).toEqual({ changed: ['AURORA_HOST'], unfilled: [] });
    expect(doppler.secrets('reports', recorded.config)['AURORA_HOST']).toBe(outputs.aurora_endpoint);
    const count = writes();
    expect((await fillFromOutputs(provider, recorded.config, classified, outputs)).changed).toEqual([]);
    expect(writes()).toBe(count);
  });

  it('an output without a value is named', async () => {
    const { recorded } = await ensureTargetConfig(feature());
    expect((await fillFromOutputs(provider, recorded.config, classified, {})).unfilled).toEqual([
      'AURORA_HOST',
    ]);
  });
});

describe('destroy', () => {
  it('deletes what we made, again and again', async () => {
    const { recorded } = await ensureTargetConfig(feature());
    expect(await deleteTargetConfig(provider, recorded)).toBe(true);
    expect(doppler.configs('reports')).toEqual(['dev', 'stg']);
    expect(await deleteTargetConfig(provider, recorded)).toBe(true);
  });

  it('takes an environment of ours with its root config', async () => {
    const { recorded } = await ensureTargetConfig(
      feature({ target: { environment: 'prod', standing: true } }),
    );
    await deleteTargetConfig(provider, recorded);
    expect(doppler.environments('reports')).toEqual(['dev', 'stg']);
  });

  it('leaves what was there before us, and what is in no record', async () => {
    const { recorded } = await ensureTargetConfig(staging());
    expect(await deleteTargetConfig(provider, recorded)).toBe(false);
    expect(await deleteTargetConfig(provider, null)).toBe(false);
    expect(doppler.configs('reports')).toEqual(['dev', 'stg']);
  });

  it('stops where others have branched off what we made', async () => {
    const { recorded } = await ensureTargetConfig(
      feature({ target: { environment: 'prod', standing: true } }),
    );
    await fetch(new URL('/v3/configs', doppler.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${doppler.token}` },
      body: JSON.stringify({ project: 'reports', environment: 'prod', name: 'prod_ada' }),
    });
    await expect(deleteTargetConfig(provider, recorded)).rejects.toMatchObject({ code: 'not-ours' });
    expect(doppler.configs('reports')).toContain('prod_ada');
  });
});

describe('other providers', () => {
  it('a dotenv file is made with what is shared, for its owner’s eyes', async () => {
    const root = await mkdtemp(join(tmpdir(), 'pe-target-'));
    await writeFile(
      join(root, '.env.dev'),
      Object.entries(dev)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
    const files = dotenvProvider({ root });
    const result = await ensureTargetConfig(
      feature({ provider: files, source: { environment: 'dev', config: '.env.dev' } }),
    );
    const path = join(root, '.env.feature-auth');
    const text = await readFile(path, 'utf8');
    expect(text).toContain('OPENROUTER_API_KEY=shared-key-1');
    expect(text).not.toMatch(/dev-(?:line|password)|1:dev/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await deleteTargetConfig(files, result.recorded);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a dotenv file keeps its comments, its order and its spellings', async () => {
    const root = await mkdtemp(join(tmpdir(), 'pe-target-'));
    const path = join(root, '.env.staging');
    await writeFile(path, '# ours\nexport TF_VAR_line_channel_secret="own"  # from the console\n\nLAST=1', {
      mode: 0o644,
    });
    const files = dotenvProvider({ root });
    await files.set(
      '.env.staging',
      (await files.read('.env.staging')).values.with('TF_VAR_line_channel_secret', 'new one'),
    );
    expect(await readFile(path, 'utf8')).toBe('# ours\nTF_VAR_line_channel_secret="new one"\n\nLAST=1');
    await expect(files.read('../outside')).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('the environment of the command is read under every spelling and never changed', async () => {
    const env = {
      TF_VAR_line_channel_secret: 'own',
      OPENROUTER_API_KEY: 'key',
      HOME: '/nowhere',
      LINE_CHANNEL_SECRET: 'other',
    };
    const caller = envProvider({
      env,
      names: ['line_channel_secret', 'OPENROUTER_API_KEY', 'TELEGRAM_BOT_TOKEN'],
    });
    const needed = classifySecrets(['line_channel_secret', 'OPENROUTER_API_KEY', 'TELEGRAM_BOT_TOKEN']);
    const result = await ensureTargetConfig(
      feature({ provider: caller, classified: needed, source: { environment: 'dev', config: null } }),
    );
    expect(result.values.keys()).toEqual(['LINE_CHANNEL_SECRET', 'OPENROUTER_API_KEY']);
    expect(result.values.reveal('LINE_CHANNEL_SECRET')).toBe('own');
    expect(result.missing).toEqual(['TELEGRAM_BOT_TOKEN']);
    await expect(caller.set('env', result.values)).rejects.toMatchObject({
      code: 'needs-person',
      exitCode: 6,
    });
    expect(await deleteTargetConfig(caller, result.recorded)).toBe(false);
  });
});
