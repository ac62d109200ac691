/** What the live account says of an environment, beside what its state says. Serialisable, without a secret's value. */
import type { Json } from '../transfer/json.ts';

/** Something that could not be looked at: whatever is concluded of the rest, the whole is not known. */
export interface UnreadableThing {
  /** Resource address, or the type and region of a listing. */
  readonly subject: string;
  readonly reason: string;
  /** The IAM action that lacks, if that is the reason. */
  readonly permission: string | null;
}

/**
 * How it was found: it bears the name of the environment, has a tag with it, is named by something of the environment
 * or names it itself, or a service made it for something of the environment (the log group of a function).
 */
export type FoundBy = 'name' | 'tag' | 'reference' | 'service';

/** In the account, and not in the state of any environment that is known. */
export interface UnmanagedThing {
  readonly type: string;
  /** What people call the type. */
  readonly title: string;
  readonly id: string;
  readonly name: string;
  readonly arn: string | null;
  readonly region: string;
  readonly by: FoundBy;
  readonly reason: string;
  /** Until when it is on its way out, where it is. */
  readonly leaving: string | null;
}

export interface LiveInventory {
  readonly regions: readonly string[];
  /** How many kinds of things were listed, and how many things there were of them, whoever they belong to. */
  readonly kinds: number;
  readonly seen: number;
  readonly unmanaged: readonly UnmanagedThing[];
  readonly unreadable: readonly UnreadableThing[];
  /** False where something could not be read: there may be more. */
  readonly complete: boolean;
}

export interface DriftedAttribute {
  /** Dot-joined, list indices as numbers; in tags `tags.Name`. */
  readonly path: string;
  /** `null` where it is not there, or not shown. */
  readonly state: Json | null;
  readonly live: Json | null;
  /** False for what may be secret and for long texts: only that they differ is told. */
  readonly shown: boolean;
}

export interface DriftedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** `added`: a part of something managed, in the account and not in the state. `address` is that of the whole. */
  readonly change: 'differs' | 'gone' | 'added';
  readonly attributes: readonly DriftedAttribute[];
}

export interface SourceDrift {
  /** Managed resources whose values were compared. */
  readonly compared: number;
  /** Attributes that could be read of them. */
  readonly attributes: number;
  readonly drifted: readonly DriftedResource[];
  /** Only known to be there, by type: nobody can read their values yet. */
  readonly present: Readonly<Record<string, number>>;
  /** Not even asked for, by type: nobody can look for them yet. */
  readonly notAsked: Readonly<Record<string, number>>;
  readonly unreadable: readonly UnreadableThing[];
  /** False where something could not be read: it may have drifted. */
  readonly complete: boolean;
}
