/** What the proofs of a transfer are judged on, and what a person accepted of them. */
import { isProtected } from '../environment/names.ts';
import type { ProveOptions } from '../proof/prove.ts';
import type { ProofInput } from '../proof/rule.ts';
import type { SecretsProofInput } from '../proof/secrets.ts';
import type { Finding, Proof } from '../transfer/finding.ts';
import type { TransferContext } from './context.ts';

/** What both proofs are judged on. */
export async function proofInput(
  context: TransferContext,
): Promise<Omit<ProofInput, 'phase' | 'target'> & { target: Omit<ProofInput['target'], 'state' | 'plan'> }> {
  const state = await context.sourceState();
  return {
    source: {
      name: context.source.name,
      state,
      stateLocation: context.source.backend.location,
      variables: context.sourceVariables,
      fingerprintBefore: await context.fingerprintBefore(),
    },
    target: {
      name: context.target.name,
      stateLocation: context.target.backend.location,
      variables: context.varFile.values,
      ours: context.record !== null,
      protected: isProtected(context.target.name, context.config),
    },
    others: context.others,
    declarations: await context.declarations(),
    environmentVariable: context.project.environmentVariable,
    rename: context.rename,
    types: context.types,
    shared: context.config.shared,
    secrets: await secretsInput(context),
  };
}

/** Read anew each time: after the apply, what was filled in counts. */
async function secretsInput(context: TransferContext): Promise<SecretsProofInput> {
  const [secrets, planned] = await Promise.all([context.secrets(), context.plannedSecrets()]);
  const config = await secrets.preview();
  const asked = new Set(planned.asked);
  const [input, channels] = await Promise.all([
    secrets.proofInput(
      config,
      config.missing.filter((key) => !asked.has(key)),
    ),
    context.channels().then((session) => session.judge(config.values)),
  ]);
  return { ...input, channels };
}

export function acceptance(
  context: TransferContext,
): Required<Pick<ProveOptions, 'accept' | 'agreed' | 'by' | 'at'>> {
  return {
    accept: context.request.accept,
    agreed: context.config.accept,
    by: context.owner,
    at: context.clock.now().toISOString(),
  };
}

export function findingsOf(proof: Proof): readonly Finding[] {
  return proof.verdicts.flatMap((verdict) => verdict.findings);
}
