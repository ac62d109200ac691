/** The few numbers that a reader looks for first. */
import type { Cost } from '../../cost/model.ts';
import { dollars } from '../../cost/money.ts';
import type { Evidence } from '../../transfer/evidence.ts';
import { blocks, type Proof } from '../../transfer/finding.ts';
import type { MappingRow } from '../../transfer/mapping.ts';
import { counted, duration, type Tone } from '../blocks.ts';
import type { Fact, TimelineStep } from './view.ts';

export interface FactsInput {
  readonly mapping: readonly MappingRow[];
  readonly proof: Proof | null;
  readonly evidence: readonly Evidence[];
  readonly cost: Cost | null;
  readonly steps: readonly Pick<TimelineStep, 'durationMs' | 'status'>[];
}

export function factsOf({ mapping, proof, evidence, cost, steps }: FactsInput): readonly Fact[] {
  const ran = steps.filter(({ status }) => status !== 'skipped' && status !== 'pending');
  return [
    ...resourceFact(mapping),
    ...(proof ? [proofFact(proof)] : []),
    ...evidenceFact(evidence),
    ...(cost ? [costFact(cost)] : []),
    {
      label: 'Time',
      value: duration(steps.reduce((sum, { durationMs }) => sum + durationMs, 0)),
      note: `${ran.length} of ${counted(steps.length, 'step')}`,
      tone: 'plain',
    },
  ];
}

function resourceFact(mapping: readonly MappingRow[]): Fact[] {
  const resources = mapping.filter(({ kind }) => kind === 'resource');
  if (resources.length === 0) return [];
  const own = resources.filter(({ action }) => action !== 'share' && action !== 'skip').length;
  const shared = resources.filter(({ action }) => action === 'share').length;
  return [{ label: 'Resources', value: String(own), note: `of its own, ${shared} shared`, tone: 'plain' }];
}

function proofFact({ held, verdicts }: Proof): Fact {
  const errors = verdicts.flatMap(({ findings }) => findings).filter(blocks).length;
  const judged = verdicts.reduce((sum, verdict) => sum + verdict.judged, 0);
  return {
    label: 'Isolation proof',
    value: held ? 'holds' : 'does not hold',
    note: held
      ? `${counted(verdicts.length, 'rule')}, ${judged} judged`
      : `${counted(errors, 'error')} in ${counted(verdicts.length, 'rule')}`,
    tone: held ? 'good' : 'bad',
  };
}

function evidenceFact(evidence: readonly Evidence[]): Fact[] {
  if (evidence.length === 0) return [];
  const count = (status: Evidence['status']): number =>
    evidence.filter((item) => item.status === status).length;
  const [failed, pending, skipped] = [count('fail'), count('pending'), count('skipped')];
  const rest = [
    failed > 0 ? `${failed} failed` : '',
    pending > 0 ? `${pending} pending` : '',
    skipped > 0 ? `${skipped} left out` : '',
  ].filter((text) => text !== '');
  const tone: Tone = failed > 0 ? 'bad' : pending > 0 ? 'warn' : 'good';
  return [
    {
      label: 'Evidence',
      value: `${count('pass')} of ${evidence.length}`,
      note: rest.join(', ') || 'all passed',
      tone,
    },
  ];
}

function costFact({ monthlyDelta, unknown }: Cost): Fact {
  return {
    label: 'Cost',
    value: `${monthlyDelta > 0 ? '+' : ''}${dollars(monthlyDelta)}`,
    note: unknown.length > 0 ? `a month, and ${unknown.length} unknown` : 'a month, idle',
    tone: unknown.length > 0 ? 'warn' : 'plain',
  };
}
