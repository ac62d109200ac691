/**
 * The master checklist of an environment: every line is ticked by something that was observed, or not at all. Pure;
 * what it reads are names and verdicts, never values.
 */
import type { Evidence } from '../transfer/evidence.ts';
import { blocks } from '../transfer/finding.ts';
import type { MappingRow } from '../transfer/mapping.ts';
import type { EnvironmentRecord, RecordedResource } from '../transfer/record.ts';

export interface ChecklistLine {
  readonly section: 'Infrastructure' | 'Secrets' | 'External services' | 'Verification';
  readonly line: string;
  readonly ticked: boolean;
  /** False for what the environment has no use for: not ticked, and not missing. */
  readonly applicable: boolean;
  /** The observation that ticks it, or what lacks. */
  readonly because: string;
}

export interface ChecklistInput {
  readonly record: EnvironmentRecord;
  /** Absent: that of the record. */
  readonly evidence?: readonly Evidence[];
  readonly mapping: readonly MappingRow[];
  /** What the secret provider says now; `null` where it was not asked. */
  readonly secrets: {
    /** For example "Doppler". */
    readonly provider: string;
    /** The target's own config; `null` if it is not there. */
    readonly config: string | null;
    /** Names of the secrets that have a value. */
    readonly keys: readonly string[];
    /** Names of those that must be its own and have the same value as in another environment. */
    readonly notIsolated: readonly string[];
  } | null;
  /** The channels that the environment uses, with the bot behind each; `null` if the service does not know it. */
  readonly channels: readonly {
    readonly kind: string;
    readonly bot: string | null;
    /** Environment that has the same bot; `null` if none has. */
    readonly sharedWith: string | null;
  }[];
}

type Answer = Pick<ChecklistLine, 'ticked' | 'because'> & { readonly applicable?: boolean };

const yes = (because: string): Answer => ({ ticked: true, because });
const no = (because: string): Answer => ({ ticked: false, because });
const unused = (because: string): Answer => ({ ticked: false, because, applicable: false });

export function masterChecklist(input: ChecklistInput): readonly ChecklistLine[] {
  const { record } = input;
  const evidence = input.evidence ?? record.evidence;
  const line = (
    section: ChecklistLine['section'],
    text: string,
    { ticked, because, applicable = true }: Answer,
  ): ChecklistLine => ({ section, line: text, ticked, applicable, because });
  return [
    line(
      'Infrastructure',
      'Lambda function created with correct name',
      made(input, evidence, ['aws_lambda_function']),
    ),
    line('Infrastructure', 'IAM role created with correct permissions', roles(input, evidence)),
    line('Infrastructure', 'Function URL or API Gateway configured', urls(input, evidence)),
    line('Infrastructure', 'DynamoDB tables created', made(input, evidence, ['aws_dynamodb_table'])),
    line('Secrets', 'Config created', config(input)),
    line('Secrets', 'Shared secrets configured', sharedSecrets(input)),
    line('Secrets', 'Isolated secrets configured', isolatedSecrets(input)),
    line('External services', 'New LINE channel created', channel(input, 'line')),
    line('External services', 'New Telegram bot created', channel(input, 'telegram')),
    line('External services', 'Webhook URL updated in external service', webhooks(input, evidence)),
    line('External services', 'Access token issued and stored', tokens(input)),
    line(
      'Verification',
      'Lambda responds 200',
      each(evidence, ['function-invocable'], 'no function was invoked'),
    ),
    line('Verification', 'Logs show execution', each(evidence, ['logs-present'], 'no logs were looked at')),
    line('Verification', 'End-to-end test passed: user receives message', endToEnd(input, evidence)),
  ];
}

function resourcesOf({ record }: ChecklistInput, types: readonly string[]): readonly RecordedResource[] {
  return record.resources.filter(({ type }) => types.includes(type));
}

/** Recorded, and seen in the account. */
function made(input: ChecklistInput, evidence: readonly Evidence[], types: readonly string[]): Answer {
  const resources = resourcesOf(input, types);
  if (resources.length === 0) {
    const planned = input.mapping.filter(({ type, action }) => types.includes(type) && action !== 'skip');
    return planned.length === 0
      ? unused('the source has none')
      : no(`not made yet: ${planned.map(({ subject }) => subject).join(', ')}`);
  }
  const unseen = resources.filter(({ address }) => !passed(evidence, 'resource-exists', address));
  if (unseen.length > 0)
    return no(`not seen in the account: ${unseen.map(({ address }) => address).join(', ')}`);
  const names = resources.map(({ identity, address }) => identity ?? address);
  return yes(`seen in the account: ${names.join(', ')}`);
}

function passed(evidence: readonly Evidence[], check: string, subject: string): boolean {
  return evidence.some((item) => item.check === check && item.subject === subject && item.status === 'pass');
}

/** A role is right if it is there and its policies are the source's under the new names. */
function roles(input: ChecklistInput, evidence: readonly Evidence[]): Answer {
  const there = made(input, evidence, ['aws_iam_role']);
  if (!there.ticked) return there;
  const verdict = input.record.proof?.verdicts.find(({ rule }) => rule === 'contract-policy');
  if (verdict === undefined)
    return no('the roles are there; their policies were not compared with the source');
  const broken = verdict.findings.filter(blocks);
  if (broken.length > 0) return no(`policies differ: ${broken.map(({ subject }) => subject).join(', ')}`);
  if (!verdict.held) return no('the roles are there; not all policies could be compared with the source');
  return yes(`${there.because}; their policies are those of the source`);
}

function urls(input: ChecklistInput, evidence: readonly Evidence[]): Answer {
  const types = ['aws_lambda_function_url', 'aws_apigatewayv2_api', 'aws_api_gateway_rest_api'];
  if (resourcesOf(input, types).length === 0)
    return input.mapping.some(({ type }) => types.includes(type))
      ? no('not made yet')
      : unused('the source has none');
  return each(evidence, ['url-answers'], 'no URL was called');
}

/** All of these checks, on whatever they were made, and at least one. */
function each(evidence: readonly Evidence[], checks: readonly string[], none: string): Answer {
  const items = evidence.filter(({ check }) => checks.includes(check));
  const bad = items.find(({ status }) => status === 'fail' || status === 'pending');
  if (bad) return no(`${bad.subject}: ${bad.observed}`);
  const good = items.filter(({ status }) => status === 'pass');
  if (good.length === 0) return no(items[0] === undefined ? none : `left out: ${items[0].observed}`);
  return yes(good.map(({ subject, observed }) => `${subject}: ${observed}`).join('; '));
}

function config({ secrets }: ChecklistInput): Answer {
  if (secrets === null) return no('the secret provider was not asked');
  if (secrets.config === null) return no(`${secrets.provider} has no config of this environment`);
  return yes(`${secrets.provider}: ${secrets.config}`);
}

function secretRows({ mapping }: ChecklistInput, isolated: boolean): readonly string[] {
  return mapping
    .filter(({ kind, action }) => kind === 'secret' && action !== 'skip')
    .filter(({ action }) => (action === 'new-credential') === isolated)
    .map(({ subject }) => subject);
}

function sharedSecrets(input: ChecklistInput): Answer {
  const keys = secretRows(input, false);
  if (keys.length === 0) return unused('the source has none');
  return configured(input, keys);
}

function configured({ secrets }: ChecklistInput, keys: readonly string[]): Answer {
  if (secrets === null) return no('the secret provider was not asked');
  const missing = keys.filter((key) => !secrets.keys.includes(key));
  return missing.length > 0
    ? no(`without a value: ${missing.join(', ')}`)
    : yes(`have a value: ${keys.join(', ')}`);
}

function isolatedSecrets(input: ChecklistInput): Answer {
  const keys = secretRows(input, true);
  if (keys.length === 0) return unused('the source has none');
  const same = (input.secrets?.notIsolated ?? []).filter((key) => keys.includes(key));
  if (same.length > 0) return no(`the same as in another environment: ${same.join(', ')}`);
  const answer = configured(input, keys);
  return answer.ticked ? yes(`${answer.because}; none is another environment's`) : answer;
}

function channel({ channels, record }: ChecklistInput, kind: string): Answer {
  const found = channels.find((each) => each.kind === kind);
  if (found === undefined) return unused('the environment uses none');
  if (found.bot === null) return no('the service does not know the credentials');
  if (found.sharedWith !== null) return no(`${found.bot} is the bot of ${found.sharedWith}`);
  return yes(`${found.bot} is the bot of ${record.name} and of no other environment`);
}

function webhooks({ channels }: ChecklistInput, evidence: readonly Evidence[]): Answer {
  if (channels.length === 0) return unused('the environment uses no channel');
  return each(evidence, ['webhook-configured'], 'no webhook was read back');
}

/** Stored is what the secret provider has; issued is what the service accepts. */
function tokens(input: ChecklistInput): Answer {
  if (input.channels.length === 0) return unused('the environment uses no channel');
  const unknown = input.channels.find(({ bot }) => bot === null);
  if (unknown) return no(`${unknown.kind}: the service does not know the credentials`);
  const stored = isolatedSecrets(input);
  if (!stored.ticked && stored.applicable !== false) return stored;
  return yes(`accepted by the service: ${input.channels.map(({ bot }) => bot).join(', ')}`);
}

function endToEnd({ channels }: ChecklistInput, evidence: readonly Evidence[]): Answer {
  if (channels.length === 0) return unused('the environment uses no channel');
  return each(evidence, ['reply-on-own-channel', 'code-returned'], 'layer 4 was not run');
}
