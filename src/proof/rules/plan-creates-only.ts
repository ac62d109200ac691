/** A first provision only adds: anything else would change what somebody else has made. */
import type { PlannedAction, PlannedResource } from '../../terraform/model.ts';
import type { Finding } from '../../transfer/finding.ts';
import { type DataLoss, effectWords, isAskedAbout, lossesOf } from '../data-loss.ts';
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
): readonly Finding[] {
  const { address, action, previousAddress = address } = change;
  const { plan } = input.target;
  if (plan === null) return [];
  const changes = action === 'update' || action === 'delete' || action === 'replace' || action === 'forget';
  if (changes && !own.has(previousAddress.replace(/ \(deposed \w+\)$/, ''))) {
    return [
      {
        rule: id,
        severity: 'error',
        subject: address,
        message: `The plan would ${verbs[action]} ${address}, which is not in ${input.target.name}'s own state.`,
        hint,
      },
    ];
  }
  // Settings can be resources of their own: then making one loses something, too.
  return lossesOf(change, plan, input.types).map((loss) => lossFinding(loss, input.target.protected));
}

function lossFinding(loss: DataLoss, isProtected: boolean): Finding {
  const { address, title, name, effect, what } = loss;
  const asked = isAskedAbout(loss, isProtected);
  return {
    rule: id,
    severity: asked ? 'warning' : 'info',
    subject: address,
    message: `The plan ${effectWords[effect]}: ${title}${name === null ? '' : ` ${name}`}: ${what}.`,
    hint: asked
      ? 'Look in the plan for what forces it. Save the data first if they are wanted. Before the apply the name of the environment has to be typed, or --allow-data-loss given.'
      : 'Nothing is lost by this plan. Leave it as it is if the environment is to be destroyed some day.',
  };
}

function check(input: ProofInput): RuleResult {
  const { plan, state, ours } = input.target;
  if (!plan) return { findings: [], judged: 0 };
  const managed = plan.changes.filter(({ mode }) => mode === 'managed');
  const addresses = new Set(managedIn(ours ? state : input.source.state).map(({ address }) => address));
  const findings = managed.flatMap((change) =>
    ours ? furtherProvision(change, input, addresses) : (firstProvision(change, input, addresses) ?? []),
  );
  return { findings, judged: managed.length };
}

export const planCreatesOnly: Rule = {
  id,
  protects: 'Provisioning an environment changes nothing that exists.',
  decides:
    "Every managed change of a first plan must be a creation. Later plans may change what lies in the target's own state; what loses data is a warning: deleting what holds them, keeping them or their backups for a shorter time, disabling their key.",
  hint,
  phases: ['before-apply'],
  check,
};
