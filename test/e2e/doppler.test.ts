import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DopplerSandbox, startDoppler } from '../../sandbox/doppler/start.ts';
import { documentSchema } from '../../src/cli/document.ts';
import { createWorld, type World } from './support/world.ts';

const devSecrets = {
  API_TOKEN: 'canary-token-of-dev',
  OPENROUTER_API_KEY: 'canary-shared-model-key',
  NOTES_TABLE: 'mini-dev-notes',
};
const ownToken = 'canary-token-issued-for-auth';
const branch = 'dev_feature-auth';
const devKey = 'mini/dev/terraform.tfstate';
const targetKey = 'mini/feature-auth/terraform.tfstate';

let world: World;
let doppler: DopplerSandbox;
let devState: string | null;
beforeAll(async () => {
  doppler = await startDoppler({ seed: { mini: { dev: { secrets: devSecrets } } } });
  world = await createWorld({ fixture: 'mini', bucket: 'mini-state' });
  await world.write(
    'provision-env.config.json',
    JSON.stringify({ secrets: { provider: 'doppler', project: 'mini' } }),
  );
  devState = await world.object(devKey);
});
afterAll(async () => {
  await doppler.stop();
  await world.close();
});

/** Nobody gives a value to the command: what Terraform gets comes out of Doppler. */
const json: World['json'] = (args) =>
  world.json(args, { env: { ...doppler.env, TF_VAR_api_token: undefined } });

/** Requests that change something. */
const writes = (): readonly string[] =>
  doppler.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

const withoutManaged = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).filter(([key]) => !key.startsWith('DOPPLER_')));

/** Neither what dev keeps in Doppler nor its state is any different. */
async function expectDevUntouched(): Promise<void> {
  expect(withoutManaged(doppler.secrets('mini', 'dev'))).toEqual(devSecrets);
  expect(await world.object(devKey)).toBe(devState);
}

/** What a run leaves behind, as one text. */
async function leftBehind(): Promise<string> {
  const folder = join(world.project, '.provision-env');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    entries
      // Terraform's provider is a big program that knows nothing of us.
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('/providers'))
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
  );
  return texts.join('\n');
}

async function expectNoValues(...texts: readonly string[]): Promise<void> {
  const all = [await leftBehind(), ...texts].join('\n');
  for (const value of [devSecrets.API_TOKEN, devSecrets.OPENROUTER_API_KEY, ownToken])
    expect(all.includes(value)).toBe(false);
  expect(all).not.toContain(doppler.token);
}

describe('a project that keeps its secrets in Doppler', () => {
  it('plans without writing anything there, and says what will be asked for', async () => {
    const { exitCode, document, stdout, stderr } = await json(['plan', 'feature-auth', 'from=dev']);
    expect(document.error).toBeNull();
    expect([exitCode, document.status]).toEqual([0, 'planned']);
    const step = document.steps.find(({ id }) => id === 'analyze-target');
    expect(step?.output).toMatchObject({
      constraints: expect.arrayContaining([
        {
          constraint: 'Secrets',
          met: true,
          detail: `the Doppler config mini/${branch}; will be asked for: API_TOKEN; filled from outputs after the apply: NOTES_TABLE`,
        },
      ]),
    });
    expect(writes()).toEqual([]);
    expect(doppler.configs('mini')).toEqual(['dev']);
    expect(document.mapping.filter(({ kind }) => kind === 'secret')).toEqual([
      expect.objectContaining({ subject: 'API_TOKEN', action: 'new-credential' }),
      expect.objectContaining({ subject: 'NOTES_TABLE', action: 'new-value' }),
      expect.objectContaining({ subject: 'OPENROUTER_API_KEY', action: 'same-value' }),
    ]);
    await expectNoValues(stdout, stderr);
  });

  it('makes the config without dev’s credential, and waits for one', async () => {
    const { exitCode, document, stdout, stderr } = await json(['feature-auth', 'from=dev', '--yes']);
    expect([exitCode, document.status, document.error?.code]).toEqual([6, 'waiting', 'needs-person']);
    expect(document.error?.message).toBe(
      `API_TOKEN of feature-auth has no value in the Doppler config mini/${branch}, and there is nobody to ask.`,
    );
    expect(document.error?.hint).toContain(
      `\`doppler secrets set API_TOKEN --project mini --config ${branch}\`, then \`provision-env resume feature-auth\``,
    );
    expect(documentSchema.parse(document)).toBeTruthy();
    expect(document.record).toMatchObject({
      status: 'waiting',
      secrets: { provider: 'doppler', config: branch, made: true, sealed: true },
      resources: [],
    });
    expect(doppler.configs('mini')).toEqual(['dev', branch]);
    expect(withoutManaged(doppler.secrets('mini', branch))).toEqual({
      API_TOKEN: '',
      OPENROUTER_API_KEY: devSecrets.OPENROUTER_API_KEY,
      NOTES_TABLE: '',
    });
    await expectDevUntouched();
    expect(await world.objects()).toEqual([devKey]);
    await expectNoValues(stdout, stderr);
  });

  it('refuses dev’s credential before anything is made', async () => {
    doppler.set('mini', branch, { API_TOKEN: devSecrets.API_TOKEN });
    const before = writes().length;
    const { exitCode, document, stdout, stderr } = await json(['resume', 'feature-auth', '--yes']);
    expect([exitCode, document.status]).toEqual([3, 'blocked']);
    expect(document.findings.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({
        rule: 'credential-isolated',
        severity: 'error',
        subject: 'API_TOKEN',
        message: 'API_TOKEN has the same value as in dev.',
        hint: expect.stringContaining(`the Doppler config mini/${branch}`),
      }),
    ]);
    expect(writes()).toHaveLength(before);
    expect(await world.objects()).toEqual([devKey]);
    await expectNoValues(stdout, stderr);
  });

  it('applies with a credential of its own, and stops half-way where Doppler then takes nothing', async () => {
    doppler.set('mini', branch, { API_TOKEN: ownToken });
    doppler.fail({ method: 'POST', path: '/secrets', status: 403 });
    const { exitCode, document, stdout, stderr } = await json(['resume', 'feature-auth', '--yes']);
    doppler.clearFaults();
    expect([exitCode, document.status]).toEqual([5, 'halfway']);
    expect(document.error?.source).toBe('environment');
    expect(document.record?.resources.map(({ address }) => address)).toContain('aws_lambda_function.hello');
    expect(doppler.secrets('mini', branch)['NOTES_TABLE']).toBe('');
    await expectNoValues(stdout, stderr);
  });

  it('goes on, and fills in what the apply brought', async () => {
    const { exitCode, document, stdout, stderr } = await json(['resume', 'feature-auth', '--yes']);
    expect({ exitCode, error: document.error }).toEqual({ exitCode: 0, error: null });
    expect([document.status, document.record?.status]).toEqual(['verified', 'verified']);
    expect(document.proof).toMatchObject({ phase: 'after-apply', held: true });
    expect(document.proof?.verdicts.find(({ rule }) => rule === 'credential-isolated')).toMatchObject({
      held: true,
      findings: [],
      undecided: [],
    });
    expect(withoutManaged(doppler.secrets('mini', branch))).toEqual({
      API_TOKEN: ownToken,
      OPENROUTER_API_KEY: devSecrets.OPENROUTER_API_KEY,
      NOTES_TABLE: 'mini-feature-auth-notes',
    });
    const lambda = new LambdaClient({
      region: 'ap-southeast-1',
      endpoint: world.sandbox.endpoint,
      credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    });
    const made = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'mini-feature-auth-hello' }),
    );
    lambda.destroy();
    expect(made.Environment?.Variables).toMatchObject({ API_TOKEN: ownToken });
    expect(document.record?.secrets).toMatchObject({
      made: true,
      sealed: true,
      fingerprints: { API_TOKEN: expect.stringMatching(/^hmac:/) },
    });
    await expectDevUntouched();
    await expectNoValues(stdout, stderr);
  });

  it('changes nothing when it is asked for again', async () => {
    const before = doppler.secrets('mini', branch);
    const count = writes().length;
    const { exitCode, document } = await json(['feature-auth', 'from=dev', '--yes']);
    expect({ exitCode, error: document.error }).toEqual({ exitCode: 0, error: null });
    expect(document.record?.secrets).toMatchObject({ config: branch, made: true });
    expect(writes().slice(count)).toEqual([]);
    expect(doppler.secrets('mini', branch)).toEqual(before);
  });

  it('is taken away with its config, though the credential is gone already', async () => {
    doppler.set('mini', branch, { API_TOKEN: '' });
    const { exitCode, document } = await json(['destroy', 'feature-auth', '--yes']);
    expect({ exitCode, error: document.error }).toEqual({ exitCode: 0, error: null });
    expect(document.status).toBe('destroyed');
    expect(doppler.configs('mini')).toEqual(['dev']);
    expect(await world.objects()).not.toContain(targetKey);
    await expectDevUntouched();
  });
});
