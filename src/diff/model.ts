/** What two environments are compared by, and what comes of it. Plain data: no secret's value is in it. */
import type { ProofIndex } from '../proof/proof-index.ts';
import type { ProofInput } from '../proof/rule.ts';
import type { SecretClass } from '../proof/secrets.ts';

export const differenceKinds = ['resource', 'function', 'environment', 'policy', 'secret'] as const;

export type DifferenceKind = (typeof differenceKinds)[number];

/** As seen from the first environment: the second lacks it, has it beyond, has another, or has the first one's own. */
export const differenceChanges = ['missing', 'extra', 'different', 'not-own'] as const;

export type DifferenceChange = (typeof differenceChanges)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  readonly change: DifferenceChange;
  /** Address of the resource, or the key of a secret. */
  readonly subject: string;
  /** What of it differs: an attribute, a key, a statement; `null` where it is the subject itself. */
  readonly what: string | null;
  /** How it is in the first and in the second; `null` where it is not there or must not be shown. */
  readonly a: string | null;
  readonly b: string | null;
  readonly message: string;
  /** What explains it, where something does: a variable that decides it. */
  readonly explanation: string | null;
}

/** Something a person may want to know that makes the two no different. */
export interface DiffNote {
  readonly subject: string;
  readonly message: string;
}

/** What could not be read, so that nothing can be said of it. */
export interface Incomparable {
  readonly subject: string;
  readonly reason: string;
  readonly hint: string | null;
}

/** How many of each were looked at. */
export type Compared = Readonly<Record<DifferenceKind, number>>;

export const diffVerdicts = ['equal', 'different', 'not-comparable'] as const;

export type DiffVerdict = (typeof diffVerdicts)[number];

/** Where the two were looked at: in Terraform's states, in the account, or each part where it is managed. */
export const diffSources = ['states', 'account', 'both'] as const;

export interface Diff {
  readonly a: string;
  readonly b: string;
  readonly readFrom: (typeof diffSources)[number];
  /** `not-comparable` as soon as anything could not be read, whatever else was found. */
  readonly verdict: DiffVerdict;
  readonly differences: readonly Difference[];
  readonly notes: readonly DiffNote[];
  readonly incomparable: readonly Incomparable[];
  readonly compared: Compared;
}

/** The answer of one kind of comparison. */
export interface Comparison {
  readonly differences: readonly Difference[];
  readonly notes?: readonly DiffNote[];
  readonly incomparable?: readonly Incomparable[];
  readonly compared: number;
}

/** Every value that a key has in one place of one environment, as fingerprints. */
export interface SecretFingerprints {
  /** Of the values as they are. None where the key has no value. */
  readonly plain: readonly string[];
  /** Of the values with what belongs to the environment replaced by marks: equal where they are equal under ρ. */
  readonly renamed: readonly string[];
}

/** The secrets of both in one place: their states, or the secret store. */
export interface SecretPlace {
  /** `the state`, `the Doppler config daily-report/dev`. */
  readonly a: string;
  readonly b: string;
  readonly keysOfA: ReadonlyMap<string, SecretFingerprints>;
  readonly keysOfB: ReadonlyMap<string, SecretFingerprints>;
}

export interface DiffInput {
  readonly readFrom: Diff['readFrom'];
  /** In the phase `after-apply`: the first environment is the source, the second the target. */
  readonly proof: ProofInput;
  readonly index: ProofIndex;
  /** The same with the two exchanged. */
  readonly reverse: { readonly proof: ProofInput; readonly index: ProofIndex };
  readonly secrets: readonly SecretPlace[];
  classOf(key: string): SecretClass;
  /** True if the value under this key may be a secret, whatever Terraform says. */
  mayBeSecret(key: string): boolean;
  /** A value as it may be shown: without secrets in it, on one short line. */
  shown(text: string): string;
  /** What could not be read before the comparison began. */
  readonly unread: readonly Incomparable[];
}
