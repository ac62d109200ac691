/**
 * The interface of a secret store. One provider is one file in `providers/`. A *config* is what holds the secrets of
 * one environment there: a config of Doppler, a file, a secret, a path. Its name is the provider's own business.
 */
import type { SecretValues } from './in-memory.ts';

export const providerIds = ['doppler', 'env', 'dotenv', 'aws-secrets-manager', 'aws-ssm'] as const;

export type ProviderId = (typeof providerIds)[number];

/** What a provider cannot do is said here and not found out half-way. */
export interface Capabilities {
  /** Keeps the secrets of several environments, so that the source's can be read beside the target's. */
  readonly environments: boolean;
  /** Values can be set and removed, and configs made and deleted. */
  readonly write: boolean;
}

/** What a config holds. */
export interface StoredSecrets {
  readonly values: SecretValues;
  /** As they are written, references to other secrets unresolved. The same as `values` where there are none. */
  readonly raw: SecretValues;
  /** Keys whose values may not be read with these credentials. */
  readonly unreadable: readonly string[];
}

export interface ConfigRequest {
  readonly environment: string;
  /** `staging`, `prod` and their like: they stand for themselves and inherit from nobody. */
  readonly standing: boolean;
  readonly source: { readonly environment: string; readonly config: string };
}

export interface SecretsProvider {
  readonly id: ProviderId;
  readonly capabilities: Capabilities;
  /** How people know a config: `the Doppler config daily-report/dev_feature-auth`. */
  place(config: string): string;
  /** The command with which a person sets a key there, its value in no argument; absent where there is none. */
  setCommand?(config: string, key: string): string;
  /** Name of the environment's config; `null` if it has none. */
  find(environment: string): Promise<string | null>;
  /** Name that the config of a new environment gets. Makes nothing. */
  nameFor(request: ConfigRequest): Promise<string>;
  /** Makes the config `nameFor` names, or finds it there. */
  create(config: string, request: ConfigRequest): Promise<void>;
  /** Config whose values show through where this one has none of its own; `null` if there is none. */
  parent(config: string): Promise<string | null>;
  keys(config: string): Promise<readonly string[]>;
  read(config: string): Promise<StoredSecrets>;
  set(config: string, values: SecretValues): Promise<void>;
  /** Afterwards none of the keys has a value, not even an inherited one. */
  remove(config: string, keys: readonly string[]): Promise<void>;
  /** Takes the config away with all that is in it. One that is not there is no error. */
  delete(config: string): Promise<void>;
  /** Changes whenever anybody changes a secret; `null` where that cannot be told. */
  version(config: string): Promise<string | null>;
}
