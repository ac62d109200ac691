/**
 * The interface of a rule. A rule is one file in `rules/`, a pure function of what is known of the two sides to
 * findings: no I/O, no clock, so that it runs on any plan file and can be fuzzed.
 */
import type { Rename } from '../environment/rename.ts';
import type { Declarations, PlanModel, StateModel } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import type { Finding } from '../transfer/finding.ts';
import type { RecordedResource, StateLocation } from '../transfer/record.ts';
import type { AccountAnswer } from './account.ts';
import type { ProofIndex } from './proof-index.ts';
import type { SecretsProofInput } from './secrets.ts';

/** What tells whether somebody touched the source: any difference between two of these is a touch. */
export interface SourceFingerprint {
  readonly lineage: string;
  readonly serial: number;
  /** Anything else that was observed, by name: secret versions, webhook URLs, function revisions. */
  readonly observed: Readonly<Record<string, string>>;
}

export interface ProofInput {
  readonly phase: 'before-apply' | 'after-apply';
  readonly source: {
    readonly name: string;
    readonly state: StateModel;
    readonly stateLocation: StateLocation;
    /** Values of the root module's variables as the source's var-file gives them. */
    readonly variables: Readonly<Record<string, unknown>>;
    readonly fingerprintBefore: SourceFingerprint;
    /** Only in the phase `after-apply`. */
    readonly fingerprintAfter?: SourceFingerprint;
  };
  readonly target: {
    readonly name: string;
    /** What the target's state holds already; `null` if there is none. After the apply: what it holds now. */
    readonly state: StateModel | null;
    readonly stateLocation: StateLocation;
    /** `null` after the apply, when there is nothing left to plan. */
    readonly plan: PlanModel | null;
    readonly variables: Readonly<Record<string, unknown>>;
    /** True if a record of ours says that this tool made what the target's state holds (resume, update). */
    readonly ours: boolean;
    /** Lineage of its state by its record; absent where none is recorded. */
    readonly recordedLineage?: string | undefined;
    /** Never destroyed by us (`staging`, `prod`, …): what hinders a destroy is no error there. */
    readonly protected: boolean;
  };
  /** Other recorded environments of this project, the source and the target left out. */
  readonly others: readonly {
    readonly name: string;
    readonly stateLocation: StateLocation;
    readonly resources: readonly RecordedResource[];
  }[];
  readonly declarations: Declarations;
  /** Name of the variable that names the environment, for example `environment`. */
  readonly environmentVariable: string;
  readonly rename: Rename;
  readonly types: ResourceTypeTable;
  /** Declared shared in the configuration: resource addresses, types (`aws_ecr_repository`) or physical names; `*` as wildcard. */
  readonly shared: readonly string[];
  /** What the account said of the names that would be taken; not there if it was not asked. */
  readonly account?: readonly AccountAnswer[];
  /** Fingerprints of the secrets; not there if the transfer reads none. */
  readonly secrets?: SecretsProofInput;
}

/** What a rule answers, beside its findings. */
export interface RuleResult {
  readonly findings: readonly Finding[];
  /** How many subjects it judged. */
  readonly judged: number;
  /** Subjects that it cannot judge before the apply, or at all. */
  readonly undecided?: readonly string[];
}

export interface Rule {
  /** Kebab-case, the same as the file's name. */
  readonly id: string;
  /** What it protects, in one sentence. */
  readonly protects: string;
  /** How it decides, in one or two sentences. */
  readonly decides: string;
  /** What to change when it finds something. */
  readonly hint: string;
  readonly phases: readonly ProofInput['phase'][];
  /** @param index what several rules need, made once for this input */
  check(input: ProofInput, index: ProofIndex): RuleResult;
}
