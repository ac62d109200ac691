/**
 * The secrets config of a new environment: made, filled with what may be shared, emptied of what may not, and taken
 * away again. The same for every provider; what a provider cannot do, its capabilities say.
 *
 * Doing it again changes nothing that is right: a value that the target has of its own stays, whoever set it.
 */
import { ProvisionError } from '../transfer/errors.ts';
import type { ClassifiedSecret } from './classify.ts';
import { generatePassword } from './generate.ts';
import { SecretValues } from './in-memory.ts';
import { canonicalKey } from './names.ts';
import type { ProviderId, SecretsProvider, StoredSecrets } from './provider.ts';

/** What the record of an environment keeps of its secrets, fingerprints aside. */
export interface RecordedSecretsConfig {
  readonly provider: ProviderId;
  readonly config: string;
  /** False if the config was there before us: then it is never deleted, and nothing in it is emptied. */
  readonly made: boolean;
  /** True once what it inherits of isolated secrets was taken out. */
  readonly sealed: boolean;
  /** Keys that no longer inherit: whatever they hold, somebody set it here. It is left for the proof to judge. */
  readonly own?: readonly string[] | undefined;
}

export interface TargetConfigRequest {
  readonly provider: SecretsProvider;
  readonly source: { readonly environment: string; readonly config: string | null };
  readonly target: { readonly environment: string; readonly standing: boolean };
  readonly classified: readonly ClassifiedSecret[];
  /** From the record of an earlier run; `null` if there is none. */
  readonly recorded: RecordedSecretsConfig | null;
  /** Keys whose sharing a person has accepted: they are not emptied. */
  readonly keep?: readonly string[];
  /** Called before a config is made and once it is sealed, so that a process that dies in between is known to have. */
  readonly remember: (config: RecordedSecretsConfig) => Promise<void>;
}

export interface TargetConfig {
  readonly recorded: RecordedSecretsConfig;
  readonly place: string;
  readonly created: boolean;
  /** Keys that were filled from the source. */
  readonly copied: readonly string[];
  /** Keys whose inherited value was taken out. */
  readonly emptied: readonly string[];
  /** Keys that were given a new value. */
  readonly generated: readonly string[];
  /** Keys that the source has and the target has no value for. */
  readonly missing: readonly string[];
  /** Keys whose values refer to another config by name, which may be the source's. */
  readonly leaning: readonly string[];
  /** Keys of the target whose values these credentials may not read; Terraform cannot be given them. */
  readonly unreadable: readonly string[];
  readonly values: SecretValues;
}

/** Values by their canonical names, so that two providers' or two files' spellings can be compared. */
export function canonicalValues(values: SecretValues): SecretValues {
  return new SecretValues([...values.revealAll()].map(([key, value]) => [canonicalKey(key), value] as const));
}

interface Changes {
  readonly copy: SecretValues;
  readonly empty: readonly string[];
  readonly generate: SecretValues;
}

interface Sides {
  readonly source: StoredSecrets;
  readonly target: SecretValues;
  readonly parent: StoredSecrets;
  readonly recorded: RecordedSecretsConfig;
}

/** What is to be done, from what there is. `parent` shows through where the target has nothing of its own. */
function changesFor({ source, target, parent, recorded }: Sides, request: TargetConfigRequest): Changes {
  const kept = new Set([...(request.keep ?? []).map(canonicalKey), ...(recorded.own ?? [])]);
  const copy = new Map<string, string>();
  const generate = new Map<string, string>();
  const empty: string[] = [];
  for (const { key, class: kind } of request.classified) {
    const name = canonicalKey(key);
    // What cannot be read is taken for inherited as long as nobody can have set it: until the config is sealed.
    const shows =
      target.sameValue(name, parent.values) || (!recorded.sealed && parent.unreadable.includes(name));
    const inherited = recorded.made && !kept.has(name) && shows;
    if (kind === 'shared') {
      const raw = source.raw.reveal(name) ?? '';
      // A new config starts from the source's values, which may differ from what it inherits; later it is its owner's.
      const fresh = recorded.made && !recorded.sealed && !target.sameValue(name, source.values);
      if (raw !== '' && (fresh || !target.hasValue(name))) copy.set(key, raw);
    } else if (kind === 'generated' && (!target.hasValue(name) || inherited))
      generate.set(key, generatePassword());
    else if (inherited) empty.push(key);
  }
  return { copy: new SecretValues(copy), empty, generate: new SecretValues(generate) };
}

async function readCanonical(provider: SecretsProvider, config: string | null): Promise<StoredSecrets> {
  if (config === null) return { values: SecretValues.none, raw: SecretValues.none, unreadable: [] };
  const { values, raw, unreadable } = await provider.read(config);
  return {
    values: canonicalValues(values),
    raw: canonicalValues(raw),
    unreadable: unreadable.map(canonicalKey),
  };
}

function outcome(
  request: TargetConfigRequest,
  recorded: RecordedSecretsConfig,
  created: boolean,
  source: SecretValues,
  target: StoredSecrets,
  changes: Changes,
): TargetConfig {
  const wanted = new Set(request.classified.map(({ key }) => key));
  // `${config.KEY}` and `${project.config.KEY}`: Doppler resolves them in the other config, whichever reads them.
  const leaning = target.raw
    .keys()
    .filter((key) => /\$\{[\w-]+\.[\w.-]+\}/.test(target.raw.reveal(key) ?? ''));
  return {
    recorded,
    place: request.provider.place(recorded.config),
    created,
    copied: changes.copy.keys(),
    emptied: changes.empty,
    generated: changes.generate.keys(),
    missing: [...wanted].filter((key) => {
      const name = canonicalKey(key);
      return !target.values.hasValue(name) && (source.hasValue(name) || source.size === 0);
    }),
    leaning,
    unreadable: target.unreadable,
    values: target.values,
  };
}

/** A config that is not there yet: what it will hold, without making it. For `plan`, which changes nothing. */
export async function previewTargetConfig(
  request: Omit<TargetConfigRequest, 'remember'>,
): Promise<TargetConfig> {
  return prepare({ ...request, remember: () => Promise.resolve() }, false);
}

/**
 * Makes the target's config, or brings it to where it should be.
 * @throws ProvisionError of the provider; `unexpected` if an isolated value still shows afterwards
 */
export async function ensureTargetConfig(request: TargetConfigRequest): Promise<TargetConfig> {
  return prepare(request, true);
}

async function prepare(request: TargetConfigRequest, write: boolean): Promise<TargetConfig> {
  const { provider } = request;
  const found = request.recorded?.config ?? (await provider.find(request.target.environment));
  const source = await readCanonical(
    provider,
    provider.capabilities.environments ? request.source.config : null,
  );

  if (!provider.capabilities.write) {
    const recorded = request.recorded ?? {
      provider: provider.id,
      config: found ?? '',
      made: false,
      sealed: true,
    };
    const target = await readCanonical(provider, recorded.config);
    const none = { copy: SecretValues.none, empty: [], generate: SecretValues.none };
    return outcome(request, recorded, false, source.values, target, none);
  }

  const configRequest = {
    ...request.target,
    source: { ...request.source, config: request.source.config ?? '' },
  };
  const config = found ?? (await provider.nameFor(configRequest));
  const exists = (await provider.find(request.target.environment)) !== null;
  const recorded = request.recorded ?? { provider: provider.id, config, made: !exists, sealed: exists };
  if (write && !exists) {
    await request.remember(recorded);
    await provider.create(config, configRequest);
  }
  const there = exists || write;
  const parentConfig = there ? await provider.parent(config) : await futureParent(request);
  const parent = await readCanonical(provider, parentConfig);
  const before = there ? (await readCanonical(provider, config)).values : parent.values;
  const changes = changesFor({ source, target: before, parent, recorded }, request);

  if (!write) {
    const emptied = new Set(changes.empty.map(canonicalKey));
    const after = before
      .only((key) => !emptied.has(key))
      .merge(canonicalValues(changes.copy))
      .merge(canonicalValues(changes.generate));
    return outcome(
      request,
      recorded,
      false,
      source.values,
      { values: after, raw: after, unreadable: parent.unreadable },
      changes,
    );
  }
  // What must not be there goes first: whoever reads the config from here on finds nothing of the source's.
  await provider.remove(config, changes.empty);
  await provider.set(config, changes.copy.merge(changes.generate));
  const after = await readCanonical(provider, config);
  const showing = changes.empty.filter((key) => after.values.sameValue(canonicalKey(key), parent.values));
  if (showing.length > 0) {
    throw new ProvisionError(
      'unexpected',
      `${provider.place(config)} still shows the source's values of ${showing.join(', ')}.`,
      {
        hint: 'Nothing was given to Terraform. Set them to values of their own by hand and run the command again.',
      },
    );
  }
  const own = ownKeys(request, recorded, after.values, parent);
  const sealed = { ...recorded, sealed: true, own };
  if (!recorded.sealed || own.length > (recorded.own?.length ?? 0)) await request.remember(sealed);
  return outcome(request, sealed, !exists, source.values, after, changes);
}

/** Keys of a config of ours that would show the parent's value and do not any more. */
function ownKeys(
  { classified }: TargetConfigRequest,
  recorded: RecordedSecretsConfig,
  target: SecretValues,
  parent: StoredSecrets,
): readonly string[] {
  if (!recorded.made) return recorded.own ?? [];
  const hidden = classified
    .filter((each) => each.class !== 'shared')
    .map(({ key }) => canonicalKey(key))
    .filter((name) => parent.values.hasValue(name) && !target.sameValue(name, parent.values));
  return [...new Set([...(recorded.own ?? []), ...hidden])].sort();
}

/** A feature's config that is not made yet will inherit what the source's inherits from, or from the source itself. */
async function futureParent({
  provider,
  source,
  target,
}: Omit<TargetConfigRequest, 'remember'>): Promise<string | null> {
  if (provider.id !== 'doppler' || target.standing || source.config === null) return null;
  return (await provider.parent(source.config)) ?? source.config;
}

/** Fills keys from outputs after the apply. Returns the keys that changed, and those whose output has no value. */
export async function fillFromOutputs(
  provider: SecretsProvider,
  config: string,
  classified: readonly ClassifiedSecret[],
  outputs: Readonly<Record<string, string>>,
): Promise<{ readonly changed: readonly string[]; readonly unfilled: readonly string[] }> {
  const wanted = classified.filter((each) => each.class === 'from-output');
  const { values } = await readCanonical(provider, config);
  const valueFor = (output: string | null): string => (output === null ? '' : (outputs[output] ?? ''));
  const changes = new SecretValues(
    wanted.flatMap(({ key, output }): [string, string][] => {
      const value = valueFor(output);
      return value === '' || values.reveal(canonicalKey(key)) === value ? [] : [[key, value]];
    }),
  );
  await provider.set(config, changes);
  return {
    changed: changes.keys(),
    unfilled: wanted
      .filter(({ key, output }) => valueFor(output) === '' && !values.hasValue(canonicalKey(key)))
      .map(({ key }) => key),
  };
}

/**
 * Takes the target's config away, if we made it. Returns whether something was deleted.
 * @throws ProvisionError `not-ours` where others have built on it
 */
export async function deleteTargetConfig(
  provider: SecretsProvider,
  recorded: RecordedSecretsConfig | null,
): Promise<boolean> {
  if (!recorded?.made || recorded.provider !== provider.id || !provider.capabilities.write) return false;
  await provider.delete(recorded.config);
  return true;
}
