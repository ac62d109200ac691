/**
 * Credentials that nobody marked as secret: a plain variable of the var-file, a text in the environment of a function.
 * By the name they are what belongs to one environment, and the source or another recorded one has the same.
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

interface Owner {
  readonly environment: string;
  readonly key: string;
  /** Absent where only a fingerprint is known of it. */
  readonly place?: string | undefined;
}

/** One finding a credential, however many functions get it: the first that does is named, and how many more. */
function finding(
  first: GivenValue,
  more: number,
  { environment, key: theirs, place }: Owner,
  facts: SecretFacts,
  target: string,
): Finding {
  const key = canonical(first.key);
  const there = [
    ...(place === undefined ? [] : [place]),
    ...(canonical(theirs) === key ? [] : [`as ${theirs}`]),
  ].join(', ');
  const issuer = issuers.find(([name]) => name.test(key))?.[1];
  const where = first.place.startsWith('var.')
    ? `give ${first.place} a value of its own (TF_VAR_${first.key})`
    : `give the variable that feeds it a value of its own`;
  return {
    rule: 'credential-isolated',
    severity: fingerprintParts(facts.fingerprint ?? '').strong ? 'error' : 'warning',
    subject: key,
    message: `${first.place}${more === 0 ? '' : ` and ${more} more`}: ${first.key} would have the same value in ${target} as in ${environment}${there === '' ? '' : ` (${there})`}. By its name it is a credential.`,
    hint: `Issue a new one for ${target}, and ${where}.${issuer === undefined ? '' : ` ${issuer}`} If environments may share it, say so under \`secrets.rules\` in the configuration.`,
  };
}

/** What a record keeps of them, to compare later environments with: fingerprints by key. */
export function credentialsGiven(
  state: StateModel,
  variables: Readonly<Record<string, unknown>>,
  credentialOf: SecretsProofInput['credentialOf'],
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const { key, value, place } of [...givenToCode(managed(state)), ...givenToVariables(variables)]) {
    const fingerprint = credentialOf?.(key, value)?.fingerprint ?? null;
    if (fingerprint === null) continue;
    const name = canonical(key);
    if (result[name] === undefined) result[name] = fingerprint;
    else if (result[name] !== fingerprint) result[`${name} in ${place}`] = fingerprint;
  }
  return result;
}

function otherOwners(others: SecretsProofInput['others']): ReadonlyMap<string, Owner> {
  const found = new Map<string, Owner>();
  for (const { environment, fingerprints } of others)
    for (const [key, fingerprint] of Object.entries(fingerprints))
      if (!found.has(fingerprint)) found.set(fingerprint, { environment, key });
  return found;
}

/** @param known keys that were found to be shared already */
export function sameCredentials(
  input: ProofInput,
  { credentialOf, others }: Pick<SecretsProofInput, 'credentialOf' | 'others'>,
  known: ReadonlySet<string>,
): RuleResult {
  if (credentialOf === undefined) return { findings: [], judged: 0 };
  const { source, target } = input;
  const ofSource = new Map<string, Owner>();
  for (const { key, value, place } of [
    ...givenToCode(managed(source.state)),
    ...givenToVariables(source.variables),
  ])
    if (!ofSource.has(value)) ofSource.set(value, { environment: source.name, key, place });
  const ofOthers = otherOwners(others);
  // Named by the first that has it: what runs with it says more than the variable that feeds it.
  const found = new Map<string, { readonly given: GivenValue; readonly facts: SecretFacts; more: number }>();
  let judged = 0;
  const variables = { ...target.variables, ...target.plan?.variables };
  for (const given of [...givenToCode(targetOf(input).managed), ...givenToVariables(variables)]) {
    const facts = credentialOf(given.key, given.value);
    if (facts === null || known.has(canonical(given.key))) continue;
    judged += 1;
    const same = found.get(given.value);
    if (same) same.more += 1;
    else found.set(given.value, { facts, given, more: 0 });
  }
  const findings = [...found].flatMap(([value, { facts, given, more }]) => {
    const owner = ofSource.get(value) ?? ofOthers.get(facts.fingerprint ?? '');
    return owner === undefined ? [] : [finding(given, more, owner, facts, target.name)];
  });
  return { findings, judged };
}
