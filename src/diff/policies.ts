/** Policies, statement by statement, and which managed policies hang on which role. */
import { attachmentFindings } from '../proof/attachments.ts';
import type { Pair } from '../proof/counterparts.ts';
import { grantsOf, missingFrom } from '../proof/policies.ts';
import { documents, isGiven, policyPaths } from '../proof/policy-documents.ts';
import { listed, underAny } from '../proof/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import type { Comparison, Difference, DiffInput, Incomparable } from './model.ts';
import type { Sameness } from './sameness.ts';

interface Statement {
  /** Its `Sid`, or its place. */
  readonly name: string;
  readonly policy: JsonObject;
}

function statementsOf(policy: JsonObject): readonly Statement[] {
  const all = policy['Statement'];
  const list: readonly Json[] = Array.isArray(all) ? (all as readonly Json[]) : [all ?? null];
  return list.map((statement, position) => {
    const sid = isJsonObject(statement) ? statement['Sid'] : undefined;
    const name = typeof sid === 'string' && sid !== '' ? `statement ${sid}` : `statement ${position + 1}`;
    return { name, policy: { ...policy, Statement: [statement] } };
  });
}

interface Lacking {
  readonly statement: string;
  readonly whole: boolean;
  readonly grants: readonly string[];
}

/** Per statement of one policy, what of it the other policy does not grant. */
function lacking(
  policy: JsonObject,
  translate: (text: string) => string,
  other: JsonObject | undefined,
  translateOther: (text: string) => string,
): readonly Lacking[] {
  const others = grantsOf(other ?? { Statement: [] }, translateOther);
  return statementsOf(policy).flatMap(({ name, policy: one }) => {
    const grants = grantsOf(one, translate);
    const missing = missingFrom(grants, others);
    return missing.length === 0
      ? []
      : [{ statement: name, whole: missing.length === grants.all.size, grants: missing }];
  });
}

/** More than a line or two of grants helps nobody. */
const mostGrants = 8;

export function comparePolicies(input: DiffInput, sameness: Sameness): Comparison {
  const { proof, index } = input;
  const { translator } = sameness;
  const [a, b] = [proof.source.name, proof.target.name];
  const differences: Difference[] = [];
  const incomparable: Incomparable[] = [];
  let compared = 0;

  const comparePath = (pair: Pair, path: string): void => {
    const { source, target } = pair;
    const subject = target.address;
    const before = byTranslatedName(documents(source.values, path), translator.ofSource);
    const after = byTranslatedName(documents(target.values, path), translator.ofTarget);
    if (before.size === 0 && after.size === 0) return;
    if (!isGiven(pair, path, index)) {
      // Without the configuration nobody knows whether it was given on one side, or filled in by the provider.
      const unread = !index.expressions.declaration(target) && before.size !== after.size;
      if (unread)
        incomparable.push({
          subject: `${subject}.${path}`,
          reason: 'only one of the two has this policy, and the configuration of its module is not on disk',
          hint: 'Run `terraform init` in the root module, so that the modules it calls are there.',
        });
      return;
    }
    compared += 1;
    const hidden = underAny(source.sensitivePaths, path.split('.')) || target.isSensitive(path.split('.'));
    const add = (
      change: Difference['change'],
      what: string,
      grants: readonly string[],
      message: string,
    ): void => {
      const words = hidden ? null : input.shown(listed(grants, mostGrants));
      differences.push({
        kind: 'policy',
        change,
        subject,
        what,
        a: change === 'missing' ? words : null,
        b: change === 'missing' ? null : words,
        message: words === null ? message : `${message}: ${words}`,
        explanation: null,
      });
    };
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [one, other] = [before.get(key), after.get(key)];
      const name = (one ?? other)?.name ?? path;
      for (const { statement, whole, grants } of one
        ? lacking(one.policy, translator.ofSource, other?.policy, translator.ofTarget)
        : []) {
        const text = `${subject}: ${statement} of ${name} is ${whole ? 'missing' : 'incomplete'} in ${b}`;
        add('missing', `${name}, ${statement}`, grants, text);
      }
      for (const { statement, whole, grants } of other
        ? lacking(other.policy, translator.ofTarget, one?.policy, translator.ofSource)
        : []) {
        const text = `${subject}: ${statement} of ${name} in ${b} grants ${whole ? 'what' : 'more than'} ${a} does${whole ? ' not' : ''}`;
        add('extra', `${name}, ${statement}`, grants, text);
      }
      for (const grant of other ? grantsOf(other.policy, translator.ofTarget).all.values() : []) {
        const leaning = sameness.leansOn(grant);
        if (leaning !== null) add('not-own', name, [grant], `${subject}: ${name} of ${b} names ${leaning}`);
      }
    }
  };

  for (const pair of index.pairing.pairs) {
    for (const path of policyPaths(pair, proof)) comparePath(pair, path);
  }
  const attachments = attachmentFindings(proof, { ...index, translator });
  for (const { subject, message } of attachments.differences) {
    const missing = message.includes(' lacks ');
    differences.push({
      kind: 'policy',
      change: missing ? 'missing' : 'extra',
      subject,
      what: 'attached policies',
      a: null,
      b: null,
      message: message.replace(/\.$/, ''),
      explanation: null,
    });
  }
  return { differences, incomparable, compared: compared + attachments.judged };
}

interface Named {
  readonly name: string;
  readonly policy: JsonObject;
}

const byTranslatedName = (
  found: ReadonlyMap<string, JsonObject>,
  translate: (text: string) => string,
): ReadonlyMap<string, Named> =>
  new Map([...found].map(([name, policy]) => [translate(name), { name, policy }]));
