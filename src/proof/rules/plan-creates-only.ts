/** A first provision only adds: anything else would change what somebody else has made. */
import type { PlannedAction, PlannedResource } from '../../terraform/model.ts';
import type { Finding } from '../../transfer/finding.ts';
import { dataLoss } from '../data-loss.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { managedIn } from '../target.ts';

const id = 'plan-creates-only';
const hint =
  'A first provision only creates. Look whether the target has its own backend key and TF_DATA_DIR: with the state of another environment, Terraform renames what is there.';

const harmless: ReadonlySet<PlannedAction> = new Set(['create', 'read', 'no-op']);

const verbs: Readonly<Record<PlannedAction, string>> = {
  'no-op': 'leave',
  create: 'create',
  read: 'read',
  update: 'update',
  delete: 'delete',
  replace: 'delete and create anew',
  forget: 'forget',
};

function firstProvision(
  change: PlannedResource,
  input: ProofInput,
  sources: ReadonlySet<string>,
): Finding | undefined {
  const { address, action, importId } = change;
  if (importId !== undefined) {
    return {
      rule: id,
      severity: 'error',
      subject: address,
      message: `The plan would import ${importId === '' ? 'something that exists' : importId} as ${address}: it would belong to ${input.target.name}, and be deleted with it.`,
      hint: 'Read it with a data source, or make the `import` block depend on the environment.',
    };
  }
  if (harmless.has(action)) return undefined;
  const shared = sources.has(address);
  return {
    rule: id,
    severity: 'error',
    subject: address,
    message: `The plan would ${verbs[action]} ${address}; the first plan of ${input.target.name} may only create.`,
    hint: shared
      ? `${input.source.name}'s state has the same address: this looks like a plan against ${input.source.name}'s state. Give ${input.target.name} a backend key of its own, and a TF_DATA_DIR of its own.`
      : hint,
  };
}

/** In a state that is ours, changes are the user's business as long as they stay in it. */
function furtherProvision(
  change: PlannedResource,
  input: ProofInput,
  own: ReadonlySet<string>,
): Finding | undefined {
  const { address, action } = change;
  const changes = action === 'update' || action === 'delete' || action === 'replace' || action === 'forget';
  if (!changes) return undefined;
  if (!own.has(address.replace(/ \(deposed \w+\)$/, ''))) {
    return {
      rule: id,
      severity: 'error',
      subject: address,
      message: `The plan would ${verbs[action]} ${address}, which is not in ${input.target.name}'s own state.`,
      hint,
    };
  }
  const loss = dataLoss(change, input.types);
  if (loss === null) return undefined;
  return {
    rule: id,
    severity: 'warning',
    subject: address,
    message: loss.known
      ? `The plan would ${verbs[action]} ${address}: what this ${loss.title} holds is lost.`
      : `The plan would ${verbs[action]} ${address}: whether ${loss.type} holds data is not known; what it holds is lost.`,
    hint: 'Look in the plan for what forces it. Save the data first if they are wanted. Before the apply the name of the environment has to be typed, or --allow-data-loss given.',
  };
}

function check(input: ProofInput): RuleResult {
  const { plan, state, ours } = input.target;
  if (!plan) return { findings: [], judged: 0 };
  const managed = plan.changes.filter(({ mode }) => mode === 'managed');
  const addresses = new Set(managedIn(ours ? state : input.source.state).map(({ address }) => address));
  const judge = ours ? furtherProvision : firstProvision;
  const findings = managed.map((change) => judge(change, input, addresses));
  return { findings: findings.filter((finding) => finding !== undefined), judged: managed.length };
}

export const planCreatesOnly: Rule = {
  id,
  protects: 'Provisioning an environment changes nothing that exists.',
  decides:
    "Every managed change of a first plan must be a creation. Later plans may change what lies in the target's own state; deleting what holds data is a warning.",
  hint,
  phases: ['before-apply'],
  check,
};
