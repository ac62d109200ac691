/** The source is only read: what tells of a touch must be the same before and after. */
import type { Finding } from '../../transfer/finding.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';

const id = 'source-untouched';
const hint =
  'Find out who changed the source while the transfer ran. If it was an apply of somebody else, run `provision-env verify` again and compare the two with `provision-env diff`.';

function check({ source }: ProofInput): RuleResult {
  const { fingerprintBefore: before, fingerprintAfter: after, name } = source;
  if (!after) return { findings: [], judged: 0, undecided: [name] };
  const findings: Finding[] = [];
  const differs = (subject: string, message: string): void => {
    findings.push({ rule: id, severity: 'error', subject, message, hint });
  };
  if (before.lineage !== after.lineage) {
    differs(
      'state',
      `${name}'s state was replaced: its lineage was ${before.lineage} and is ${after.lineage}.`,
    );
  } else if (before.serial !== after.serial) {
    differs('state', `${name}'s state was written: its serial was ${before.serial} and is ${after.serial}.`);
  }
  const keys = [...new Set([...Object.keys(before.observed), ...Object.keys(after.observed)])].sort();
  for (const key of keys) {
    const was = before.observed[key];
    const is = after.observed[key];
    if (was === is) continue;
    if (is === undefined) differs(key, `${name}: ${key} was ${was} and is gone.`);
    else
      differs(
        key,
        was === undefined
          ? `${name}: ${key} was not there and is ${is}.`
          : `${name}: ${key} was ${was} and is ${is}.`,
      );
  }
  return { findings, judged: 1 + keys.length };
}

export const sourceUntouched: Rule = {
  id,
  protects: 'The source is the same after the transfer as before it.',
  decides:
    "Compares two fingerprints of the source: lineage and serial of its state, and what else was observed, such as secret versions, webhook URLs and functions' revisions.",
  hint,
  phases: ['after-apply'],
  check,
};
