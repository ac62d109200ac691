/**
 * What happens to each secret in a new environment. Three sources, the first that knows counts: rules of the
 * configuration, where the source's value comes from, and what the name says. A name that looks like a credential of
 * something unknown is isolated: a shared one costs a person a minute, a wrongly shared one the source's users.
 */
import type { SecretClass } from '../proof/secrets.ts';
import type { MappingAction, MappingRow } from '../transfer/mapping.ts';
import { isAddress, isCommonplace } from '../redact/strength.ts';
import type { SecretValues } from './in-memory.ts';
import { mayBeSecret } from './may-be-secret.ts';
import { addressKey, credentialKey, isDatabasePassword, knownKeys } from './known-keys.ts';
import { canonicalKey, matchesKey } from './names.ts';
import { noOrigins, type Origins } from './origins.ts';

/** `secrets.rules` of the configuration. */
export interface SecretRule {
  /** Name of a key in any spelling; `*` stands for any text. */
  readonly key: string;
  readonly class: SecretClass;
  /** For `from-output`: the output of the root module that holds the value. */
  readonly output?: string | undefined;
}

export interface ClassifyFacts {
  readonly rules?: readonly SecretRule[] | undefined;
  readonly origins?: Origins | undefined;
  /** The source's values, as far as they can be read. */
  readonly values?: SecretValues | undefined;
  /** The same as they are written in the secret store: a value made of references makes itself anew in the target. */
  readonly raw?: SecretValues | undefined;
}

export interface ClassifiedSecret {
  readonly key: string;
  readonly class: SecretClass;
  readonly reason: string;
  /** For `from-output`: the output that holds the value in the target; `null` where none is known. */
  readonly output: string | null;
}

/** Words that stand for one another in the names of keys and outputs. */
const synonyms: readonly (readonly [RegExp, string])[] = [
  [/_(?:HOST|HOSTNAME|ADDRESS|URL|URI|API_ENDPOINT|FUNCTION_URL)$/, '_ENDPOINT'],
  [/_(?:TABLE|QUEUE|BUCKET|FUNCTION|TOPIC|STREAM)_NAME$/, ''],
];

function roughly(name: string): string {
  let result = canonicalKey(name);
  for (const [word, other] of synonyms)
    result = result.replace(word, (match) => (other === '' ? match.replace(/_NAME$/, '') : other));
  return result;
}

/** The output whose name says that it holds the key's value: the same name, or one that means the same. */
function outputNamed(key: string, outputs: readonly string[]): string | null {
  const exact = outputs.find((output) => canonicalKey(output) === canonicalKey(key));
  if (exact !== undefined) return exact;
  return addressKey.test(canonicalKey(key))
    ? (outputs.find((output) => roughly(output) === roughly(key)) ?? null)
    : null;
}

function byValue(key: string, { origins = noOrigins, values, raw }: ClassifyFacts): ClassifiedSecret | null {
  const value = values?.reveal(key) ?? '';
  if (value === '') return null;
  const database = origins.databaseWithPassword(value);
  if (database !== null) {
    return {
      key,
      class: 'generated',
      output: null,
      reason: `password of ${database}, which the target gets anew`,
    };
  }
  const origin = origins.of(value);
  if (origin === null) {
    const part = (raw?.reveal(key) ?? value) === value ? origins.within(value) : null;
    if (part === null) return null;
    const reason = `in the source it holds ${part.attribute ?? 'an address'} of ${part.address ?? part.output ?? 'a resource'}`;
    return { key, class: 'from-output', output: outputNamed(key, origins.outputs), reason };
  }
  const { output, address, attribute } = origin;
  const from = address === null ? `the output ${output ?? ''}` : `${attribute ?? ''} of ${address}`;
  return {
    key,
    class: 'from-output',
    output: output ?? outputNamed(key, origins.outputs),
    reason: `in the source it is ${from}`,
  };
}

function byName(key: string, { origins = noOrigins, values }: ClassifyFacts): ClassifiedSecret {
  const name = canonicalKey(key);
  const of = (kind: SecretClass, reason: string, output: string | null = null): ClassifiedSecret => ({
    key,
    class: kind,
    reason,
    output,
  });
  const known = knownKeys.find((each) => each.key.test(name));
  const output = outputNamed(key, origins.outputs);
  // Only where the source's value is not known: a known one that comes from no resource does not come from this one.
  if (output !== null && !values?.hasValue(key) && known?.class !== 'shared') {
    return of('from-output', `the output ${output} of the configuration holds it`, output);
  }
  if (known) return of(known.class, known.reason);
  if (isDatabasePassword(name) && origins.databases.length > 0) {
    return of(
      'generated',
      `the target gets a new database (${origins.databases.join(', ')}), and a new database a new password`,
    );
  }
  if (credentialKey.test(name)) {
    return of('isolated', 'looks like a credential, and nothing says that environments may share it');
  }
  if (addressKey.test(name)) return of('shared', 'an address outside of the environment');
  return of('shared', 'a setting');
}

export function classifySecret(key: string, facts: ClassifyFacts = {}): ClassifiedSecret {
  const rule = facts.rules?.find((each) => matchesKey(each.key, key));
  if (rule) {
    const output =
      rule.class === 'from-output' ? (rule.output ?? outputNamed(key, facts.origins?.outputs ?? [])) : null;
    return { key, class: rule.class, output, reason: `the configuration says so (${rule.key})` };
  }
  return byValue(key, facts) ?? byName(key, facts);
}

/** A path, an alias, a reference: where a credential lies. */
const isPlace = (value: string): boolean =>
  /^(?:\/[\w.-]+){2,}$/.test(value) ||
  /^(?:alias|ssm|secretsmanager|vault|resolve|s3):?[/:]/.test(value) ||
  /^\{\{.*\}\}$/.test(value);

/**
 * For a value that nobody marked as secret: the class of the credential that it is by its name; `null` where the name
 * says nothing of the kind, where environments may share it, or where the value cannot be a credential.
 */
export function credentialClass(
  key: string,
  value: string,
  rules: ClassifyFacts['rules'] = [],
): 'isolated' | 'generated' | null {
  if (value.trim() === '' || isCommonplace(value) || isAddress(value) || isPlace(value)) return null;
  const rule = rules.find((each) => matchesKey(each.key, key));
  const known = knownKeys.find((each) => each.key.test(canonicalKey(key)));
  const kind = rule?.class ?? (mayBeSecret(key) ? (known?.class ?? 'isolated') : 'shared');
  return kind === 'isolated' || kind === 'generated' ? kind : null;
}

/** Every key once, whatever its spellings, in order. */
export function classifySecrets(
  keys: Iterable<string>,
  facts: ClassifyFacts = {},
): readonly ClassifiedSecret[] {
  const byCanonical = new Map<string, string>();
  for (const key of keys) if (!byCanonical.has(canonicalKey(key))) byCanonical.set(canonicalKey(key), key);
  return [...byCanonical].sort(([a], [b]) => a.localeCompare(b)).map(([, key]) => classifySecret(key, facts));
}

const actions: Readonly<Record<SecretClass, MappingAction>> = {
  shared: 'same-value',
  isolated: 'new-credential',
  generated: 'new-credential',
  'from-output': 'new-value',
};

/** Rows of the mapping table. They name keys and never a value. */
export function secretRows(classified: readonly ClassifiedSecret[]): readonly MappingRow[] {
  return classified.map(({ key, class: kind, reason, output }) => ({
    kind: 'secret',
    subject: key,
    type: 'secret',
    source: key,
    target: key,
    action: actions[kind],
    reason:
      kind === 'from-output' && output !== null
        ? `${reason}; set from the output ${output} after the apply`
        : reason,
  }));
}
