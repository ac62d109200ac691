/** Secrets by fingerprint: a shared one must be the same, one that belongs to an environment must be its own. */
import { fingerprintParts } from '../proof/secrets.ts';
import type { Comparison, Difference, DiffInput, SecretFingerprints, SecretPlace } from './model.ts';

const hasValue = (secret: SecretFingerprints | undefined): boolean => (secret?.plain.length ?? 0) > 0;

/** Enough of a fingerprint to tell two apart by eye; of short values nothing, for these can be guessed. */
function brief(secret: SecretFingerprints | undefined): string | null {
  const [first, ...others] = secret?.plain ?? [];
  if (first === undefined) return null;
  if (!fingerprintParts(first).strong) return 'short value';
  const hash = first.split(':')[2] ?? '';
  return `fingerprint ${hash.slice(0, 8)}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));

export function compareSecrets(input: DiffInput): Comparison {
  const [a, b] = [input.proof.source.name, input.proof.target.name];
  const differences: Difference[] = [];
  const seen = new Set<string>();

  const compare = (key: string, place: SecretPlace): void => {
    const [one, other] = [place.keysOfA.get(key), place.keysOfB.get(key)];
    const add = (change: Difference['change'], message: string): void =>
      void differences.push({
        kind: 'secret',
        change,
        subject: key,
        what: place.b,
        a: brief(one),
        b: brief(other),
        message,
        explanation: null,
      });
    // An empty value stands for a secret that was taken out.
    if (!hasValue(one) && !hasValue(other)) return;
    if (!hasValue(other)) return add('missing', `${key} has no value in ${place.b}`);
    if (!hasValue(one)) return add('extra', `${key} has a value in ${place.b}, and none in ${place.a}`);
    const secretClass = input.classOf(key);
    if (secretClass === 'shared') {
      const same = sameSet(one?.plain ?? [], other?.plain ?? []);
      if (!same && !sameSet(one?.renamed ?? [], other?.renamed ?? []))
        add('different', `${key} is another in ${place.b}, and the environments share it`);
      return;
    }
    const common = (one?.plain ?? []).filter(
      (each) => fingerprintParts(each).strong && other?.plain.includes(each),
    );
    if (common.length > 0)
      add(
        'not-own',
        secretClass === 'from-output'
          ? `${key} of ${b} is ${a}'s: it leads to what belongs to ${a}`
          : `${key} of ${b} is ${a}'s, and should be its own`,
      );
  };

  for (const place of input.secrets) {
    for (const key of [...new Set([...place.keysOfA.keys(), ...place.keysOfB.keys()])].sort()) {
      seen.add(key);
      compare(key, place);
    }
  }
  return { differences, compared: seen.size };
}
