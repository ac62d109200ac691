/** From a saved report to what the page shows. Pure: takes only what is named here, so that nothing else can get out. */
import { placeText } from '../../transfer/place.ts';
import { z } from 'zod';
import type { Document } from '../../cli/document.ts';
import type { Cost } from '../../cost/model.ts';
import { rules } from '../../proof/rules/index.ts';
import { ProvisionError } from '../../transfer/errors.ts';
import type { Evidence } from '../../transfer/evidence.ts';
import type { Finding, Proof } from '../../transfer/finding.ts';
import { stepTitles } from '../../transfer/steps.ts';
import { askedOf, reportedTransfer } from '../saved.ts';
import { nextSteps, toneOf, verdictOf } from '../transfer.ts';
import { reproducingCommands } from './commands.ts';
import { factsOf } from './facts.ts';
import { pictureOf } from './picture-model.ts';
import { type SavedOutputs, savedOutputs } from './saved-outputs.ts';
import { stepSummary } from './step-summaries.ts';
import type { AccountView, ProofView, ReportView } from './view.ts';

export interface ReportSource {
  readonly document: Document;
  /** When the run ended; ISO 8601, UTC. */
  readonly ranAt: string;
}

/** @throws ProvisionError `output-unreadable` for a report whose shape this version does not know */
export function viewOf({ document, ranAt }: ReportSource): ReportView {
  const outputs = readOutputs(document);
  const { record, source, target } = document;
  const proof = document.proof as Proof | null;
  const findings = document.findings as readonly Finding[];
  const evidence = document.evidence as readonly Evidence[];
  const cost = document.cost as Cost | null;
  const name = target ?? '';
  const reported = reportedTransfer(document);
  const timeline = {
    steps: document.steps.map(({ id, status, durationMs }) => ({
      id,
      title: stepTitles[id],
      status,
      durationMs,
      summary: stepSummary(id, outputs),
    })),
    actions: outputs.rewire?.actions ?? [],
    failed: outputs.rewire?.failed ?? [],
  };
  const made = new Set(outputs.rewire?.created);
  const there = new Set(record?.resources.map(({ address }) => address));
  // Where nothing was made in this run, what is not on record would be made.
  const isNew = (address: string): boolean =>
    made.size > 0 ? made.has(address) : there.size === 0 || !there.has(address);
  const picture = pictureOf({
    identify: outputs.identify,
    mapping: document.mapping,
    references: outputs.map?.references ?? [],
    findings,
    targetResources: record?.resources ?? [],
    isNew: (address) => isNew(address),
  });
  return {
    source: source ?? '',
    target: name,
    place: document.place === null ? null : placeText(document.place),
    owner: record?.owner ?? null,
    expires: record?.expires ?? null,
    ranAt,
    verdict: {
      tone: toneOf(reported.status),
      text: verdictOf(name, reported),
      error: document.error && { message: document.error.message, hint: document.error.hint },
      next: reported.status === 'verified' ? [] : nextSteps(askedOf(document), reported),
      facts: factsOf({ mapping: document.mapping, proof, evidence, cost, steps: timeline.steps }),
      outputs: Object.entries(record?.outputs ?? outputs.rewire?.outputs ?? {}).map(([key, value]) => ({
        name: key,
        value,
      })),
    },
    timeline,
    picture,
    account: accountOf(outputs),
    mapping: document.mapping,
    findings: proof === null ? findings : findings.filter(isBesideProof(proof)),
    proof: proof && proofView(proof),
    evidence,
    cost,
    checklist: document.checklist ?? null,
    commands:
      source === null || target === null ? [] : reproducingCommands(askedOf(document), stands(record)),
  };
}

function accountOf(outputs: SavedOutputs): AccountView | null {
  const inventory = outputs.identify?.live ?? null;
  const drift = outputs['analyze-source']?.drift ?? null;
  return inventory === null && drift === null ? null : { inventory, drift };
}

function readOutputs(document: Document): SavedOutputs {
  try {
    return savedOutputs(document.steps);
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new ProvisionError(
      'output-unreadable',
      'The saved report has a form that this version does not know.',
      {
        cause,
        hint: 'Another version wrote it. Run the plan again: it writes a new one.',
      },
    );
  }
}

function isBesideProof({ verdicts }: Proof): (finding: Finding) => boolean {
  const text = ({ rule, subject, message }: Finding): string => JSON.stringify([rule, subject, message]);
  const inProof = new Set(verdicts.flatMap((verdict) => verdict.findings.map(text)));
  return (finding) => !inProof.has(text(finding));
}

function proofView({ phase, held, verdicts, coverage }: Proof): ProofView {
  return {
    phase,
    held,
    coverage,
    rules: verdicts.map((verdict) => {
      const rule = rules.find(({ id }) => id === verdict.rule);
      return { ...verdict, protects: rule?.protects ?? '', decides: rule?.decides ?? '' };
    }),
  };
}

const stands = (record: Document['record']): boolean =>
  record !== null && record.status !== 'planned' && record.status !== 'destroyed';
