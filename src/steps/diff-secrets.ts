/**
 * The secrets of two environments as fingerprints, from their states and from the project's secret store. Values are
 * read, fingerprinted and dropped; what is handed on for hiding them in texts goes no further than this process.
 */
import type { AwsClients } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import { environmentValues } from '../diff/environment-values.ts';
import { isHiddenValue } from '../diff/environment.ts';
import type { DiffInput, Incomparable, SecretFingerprints, SecretPlace } from '../diff/model.ts';
import type { ProofInput } from '../proof/rule.ts';
import type { SecretClass } from '../proof/secrets.ts';
import type { Translator } from '../proof/translate.ts';
import { classifySecret } from '../secrets/classify.ts';
import { type Fingerprinter, openFingerprinter } from '../secrets/fingerprint.ts';
import { keyOfStateSecret, secretsFromState } from '../secrets/from-state.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { mayBeSecret } from '../secrets/may-be-secret.ts';
import { canonicalKey } from '../secrets/names.ts';
import { openProvider } from '../secrets/open.ts';
import { originsIn } from '../secrets/origins.ts';
import type { SecretsProvider } from '../secrets/provider.ts';
import type { Declarations, StateModel } from '../terraform/model.ts';
import type { Clock } from '../transfer/host.ts';
import { secretsSettings } from './secrets.ts';
import { unreadable } from './unreadable.ts';

export interface DiffSecretsRequest {
  readonly config: Config;
  readonly root: string;
  readonly ownFolder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly aws: () => Promise<AwsClients>;
  readonly proof: ProofInput;
  readonly translator: Translator;
}

export interface DiffSecrets {
  readonly places: readonly SecretPlace[];
  readonly unread: readonly Incomparable[];
  classOf: DiffInput['classOf'];
  mayBeSecret: DiffInput['mayBeSecret'];
  /** Values, to be taken out of whatever is shown. */
  values(): readonly (readonly [key: string, value: string])[];
}

/** Every value of a key in one place, under the one spelling of its name. */
type Values = ReadonlyMap<string, ReadonlySet<string>>;

export async function readDiffSecrets(request: DiffSecretsRequest): Promise<DiffSecrets> {
  const { proof, translator, config, ownFolder } = request;
  const { declarations, source, target } = proof;
  const fingerprinter = await openFingerprinter(ownFolder);
  const [a, b] = [source.name, target.name];
  const empty: StateModel = { ...source.state, resources: [] };
  const states = [source.state, target.state ?? empty] as const;
  // What is hidden anywhere is hidden everywhere: else one side would seem to lack it.
  const hidden = new Set(
    [...sensitiveVariables(declarations), ...states.flatMap(hiddenKeys)].map(canonicalKey),
  );
  const isSecret = (key: string): boolean => mayBeSecret(key) || hidden.has(canonicalKey(key));
  const inStateOfA = valuesInState(states[0], declarations, isSecret);
  const inStateOfB = valuesInState(states[1], declarations, isSecret);
  const store = await readStore(request);

  const place = (nameOfA: string, ofA: Values, nameOfB: string, ofB: Values): SecretPlace => ({
    a: nameOfA,
    b: nameOfB,
    keysOfA: fingerprints(ofA, fingerprinter, translator.ofSource),
    keysOfB: fingerprints(ofB, fingerprinter, translator.ofTarget),
  });
  const places = [place(`the state of ${a}`, inStateOfA, `the state of ${b}`, inStateOfB)];
  if (store.ofA && store.ofB)
    places.push(place(store.ofA.place, store.ofA.values, store.ofB.place, store.ofB.values));

  const facts = {
    rules: config.secrets.rules,
    origins: originsIn(source.state),
    values: new SecretValues(
      [...inStateOfA, ...(store.ofA?.values ?? [])].map(([key, values]): [string, string] => [
        key,
        [...values][0] ?? '',
      ]),
    ),
  };
  const classes = new Map<string, SecretClass>();
  return {
    places,
    unread: store.unread,
    mayBeSecret: isSecret,
    classOf(key) {
      const known = classes.get(key) ?? classifySecret(key, facts).class;
      classes.set(key, known);
      return known;
    },
    values: () =>
      [inStateOfA, inStateOfB, store.ofA?.values, store.ofB?.values].flatMap((values) =>
        [...(values ?? [])].flatMap(([key, each]) => [...each].map((value) => [key, value] as const)),
      ),
  };
}

function add(found: Map<string, Set<string>>, key: string, value: string): void {
  const name = canonicalKey(key);
  const values = found.get(name) ?? new Set();
  if (value !== '') values.add(value);
  found.set(name, values);
}

const sensitiveVariables = ({ modules }: Declarations): readonly string[] =>
  Object.values(modules['']?.variables ?? {})
    .filter((variable) => variable.sensitive)
    .map(({ name }) => name);

/** Keys of environment variables that Terraform marks. */
const hiddenKeys = ({ resources }: StateModel): readonly string[] =>
  resources.flatMap(({ values, sensitivePaths }) =>
    sensitivePaths.length === 0
      ? []
      : environmentValues(values)
          .filter((value) => isHiddenValue(value, sensitivePaths, () => false))
          .map(({ key }) => key),
  );

/** What Terraform marks, what is set from a sensitive variable, and variables of functions with a telling name. */
function valuesInState(
  state: StateModel,
  declarations: Declarations,
  isSecret: (key: string) => boolean,
): Values {
  const found = new Map<string, Set<string>>();
  for (const { mode, values, sensitivePaths } of state.resources) {
    if (mode !== 'managed') continue;
    for (const value of environmentValues(values)) {
      if (isHiddenValue(value, sensitivePaths, isSecret)) add(found, value.key, value.text);
    }
  }
  const names = sensitiveVariables(declarations);
  for (const [key, value] of secretsFromState(state, { declarations, names }).revealAll())
    add(found, keyOfStateSecret(key), value);
  return found;
}

function fingerprints(
  values: Values,
  fingerprinter: Fingerprinter,
  translate: (text: string) => string,
): ReadonlyMap<string, SecretFingerprints> {
  const each = (texts: readonly string[]): readonly string[] =>
    texts.flatMap((text) => fingerprinter.of(text) ?? []).sort();
  return new Map(
    [...values].map(([key, all]): [string, SecretFingerprints] => {
      const texts = [...all];
      return [key, { plain: each(texts), renamed: each([...new Set(texts.map(translate))]) }];
    }),
  );
}

interface StoreSide {
  readonly place: string;
  readonly values: Map<string, Set<string>>;
}

interface StoreSides {
  readonly ofA: StoreSide | null;
  readonly ofB: StoreSide | null;
  readonly unread: readonly Incomparable[];
}

/** What is in the secret store. The caller's own environment holds one environment's secrets at most, so not that. */
async function readStore(request: DiffSecretsRequest): Promise<StoreSides> {
  const { proof, root, clock, signal, aws } = request;
  const [a, b] = [proof.source.name, proof.target.name];
  const nothing = { ofA: null, ofB: null };
  let provider: SecretsProvider;
  try {
    const settings = await secretsSettings(request);
    if (settings.provider === 'env') return { ...nothing, unread: [] };
    provider = await openProvider(settings, { root, clock, signal, aws, names: [] });
  } catch (error) {
    return { ...nothing, unread: [unreadable(`the secrets of ${a} and ${b}`, error)] };
  }
  const unread: Incomparable[] = [];
  const unreadKeys = new Set<string>();
  const side = async (environment: string): Promise<StoreSide | null> => {
    const subject = `the secrets of ${environment}`;
    try {
      const config = await provider.find(environment);
      if (config === null) return null;
      const { values, unreadable: hidden } = await provider.read(config);
      const found = new Map<string, Set<string>>();
      for (const [key, value] of values.revealAll()) add(found, key, value);
      for (const key of hidden) {
        unreadKeys.add(canonicalKey(key));
        unread.push({
          subject: `${key} in ${provider.place(config)}`,
          reason: 'these credentials may not read its value',
          hint: 'Use credentials that may read the secrets of both environments.',
        });
      }
      return { place: provider.place(config), values: found };
    } catch (error) {
      unread.push(unreadable(subject, error));
      return null;
    }
  };
  const [ofA, ofB] = await Promise.all([side(a), side(b)]);
  // Of what one side does not show, the other one tells nothing either: it would seem to be there beyond.
  for (const values of [ofA?.values, ofB?.values]) for (const key of unreadKeys) values?.delete(key);
  if (unread.length === 0 && (ofA === null) !== (ofB === null)) {
    unread.push({
      subject: `the secrets of ${ofA === null ? a : b}`,
      reason: `the provider ${provider.id} has none of ${ofA === null ? a : b}, and has those of ${ofA === null ? b : a}`,
      hint: 'Where they lie under another name, say so in provision-env.config.* under secrets.configs.',
    });
  }
  return { ofA, ofB, unread };
}
