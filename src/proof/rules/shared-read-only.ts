/** What is shared is read, never changed: every other environment uses it too. */
import type { PlannedResource } from '../../terraform/model.ts';
import type { Finding } from '../../transfer/finding.ts';
import { visitNames } from '../owned.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { isMade, managedIn, type TargetResource } from '../target.ts';
import { attribute, shown } from '../values.ts';
import { bareWord } from '../words.ts';

const id = 'shared-read-only';
const hint =
  'Read what is shared with a data source, and change it in the configuration that owns it. If it is not shared, take it out of `shared` in provision-env.config.';

/** Something declared shared is among what the target would have as its own. */
function declaredFinding(
  resource: Pick<TargetResource, 'address' | 'type' | 'values'>,
  verb: string,
  { target }: ProofInput,
  index: ProofIndex,
): Finding | undefined {
  const entry = index.matchShared(resource);
  if (entry === undefined) return undefined;
  return {
    rule: id,
    severity: 'error',
    subject: resource.address,
    message: `${resource.address} is declared as shared (${entry}), and ${target.name} would ${verb} it.`,
    hint,
  };
}

function declared(input: ProofInput, index: ProofIndex): Finding[] {
  const { plan } = input.target;
  if (input.shared.length === 0) return [];
  const found = plan
    ? plan.changes
        .filter(({ mode, action }) => mode === 'managed' && action !== 'no-op' && action !== 'read')
        .map((change) =>
          declaredFinding({ ...change, values: valuesOf(change) }, change.action, input, index),
        )
    : index.target.managed.map((resource) => declaredFinding(resource, 'own', input, index));
  return found.filter((finding) => finding !== undefined);
}

function valuesOf(change: PlannedResource): TargetResource['values'] {
  return change.after ?? change.before ?? {};
}

const madeWithNetwork = ['default_network_acl_id', 'default_route_table_id', 'default_security_group_id'];

/** Everything that the target's own resources go by; what only names its parent does not make the parent its own. */
function ownNames(input: ProofInput, index: ProofIndex): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { type, values } of [...index.target.managed, ...managedIn(input.target.state)]) {
    const facts = input.types.get(type);
    if (facts?.modifies !== undefined) continue;
    const parents = new Set(
      facts?.scope === 'parent' ? facts.identity.map((path) => attribute(values, path)) : [],
    );
    visitNames(values, facts, (value) => {
      if (!parents.has(value)) names.add(bareWord(value));
    });
    if (type !== 'aws_vpc') continue;
    // What AWS makes with a network is whose the network is.
    for (const path of madeWithNetwork) {
      const value = attribute(values, path);
      if (typeof value === 'string' && value !== '') names.add(bareWord(value));
    }
  }
  return names;
}

/** A policy on a bucket changes the bucket: then that has to be the target's own. */
function modifying(input: ProofInput, index: ProofIndex): { findings: Finding[]; judged: number } {
  const findings: Finding[] = [];
  let judged = 0;
  let own: ReadonlySet<string> | undefined;
  for (const resource of index.target.managed) {
    const facts = input.types.get(resource.type);
    if (facts?.modifies === undefined || !(isMade(resource) || resource.action === 'update')) continue;
    const changed = attribute(resource.values, facts.modifies);
    if (typeof changed !== 'string' || changed === '') continue;
    judged += 1;
    own ??= ownNames(input, index);
    // A collision of the thing itself is for identity-free to say; here only what is not the target's counts.
    if (own.has(bareWord(changed))) continue;
    findings.push({
      rule: id,
      severity: 'error',
      subject: resource.address,
      message: `${resource.address} would change ${shown(changed)} (${facts.modifies}), which ${input.target.name} does not make: a ${facts.title} changes the thing it belongs to, for everybody who uses it.`,
      hint: `Declare it where ${shown(changed)} is declared, or use something of ${input.target.name}'s own in ${facts.modifies}.`,
    });
  }
  return { findings, judged };
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const changed = modifying(input, index);
  const findings = [...declared(input, index), ...changed.findings];
  return { findings, judged: (input.shared.length > 0 ? index.target.managed.length : 0) + changed.judged };
}

export const sharedReadOnly: Rule = {
  id,
  protects: 'What environments share is not changed by any one of them.',
  decides:
    'Nothing that is declared as shared may be created, changed or deleted; and what changes another resource in place, such as a bucket policy, must belong to a resource of the target.',
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
