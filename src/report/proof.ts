/** The proof and the evidence, for every renderer. */
import type { Evidence, Layer } from '../transfer/evidence.ts';
import { blocks as blocksRun, type Finding, type Proof } from '../transfer/finding.ts';
import { type Block, code, counted, heading, paragraph, type Tone } from './blocks.ts';

const severityTone: Readonly<Record<Finding['severity'], Tone>> = {
  error: 'bad',
  warning: 'warn',
  info: 'dim',
};

export function findingBlocks(findings: readonly Finding[]): Block[] {
  if (findings.length === 0) return [];
  return [
    {
      kind: 'table',
      head: ['Severity', 'Rule', 'Subject', 'What, and what to do'],
      rows: findings.map((finding) => [
        {
          text: finding.accepted ? `accepted by ${finding.accepted.by}` : finding.severity,
          tone: finding.accepted ? 'warn' : severityTone[finding.severity],
        },
        finding.rule,
        code(finding.subject),
        `${finding.message} → ${finding.hint}`,
      ]),
    },
  ];
}

export function proofBlocks(proof: Proof): Block[] {
  const findings = proof.verdicts.flatMap((verdict) => verdict.findings);
  const errors = findings.filter(blocksRun).length;
  const when = proof.phase === 'before-apply' ? 'before anything is changed' : 'on what now exists';
  const result: Block[] = [
    heading(3, `Proof, ${when}: ${proof.held ? 'holds' : 'does not hold'}`),
    {
      kind: 'list',
      items: proof.verdicts.map(
        ({ rule, judged, undecided, findings: own }) =>
          `${rule}: ${judged} judged${undecided.length > 0 ? `, ${undecided.length} known only after the apply` : ''}${own.length > 0 ? `, ${counted(own.length, 'finding')}` : ''}`,
      ),
      checks: proof.verdicts.map(({ held }) => held),
    },
  ];
  if (!proof.held)
    result.push(
      paragraph(`${counted(errors, 'error')} ${errors === 1 ? 'stands' : 'stand'} in the way.`, 'bad'),
    );
  const unreadable = proof.coverage.unreadable;
  if (unreadable.length > 0) result.push(paragraph(`Could not be read: ${unreadable.join(', ')}.`, 'bad'));
  return [...result, ...findingBlocks(findings)];
}

const layerTitles: Readonly<Record<Layer, string>> = {
  1: 'Layer 1, surface: it runs',
  2: 'Layer 2, content: what it answers',
  3: 'Layer 3, observability: what it logs',
  4: 'Layer 4, ground truth: a person received it',
};

const statusTone = { pass: 'good', fail: 'bad', pending: 'warn', skipped: 'dim' } as const;

export function evidenceBlocks(evidence: readonly Evidence[]): Block[] {
  return ([1, 2, 3, 4] as const).flatMap((layer): Block[] => {
    const items = evidence.filter((item) => item.layer === layer);
    if (items.length === 0) return [];
    const passed = items.filter(({ status }) => status === 'pass').length;
    const skipped = items.filter(({ status }) => status === 'skipped').length;
    const rest = skipped > 0 ? `, ${skipped} skipped` : '';
    return [
      heading(3, `${layerTitles[layer]}: ${passed} of ${items.length}${rest}`),
      {
        kind: 'table',
        head: ['', 'Check', 'Subject', 'Observed'],
        rows: items.map(({ status, check, subject, observed, expected }) => [
          { text: status, tone: statusTone[status] },
          check,
          code(subject),
          status === 'fail' ? `${observed} (expected: ${expected})` : observed,
        ]),
      },
    ];
  });
}
