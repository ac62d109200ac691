/** The target stands on its own: whatever it names of the source, it reads, writes or calls there. */
import type { Finding, Severity } from '../../transfer/finding.ts';
import { declaredName } from '../expressions.ts';
import type { Owner } from '../owned.ts';
import type { ProofIndex } from '../proof-index.ts';
import { createMentionReader, type Mention } from '../references.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { underAny } from '../values.ts';
import { listed, shown } from '../values.ts';

const id = 'no-reference-to-source';
const hint =
  "Refer to the target's own resource instead of writing a name, an ARN or a URL; or build it with the variable that names the environment.";

function severityOf(mentions: readonly Mention[]): Severity {
  const real = mentions.some(({ decorative, listing, owner }) => owner !== null && !decorative && !listing);
  return real ? 'error' : 'warning';
}

function places(mentions: readonly Mention[]): string {
  return listed([
    ...new Set(
      mentions.map(({ path, place }) => (place === null ? path : `the expression of ${path} (${place})`)),
    ),
  ]);
}

const verb = (mentions: readonly Mention[]): string =>
  new Set(mentions.map(({ path }) => path)).size > 1 ? 'hold' : 'holds';

function later(mentions: readonly Mention[]): string {
  return mentions.every(({ place }) => place !== null)
    ? ' The value itself is known only after the apply.'
    : '';
}

function tied(subject: string, owner: Owner, mentions: readonly Mention[], index: ProofIndex): Finding {
  const word = mentions.find((mention) => mention.word !== null)?.word;
  const what = word === undefined || word === null ? 'a sensitive value with' : `${shown(word)},`;
  const counterpart = index.pairing.counterpartOf(owner.address);
  const instead = counterpart
    ? `Refer to ${counterpart.modulePath === '' ? declaredName(counterpart) : counterpart.address} of the configuration instead of writing it.`
    : hint;
  return {
    rule: id,
    severity: severityOf(mentions),
    subject,
    message: `${subject}: ${places(mentions)} ${verb(mentions)} ${what} the ${owner.kind} of ${owner.environment}'s ${owner.address}.${later(mentions)}`,
    hint: `${instead} If both environments are to use it, declare it as \`shared\`.`,
  };
}

function named(subject: string, mentions: readonly Mention[], input: ProofInput): Finding {
  const words = [...new Set(mentions.flatMap(({ word }) => (word === null ? [] : [shown(word)])))];
  const values = words.length > 0 ? ` (${listed(words)})` : '';
  return {
    rule: id,
    severity: 'warning',
    subject,
    message: `${subject}: ${places(mentions)} ${mentions.length > 1 ? 'name' : 'names'} ${input.source.name}${values}. Nothing in ${input.source.name}'s state goes by that name.${later(mentions)}`,
    hint: `Use var.${input.environmentVariable} if the target's own is meant.`,
  };
}

/** One finding for each thing that is named, however often. */
function findingsOf(
  subject: string,
  mentions: readonly Mention[],
  input: ProofInput,
  index: ProofIndex,
): Finding[] {
  if (mentions.length === 0) return [];
  const byOwner = new Map<string, { readonly owner: Owner | null; readonly mentions: Mention[] }>();
  for (const mention of mentions) {
    const key = mention.owner === null ? '' : `${mention.owner.environment} ${mention.owner.address}`;
    const group = byOwner.get(key);
    if (group) group.mentions.push(mention);
    else byOwner.set(key, { owner: mention.owner, mentions: [mention] });
  }
  return [...byOwner.values()].map((group) =>
    group.owner ? tied(subject, group.owner, group.mentions, index) : named(subject, group.mentions, input),
  );
}

function check(input: ProofInput, index: ProofIndex): RuleResult {
  const reader = createMentionReader(input, index);
  const findings: Finding[] = [];
  const undecided: string[] = [];
  let judged = 0;
  for (const resource of index.target.byAddress.values()) {
    judged += 1;
    findings.push(...findingsOf(resource.address, reader.of(resource), input, index));
    const open = resource.unknown !== false && resource.mode === 'managed';
    if (open && !index.expressions.declaration(resource)) undecided.push(resource.address);
  }
  const add = (name: string, mentions: readonly Mention[]): void => {
    judged += 1;
    findings.push(...findingsOf(`output.${name}`, mentions, input, index));
  };
  if (input.target.plan) {
    for (const [name, output] of Object.entries(input.declarations.modules['']?.outputs ?? {})) {
      add(name, reader.inExpression(index.expressions.expression('', output, null), 'value'));
    }
  } else {
    const { outputs = {}, sensitiveOutputs = [] } = input.target.state ?? {};
    for (const [name, value] of Object.entries(outputs)) {
      add(
        name,
        reader.inValues({ value }, () => underAny([...sensitiveOutputs], [name])),
      );
    }
  }
  return { findings, judged, undecided };
}

export const noReferenceToSource: Rule = {
  id,
  protects: "The target never reads, writes or calls what is the source's alone.",
  decides:
    "Searches every value of the target, JSON in texts included, for ARNs, URLs, end points, ids and names of the source's own resources; where a value is not known before the apply, the expressions it is made from. Naming the source environment without naming anything known of it is a warning, as are tags and descriptions.",
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
};
