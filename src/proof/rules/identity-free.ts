/** Two states must not own one thing: destroying the one environment would take it from the other. */
import { type Identity, identityOf } from '../../terraform/types/identity.ts';
import type { Finding } from '../../transfer/finding.ts';
import { accountFinding } from '../account.ts';
import { declaredName } from '../expressions.ts';
import type { ExistingThing } from '../identities.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import type { TargetResource } from '../target.ts';

const id = 'identity-free';
const hint =
  'Put the variable that names the environment into the name. If the thing is meant to be shared, read it with a data source, or give it a `count` so that one environment only makes it.';

const judgedActions: ReadonlySet<TargetResource['action']> = new Set([
  'create',
  'replace',
  'update',
  'present',
]);

function collision(resource: TargetResource, thing: ExistingThing, input: ProofInput): Finding {
  const { environment, address, mode, what, byFallback } = thing;
  const facts = input.types.get(resource.type);
  const title = facts?.title ?? resource.type;
  const attribute = facts?.identity[0] ?? what.split(' ', 1)[0] ?? 'its name';
  const whose =
    mode === 'data'
      ? `${environment} reads that ${title} as ${address}, so it exists already`
      : `that ${title} is ${environment}'s ${address}, and two states would own it`;
  const guess = byFallback ? ' Judged by comparing, the type is not in the table.' : '';
  return {
    rule: id,
    severity: 'error',
    subject: resource.address,
    message: `${resource.address} has ${what}: ${whose}. Destroying ${input.target.name} would delete it.${guess}`,
    hint: `Put var.${input.environmentVariable} into ${attribute}. If it is meant to be shared, read it with a data source, or declare it with a \`count\` so that only one environment makes it.`,
  };
}

/** Declarations of what the plan makes: what takes its name from one of these has a new name. */
function madeDeclarations(index: ProofIndex): ReadonlySet<string> {
  const made = new Set<string>();
  for (const resource of index.target.managed) {
    if (resource.action === 'create' || resource.action === 'replace') {
      made.add(`${resource.modulePath}|${declaredName(resource)}`);
    }
  }
  return made;
}

/** Attributes of the identity that are not known yet, and that no generated name stands for. */
function openAttributes(
  resource: TargetResource,
  identity: Identity,
  input: ProofInput,
  index: ProofIndex,
): readonly string[] {
  if (identity.kind === 'unknown') return identity.missing;
  if (identity.kind !== 'generated') return [];
  // The provider makes up a name only where the configuration gives none.
  const facts = input.types.get(resource.type);
  const declared = index.expressions.declaration(resource)?.attributes ?? {};
  return (facts?.generated ?? []).filter(
    (attribute) => Object.hasOwn(declared, attribute) && resource.values[attribute] === undefined,
  );
}

function comesFromNew(
  resource: TargetResource,
  attributes: readonly string[],
  made: ReadonlySet<string>,
  index: ProofIndex,
): boolean {
  const declaration = index.expressions.declaration(resource);
  if (!declaration) return false;
  return attributes.some((attribute) => {
    const { resources } = index.expressions.attribute(resource.modulePath, declaration, attribute);
    return [...resources].some((name) => made.has(name));
  });
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  const undecided: string[] = [];
  let judged = 0;
  let made: ReadonlySet<string> | undefined;
  const answers = new Map((input.account ?? []).map((answer) => [answer.address, answer]));
  for (const resource of index.target.managed) {
    if (!judgedActions.has(resource.action)) continue;
    judged += 1;
    const after = resource.action === 'present';
    const identity = identityOf(resource.type, resource.values, input.types);
    const isOpen = (attribute: string): boolean =>
      Object.hasOwn(index.expressions.declaration(resource)?.attributes ?? {}, attribute);
    const found =
      (after ? index.existing.sameThing(resource) : index.existing.byIdentity(resource, identity)) ??
      (input.types.has(resource.type) ? undefined : index.existing.byNames(resource, after ? null : isOpen));
    if (found === 'undecided') undecided.push(resource.address);
    else if (found) findings.push(collision(resource, found, input));
    else {
      const answer = answers.get(resource.address);
      if (answer?.presence.state === 'not-asked')
        undecided.push(`${resource.address} (the account was not asked: ${answer.presence.reason})`);
      const title = input.types.get(resource.type)?.title ?? resource.type;
      const taken = answer && accountFinding(answer, resource.type, title, input.target.name);
      if (taken) findings.push(taken);
      const open = after ? [] : openAttributes(resource, identity, input, index);
      if (open.length === 0) continue;
      made ??= madeDeclarations(index);
      if (!comesFromNew(resource, open, made, index))
        undecided.push(`${resource.address} (${open.join(', ')})`);
    }
  }
  return { findings, judged, undecided };
}

export const identityFree: Rule = {
  id,
  protects: 'Nothing in the cloud belongs to two environments.',
  decides:
    "Compares the identity of everything that would be made (for example a function's name) with what lies in the source's state and in the records of other environments, and asks the account whether each name is free: what exists outside any state, a secret in its recovery window, a log group that a service made, a bucket of another account. A name that is not known before the apply is new if it comes from something new; types that are not in the table are compared by what looks like a name.",
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
