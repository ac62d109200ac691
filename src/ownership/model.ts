/** What is known of an environment when it is asked what is its own: its record, its state, and everybody else's. */
import type { Finding } from '../transfer/finding.ts';
import type { EnvironmentRecord, RecordedResource, StateLocation } from '../transfer/record.ts';

/** A state as it was read a moment ago. */
export interface KnownState {
  /** '' where it has none: what the direct engine made is in no state. */
  readonly lineage: string;
  readonly resources: readonly RecordedResource[];
}

/** The environment that something is to be taken away from. */
export interface TargetFacts {
  readonly name: string;
  /** Where its state lies as its files say now. */
  readonly location: StateLocation;
  /** The location in every spelling that leads there: see `statePlaces`. */
  readonly places: readonly string[];
  /** `null`: there is no state. */
  readonly state: KnownState | null;
}

/** Of the record only what this is judged by. */
export type RecordFacts = Pick<EnvironmentRecord, 'name' | 'state' | 'lineage' | 'resources'> & {
  /** `state` in every spelling that leads there. */
  readonly places: readonly string[];
};

/** Another environment of the project, with a record or without. */
export interface OtherEnvironment {
  readonly name: string;
  /** Everywhere its state lies or may lie, by its files and by its record, in every spelling. */
  readonly places: readonly string[];
  /** Of its state and of its record, as far as known. */
  readonly lineages: readonly string[];
  /** What its state holds; nothing where there is no state; `null` where nobody could look. */
  readonly inState: readonly RecordedResource[] | null;
  readonly recorded: readonly RecordedResource[];
  /** Its files, absolute, by real path: no other environment may delete them. */
  readonly files: readonly string[];
  /** Why its state could not be read, or is another one than its record says; `null` if it could, or if there is none. */
  readonly unreadable: string | null;
}

/** A finding of the rule `state-own`, asked before anything is taken away. */
export interface OwnershipFinding extends Finding {
  /** True if a person may go on all the same, with `--accept state-own:<subject>`. */
  readonly overrulable: boolean;
}
