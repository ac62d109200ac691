/**
 * The master checklist of an environment: every line is ticked by something that was observed, or not at all. Pure;
 * what it reads are names and verdicts, never values.
 */
import { canonicalKey } from '../secrets/names.ts';
import { blocks, type RuleVerdict } from '../transfer/finding.ts';
import type { MappingRow } from '../transfer/mapping.ts';
import type {
  EnvironmentRecord,
  RecordedChannel,
  RecordedResource,
  RecordedSecrets,
} from '../transfer/record.ts';
import { butNotCalled } from '../transfer/call-count.ts';
import { nameOf } from './isolation.ts';

export interface ChecklistLine {
  readonly section: 'Infrastructure' | 'Secrets' | 'External services' | 'Verification';
  readonly line: string;
  readonly ticked: boolean;
  /** False for what the environment has no use for: not ticked, and not missing. */
  readonly applicable: boolean;
  /** The observation that ticks it, or what lacks. */
  readonly because: string;
}

type Answer = Pick<ChecklistLine, 'ticked' | 'because'> & { readonly applicable?: boolean };

const yes = (because: string): Answer => ({ ticked: true, because });
const no = (because: string): Answer => ({ ticked: false, because });
const unused = (because: string): Answer => ({ ticked: false, because, applicable: false });

/** What was last seen of an environment, as its record keeps it. */
export function masterChecklist(record: EnvironmentRecord): readonly ChecklistLine[] {
  const line = (
    section: ChecklistLine['section'],
    text: string,
    { ticked, because, applicable = true }: Answer,
  ): ChecklistLine => ({ section, line: text, ticked, applicable, because });
  return [
    line(
      'Infrastructure',
      'Lambda function created with correct name',
      made(record, ['aws_lambda_function']),
    ),
    line('Infrastructure', 'IAM role created with correct permissions', roles(record)),
    line('Infrastructure', 'Function URL or API Gateway configured', urls(record)),
    line('Infrastructure', 'DynamoDB tables created', made(record, ['aws_dynamodb_table'])),
    line('Secrets', 'Config created', config(record)),
    line('Secrets', 'Shared secrets configured', sharedSecrets(record)),
    line('Secrets', 'Isolated secrets configured', isolatedSecrets(record)),
    line('External services', 'New LINE channel created', channel(record, 'line')),
    line('External services', 'New Telegram bot created', channel(record, 'telegram')),
    line('External services', 'Webhook URL updated in external service', webhooks(record)),
    line('External services', 'Access token issued and stored', tokens(record)),
    line('Verification', 'Lambda responds 200', responds(record)),
    line(
      'Verification',
      'Logs show execution',
      of(record, each(record, ['logs-present'], 'no logs were looked at')),
    ),
    line('Verification', 'End-to-end test passed: user receives message', endToEnd(record)),
  ];
}

function resourcesOf(record: EnvironmentRecord, types: readonly string[]): readonly RecordedResource[] {
  return record.resources.filter(({ type }) => types.includes(type));
}

const mappingOf = ({ mapping = [] }: EnvironmentRecord): readonly MappingRow[] => mapping;

const channelsOf = ({ channels = [] }: EnvironmentRecord): readonly RecordedChannel[] => channels;

/** Recorded, and seen in the account. */
function made(record: EnvironmentRecord, types: readonly string[]): Answer {
  const resources = resourcesOf(record, types);
  if (resources.length === 0) {
    const planned = mappingOf(record).filter(({ type, action }) => types.includes(type) && action !== 'skip');
    return planned.length === 0
      ? unused('the source has none')
      : no(`not made yet: ${planned.map(({ subject }) => subject).join(', ')}`);
  }
  const unseen = resources.filter(({ address }) => !passed(record, 'resource-exists', address));
  if (unseen.length > 0)
    return no(`not seen in the account: ${unseen.map(({ address }) => address).join(', ')}`);
  const names = resources.map(({ identity, address }) => identity ?? address);
  return yes(`seen in the account: ${names.join(', ')}`);
}

function passed({ evidence }: EnvironmentRecord, check: string, subject: string): boolean {
  return evidence.some((item) => item.check === check && item.subject === subject && item.status === 'pass');
}

/** A role is right if it is there and its policies are the source's under the new names. */
function roles(record: EnvironmentRecord): Answer {
  const there = made(record, ['aws_iam_role']);
  if (!there.ticked) return there;
  const verdict = verdictOf(record, 'contract-policy');
  if (verdict === undefined)
    return no('the roles are there; their policies were not compared with the source');
  const broken = verdict.findings.filter(blocks);
  if (broken.length > 0) return no(`policies differ: ${broken.map(({ subject }) => subject).join(', ')}`);
  if (!verdict.held) return no('the roles are there; not all policies could be compared with the source');
  return yes(`${there.because}; their policies are those of the source`);
}

function verdictOf({ proof }: EnvironmentRecord, rule: string): RuleVerdict | undefined {
  return proof?.verdicts.find((verdict) => verdict.rule === rule);
}

function urls(record: EnvironmentRecord): Answer {
  const types = ['aws_lambda_function_url', 'aws_apigatewayv2_api', 'aws_api_gateway_rest_api'];
  if (resourcesOf(record, types).length === 0)
    return mappingOf(record).some(({ type }) => types.includes(type))
      ? no('not made yet')
      : unused('the source has none');
  return each(record, ['url-answers'], 'no URL was called');
}

/** All of these checks, on whatever they were made, and at least one. */
function each({ evidence }: EnvironmentRecord, checks: readonly string[], none: string): Answer {
  const items = evidence.filter(({ check }) => checks.includes(check));
  const bad = items.find(({ status }) => status === 'fail' || status === 'pending');
  if (bad) return no(`${bad.subject}: ${bad.observed}`);
  const good = items.filter(({ status }) => status === 'pass');
  if (good.length === 0) return no(items[0] === undefined ? none : `left out: ${items[0].observed}`);
  return yes(good.map(({ subject, observed }) => `${subject}: ${observed}`).join('; '));
}

/** Whatever another status says of a request that suits nobody: it is no 200. */
function responds(record: EnvironmentRecord): Answer {
  const answer = each(record, ['function-invocable'], 'no function was called');
  const other = record.evidence.find(
    ({ check, status, observed }) =>
      check === 'function-invocable' && status === 'pass' && /: HTTP [34]\d\d /.test(observed),
  );
  if (answer.ticked && other)
    return no(`${other.subject}: ${other.observed}; verify.functions can give it a request or an event`);
  return of(record, answer);
}

/** What was not called is not said to have done anything. */
function of({ evidence }: EnvironmentRecord, answer: Answer): Answer {
  return answer.ticked ? yes(`${answer.because}${butNotCalled(evidence)}`) : answer;
}

function config({ secrets }: EnvironmentRecord): Answer {
  if (secrets === null) return no('the secret provider was not asked');
  if (secrets.provider === 'env') return unused('the secrets come from the environment of the command');
  return yes(
    `${titles[secrets.provider]}: ${secrets.config}${secrets.made ? '' : ', which was there before'}`,
  );
}

const titles: Readonly<Record<RecordedSecrets['provider'], string>> = {
  doppler: 'Doppler',
  env: 'environment variables',
  dotenv: 'dotenv file',
  'aws-secrets-manager': 'Secrets Manager',
  'aws-ssm': 'SSM Parameter Store',
};

function secretRows(record: EnvironmentRecord, action: MappingRow['action']): readonly string[] {
  return mappingOf(record)
    .filter((row) => row.kind === 'secret' && row.action === action)
    .map(({ subject }) => subject);
}

function sharedSecrets(record: EnvironmentRecord): Answer {
  const keys = [...secretRows(record, 'same-value'), ...secretRows(record, 'new-value')];
  if (keys.length === 0) return unused('the source has none');
  return configured(record, keys);
}

function configured({ secrets }: EnvironmentRecord, keys: readonly string[]): Answer {
  if (secrets?.missing === undefined) return no('the secret provider was not asked');
  const missing = keys.filter((key) => secrets.missing?.includes(canonicalKey(key)));
  return missing.length > 0
    ? no(`without a value: ${missing.join(', ')}`)
    : yes(`have a value: ${keys.join(', ')}`);
}

function isolatedSecrets(record: EnvironmentRecord): Answer {
  const keys = secretRows(record, 'new-credential');
  if (keys.length === 0) return unused('the source has none');
  const verdict = verdictOf(record, 'credential-isolated');
  if (verdict === undefined) return no('they were not compared with other environments');
  const same = keys.filter((key) =>
    verdict.findings.some(
      ({ subject, severity }) => severity === 'error' && canonicalKey(subject) === canonicalKey(key),
    ),
  );
  if (same.length > 0) return no(`not its own: ${same.join(', ')}`);
  const answer = configured(record, keys);
  return answer.ticked ? yes(`${answer.because}; none is another environment's`) : answer;
}

function channel(record: EnvironmentRecord, kind: string): Answer {
  const found = channelsOf(record).find((item) => item.kind === kind);
  if (found === undefined) return leftOut(record, kind) ?? unused('the environment uses none');
  if (found.bot === null) return no('the service does not know the credentials');
  if (found.sharedWith !== null) return no(`${nameOf(found.bot)} is the bot of ${found.sharedWith}`);
  return yes(`${nameOf(found.bot)} is the bot of ${record.name} and of no other environment`);
}

/** What the configuration leaves alone is not seen, and not ticked. */
function leftOut({ evidence }: EnvironmentRecord, kind: string): Answer | undefined {
  const item = evidence.find(({ layer, subject }) => layer === 4 && subject === kind);
  return item === undefined ? undefined : no(`left out: ${item.observed}`);
}

function webhooks(record: EnvironmentRecord): Answer {
  if (channelsOf(record).length === 0) return unused('the environment uses no channel');
  return each(record, ['webhook-configured'], 'no webhook was read back');
}

/** Stored is what the secret provider has; issued is what the service accepts. */
function tokens(record: EnvironmentRecord): Answer {
  const channels = channelsOf(record);
  if (channels.length === 0) return unused('the environment uses no channel');
  const unknown = channels.find(({ bot }) => bot === null);
  if (unknown) return no(`${unknown.kind}: the service does not know the credentials`);
  const stored = isolatedSecrets(record);
  if (!stored.ticked && stored.applicable !== false) return stored;
  const bots = channels.flatMap(({ bot }) => (bot === null ? [] : [nameOf(bot)]));
  return yes(`accepted by the service: ${bots.join(', ')}`);
}

function endToEnd(record: EnvironmentRecord): Answer {
  if (channelsOf(record).length === 0) return unused('the environment uses no channel');
  return each(record, ['reply-on-own-channel', 'code-returned'], 'layer 4 was not run');
}
