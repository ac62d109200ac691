/** A function that lacks a variable of its environment fails at its first call, or worse, goes on without. */
import type { Finding } from '../../transfer/finding.ts';
import type { Pair } from '../counterparts.ts';
import { containerTexts, environmentKeys, environmentMaps, runsCode } from '../functions.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { shapeSays } from '../values.ts';

const id = 'contract-environment-keys';
const hint = 'Add the key to the environment of the function in the configuration.';

/** Everything is unknown as soon as one value of a `merge(…)` is. */
function isOpen({ target }: Pair): boolean {
  return [...environmentMaps, ...containerTexts].some((path) => shapeSays(target.unknown, path.split('.')));
}

/** A switch or a number that differs may well leave out keys; a text that differs does not. */
function switchOf({ target }: Pair, index: ProofIndex): string | undefined {
  const declaration = index.expressions.declaration(target);
  if (!declaration) return undefined;
  const paths = ['environment', 'environment_variables', 'source_configuration', ...containerTexts];
  const variables = paths.flatMap((path) => [
    ...index.expressions.attribute(target.modulePath, declaration, path).variables,
  ]);
  return variables.find((name) => {
    const values = index.differing.get(name);
    return values !== undefined && [values.source, values.target].some((value) => typeof value !== 'string');
  });
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  const undecided: string[] = [];
  let judged = 0;
  for (const pair of index.pairing.pairs) {
    if (!runsCode(pair.source, input.types)) continue;
    const before = environmentKeys(pair.source.values, false);
    if (before.size === 0) continue;
    judged += 1;
    if (isOpen(pair)) {
      undecided.push(pair.target.address);
      continue;
    }
    const after = environmentKeys(pair.target.values, pair.target.unknown);
    for (const [container, keys] of before) {
      const present = after.get(container);
      const missing = [...keys].filter((key) => present?.has(key) !== true).sort();
      if (missing.length === 0) continue;
      const variable = switchOf(pair, index);
      const why =
        variable === undefined
          ? ''
          : ` It may be left out because of var.${variable}, which differs between the two.`;
      const where = container === '' ? '' : ` of the container ${container}`;
      for (const key of missing) {
        findings.push({
          rule: id,
          severity: variable === undefined ? 'error' : 'warning',
          subject: pair.target.address,
          message: `${pair.target.address} lacks the environment variable ${key}${where}, which ${input.source.name}'s ${pair.source.address} has.${why}`,
          hint: `Add ${key} to the environment${where} in the configuration. If it is no longer used, apply the configuration to ${input.source.name} first, or accept this finding.`,
        });
      }
    }
  }
  return { findings, judged, undecided };
}

export const contractEnvironmentKeys: Rule = {
  id,
  protects: 'Every function finds the environment variables that it finds in the source.',
  decides:
    'Compares the keys, never the values, of the environment of each function, container and job with those of its counterpart. Where a switch differs between the sides, a missing key is a warning.',
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
