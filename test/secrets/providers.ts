/** Every provider, each on a store of its own, for tests that all of them have to pass. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DopplerSandbox, startDoppler } from '../../sandbox/doppler/start.ts';
import { createDopplerClient } from '../../src/secrets/doppler/client.ts';
import { createDopplerHttp } from '../../src/secrets/doppler/http.ts';
import type { SecretsProvider } from '../../src/secrets/provider.ts';
import { secretsManagerProvider } from '../../src/secrets/providers/aws-secrets-manager.ts';
import { ssmProvider } from '../../src/secrets/providers/aws-ssm.ts';
import { dopplerProvider } from '../../src/secrets/providers/doppler.ts';
import { dotenvProvider } from '../../src/secrets/providers/dotenv.ts';
import { fakeSecretsManager, fakeSsm } from './fake-aws.ts';

export const clock = { now: () => new Date(), sleep: () => Promise.resolve() };

export function dopplerFor(
  doppler: DopplerSandbox,
  project = 'reports',
  token = doppler.token,
): SecretsProvider {
  const http = createDopplerHttp({ host: doppler.url, token, clock, timeoutMs: 500 });
  return dopplerProvider({ client: createDopplerClient(http, project) });
}

export interface Store {
  readonly provider: SecretsProvider;
  stop(): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

export const writable: Readonly<Record<string, () => Promise<Store>>> = {
  async doppler() {
    const doppler = await startDoppler({ seed: { reports: { dev: {} } } });
    return { provider: dopplerFor(doppler), stop: () => doppler.stop() };
  },
  async dotenv() {
    return { provider: dotenvProvider({ root: await mkdtemp(join(tmpdir(), 'pe-dotenv-')) }), stop: nothing };
  },
  async 'aws-secrets-manager'() {
    const fake = fakeSecretsManager();
    const provider = secretsManagerProvider({
      client: () => Promise.resolve(fake),
      pattern: 'reports/{env}',
    });
    return Promise.resolve({ provider, stop: nothing });
  },
  async 'aws-ssm'() {
    const fake = fakeSsm();
    return Promise.resolve({
      provider: ssmProvider({ client: () => Promise.resolve(fake), pattern: '/reports/{env}' }),
      stop: nothing,
    });
  },
};
