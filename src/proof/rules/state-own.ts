/** A state of its own: with the source's, the first apply would replace the source by the target. */
import type { StateResource } from '../../terraform/model.ts';
import type { Finding } from '../../transfer/finding.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { managedIn } from '../target.ts';
import { plural } from '../values.ts';

const id = 'state-own';
const hint =
  'Give the target a state of its own: its own key in `backend.hcl` (or its own state file), and its own TF_DATA_DIR.';

function locationFindings({ source, target, others }: ProofInput): Finding[] {
  const owners = [source, ...others].filter(({ stateLocation }) => stateLocation === target.stateLocation);
  return owners.map(({ name }) => ({
    rule: id,
    severity: 'error',
    subject: target.stateLocation,
    message: `${target.name}'s state is to lie at ${target.stateLocation}, where ${name}'s state lies.`,
    hint,
  }));
}

/** Things in the target's state that are the source's, or another environment's. */
function foreignThings(input: ProofInput, index: ProofIndex, resources: readonly StateResource[]): Finding[] {
  return resources.flatMap((resource): Finding[] => {
    const owner = index.existing.sameThing(resource);
    // What somebody only reads may well be what this environment makes.
    if (!owner || owner.mode === 'data') return [];
    return [
      {
        rule: id,
        severity: 'error',
        subject: resource.address,
        message: `${input.target.name}'s state holds ${resource.address}, which is ${owner.environment}'s ${owner.address} (${owner.what}).`,
        hint: `Take it out with \`terraform state rm '${resource.address}'\`, or give ${input.target.name} a state of its own. Destroying ${input.target.name} would delete it.`,
      },
    ];
  });
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const { source, target, phase } = input;
  const resources = managedIn(target.state);
  const judged = 1 + resources.length;
  const located = locationFindings(input);
  if (located.length > 0) return { findings: located, judged };
  if (target.state && target.state.lineage !== '' && target.state.lineage === source.state.lineage) {
    const message = `${target.name}'s state at ${target.stateLocation} has the same lineage as ${source.name}'s (${source.state.lineage}): it is a copy of it.`;
    const finding: Finding = {
      rule: id,
      severity: 'error',
      subject: target.stateLocation,
      message,
      hint: `Remove the copy: what it holds is ${source.name}'s. ${hint}`,
    };
    return { findings: [finding], judged };
  }
  const recorded = target.recordedLineage;
  if (
    target.state &&
    target.state.lineage !== '' &&
    recorded !== undefined &&
    recorded !== target.state.lineage
  ) {
    const finding: Finding = {
      rule: id,
      severity: 'error',
      subject: target.stateLocation,
      message: `${target.name}'s state at ${target.stateLocation} has the lineage ${target.state.lineage}, and its record says ${recorded}: it is another state than the one that ${target.name} was made with.`,
      hint: `Put the state of ${target.name} back, from a version of the object or a backup.`,
    };
    return { findings: [finding], judged };
  }
  // After the apply the same question is asked by identity-free, of everything that was made.
  if (phase === 'after-apply' || resources.length === 0) return { findings: [], judged };
  const foreign = foreignThings(input, index, resources);
  if (foreign.length > 0 || target.ours) return { findings: foreign, judged };
  const stranger: Finding = {
    rule: id,
    severity: 'error',
    subject: target.stateLocation,
    message: `A state is there already at ${target.stateLocation} with ${plural(resources.length, 'resource')}, and no record says that provision-env made it.`,
    hint: `Choose another name, or destroy what is there with Terraform first. If it is ${target.name} and made by hand, accept this finding: then it is taken over.`,
  };
  return { findings: [stranger], judged };
}

export const stateOwn: Rule = {
  id,
  protects: 'The target has a Terraform state of its own, in which nothing of another environment lies.',
  decides:
    "Compares the place and the lineage of the target's state with those of every other environment, and what lies in it with what lies in theirs.",
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
