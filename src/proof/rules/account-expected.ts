import type { Finding } from '../../transfer/finding.ts';
import { type PlaceFacts, placeDifference } from '../../transfer/place.ts';
import { type PlaceInput, stateLiesIn } from '../place.ts';
import type { ProofInput, Rule } from '../rule.ts';

const id = 'account-expected';

/** What is accepted where the account, or the region, could not be told. */
const unknownSubject = { account: 'account', region: 'region', partition: 'account' } as const;

/** Asked before anything is planned, too: nothing is asked of the wrong account. */
export function placeFindings(place: PlaceInput, source: string, target: string): readonly Finding[] {
  const { wanted, actual, outOfReach } = place;
  const { differs } = placeDifference(wanted, actual);
  const findings: Finding[] = [];
  if (differs.includes('account') || differs.includes('partition')) {
    findings.push({
      rule: id,
      severity: 'error',
      subject: actual.account ?? unknownSubject.account,
      message: `${target} would be made in account ${named(actual)}; ${wantedIn(place, source, target, `account ${named(wanted)}`)}.`,
      hint: `${ways(place)} Now ${place.accountBy}. Where it is meant so: \`accounts\` and \`environments.accounts\` of the configuration, or --accept '${id}:${actual.account ?? unknownSubject.account}'.`,
    });
  } else if (actual.account === null) {
    findings.push(unread(place, target, 'account'));
  } else if (outOfReach !== null) {
    findings.push({
      rule: id,
      severity: 'warning',
      subject: 'reach',
      message: `${target} would be made in account ${named(actual)}, and nothing there could be looked at: ${outOfReach}. The proof is not complete.`,
      hint: `Let the provider take its credentials from the environment, a profile, or assume_role with values, or accept it: --accept '${id}:reach'.`,
    });
  }
  if (differs.includes('region') && !regionIsMeant(place)) {
    findings.push({
      rule: id,
      severity: 'error',
      subject: actual.region ?? unknownSubject.region,
      message: `${target} would be made in ${actual.region ?? ''}; ${wantedIn(place, source, target, wanted.region ?? '')}.`,
      hint: place.regionAmbient
        ? `Set AWS_REGION=${wanted.region ?? ''}, or write the region of ${target} into its var-file. Meant so: --accept '${id}:${actual.region ?? ''}'.`
        : `Now ${place.regionBy}. Another region is meant where the var-files of the two say different ones, or with --accept '${id}:${actual.region ?? ''}'.`,
    });
  } else if (actual.region === null) findings.push(unread(place, target, 'region'));
  return findings;
}

const named = ({ account, partition }: PlaceFacts): string =>
  `${account ?? 'unknown'}${partition === null || partition === 'aws' ? '' : ` (${partition})`}`;

function wantedIn({ by }: PlaceInput, source: string, target: string, where: string): string {
  if (by.kind === 'record') return `it lies in ${where}`;
  if (by.kind === 'accounts') return `\`accounts.${by.key}\` of the configuration has ${where} for ${target}`;
  return `${source} lies in ${where}`;
}

function ways({ by, wanted }: PlaceInput): string {
  const own = by.kind === 'accounts' ? by : undefined;
  if (own?.profile !== undefined) return `Set AWS_PROFILE=${own.profile}.`;
  if (own?.role !== undefined) return `Assume the role ${own.role}.`;
  return `Use a profile, credentials or an assume_role of account ${wanted.account ?? ''}.`;
}

function regionIsMeant({ by, actual, otherRegionMeant }: PlaceInput): boolean {
  if (by.kind !== 'source') return false;
  return otherRegionMeant || (actual.region !== null && by.regions.includes(actual.region));
}

function unread({ untold }: PlaceInput, target: string, part: 'account' | 'region'): Finding {
  return {
    rule: id,
    severity: 'warning',
    subject: part,
    message: `In which ${part} ${target} would be made could not be told: ${untold[part] ?? 'nothing says it'}. The proof is not complete.`,
    hint: `Repeat the command, write it by values, variables and locals of the root module, or accept it: --accept '${id}:${part}'.`,
  };
}

/** What could not be read, for the coverage: with any, the proof does not hold. */
export function unreadablePlace(input: ProofInput, accepted: ReadonlySet<string>): readonly string[] {
  if (input.place === undefined || input.phase !== 'before-apply') return [];
  return placeFindings(input.place, input.source.name, input.target.name)
    .filter(({ severity, subject }) => severity === 'warning' && !accepted.has(`${id}:${subject}`))
    .map(({ message }) => message.replace(' The proof is not complete.', ''));
}

/** After the apply: what exists says itself where it is. */
function standsElsewhere({ place, target }: ProofInput): Finding[] {
  if (place === undefined || target.state === null) return [];
  const stands = stateLiesIn(target.state);
  const { differs } = placeDifference({ ...place.actual, region: null }, stands);
  if (!differs.includes('account')) return [];
  return [
    {
      rule: id,
      severity: 'error',
      subject: stands.account ?? unknownSubject.account,
      message: `What was made of ${target.name} lies in account ${named(stands)}, and it was looked for in ${named(place.actual)}.`,
      hint: `Look at the providers of the root module: ${place.accountBy}.`,
    },
  ];
}

export const accountExpected: Rule = {
  id,
  protects: 'The target is made in the account and the region that it belongs into.',
  decides:
    'The account that the provider acts in, by its role or profile or by the credentials, is that of `environments.accounts`; without such a table, that of most of what the source has. The region is the same too, unless the var-files of the two say different ones.',
  hint: 'Use credentials, a profile or a role of the right account, set the right region, or say it in `accounts` and `environments.accounts`.',
  phases: ['before-apply', 'after-apply'],
  check(input) {
    const { place, phase, source, target } = input;
    if (place === undefined) return { findings: [], judged: 0 };
    const undecided = (['account', 'region'] as const)
      .filter((part) => place.wanted[part] === null && (part === 'account' || place.by.kind === 'source'))
      .map((part) =>
        part === 'account'
          ? `the account of ${source.name}: nothing in its state says it, and \`environments.accounts\` has none for ${target.name}`
          : `the region of ${source.name}: nothing in its state says it`,
      );
    const findings =
      phase === 'before-apply' ? placeFindings(place, source.name, target.name) : standsElsewhere(input);
    return { findings, judged: 2 - undecided.length, undecided };
  },
};
