/** What the source has, the target has too, unless somebody said otherwise. */
import type { StateResource } from '../../terraform/model.ts';
import type { Finding, Severity } from '../../transfer/finding.ts';
import { classifySource } from '../counterparts.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';

const id = 'contract-resources';
const hint =
  'Declare the resource for every environment, or let a variable decide its `count` or `for_each`.';

type Said = { readonly severity: Severity; readonly message: string; readonly hint: string } | 'undecided';

function isUnread({ modulePath }: StateResource, { declarations }: ProofInput): boolean {
  if (declarations.modules[modulePath]) return false;
  return declarations.unresolvedCalls.length > 0;
}

function judge(resource: StateResource, input: ProofInput, index: ProofIndex): Said {
  const { source, target } = input;
  const { address } = resource;
  const said = classifySource(resource, index.classes);
  const entry = index.matchShared(resource);
  if (entry !== undefined) {
    return {
      severity: 'info',
      message: `${target.name} uses ${source.name}'s ${address}: it is declared as shared (${entry}).`,
      hint: 'Nothing to do.',
    };
  }
  const declaration = index.expressions.declaration(resource);
  if (!declaration) {
    if (isUnread(resource, input)) return 'undecided';
    return {
      severity: 'error',
      message: `${source.name}'s state has ${address}, the configuration no longer does.`,
      hint: `Apply the configuration to ${source.name} first, or put the resource back. If ${target.name} is to do without, accept this finding.`,
    };
  }
  const { variables } = index.expressions.repetition(resource.modulePath, declaration);
  if (variables.size > 0) {
    const names = [...variables].map((name) => `var.${name}`).join(', ');
    return {
      severity: 'info',
      message: `${target.name} does without ${source.name}'s ${address}: its number depends on ${names} (${index.place(declaration.file, declaration.repetition?.line ?? declaration.line)}).`,
      hint: 'Nothing to do if that is meant.',
    };
  }
  if (!said.own) {
    return {
      severity: 'info',
      message: `${target.name} has no counterpart of ${source.name}'s ${address}: ${said.reason}.`,
      hint: 'Nothing to do if both are to use the same one.',
    };
  }
  return {
    severity: 'error',
    message: `${source.name}'s ${address} (${index.place(declaration.file, declaration.line)}) has no counterpart in ${target.name}, and no variable explains it.`,
    hint:
      input.phase === 'after-apply'
        ? `The apply did not make it. Run \`provision-env resume ${target.name}\`.`
        : `Look why Terraform does not plan it: its \`count\` or \`for_each\` must not depend on what only ${source.name} has. If it is shared, declare it as \`shared\`.`,
  };
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  const undecided: string[] = [];
  const { pairs, unpaired } = index.pairing;
  for (const resource of unpaired) {
    const said = judge(resource, input, index);
    if (said === 'undecided') undecided.push(resource.address);
    else findings.push({ ...said, rule: id, subject: resource.address });
  }
  return { findings, judged: pairs.length + unpaired.length, undecided };
}

export const contractResources: Rule = {
  id,
  protects: 'The target has everything that the source has.',
  decides:
    'Pairs the resources of the two sides by address. A resource of the source without a counterpart must be shared, or a variable must decide how many of it there are.',
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
