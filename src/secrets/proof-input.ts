/** From values in memory to what the rule `credential-isolated` reads and records keep: classes and fingerprints. */
import type { SecretFacts, SecretsProofInput } from '../proof/secrets.ts';
import { type ClassifiedSecret, classifySecret, type ClassifyFacts, credentialClass } from './classify.ts';
import type { Fingerprinter } from './fingerprint.ts';
import { keyOfStateSecret } from './from-state.ts';
import type { SecretValues } from './in-memory.ts';
import { canonicalKey } from './names.ts';

export interface SecretsProofRequest {
  readonly place: string;
  readonly target: SecretValues;
  /** Of the source: its secrets config, its state. Several, for the same key may differ between them. */
  readonly sources: readonly SecretValues[];
  readonly others: SecretsProofInput['others'];
  readonly missing: readonly string[];
  readonly classified: readonly ClassifiedSecret[];
  /** For keys that are not among the classified ones. */
  readonly facts?: ClassifyFacts;
  readonly fingerprinter: Fingerprinter;
}

export function secretsProofInput(request: SecretsProofRequest): SecretsProofInput {
  const { place, target, sources, others, missing, fingerprinter, facts = {} } = request;
  const classes = new Map(request.classified.map((each) => [canonicalKey(each.key), each.class] as const));
  const factsOf = (key: string, value: string): SecretFacts => ({
    fingerprint: fingerprinter.of(value),
    class:
      classes.get(canonicalKey(keyOfStateSecret(key))) ?? classifySecret(keyOfStateSecret(key), facts).class,
  });
  const source: Record<string, SecretFacts> = {};
  for (const [index, values] of sources.entries()) {
    for (const [key, value] of values.revealAll()) {
      const name = canonicalKey(keyOfStateSecret(key));
      const fact = factsOf(key, value);
      // A second value of the same key, in the state or in another place, is a credential of the source as well.
      if (source[name] === undefined) source[name] = fact;
      else if (source[name].fingerprint !== fact.fingerprint)
        source[`${name} in ${index === 0 ? key : 'the state'}`] = fact;
    }
  }
  return {
    place,
    target: Object.fromEntries(
      [...target.revealAll()].map(([key, value]) => [canonicalKey(key), factsOf(key, value)]),
    ),
    source,
    others,
    missing: missing.map(canonicalKey),
    credentialOf: (key, value) => {
      const kind = credentialClass(key, value, facts.rules);
      return kind === null ? null : { fingerprint: fingerprinter.of(value), class: kind };
    },
  };
}

/** What the record of an environment keeps, to compare later ones with: of secrets that are not shared, by key. */
export function fingerprintsToRecord(input: SecretsProofInput): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(input.target).flatMap(([key, { class: kind, fingerprint }]) =>
      fingerprint !== null && (kind === 'isolated' || kind === 'generated')
        ? [[key, fingerprint] as const]
        : [],
    ),
  );
}
