/** Opens the provider that a project's settings name. Clients are loaded only where the provider needs them. */
import type { AwsClients } from '../aws/clients.ts';
import type { Redactor } from '../redact/redactor.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Clock } from '../transfer/host.ts';
import type { SecretRule } from './classify.ts';
import { learnValues } from './learn.ts';
import { createDopplerClient } from './doppler/client.ts';
import { createDopplerHttp } from './doppler/http.ts';
import { dopplerSettings } from './doppler/settings.ts';
import type { ProviderId, SecretsProvider } from './provider.ts';
import { secretsManagerProvider } from './providers/aws-secrets-manager.ts';
import { ssmProvider } from './providers/aws-ssm.ts';
import { dopplerProvider } from './providers/doppler.ts';
import { dotenvProvider } from './providers/dotenv.ts';
import { envProvider } from './providers/env.ts';

/** `secrets` of the configuration. */
export interface SecretsSettings {
  readonly provider: ProviderId;
  /** Doppler's project. */
  readonly project?: string | undefined;
  /** Where the secrets of an environment lie, `{env}` standing for its name: for AWS and dotenv files. */
  readonly pattern?: string | undefined;
  /** Environment → config, where names do not say it. */
  readonly configs?: Readonly<Record<string, string>> | undefined;
  readonly rules?: readonly SecretRule[] | undefined;
}

export interface OpenProviderOptions {
  /** Folder of the project. */
  readonly root: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly aws: () => Promise<AwsClients>;
  /** For `env`: names of the secrets that are ours to read. */
  readonly names: readonly string[];
  /** Learns every value that is read or stored. */
  readonly redactor?: Redactor | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

function neededPattern({ provider, pattern }: SecretsSettings, example: string): string {
  if (pattern !== undefined) return pattern;
  throw new ProvisionError('config-invalid', `\`secrets.pattern\` is missing for the provider ${provider}.`, {
    hint: `Say where the secrets of an environment lie, for example \`${example}\`.`,
  });
}

/**
 * @throws ProvisionError `credentials-missing`, `config-invalid`
 */
export async function openProvider(
  settings: SecretsSettings,
  options: OpenProviderOptions,
): Promise<SecretsProvider> {
  const provider = await providerOf(settings, options);
  return options.redactor === undefined ? provider : learning(provider, options.redactor);
}

/** What is read or stored there is secret from then on. */
function learning(provider: SecretsProvider, redactor: Redactor): SecretsProvider {
  return {
    ...provider,
    async read(config) {
      const read = await provider.read(config);
      for (const values of [read.values, read.raw]) learnValues(redactor, values);
      return read;
    },
    set(config, values) {
      learnValues(redactor, values);
      return provider.set(config, values);
    },
  };
}

async function providerOf(settings: SecretsSettings, options: OpenProviderOptions): Promise<SecretsProvider> {
  const { root, clock, signal, aws, names, env = process.env } = options;
  const configs = settings.configs ?? {};
  switch (settings.provider) {
    case 'doppler': {
      const { host, token, project } = await dopplerSettings({
        root,
        project: settings.project,
        env,
        signal,
      });
      const http = createDopplerHttp({ host, token: token.reveal('DOPPLER_TOKEN') ?? '', clock, signal });
      return dopplerProvider({ client: createDopplerClient(http, project), configs });
    }
    case 'env': {
      return envProvider({ env, names });
    }
    case 'dotenv': {
      return dotenvProvider({
        root,
        configs,
        ...(settings.pattern === undefined ? {} : { pattern: settings.pattern }),
      });
    }
    case 'aws-secrets-manager': {
      const pattern = neededPattern(settings, 'daily-report/{env}');
      return secretsManagerProvider({
        client: async () => (await aws()).get('secretsmanager'),
        pattern,
        configs,
      });
    }
    case 'aws-ssm': {
      break;
    }
  }
  const pattern = neededPattern(settings, '/daily-report/{env}');
  return ssmProvider({ client: async () => (await aws()).get('ssm'), pattern, configs });
}
