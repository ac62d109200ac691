/** What the rule about credentials reads: fingerprints and classes of secrets, never a value. */
import type { RuleResult } from './rule.ts';

/** What happens to a secret in the target. */
export const secretClasses = ['shared', 'isolated', 'from-output', 'generated'] as const;

export type SecretClass = (typeof secretClasses)[number];

export interface SecretFacts {
  /** As `src/secrets/fingerprint.ts` makes it; `null` where there is a key without a value. */
  readonly fingerprint: string | null;
  readonly class: SecretClass;
}

export interface SecretsProofInput {
  /** Where the target's secrets lie, for hints: `the Doppler config daily-report/dev_feature-auth`. */
  readonly place: string;
  readonly target: Readonly<Record<string, SecretFacts>>;
  /** From the source's secrets config where it can be read, and from its state. */
  readonly source: Readonly<Record<string, SecretFacts>>;
  /** Other recorded environments, with the fingerprints of their secrets that are not shared. */
  readonly others: readonly {
    readonly environment: string;
    readonly fingerprints: Readonly<Record<string, string>>;
  }[];
  /** Keys that the target needs and lacks. */
  readonly missing: readonly string[];
  /**
   * What a value under a key is, if its name says that it is a credential of one environment; `null` if it is none.
   * For what stands in plain sight in plan and state, where nobody marked it. Absent where that is not asked.
   */
  readonly credentialOf?: ((key: string, value: string) => SecretFacts | null) | undefined;
  /** What the chat services say of the bots behind the target's credentials; absent where none was asked. */
  readonly channels?: RuleResult | undefined;
}

/** What a fingerprint says of itself. */
export interface FingerprintParts {
  /** False for values so short that their being equal proves nothing. */
  readonly strong: boolean;
  /** Fingerprints under different keys cannot be compared. */
  readonly keyId: string;
}

export function fingerprintParts(fingerprint: string): FingerprintParts {
  const [kind = '', keyId = ''] = fingerprint.split(':');
  return { strong: kind === 'hmac', keyId };
}
