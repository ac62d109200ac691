/** A whole transfer as a report: the verdict first, then the seven steps. */
import { masterChecklist } from '../channels/checklist.ts';
import type { TransferResult } from '../steps/provision.ts';
import { blocks as stopsRun } from '../transfer/finding.ts';
import { stepIds, stepTitles } from '../transfer/steps.ts';
import { butNotCalled } from '../transfer/call-count.ts';
import { askAgain, type Asked } from './again.ts';
import { type Block, counted, duration, heading, paragraph, type Tone } from './blocks.ts';
import { checklistBlocks } from './checklist.ts';
import { findingBlocks } from './proof.ts';
import { stepBlocks } from './steps.ts';

/** `applied` and `destroyed` are said of an environment whose record has moved on since the run. */
export type ReportedStatus = TransferResult['status'] | 'applied' | 'destroyed';

/** What a report tells of a transfer, whether it has just ended or was read back. */
export interface ReportedTransfer {
  readonly status: ReportedStatus;
  readonly steps: TransferResult['steps'];
  readonly findings: TransferResult['findings'];
  readonly record: TransferResult['record'];
  readonly error: { readonly message: string; readonly hint?: string | null | undefined } | null;
}

const verdicts: Readonly<
  Record<ReportedStatus, { readonly tone: Tone; readonly text: (name: string) => string }>
> = {
  planned: { tone: 'good', text: (name) => `The proof holds. Nothing was changed: ${name} is only planned.` },
  blocked: { tone: 'bad', text: (name) => `Blocked: ${name} would not be isolated. Nothing was changed.` },
  verified: { tone: 'good', text: (name) => `${name} is provisioned and verified.` },
  waiting: {
    tone: 'warn',
    text: (name) => `${name} is provisioned and waits for a person to confirm the last layer.`,
  },
  failed: { tone: 'bad', text: (name) => `${name} is provisioned, but does not pass its verification.` },
  halfway: { tone: 'bad', text: (name) => `The apply of ${name} stopped half-way. What exists is recorded.` },
  cancelled: { tone: 'warn', text: (name) => `Cancelled; nothing of ${name} was changed.` },
  error: { tone: 'bad', text: (name) => `${name} was not provisioned.` },
  applied: { tone: 'warn', text: (name) => `${name} is provisioned, and not verified yet.` },
  destroyed: { tone: 'dim', text: (name) => `${name} was taken away again. This is what it was.` },
};

export const toneOf = (status: ReportedStatus): Tone => verdicts[status].tone;

/** What an error makes of the verdict; the error itself is told beside it. */
export function verdictOf(
  name: string,
  { status, error, record }: Pick<ReportedTransfer, 'status' | 'error' | 'record'>,
): string {
  if (error && status === 'failed')
    return `${name} is provisioned, but its verification did not come to its end.`;
  if (error && status === 'waiting') return `${name} waits for a person. What was done so far is recorded.`;
  const { text } = verdicts[status];
  const looked = status === 'verified' || status === 'waiting' || status === 'failed';
  const but = looked ? butNotCalled(record?.evidence ?? []) : '';
  return but === '' ? text(name) : `${text(name).replace(/\.$/, '')}${but}.`;
}

/** The commands that a person would run now. */
export function nextSteps(asked: Asked, { status, error, record }: ReportedTransfer): string[] {
  const { target } = asked;
  switch (status) {
    case 'planned':
      return [askAgain(asked)];
    case 'halfway':
      return [`provision-env resume ${target}`, `provision-env destroy ${target}`];
    case 'failed':
    case 'applied':
      return [`provision-env verify ${target}`, `provision-env destroy ${target}`];
    case 'waiting':
      // Refused before anything was begun, there is nothing to resume.
      if (error) {
        const begun = record !== null && ['applying', 'halfway', 'waiting'].includes(record.status);
        return [begun ? `provision-env resume ${target}` : askAgain(asked)];
      }
      // Without a tester nobody was sent a code.
      return record?.challenges?.length
        ? [`provision-env confirm ${target} <code>`]
        : [`provision-env verify ${target} --layer 4`];
    case 'verified':
      return [`provision-env status ${target}`, `provision-env destroy ${target}`];
    case 'blocked':
    case 'cancelled':
    case 'error':
    case 'destroyed':
      return [];
  }
}

/** The verdict, in a few lines. */
export function verdictBlocks(request: Asked, result: ReportedTransfer): Block[] {
  const { tone } = verdicts[result.status];
  const stopping = result.findings.filter(stopsRun);
  const accepted = result.findings.filter((finding) => finding.accepted !== undefined);
  const rewire = result.steps.find(({ id }) => id === 'rewire');
  const took = result.steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const blocks: Block[] = [paragraph(`${verdictOf(request.target, result)} (${duration(took)})`, tone)];
  // Where the proof was not reached, its findings have not been shown yet.
  if (stopping.length > 0 && rewire?.output === null) blocks.push(...findingBlocks(stopping));
  if (accepted.length > 0) {
    blocks.push(
      paragraph(`${counted(accepted.length, 'finding')} overruled; it stands in the record by whom.`, 'warn'),
    );
  }
  const expires = result.record?.expires ?? null;
  if (expires !== null && result.status !== 'planned')
    blocks.push(
      paragraph(`It lives until ${expires}; provision-env extend ${request.target} 2d puts that off.`),
    );
  const next = nextSteps(request, result);
  if (next.length > 0) blocks.push(paragraph(`Next: ${next.join('   ')}`, 'dim'));
  return blocks;
}

export function transferBlocks(request: Asked, result: ReportedTransfer): Block[] {
  const blocks: Block[] = [
    heading(1, `${request.target} from ${request.source}`),
    ...verdictBlocks(request, result),
  ];
  if (result.error) blocks.push(paragraph(`${result.error.message} ${result.error.hint ?? ''}`, 'bad'));
  for (const step of result.steps) {
    blocks.push(
      heading(
        2,
        `${stepIds.indexOf(step.id) + 1}. ${stepTitles[step.id]}: ${step.status} (${duration(step.durationMs)})`,
      ),
    );
    blocks.push(...stepBlocks(step));
  }
  if (result.record) blocks.push(...checklistBlocks(masterChecklist(result.record)));
  return blocks;
}
