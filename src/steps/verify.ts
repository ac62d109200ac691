/** Step 7: the proof again, on what now exists, and the evidence layer by layer. */
import { prove } from '../proof/prove.ts';
import type { StateModel } from '../terraform/model.ts';
import type { Evidence, EvidenceStatus, Layer } from '../transfer/evidence.ts';
import type { Proof } from '../transfer/finding.ts';
import type { StepEnd } from '../transfer/run-steps.ts';
import { verifyLayers } from '../verify/layers.ts';
import type { TransferContext } from './context.ts';
import type { VerifyOutput } from './outputs.ts';
import { acceptance, proofInput, recordedResources, saveRecord } from './rewire.ts';

export async function verify(context: TransferContext, only?: Layer): Promise<StepEnd<VerifyOutput>> {
  const state = await context.workspace.state();
  const [proof, evidence] = await Promise.all([
    proveAfterApply(context, state),
    gatherEvidence(context, state, only),
  ]);
  const verdict = verdictOf(proof, evidence);
  const status = { verified: 'verified', waiting: 'waiting', failed: 'failed' } as const;
  await saveRecord(context, status[verdict], {
    proof,
    evidence,
    resources: recordedResources(context, state),
  });
  return {
    status: verdict === 'verified' ? 'done' : verdict,
    output: { proof, evidence, layers: countByLayer(evidence), verdict },
  };
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
  only: Layer | undefined,
): Promise<readonly Evidence[]> {
  if (state === null) return [];
  const { host, clock, signal, types, config } = context;
  return verifyLayers(
    { clients: await context.aws(), clock, signal, notify: (event) => host.notify(event) },
    {
      state,
      types,
      settings: config.verify,
      environment: context.target.name,
      ...(only === undefined ? {} : { layers: [only] }),
    },
  );
}

function verdictOf(proof: Proof, evidence: readonly Evidence[]): VerifyOutput['verdict'] {
  if (!proof.held || evidence.some(({ status }) => status === 'fail')) return 'failed';
  return evidence.some(({ status }) => status === 'pending') ? 'waiting' : 'verified';
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
