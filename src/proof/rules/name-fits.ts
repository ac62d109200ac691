/** A name that its service refuses fails in the middle of an apply: it is found before. */
import type { Rename } from '../../environment/rename.ts';
import type { StateModel } from '../../terraform/model.ts';
import { checkLimits } from '../../terraform/types/check-limits.ts';
import type { ResourceTypeTable } from '../../terraform/types/facts.ts';
import { valueAt } from '../../terraform/types/paths.ts';
import type { Finding } from '../../transfer/finding.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { isMade, managedIn } from '../target.ts';
import { shown } from '../values.ts';

const id = 'name-fits';
const hint =
  'Choose a shorter name for the environment, or shorten the part of the name that the configuration gives.';

const finding = (subject: string, message: string): Finding => ({
  rule: id,
  severity: 'error',
  subject,
  message,
  hint,
});

/**
 * Judges the names that the target would have before Terraform is asked: those of the source, renamed. What the
 * configuration really makes of the environment's name, only the plan can say.
 */
export function derivedNameFindings(
  source: StateModel,
  rename: Rename,
  types: ResourceTypeTable,
): readonly Finding[] {
  return managedIn(source).flatMap(({ type, address, values }) => {
    const facts = types.get(type);
    return (facts?.limits ?? []).flatMap((limit) => {
      const name = valueAt(values, limit.attribute);
      if (typeof name !== 'string' || !rename.namesSource(name)) return [];
      const derived = rename.apply(name);
      // The source's own name is there, so its service takes it.
      const judge = (value: string) =>
        facts ? checkLimits({ ...facts, limits: [limit] }, { [limit.attribute]: value }) : [];
      const known = new Set(judge(name).map(({ problem }) => problem));
      return judge(derived)
        .filter(({ problem }) => !known.has(problem))
        .map(({ attribute, problem }) =>
          finding(
            address,
            `${facts?.title ?? type} ${address}: ${attribute} would be ${shown(derived)}, which ${problem}.`,
          ),
        );
    });
  });
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  const undecided: string[] = [];
  let judged = 0;
  for (const resource of index.target.managed) {
    const facts = input.types.get(resource.type);
    if (!facts || facts.limits.length === 0 || resource.action === 'present' || !isMade(resource)) continue;
    judged += 1;
    for (const { attribute, value, problem } of checkLimits(facts, resource.values)) {
      findings.push(
        finding(
          resource.address,
          `${facts.title} ${resource.address}: ${attribute} ${shown(value)} ${problem}.`,
        ),
      );
    }
  }
  return { findings, judged, undecided };
}

export const nameFits: Rule = {
  id,
  protects: 'Every name is one that its service accepts.',
  decides: "Holds the planned names against the services' limits of length and characters.",
  hint,
  phases: ['before-apply'],
  check,
};
