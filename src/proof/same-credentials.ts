/**
 * Credentials that nobody marked as secret: a plain variable of the var-file, a text in the environment of a function.
 * By the name they are what belongs to one environment, and the source has the same.
 */
import type { StateModel } from '../terraform/model.ts';
import type { Finding } from '../transfer/finding.ts';
import { givenToCode, givenToVariables, type GivenValue } from './given-values.ts';
import type { ProofInput, RuleResult } from './rule.ts';
import { fingerprintParts, type SecretFacts, type SecretsProofInput } from './secrets.ts';
import { targetOf } from './target.ts';

/** Where a person gets one that belongs to one environment alone. */
const issuers: readonly (readonly [RegExp, string])[] = [
  [/(?:^|_)LINE_/, 'LINE: in the channel of the new environment at https://developers.line.biz/console/.'],
  [/(?:^|_)TELEGRAM_/, 'Telegram: send /newbot to @BotFather (https://t.me/BotFather).'],
  [/(?:^|_)SLACK_/, 'Slack: an app of its own at https://api.slack.com/apps.'],
  [/(?:^|_)STRIPE_/, 'Stripe: https://dashboard.stripe.com/apikeys.'],
];

const canonical = (key: string): string => key.replaceAll(/[-.]/g, '_').toUpperCase();

const managed = (state: StateModel): StateModel['resources'] =>
  state.resources.filter(({ mode }) => mode === 'managed');

/** One finding a credential, however many functions get it: the first that does is named, and how many more. */
function finding(
  given: readonly GivenValue[],
  owner: GivenValue,
  facts: SecretFacts,
  input: ProofInput,
): Finding {
  const [first = owner, ...more] = given;
  const { source, target } = input;
  const key = canonical(first.key);
  const there = canonical(owner.key) === key ? owner.place : `${owner.place}, as ${owner.key}`;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  const issuer = issuers.find(([name]) => name.test(key))?.[1];
  const where = first.place.startsWith('var.')
    ? `give ${first.place} a value of its own (TF_VAR_${first.key})`
    : `give the variable that feeds it a value of its own`;
  return {
    rule: 'credential-isolated',
    severity: fingerprintParts(facts.fingerprint ?? '').strong ? 'error' : 'warning',
    subject: key,
    message: `${first.place}${others}: ${first.key} would have the same value in ${target.name} as in ${source.name} (${there}). By its name it is a credential.`,
    hint: `Issue a new one for ${target.name}, and ${where}.${issuer === undefined ? '' : ` ${issuer}`} If environments may share it, say so under \`secrets.rules\` in the configuration.`,
  };
}

/** @param known keys that were found to be shared already */
export function sameCredentials(
  input: ProofInput,
  credentialOf: NonNullable<SecretsProofInput['credentialOf']>,
  known: ReadonlySet<string>,
): RuleResult {
  const { source, target } = input;
  const owners = new Map<string, GivenValue>();
  for (const given of [...givenToCode(managed(source.state)), ...givenToVariables(source.variables)])
    if (!owners.has(given.value)) owners.set(given.value, given);
  // Named by the first that has it: what runs with it says more than the variable that feeds it.
  const found = new Map<string, { readonly facts: SecretFacts; readonly given: GivenValue[] }>();
  let judged = 0;
  const variables = { ...target.variables, ...target.plan?.variables };
  for (const given of [...givenToCode(targetOf(input).managed), ...givenToVariables(variables)]) {
    const facts = credentialOf(given.key, given.value);
    if (facts === null || known.has(canonical(given.key))) continue;
    judged += 1;
    if (!owners.has(given.value)) continue;
    const same = found.get(given.value);
    if (same) same.given.push(given);
    else found.set(given.value, { facts, given: [given] });
  }
  const findings = [...found].flatMap(([value, { facts, given }]) => {
    const owner = owners.get(value);
    return owner === undefined ? [] : [finding(given, owner, facts, input)];
  });
  return { findings, judged };
}
