/** Step 7: the proof again, on what now exists, and the evidence layer by layer. */
import { openChallenges } from '../channels/confirm.ts';
import { prove } from '../proof/prove.ts';
import { credentialsGiven } from '../proof/same-credentials.ts';
import { canonicalKey } from '../secrets/names.ts';
import { fingerprintsToRecord } from '../secrets/proof-input.ts';
import type { StateModel } from '../terraform/model.ts';
import { isProvisionError } from '../transfer/errors.ts';
import type { Evidence, EvidenceStatus, Layer } from '../transfer/evidence.ts';
import type { Proof } from '../transfer/finding.ts';
import type { EnvironmentRecord, RecordedChallenge, RecordedSecrets } from '../transfer/record.ts';
import type { StepEnd } from '../transfer/run-steps.ts';
import { type CallPlan } from '../verify/calls.ts';
import { callCount } from '../transfer/call-count.ts';
import type { Decisions } from '../verify/decide.ts';
import { verifyLayers } from '../verify/layers.ts';
import { callsOnState, verifySettings } from './calls.ts';
import type { TransferContext } from './context.ts';
import { confirmed } from './confirm.ts';
import { groundTruth } from './ground-truth.ts';
import type { VerifyOutput } from './outputs.ts';
import { refreshed } from '../ownership/recorded.ts';
import { resourcesOf } from './recorded-resources.ts';
import { acceptance, proofInput } from './proof-input.ts';
import { saveRecord } from './save-record.ts';
import { requireOwnPlace } from './target-place.ts';
import { verdictOf } from './verdict.ts';
import { channelsOf } from './webhooks.ts';

export interface VerifyOptions {
  /** One layer; what was seen of the others before still counts for how the environment stands. */
  readonly only?: Layer | undefined;
  /** The list of calls that was agreed to. Absent: a new one is made and shown, before the first call. */
  readonly agreed?: CallPlan | undefined;
}

export async function verify(
  context: TransferContext,
  { only, agreed }: VerifyOptions = {},
): Promise<StepEnd<VerifyOutput>> {
  if (context.record !== null) await requireOwnPlace(context, context.record);
  const state = await context.workspace.state();
  const ready = state === null ? null : await callsOnState(context, state, { only, agreed });
  if (agreed === undefined && ready !== null)
    context.host.notify({ type: 'proposal', step: 'verify', output: ready.calls });
  const [proof, seen] = await Promise.all([
    proveAfterApply(context, state),
    gatherEvidence(context, state, ready?.decisions ?? null, only),
  ]);
  const earlier = await context.store.readRecord(context.target.name);
  const kept = (earlier?.evidence ?? []).filter(({ layer }) => only !== undefined && layer !== only);
  const evidence = [...kept, ...seen.evidence].sort((a, b) => a.layer - b.layer);
  let record = await saveRecord(context, verdictOf(proof, evidence), {
    proof,
    evidence,
    resources: refreshed(
      (await context.store.readRecord(context.target.name))?.resources ?? [],
      resourcesOf(state),
    ),
    channels: await channelsOf(context, state),
    secrets: await secretsSeen(context, earlier, state),
    ...(seen.challenges === null ? {} : { challenges: seen.challenges }),
  });
  record = await askForCodes(context, record);
  const shown = record.evidence.filter(({ layer }) => only === undefined || layer === only);
  const verdict = verdictOf(proof, record.evidence);
  return {
    status: verdict === 'verified' ? 'done' : verdict,
    output: {
      proof,
      calls: ready?.calls ?? null,
      evidence: shown,
      layers: countByLayer(shown),
      functions: callCount(record.evidence),
      verdict,
    },
  };
}

/**
 * Keys that lack are kept for the checklist: the status of an environment is shown without asking anybody. So are the
 * fingerprints of credentials that nobody marked: later environments must not have them either.
 */
async function secretsSeen(
  context: TransferContext,
  earlier: EnvironmentRecord | null,
  state: StateModel | null,
): Promise<RecordedSecrets | null> {
  const secrets = await context.secrets();
  const config = await secrets.preview();
  const proof = await secrets.proofInput(config, []);
  const given = state === null ? {} : credentialsGiven(state, context.varFile.values, proof.credentialOf);
  return {
    ...config.recorded,
    fingerprints: { ...earlier?.secrets?.fingerprints, ...given, ...fingerprintsToRecord(proof) },
    missing: config.missing.map(canonicalKey),
  };
}

/** Who has the phone at hand returns the code at once; otherwise `confirm` takes it later. */
async function askForCodes(context: TransferContext, before: EnvironmentRecord): Promise<EnvironmentRecord> {
  let record = before;
  for (;;) {
    const open = openChallenges(record.challenges ?? [], context.clock.now());
    if (open.length === 0) return record;
    const channels = open.map(({ subject }) => subject).join(' or ');
    const code = await context.host
      .ask({ kind: 'code', id: 'code', text: `Code that the tester received on ${channels} (empty: later)` })
      .catch((error: unknown) => {
        if (isProvisionError(error) && error.code === 'needs-person') return '';
        throw error;
      });
    if (code.trim() === '') return record;
    const { record: after, verdict, subject } = confirmed(record, code, context.clock.now());
    record = after;
    await context.store.writeRecord(record);
    context.host.notify(
      verdict === 'accepted'
        ? { type: 'note', level: 'info', text: `The message on ${subject} was received.` }
        : { type: 'note', level: 'warning', text: `The code is not accepted: ${verdict}.` },
    );
  }
}

async function proveAfterApply(context: TransferContext, state: StateModel | null): Promise<Proof> {
  const [input, fingerprintAfter] = await Promise.all([proofInput(context), context.sourceFingerprint()]);
  return prove(
    {
      ...input,
      phase: 'after-apply',
      source: { ...input.source, fingerprintAfter },
      target: { ...input.target, ours: true, plan: null, state },
    },
    acceptance(context),
  );
}

async function gatherEvidence(
  context: TransferContext,
  state: StateModel | null,
  decisions: Decisions | null,
  only: Layer | undefined,
): Promise<{
  readonly evidence: readonly Evidence[];
  /** `null` where no code was sent or looked for. */
  readonly challenges: readonly RecordedChallenge[] | null;
}> {
  if (state === null || decisions === null) return { evidence: [], challenges: null };
  const { host, clock, signal } = context;
  const layers =
    only === 4
      ? []
      : await verifyLayers(
          {
            clients: await context.aws(),
            clock,
            signal,
            redactor: context.redactor,
            notify: (event) => host.notify(event),
          },
          {
            state,
            decisions,
            settings: verifySettings(context),
            environment: context.target.name,
            ...(only === undefined ? {} : { layers: [only] }),
          },
        );
  if (only !== undefined && only !== 4) return { evidence: layers, challenges: null };
  // After the others: a channel is tried on functions that run, and its answers are not mixed with theirs.
  const truth = await groundTruth(context, state);
  return { evidence: [...layers, ...truth.evidence], challenges: truth.challenges };
}

function countByLayer(evidence: readonly Evidence[]): VerifyOutput['layers'] {
  return ([1, 2, 3, 4] as const)
    .map((layer) => {
      const counts: Record<EvidenceStatus, number> = { pass: 0, fail: 0, pending: 0, skipped: 0 };
      for (const item of evidence) if (item.layer === layer) counts[item.status] += 1;
      return { layer, counts };
    })
    .filter(({ counts }) => Object.values(counts).some((count) => count > 0));
}
