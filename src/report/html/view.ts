/** What the page shows: made from a saved report, drawn by the sections. Holds names and verdicts, never secrets. */
import type { ChecklistLine } from '../../channels/checklist.ts';
import type { Cost } from '../../cost/model.ts';
import type { LiveInventory, SourceDrift } from '../../live/model.ts';
import type { Category } from '../../terraform/types/facts.ts';
import type { Evidence } from '../../transfer/evidence.ts';
import type { Coverage, Finding, Proof, RuleVerdict } from '../../transfer/finding.ts';
import type { MappingRow } from '../../transfer/mapping.ts';
import type { StepId, StepStatus } from '../../transfer/steps.ts';
import type { Tone } from '../blocks.ts';

/** One number that a reader looks for first. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone: Tone;
}

export interface Verdict {
  readonly tone: Tone;
  readonly text: string;
  /** What ended the run. */
  readonly error: { readonly message: string; readonly hint: string | null } | null;
  readonly facts: readonly Fact[];
  /** Commands that a person would run now; none where nothing is left to do. */
  readonly next: readonly string[];
  /** Addresses and names of the new environment, for example its URLs. */
  readonly outputs: readonly { readonly name: string; readonly value: string }[];
}

export interface TimelineStep {
  readonly id: StepId;
  readonly title: string;
  readonly status: StepStatus;
  readonly durationMs: number;
  /** What came out, in a few words; '' where it did not come to its end. */
  readonly summary: string;
}

export interface Timeline {
  readonly steps: readonly TimelineStep[];
  /** What step 6 did, in order. */
  readonly actions: readonly {
    readonly what: string;
    readonly detail: string;
    readonly durationMs: number;
  }[];
  readonly failed: readonly { readonly address: string; readonly message: string }[];
}

/** `secrets` beside the categories of resources. */
export type PictureCategory = Category | 'secrets';

export type Mark = 'error' | 'warning' | null;

export interface PictureNode {
  /** Within its side. */
  readonly key: string;
  /** What people call the type, for example "Lambda function". */
  readonly title: string;
  /** Name in the configuration; '' for a whole type. */
  readonly name: string;
  /** How many things it stands for. */
  readonly count: number;
  /** Physical names, for a tooltip. */
  readonly names: readonly string[];
  /** Made by this run, or to be made. */
  readonly isNew: boolean;
  readonly mark: Mark;
  /** A finding says that it reaches into the source. */
  readonly reachesSource: boolean;
}

export interface PictureRow {
  readonly category: PictureCategory;
  readonly source: PictureNode | null;
  readonly target: PictureNode | null;
}

export interface Picture {
  /** In the order of the categories. */
  readonly rows: readonly PictureRow[];
  readonly shared: readonly PictureNode[];
  /** Between keys of nodes; drawn on both sides, where both ends are there. */
  readonly references: readonly { readonly from: string; readonly to: string }[];
  /** True if a node stands for all resources of a type: there are too many to draw one by one. */
  readonly byType: boolean;
  /** False if the target was not planned: then only the source is known. */
  readonly targetKnown: boolean;
}

export interface RuleView extends RuleVerdict {
  /** What it protects, and how it decides; '' for a rule that this version does not know. */
  readonly protects: string;
  readonly decides: string;
}

export interface ProofView {
  readonly phase: Proof['phase'];
  readonly held: boolean;
  readonly rules: readonly RuleView[];
  readonly coverage: Coverage;
}

export interface Command {
  readonly text: string;
  readonly does: string;
}

/** The source as it is in the account; each part `null` where it was not looked at. */
export interface AccountView {
  readonly inventory: LiveInventory | null;
  readonly drift: SourceDrift | null;
}

export interface ReportView {
  readonly source: string;
  readonly target: string;
  /** `account 123456789012 · ap-southeast-1`; `null` where it is not known. */
  readonly place: string | null;
  readonly owner: string | null;
  readonly expires: string | null;
  /** When the run ended; ISO 8601, UTC. */
  readonly ranAt: string;
  readonly verdict: Verdict;
  readonly timeline: Timeline;
  readonly picture: Picture | null;
  /** Only where the run looked (`--live`). */
  readonly account: AccountView | null;
  readonly mapping: readonly MappingRow[];
  /** What was found before there was a proof, or beside it. */
  readonly findings: readonly Finding[];
  readonly proof: ProofView | null;
  readonly evidence: readonly Evidence[];
  readonly cost: Cost | null;
  readonly checklist: readonly ChecklistLine[] | null;
  readonly commands: readonly Command[];
}
