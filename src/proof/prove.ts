/** The proof: every rule's verdict on one input, and how much of that input is understood. */
import { blocks, type Coverage, type Proof, type RuleVerdict } from '../transfer/finding.ts';
import { unreadableNames } from './account.ts';
import { acceptanceKey, byConfiguration, parseAccept, withAcceptance } from './accept.ts';
import { createProofIndex, type ProofIndex } from './proof-index.ts';
import type { ProofInput, Rule } from './rule.ts';
import { unreadablePlace } from './rules/account-expected.ts';
import { rules as allRules } from './rules/index.ts';

export { parseAccept, unusedAccepts } from './accept.ts';

export interface ProveOptions {
  /** As given to `--accept`: `<rule>:<subject>`. */
  readonly accept?: readonly string[];
  /** The same as the configuration has it: what the team has agreed to. */
  readonly agreed?: readonly string[];
  /** Who accepted, and when (ISO 8601). */
  readonly by?: string;
  readonly at?: string;
  readonly rules?: readonly Rule[];
  /** What could not be read: with any, the proof does not hold. */
  readonly unreadable?: readonly string[];
}

/** @throws ProvisionError `usage` where something that cannot be accepted is */
export function prove(input: ProofInput, options: ProveOptions = {}): Proof {
  const { accept = [], agreed = [], by = '', at = '', rules = allRules, unreadable = [] } = options;
  const ids = [...new Set(allRules.concat(rules).map(({ id }) => id))];
  const accepted = new Map(
    [
      ...accept.map((text) => [text, by] as const),
      ...agreed.map((text) => [text, byConfiguration] as const),
    ].map(([text, who]) => [acceptanceKey(parseAccept(text, ids)), who]),
  );
  const index = createProofIndex(input);
  const verdicts = rules
    .filter(({ phases }) => phases.includes(input.phase))
    .map((rule): RuleVerdict => {
      const { findings: found, judged, undecided = [] } = rule.check(input, index);
      const findings = withAcceptance(found, accepted, at);
      return { rule: rule.id, held: !findings.some(blocks), judged, undecided, findings };
    });
  const coverage = coverageOf(input, index, [
    ...unreadable,
    ...unreadableNames(input, new Set(accepted.keys())),
    ...unreadablePlace(input, new Set(accepted.keys())),
  ]);
  const held = verdicts.every((verdict) => verdict.held) && coverage.unreadable.length === 0;
  return { phase: input.phase, held, verdicts, coverage };
}

/** Counts the resources of both sides, each address once. */
export function coverageOf(
  input: ProofInput,
  index: Pick<ProofIndex, 'target' | 'pairing'>,
  unreadable: readonly string[] = [],
): Coverage {
  const unknown: string[] = [];
  let handled = 0;
  let nothingToDo = 0;
  for (const { type, address } of [...index.target.managed, ...index.pairing.unpaired]) {
    const facts = input.types.get(type);
    if (!facts) unknown.push(address);
    else if (facts.scope === 'local') nothingToDo += 1;
    else handled += 1;
  }
  const modules = input.declarations.unresolvedCalls.map((call) => `${call} (its source is not on disk)`);
  return { handled, nothingToDo, unknown, unreadable: [...unreadable, ...modules] };
}
