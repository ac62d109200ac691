/** Secrets in AWS, against an AWS that keeps what it is told: the providers, and a target's config from end to end. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { classifySecrets } from '../../src/secrets/classify.ts';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { openProvider } from '../../src/secrets/open.ts';
import type { SecretsProvider } from '../../src/secrets/provider.ts';
import {
  deleteTargetConfig,
  ensureTargetConfig,
  fillFromOutputs,
  previewTargetConfig,
  type TargetConfigRequest,
} from '../../src/secrets/target-config.ts';
import { unique } from '../sandbox/aws.ts';

const dev = {
  AURORA_HOST: 'dev.cluster-abc.rds.amazonaws.com',
  AURORA_PASSWORD: 'canary-dev-password',
  LINE_CHANNEL_ACCESS_TOKEN: 'canary-dev-line-token',
  OPENROUTER_API_KEY: 'canary-shared-key',
  telegram_bot_token: '1:canary-dev-telegram',
};
const classified = classifySecrets(Object.keys(dev), {
  rules: [
    { key: 'AURORA_HOST', class: 'from-output', output: 'aurora_endpoint' },
    { key: 'AURORA_PASSWORD', class: 'generated' },
  ],
});
const environment = {
  environment: 'feature-auth',
  standing: false,
  source: { environment: 'dev', config: '' },
};

let sandbox: Sandbox;
let clients: AwsClients;
beforeAll(async () => {
  sandbox = await startSandbox();
  clients = createClients();
});
// Every test begins with what reaches the sandbox, whatever the one before it has changed.
beforeEach(() => {
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
});

type AwsProvider = 'aws-secrets-manager' | 'aws-ssm';

const open = (id: AwsProvider, pattern: string, aws = clients): Promise<SecretsProvider> =>
  openProvider(
    { provider: id, pattern },
    {
      root: '/nowhere',
      clock: { now: () => new Date(), sleep: () => Promise.resolve() },
      aws: () => Promise.resolve(aws),
      names: [],
    },
  );

const read = async (provider: SecretsProvider, config: string): Promise<Record<string, string>> =>
  Object.fromEntries((await provider.read(config)).values.revealAll());

describe.each([
  ['aws-secrets-manager', ''],
  ['aws-ssm', '/'],
] as const)('%s', (id, slash) => {
  let project: string;
  let provider: SecretsProvider;
  let source: string;
  let request: TargetConfigRequest;
  beforeEach(async () => {
    project = slash + unique('project');
    provider = await open(id, `${project}/{env}`);
    source = await provider.nameFor({ ...environment, environment: 'dev' });
    await provider.create(source, { ...environment, environment: 'dev' });
    await provider.set(source, new SecretValues(dev));
    request = {
      provider,
      source: { environment: 'dev', config: source },
      target: { environment: 'feature-auth', standing: false },
      classified,
      recorded: null,
      remember: () => Promise.resolve(),
    };
  });

  it('keeps, changes and removes values as they are', async () => {
    const many = Object.fromEntries(Array.from({ length: 23 }, (_, each) => [`KEY_${each}`, `v ${each}`]));
    const odd = {
      QUOTES: `it's "quoted" \\ $x`,
      LINES: 'a\nb\n',
      THAI: 'สวัสดี 🎉',
      LONG: 'x'.repeat(4000),
    };
    await provider.set(source, new SecretValues({ ...many, ...odd }));
    expect(await read(provider, source)).toEqual({ ...dev, ...many, ...odd });
    const version = await provider.version(source);
    expect(await provider.version(source)).toBe(version);
    await provider.remove(source, [...Object.keys(many), 'NOT_THERE']);
    expect(await read(provider, source)).toEqual({ ...dev, ...odd });
    expect(await provider.version(source)).not.toBe(version);
    // Under the spelling that is there.
    await provider.set(source, new SecretValues({ TELEGRAM_BOT_TOKEN: 'new' }));
    expect((await read(provider, source))['telegram_bot_token']).toBe('new');
  });

  it('makes a target from the source without its credentials, once, and takes only the target away', async () => {
    const preview = await previewTargetConfig(request);
    expect(await provider.find('feature-auth')).toBeNull();
    const made = await ensureTargetConfig(request);
    const config = `${project}/feature-auth`;
    expect(made.recorded).toMatchObject({ provider: id, config, made: true, sealed: true });
    expect(made.missing).toEqual(preview.missing);
    expect(made.missing).toEqual(['AURORA_HOST', 'LINE_CHANNEL_ACCESS_TOKEN', 'telegram_bot_token']);
    expect(await read(provider, config)).toEqual({
      AURORA_PASSWORD: expect.stringMatching(/^[\w-]{30}$/),
      OPENROUTER_API_KEY: dev.OPENROUTER_API_KEY,
    });

    await provider.set(config, new SecretValues({ LINE_CHANNEL_ACCESS_TOKEN: 'own-line-token' }));
    const outputs = { aurora_endpoint: 'feature.cluster-x.rds.amazonaws.com' };
    expect(await fillFromOutputs(provider, config, classified, outputs)).toEqual({
      changed: ['AURORA_HOST'],
      unfilled: [],
    });
    const [before, version] = [await read(provider, config), await provider.version(config)];
    const again = await ensureTargetConfig({ ...request, recorded: made.recorded });
    expect([again.created, again.copied, again.emptied, again.generated]).toEqual([false, [], [], []]);
    expect(again.missing).toEqual(['telegram_bot_token']);
    expect(await read(provider, config)).toEqual(before);
    expect(await provider.version(config)).toBe(version);

    const neighbour = { ...environment, environment: 'feature-auth-2' };
    const other = await provider.nameFor(neighbour);
    await provider.create(other, neighbour);
    await provider.set(other, new SecretValues({ A: '1' }));
    expect(await deleteTargetConfig(provider, made.recorded)).toBe(true);
    expect(await provider.find('feature-auth')).toBeNull();
    expect(await read(provider, source)).toEqual(dev);
    expect(await read(provider, other)).toEqual({ A: '1' });
    expect(await deleteTargetConfig(provider, made.recorded)).toBe(true);
    // The name is free at once: an environment can be made again under it.
    expect((await ensureTargetConfig(request)).created).toBe(true);
  });

  it('never deletes or empties what others made for the target', async () => {
    const config = await provider.nameFor(environment);
    await provider.create(config, environment);
    await provider.set(config, new SecretValues({ LINE_CHANNEL_ACCESS_TOKEN: 'theirs' }));
    const found = await ensureTargetConfig(request);
    expect([found.created, found.recorded.made]).toEqual([false, false]);
    expect(await read(provider, config)).toMatchObject({ LINE_CHANNEL_ACCESS_TOKEN: 'theirs' });
    expect(await deleteTargetConfig(provider, found.recorded)).toBe(false);
    expect(await provider.find('feature-auth')).toBe(config);
  });

  it('names an AWS that cannot be reached, and no value', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    const unreachable = createClients({ maxAttempts: 1 });
    const lost = await open(id, `${project}/{env}`, unreachable);
    await expect(lost.find('dev')).rejects.toMatchObject({
      code: 'network-unreachable',
      message: expect.stringContaining('could not be reached'),
    });
    const writing = lost.set(source, new SecretValues({ A: 'canary-value' }));
    await expect(writing).rejects.toMatchObject({ code: 'network-unreachable' });
    await expect(writing).rejects.not.toHaveProperty('cause');
    await expect(writing).rejects.not.toThrow('canary-value');
    unreachable.close();
  });
});

it('says at the plan already that a secret is scheduled for deletion', async () => {
  const project = unique('project');
  const provider = await open('aws-secrets-manager', `${project}/{env}`);
  await provider.create(`${project}/feature-auth`, environment);
  const manager = await clients.get('secretsmanager');
  await manager.deleteSecret({ SecretId: `${project}/feature-auth` });
  const request = {
    provider,
    source: { environment: 'dev', config: null },
    target: { environment: 'feature-auth', standing: false },
    classified,
    recorded: null,
  };
  const scheduled = {
    code: 'already-exists',
    message: expect.stringContaining('is scheduled for deletion'),
    hint: expect.stringContaining(`restore-secret --secret-id ${project}/feature-auth`),
  };
  await expect(previewTargetConfig(request)).rejects.toMatchObject(scheduled);
  await expect(provider.create(`${project}/feature-auth`, environment)).rejects.toMatchObject(scheduled);
  // What is left of an environment of ours can still be taken away.
  await provider.delete(`${project}/feature-auth`);
  await expect(provider.nameFor(environment)).resolves.toBe(`${project}/feature-auth`);
});

it('names what may not be read with these credentials', async () => {
  const iam = await clients.get('iam');
  const user = unique('reader');
  await iam.createUser({ UserName: user });
  const { AccessKey } = await iam.createAccessKey({ UserName: user });
  // From here on moto asks IAM: this is the last test of the file.
  await fetch(`${sandbox.endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' });
  vi.stubEnv('AWS_ACCESS_KEY_ID', AccessKey?.AccessKeyId ?? '');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', AccessKey?.SecretAccessKey ?? '');
  const denied = createClients({ maxAttempts: 1 });
  for (const id of ['aws-secrets-manager', 'aws-ssm'] as const) {
    const provider = await open(id, '/denied/{env}', denied);
    await expect(provider.find('dev')).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringMatching(/\/denied\/dev: access denied/),
      hint: expect.stringContaining('Allow'),
    });
  }
  denied.close();
});
