/** A report that was written by an earlier run, brought up to date with what is known since. */
import { z } from 'zod';
import { masterChecklist } from '../channels/checklist.ts';
import type { Document } from '../cli/document.ts';
import type { EnvironmentRecord, EnvironmentStatus } from '../transfer/record.ts';
import type { Asked } from './again.ts';
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
 * @param record as it is now, or what is kept of it once it is destroyed; `null` if there is none
 */
export function broughtUpToDate(saved: Document, record: EnvironmentRecord | null): Document {
  if (saved.record === null || record === null || record.updated <= saved.record.updated) return saved;
  if (record.status === 'destroyed') {
    // What is kept of an environment that is gone knows nothing of its proof and evidence: the report still does.
    const { name, updated, status } = record;
    const gone = { ...saved.record, name, updated, status, expires: null, challenges: [] };
    return { ...saved, status, record: gone, error: null };
  }
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

const GivenBySet = z.object({
  varFile: z.object({
    changes: z.array(z.object({ variable: z.string(), to: z.json(), reason: z.string() })),
  }),
});

/** What the saved run was asked for, as far as that was kept. */
export function askedOf({ source, target, steps, record, request, findings }: Document): Asked {
  const analyzed = GivenBySet.safeParse(steps.find(({ id }) => id === 'analyze-target')?.output);
  const given = (analyzed.data?.varFile.changes ?? [])
    .filter(({ reason }) => reason === 'given with --set')
    .map(({ variable, to }) => [variable, typeof to === 'string' ? to : JSON.stringify(to)] as const);
  const accepted = record?.accepted ?? findings.filter((finding) => finding.accepted !== undefined);
  return {
    source: source ?? '',
    target: target ?? '',
    set: record?.set ?? Object.fromEntries(given),
    accept: accepted.map(({ rule, subject }) => `${rule}:${subject}`),
    keepLogRetention: record?.keepLogRetention ?? request?.keepLogRetention ?? false,
    engine: record?.engine ?? request?.engine ?? undefined,
    live: request?.live ?? false,
    invoke: request?.invoke ?? undefined,
  };
}
