/** The target may do what the source may do, to its own things, no more and no less. */
import type { Finding } from '../../transfer/finding.ts';
import type { JsonObject } from '../../transfer/json.ts';
import type { Pair } from '../counterparts.ts';
import { attachmentFindings } from '../attachments.ts';
import { grantsOf, missingFrom } from '../policies.ts';
import { documents, isGiven, policyPaths } from '../policy-documents.ts';
import type { ProofIndex } from '../proof-index.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { attribute, listed, unknownUnder } from '../values.ts';

const id = 'contract-policy';
const hint =
  'Use the same policy for every environment, with the variable that names it in the ARNs. If the source was changed by hand, apply its configuration first. If the policy is meant to change, accept this finding.';

/** In words what differs. */
function compare(pair: Pair, path: string, index: ProofIndex): readonly string[] {
  const { translator } = index;
  // Most trust policies are the same text everywhere.
  const text = attribute(pair.source.values, path);
  if (typeof text === 'string' && text === attribute(pair.target.values, path)) return [];
  const before = documents(pair.source.values, path);
  const after = documents(pair.target.values, path);
  const named = (documentsOf: ReadonlyMap<string, JsonObject>, translate: (text: string) => string) =>
    new Map(
      [...documentsOf].map(([key, policy]) => [translate(key), { key, grants: grantsOf(policy, translate) }]),
    );
  const sources = named(before, translator.ofSource);
  const targets = named(after, translator.ofTarget);
  const messages: string[] = [];
  for (const [key, { key: name, grants }] of sources) {
    const other = targets.get(key);
    if (!other) {
      messages.push(`${name} is missing`);
      continue;
    }
    const lacks = missingFrom(grants, other.grants);
    const adds = missingFrom(other.grants, grants);
    if (lacks.length > 0) messages.push(`${name} lacks ${listed(lacks)}`);
    if (adds.length > 0) messages.push(`${name} has ${listed(adds)} beyond it`);
    if (lacks.length + adds.length === 0 && grants.version !== other.grants.version) {
      messages.push(`${name} has version ${other.grants.version} instead of ${grants.version}`);
    }
  }
  for (const [key, { key: name, grants }] of targets) {
    if (!sources.has(key))
      messages.push(`${name} is there beyond it, with ${listed([...grants.all.values()])}`);
  }
  return messages;
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const findings: Finding[] = [];
  const undecided: string[] = [];
  let judged = 0;
  for (const pair of index.pairing.pairs) {
    for (const path of policyPaths(pair, input)) {
      if (!isGiven(pair, path, index)) continue;
      judged += 1;
      // A policy that is known only after the apply is judged then.
      if (unknownUnder(pair.target.unknown, path.replaceAll('[]', ''))) {
        if (documents(pair.source.values, path).size > 0) undecided.push(`${pair.target.address}.${path}`);
        continue;
      }
      for (const difference of compare(pair, path, index)) {
        findings.push({
          rule: id,
          severity: 'error',
          subject: pair.target.address,
          message: `${pair.target.address} is not ${input.source.name}'s: ${difference}.`,
          hint,
        });
      }
    }
  }
  const attachments = attachmentFindings(input, index);
  for (const { subject, message } of attachments.differences) {
    findings.push({ rule: id, severity: 'error', subject, message, hint });
  }
  return {
    findings,
    judged: judged + attachments.judged,
    undecided: [...undecided, ...attachments.undecided],
  };
}

export const contractPolicy: Rule = {
  id,
  protects: "The target's permissions are the source's, on its own things.",
  decides:
    "Compares policies as sets of grants, under ρ and with the source's ids and ARNs replaced by those of the counterparts; the order and the splitting of statements say nothing. Also the policies attached to each role.",
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
