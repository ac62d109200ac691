/**
 * The secrets of a transfer: where they lie, which of them the target must have for itself, what Terraform is given,
 * and what the proof compares. Values stay in memory; what is written down are fingerprints.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { AwsClients } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import type { SecretsProofInput } from '../proof/secrets.ts';
import type { Redactor } from '../redact/redactor.ts';
import { type ClassifiedSecret, classifySecrets } from '../secrets/classify.ts';
import { openFingerprinter } from '../secrets/fingerprint.ts';
import { keyOfStateSecret, secretsFromState } from '../secrets/from-state.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { databasePasswordKey, isDatabasePassword } from '../secrets/known-keys.ts';
import { canonicalKey } from '../secrets/names.ts';
import { openProvider, type SecretsSettings } from '../secrets/open.ts';
import { originsIn } from '../secrets/origins.ts';
import { secretsProofInput } from '../secrets/proof-input.ts';
import type { SecretsProvider } from '../secrets/provider.ts';
import {
  deleteTargetConfig,
  ensureTargetConfig,
  fillFromOutputs,
  previewTargetConfig,
  type RecordedSecretsConfig,
  type TargetConfig,
} from '../secrets/target-config.ts';
import { childEnvironment } from '../secrets/terraform-variables.ts';
import { canonicalValues } from '../secrets/target-config.ts';
import type { Declarations, StateModel } from '../terraform/model.ts';
import type { Clock } from '../transfer/host.ts';
import type { EnvironmentRecord } from '../transfer/record.ts';

export interface SecretsSession {
  readonly provider: SecretsProvider;
  readonly classified: readonly ClassifiedSecret[];
  /** The source's secrets by their canonical names: as its functions have them, then as its store has them. */
  readonly sourceValues: readonly SecretValues[];
  /** Version of the source's secrets, for its fingerprint; `null` where that cannot be told. */
  sourceVersion(): Promise<string | null>;
  /** What the target's config holds, or will hold. Writes nothing. */
  preview(): Promise<TargetConfig>;
  /** Makes the config and brings it to where it should be. */
  ensure(
    keep: readonly string[],
    remember: (config: RecordedSecretsConfig) => Promise<void>,
  ): Promise<TargetConfig>;
  /** Stores what a person gave. */
  store(config: TargetConfig, values: SecretValues): Promise<void>;
  /** Writes endpoints and other outputs into the config. */
  fill(config: TargetConfig, outputs: Readonly<Record<string, string>>): Promise<readonly string[]>;
  remove(recorded: RecordedSecretsConfig | null): Promise<boolean>;
  /** Variables for Terraform's child process. */
  childEnvironment(values: SecretValues): Readonly<Record<string, string | undefined>>;
  proofInput(config: TargetConfig, missing: readonly string[]): Promise<SecretsProofInput>;
}

export interface SecretsOptions {
  readonly config: Config;
  readonly root: string;
  readonly ownFolder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly redactor?: Redactor | undefined;
  readonly aws: () => Promise<AwsClients>;
  readonly sourceName: string;
  readonly sourceState: StateModel;
  /** Keys of functions' variables that may be secret, where no Terraform variable feeds them. */
  readonly functionKeys?: readonly string[];
  /** A database of the target cannot be made without a password: it is asked for if no other key is for one. */
  readonly wantsDatabasePassword?: boolean;
  readonly declarations: Declarations;
  readonly target: { readonly environment: string; readonly standing: boolean };
  readonly record: EnvironmentRecord | null;
  readonly others: readonly EnvironmentRecord[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A project that uses Doppler says so in `doppler.yaml`; `doppler run` alone leaves its secrets in the environment. */
export async function secretsSettings({
  config,
  root,
  env = process.env,
}: Pick<SecretsOptions, 'config' | 'root' | 'env'>): Promise<SecretsSettings> {
  if (config.secrets.provider !== undefined) return { ...config.secrets, provider: config.secrets.provider };
  const inDoppler = await access(join(root, 'doppler.yaml')).then(
    () => Boolean(env['DOPPLER_TOKEN']),
    () => false,
  );
  return { ...config.secrets, provider: inDoppler ? 'doppler' : 'env' };
}

export async function openSecrets(options: SecretsOptions): Promise<SecretsSession> {
  const { root, clock, signal, redactor, aws, sourceState, declarations, sourceName, target, record } =
    options;
  const variables = Object.values(declarations.modules['']?.variables ?? {});
  const functionKeys = options.functionKeys ?? [];
  const sensitive = [
    ...variables.filter((variable) => variable.sensitive).map(({ name }) => name),
    ...functionKeys,
  ];
  const asked =
    options.wantsDatabasePassword === true && !sensitive.some((key) => isDatabasePassword(canonicalKey(key)))
      ? [databasePasswordKey]
      : [];
  const inState = secretsFromState(sourceState, { declarations, names: sensitive });
  const settings = await secretsSettings(options);
  const provider = await openProvider(settings, {
    root,
    clock,
    signal,
    aws,
    names: [...sensitive, ...asked],
    redactor,
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const sourceConfig = provider.capabilities.environments ? await provider.find(sourceName) : null;
  const stored = sourceConfig === null ? null : await provider.read(sourceConfig);
  const forDatabase =
    asked.length > 0 && !(stored?.values.keys() ?? []).some((key) => isDatabasePassword(canonicalKey(key)))
      ? asked
      : [];
  const values = inState.merge(stored?.values ?? SecretValues.none);
  const keys = [
    ...sensitive,
    ...forDatabase,
    ...(provider.capabilities.environments ? inState.keys().map(keyOfStateSecret) : []),
    ...(stored?.values.keys() ?? []),
  ];
  const facts = { rules: settings.rules, origins: originsIn(sourceState), values };
  const classified = classifySecrets(keys, facts);
  // The caller's environment need not have what a default covers.
  const needed = new Set(
    variables.filter(({ hasDefault }) => !hasDefault).map(({ name }) => canonicalKey(name)),
  );
  // What environments share is copied with the function that has it.
  const ofFunctions = new Set([...functionKeys, ...forDatabase].map(canonicalKey));
  const wanted = provider.capabilities.environments
    ? classified
    : classified.filter(
        ({ key, class: kind }) =>
          needed.has(canonicalKey(key)) || (kind !== 'shared' && ofFunctions.has(canonicalKey(key))),
      );
  const request = {
    provider,
    source: { environment: sourceName, config: sourceConfig },
    target,
    classified: wanted,
  };
  // What this run has made counts as ours from then on, before any later run reads the record.
  let recorded: RecordedSecretsConfig | null = record?.secrets ?? null;
  const fingerprinter = await openFingerprinter(options.ownFolder);

  return {
    provider,
    classified,
    sourceValues: [inState, ...(stored ? [stored.values] : [])].map(canonicalValues),
    sourceVersion: async () => (sourceConfig === null ? null : provider.version(sourceConfig)),
    preview: () => previewTargetConfig({ ...request, recorded }),
    ensure: (keep, remember) =>
      ensureTargetConfig({
        ...request,
        recorded,
        keep,
        remember(config) {
          recorded = config;
          return remember(config);
        },
      }),
    store: (config, given) => provider.set(config.recorded.config, given),
    async fill(config, outputs) {
      if (!provider.capabilities.write) return [];
      return (await fillFromOutputs(provider, config.recorded.config, classified, outputs)).changed;
    },
    remove: (recorded) => deleteTargetConfig(provider, recorded),
    childEnvironment: (given) =>
      childEnvironment(given, {
        known: classified.map(({ key }) => key),
        variables: variables.map(({ name }) => name),
        ...(options.env === undefined ? {} : { inherited: options.env }),
      }),
    proofInput: (config, missing) =>
      Promise.resolve(
        secretsProofInput({
          place: config.place,
          target: config.values,
          sources: [...(stored ? [stored.values] : []), inState],
          others: options.others
            .filter(({ name }) => name !== sourceName && name !== target.environment)
            .map(({ name, secrets }) => ({ environment: name, fingerprints: secrets?.fingerprints ?? {} })),
          missing,
          classified,
          facts,
          fingerprinter,
        }),
      ),
  };
}
