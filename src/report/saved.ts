/** A report that was written by an earlier run, brought up to date with what is known since. */
import { masterChecklist } from '../channels/checklist.ts';
import type { Document } from '../cli/document.ts';
import type { EnvironmentRecord, EnvironmentStatus } from '../transfer/record.ts';
import type { ReportedStatus, ReportedTransfer } from './transfer.ts';

const statusOfRecord: Readonly<Record<EnvironmentStatus, ReportedStatus>> = {
  planned: 'planned',
  applying: 'halfway',
  halfway: 'halfway',
  applied: 'applied',
  waiting: 'waiting',
  verified: 'verified',
  failed: 'failed',
  destroying: 'halfway',
  destroyed: 'destroyed',
};

/**
 * A verification, a confirmation or an apply may have followed the run that wrote the report: what the record says is
 * newer then, and it is what a reader has to be told.
 *
 * @param record as it is now; `null` if there is none, or no longer
 */
export function broughtUpToDate(saved: Document, record: EnvironmentRecord | null): Document {
  if (saved.record === null || record === null || record.updated <= saved.record.updated) return saved;
  return {
    ...saved,
    status: statusOfRecord[record.status],
    record: record as Document['record'],
    evidence: record.evidence as Document['evidence'],
    proof: (record.proof as Document['proof']) ?? saved.proof,
    findings:
      (record.proof?.verdicts.flatMap(({ findings }) => findings) as Document['findings']) ?? saved.findings,
    checklist: [...masterChecklist(record)],
    error: null,
  };
}

/** The parts of a saved document that the terminal and Markdown renderers read. */
export function reportedTransfer(document: Document): ReportedTransfer {
  return {
    status: document.status as ReportedStatus,
    steps: document.steps.map((step) => ({ ...step, output: step.output ?? null })),
    findings: document.findings as ReportedTransfer['findings'],
    record: document.record as ReportedTransfer['record'],
    error: document.error,
  };
}
