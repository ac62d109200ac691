/** A credential of one environment must be in no other: a shared chat channel answers the wrong people. */
import type { StateModel } from '../../terraform/model.ts';
import type { Finding } from '../../transfer/finding.ts';
import { environmentKeys } from '../functions.ts';
import type { ProofInput, Rule, RuleResult } from '../rule.ts';
import { sameCredentials } from '../same-credentials.ts';
import {
  type FingerprintParts,
  fingerprintParts,
  type SecretFacts,
  type SecretsProofInput,
} from '../secrets.ts';

const id = 'credential-isolated';
const hint = 'Issue a credential of its own for the new environment and store it with its secrets.';

/** A secret of another environment that no other one may have. */
interface Foreign {
  readonly environment: string;
  readonly key: string;
}

const isolating = (facts: SecretFacts): boolean => facts.class === 'isolated' || facts.class === 'generated';

/** Fingerprint → who has it. The source first, so that it is the one that is named. */
function foreignSecrets(secrets: SecretsProofInput, source: string): ReadonlyMap<string, readonly Foreign[]> {
  const found = new Map<string, Foreign[]>();
  const add = (fingerprint: string | null, foreign: Foreign): void => {
    if (fingerprint === null) return;
    const known = found.get(fingerprint) ?? [];
    found.set(fingerprint, known);
    if (!known.some(({ environment, key }) => environment === foreign.environment && key === foreign.key)) {
      known.push(foreign);
    }
  };
  for (const [key, facts] of Object.entries(secrets.source)) {
    if (isolating(facts)) add(facts.fingerprint, { environment: source, key });
  }
  for (const { environment, fingerprints } of secrets.others) {
    for (const [key, fingerprint] of Object.entries(fingerprints)) add(fingerprint, { environment, key });
  }
  return found;
}

const owners = (key: string, foreign: readonly Foreign[]): string =>
  foreign
    .map((other) => (other.key === key ? other.environment : `${other.environment} (there as ${other.key})`))
    .join(', ');

function sharedFinding(key: string, facts: SecretFacts, foreign: readonly Foreign[], place: string): Finding {
  const { strong } = fingerprintParts(facts.fingerprint ?? '');
  const own =
    facts.class === 'generated'
      ? `Let a new one be generated: remove ${key} from ${place}.`
      : `Issue a new one for this environment and set ${key} in ${place}.`;
  return {
    rule: id,
    // A value of a few characters is the same in two places by chance; whether it is a credential a person knows.
    severity: strong ? 'error' : 'warning',
    subject: key,
    message: `${key} has the same value as in ${owners(key, foreign)}.`,
    hint: `${own} If environments may share it, say so under \`secrets.rules\` in the configuration.`,
  };
}

function missingFinding(key: string, facts: SecretFacts | undefined, place: string): Finding {
  const how: Record<SecretFacts['class'], string> = {
    shared: `Copy it from the source into ${place}.`,
    isolated: `Issue one for this environment and set ${key} in ${place}.`,
    generated: `Set ${key} in ${place}, or let it be generated.`,
    'from-output': `Name the output that holds it under \`secrets.rules\`, or set ${key} in ${place}.`,
  };
  return {
    rule: id,
    severity: 'error',
    subject: key,
    message: `${key} has no value in ${place}, and ${facts === undefined ? 'what is to be made needs' : 'the source has'} one.`,
    hint: facts === undefined ? `Set ${key} in ${place}.` : how[facts.class],
  };
}

/** Functions of the source read it and none of the target does: this environment does without the resource. */
function noLongerRead(key: string, { source, target }: ProofInput): boolean {
  const read = ({ resources }: StateModel): boolean =>
    resources.some(({ values }) =>
      [...environmentKeys(values, false).values()].some((keys) =>
        [...keys].some((each) => each.toUpperCase() === key),
      ),
    );
  return target.state !== null && read(source.state) && !read(target.state);
}

/** That the functions may do without it, `contract-environment-keys` has judged. */
function unreadFinding(key: string, { target }: ProofInput): Finding {
  return {
    rule: id,
    severity: 'info',
    subject: key,
    message: `${key} has no value: ${target.name} has no resource that would give it one, and no function of ${target.name} reads it.`,
    hint: 'Nothing to do if that is meant.',
  };
}

/** Without `secrets` there is nothing that could be compared: the transfer reads no secrets. */
function check(input: ProofInput & { readonly secrets?: SecretsProofInput }): RuleResult {
  const { secrets } = input;
  if (!secrets) return { findings: [], judged: 0 };
  const foreign = foreignSecrets(secrets, input.source.name);
  const keyIds = new Set<FingerprintParts['keyId']>(
    [...foreign.keys()].map((fingerprint) => fingerprintParts(fingerprint).keyId),
  );
  const findings: Finding[] = [];
  const undecided = new Set<string>();
  let judged = 0;

  for (const [key, facts] of Object.entries(secrets.target)) {
    if (!isolating(facts) || facts.fingerprint === null) continue;
    judged += 1;
    const same = foreign.get(facts.fingerprint);
    if (same) findings.push(sharedFinding(key, facts, same, secrets.place));
    // Others were fingerprinted under a key that is lost: that theirs differ says nothing.
    const { keyId } = fingerprintParts(facts.fingerprint);
    if ([...keyIds].some((other) => other !== keyId)) undecided.add(key);
  }
  for (const key of secrets.missing) {
    const facts = secrets.target[key] ?? secrets.source[key];
    judged += 1;
    const comes = facts?.class === 'from-output' || facts?.class === 'generated';
    // What the apply itself brings is no lack before it.
    if (input.phase === 'before-apply' && comes) undecided.add(key);
    else if (facts?.class === 'from-output' && noLongerRead(key, input))
      findings.push(unreadFinding(key, input));
    else findings.push(missingFinding(key, facts, secrets.place));
  }
  const known = new Set(findings.map(({ subject }) => subject));
  const unmarked = sameCredentials(input, secrets, known);
  // One bot has many valid tokens: two that differ may still be of one channel, and only its service knows.
  const { channels = { findings: [], judged: 0 } } = secrets;
  return {
    findings: [...findings, ...unmarked.findings, ...channels.findings],
    judged: judged + unmarked.judged + channels.judged,
    undecided: [...undecided, ...(channels.undecided ?? [])].sort(),
  };
}

export const credentialIsolated = {
  id,
  protects: 'Credentials of one environment are used by no other, and the target has every secret it needs.',
  decides:
    'Compares fingerprints of isolated and generated secrets with those of every other environment, whatever the key is called there; compares what functions, containers, jobs and variables get under names that sound like credentials with what the source gives them, marked as secret or not, and with what the records of the others keep of theirs; compares the bots behind the credentials of chat channels, as their services name them; and asks whether each key of the source has a value in the target.',
  hint,
  phases: ['before-apply', 'after-apply'],
  check,
} satisfies Rule;
