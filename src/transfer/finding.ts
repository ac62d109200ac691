/** What a finding does to a run: an error blocks it, a warning and an info are shown. */
export type Severity = 'error' | 'warning' | 'info';

/** The verdict of one rule on one subject. */
export interface Finding {
  /** Id of the rule, kebab-case. */
  readonly rule: string;
  readonly severity: Severity;
  /** Resource address, or the key of a secret. */
  readonly subject: string;
  /** What is wrong and with which value. Never holds a secret's value. */
  readonly message: string;
  /** What to change. */
  readonly hint: string;
  /** Set where a person overruled an error with `--accept <rule>:<subject>`. */
  readonly accepted?: { readonly by: string; readonly at: string };
}

/** One rule's verdict over all subjects, for the report: what was looked at, not only what was found. */
export interface RuleVerdict {
  readonly rule: string;
  readonly held: boolean;
  /** How many subjects the rule judged. */
  readonly judged: number;
  /** Subjects it could not judge yet (values known only after the apply), or not at all. */
  readonly undecided: readonly string[];
  readonly findings: readonly Finding[];
}

/** How much of what was there is understood. */
export interface Coverage {
  /** Types in the type table. */
  readonly handled: number;
  /** Types known to need nothing (for example `null_resource`). */
  readonly nothingToDo: number;
  /** Resources whose type is not in the table, judged by the fallback. */
  readonly unknown: readonly string[];
  /** What could not be read: makes the run incomplete, never clean. */
  readonly unreadable: readonly string[];
}

/** The invariants with their findings. */
export interface Proof {
  readonly phase: 'before-apply' | 'after-apply';
  /** Only true if no error is left that nobody accepted, and nothing was unreadable. */
  readonly held: boolean;
  readonly verdicts: readonly RuleVerdict[];
  readonly coverage: Coverage;
}

/** True for what stops a run: an error that nobody accepted. */
export function blocks(finding: Finding): boolean {
  return finding.severity === 'error' && finding.accepted === undefined;
}
