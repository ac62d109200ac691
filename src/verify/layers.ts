/** Step 7, layers 1 to 3: it runs, it answers well, and its logs say so. Layer 4 takes a person. */
import type { CheckedResource, Presence } from '../aws/adapter.ts';
import { mapBounded } from '../aws/bounded.ts';
import { checkResources, toChecked } from '../aws/check.ts';
import type { StateModel } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { ProvisionError } from '../transfer/errors.ts';
import type { Evidence, Layer } from '../transfer/evidence.ts';
import { answerOf } from './answer.ts';
import { expectsJson } from './body.ts';
import { applicationLogs } from './checks/application-logs.ts';
import { bodyIsJson } from './checks/body-is-json.ts';
import { functionInvocable } from './checks/function-invocable.ts';
import { logsPresent } from './checks/logs-present.ts';
import { noErrorInBody } from './checks/no-error-in-body.ts';
import { noErrorInLogs } from './checks/no-error-in-logs.ts';
import { resourceActive } from './checks/resource-active.ts';
import { resourceExists } from './checks/resource-exists.ts';
import { urlAnswers } from './checks/url-answers.ts';
import { type Check, EvidenceLog, skipped, type VerifyContext } from './context.ts';
import { type Answered, type Explain, explainerOf, type Logged } from './explain.ts';
import { type Invocation, invoke } from './invoke.ts';
import { readLogs } from './logs.ts';
import type { VerifySettings } from './settings.ts';
import { type FunctionSubject, functionsOf, managed, type UrlSubject, urlsOf } from './subjects.ts';
import { pollUntil } from './wait.ts';

export interface VerifyInput {
  /** The target's state after the apply. */
  readonly state: StateModel;
  readonly types: ResourceTypeTable;
  readonly settings: VerifySettings;
  /** Name of the environment, for `{env}` in the settings. */
  readonly environment: string;
  /** Absent: all three. */
  readonly layers?: readonly Layer[] | undefined;
}

/** Functions run their own work while we wait; more at once would count against the account's concurrency. */
const functionsAtOnce = 8;

/** Logs arrive within seconds; a minute without them means that they do not come. */
const logsLimitMs = 60_000;

/**
 * What does not work becomes failing evidence. Thrown is only what keeps everything from being looked at: expired
 * credentials, an interrupt.
 */
export async function verifyLayers(context: VerifyContext, input: VerifyInput): Promise<Evidence[]> {
  const log = new EvidenceLog(context, input.layers ?? [1, 2, 3]);
  const limitMs = input.settings.timeoutSeconds * 1000;
  const explain = explainerOf(input.state, context.redactor);
  const work = Promise.all([
    log.wants(1) ? verifyResources(context, log, input, limitMs) : undefined,
    verifyFunctions(context, log, functionsOf(input.state, input.types, input.settings), limitMs, explain),
    verifyUrls(context, log, urlsOf(input.state, input.settings, input.environment), limitMs, explain),
  ]);
  try {
    await work;
  } catch (error) {
    if (context.signal?.aborted === true)
      throw new ProvisionError('interrupted', 'The verification was interrupted.', {
        cause: error,
        hint: 'Nothing was changed; `provision-env verify` starts it again.',
      });
    throw error;
  }
  return log.sorted();
}

/** A resource that has just been made may not be visible everywhere yet. */
const absentLimitMs = 10_000;

const resourcesAtOnce = 16;

async function verifyResources(
  context: VerifyContext,
  log: EvidenceLog,
  { state }: VerifyInput,
  limitMs: number,
): Promise<void> {
  const resources = managed(state).map((each) => toChecked(each, null));
  await mapBounded(resources, resourcesAtOnce, async (resource) => {
    const started = context.clock.now().getTime();
    const elapsed = (): number => context.clock.now().getTime() - started;
    const presence = await pollUntil(
      context,
      limitMs,
      () => presenceOf(context, resource),
      (seen) =>
        seen.state === 'absent'
          ? elapsed() >= absentLimitMs
          : seen.state !== 'present' || seen.condition !== 'changing',
    );
    log.add(resourceExists, resource.address, presence, elapsed());
    if (presence.state === 'present' && presence.status !== undefined)
      log.add(resourceActive(resource.type), resource.address, presence, elapsed());
  });
}

async function presenceOf(context: VerifyContext, resource: CheckedResource): Promise<Presence> {
  const [checked] = await checkResources([resource], context.clients);
  return checked?.presence ?? { state: 'absent' };
}

async function verifyFunctions(
  context: VerifyContext,
  log: EvidenceLog,
  subjects: readonly FunctionSubject[],
  limitMs: number,
  explain: Explain,
): Promise<void> {
  // One attempt that may last as long as the function: the retries are ours (see `invoke`).
  const clients = context.clients.with({ maxAttempts: 1, requestTimeoutMs: limitMs });
  try {
    await mapBounded(subjects, functionsAtOnce, async (subject) => {
      const { skip } = subject.settings;
      if (skip !== undefined) {
        skipAll(log, functionChecks, subject.address, skip);
        return;
      }
      const invocation = await invoke(context, clients, subject, limitMs);
      log.add(functionInvocable, subject.address, { invocation, explain }, invocation.durationMs);
      const answered: Answered = {
        text: invocation.kind === 'answered' ? invocation.payload : null,
        contentType: '',
        functionError: invocation.kind === 'answered' ? invocation.functionError : undefined,
        allowPlainText: subject.settings.allowPlainText === true,
        explain,
      };
      log.add(bodyIsJson, subject.address, answered, invocation.durationMs);
      log.add(noErrorInBody, subject.address, answered, invocation.durationMs);
      if (log.wants(3)) await verifyLogs(context, log, subject, invocation, limitMs, explain);
    });
  } finally {
    clients.close();
  }
}

async function verifyLogs(
  context: VerifyContext,
  log: EvidenceLog,
  subject: FunctionSubject,
  invocation: Invocation,
  limitMs: number,
  explain: Explain,
): Promise<void> {
  const logged = await loggedBy(context, subject, invocation, limitMs, explain);
  const durationMs = logged.log?.durationMs ?? 0;
  for (const check of [logsPresent, noErrorInLogs, applicationLogs])
    log.add(check, subject.address, logged, durationMs);
}

async function loggedBy(
  context: VerifyContext,
  subject: FunctionSubject,
  invocation: Invocation,
  limitMs: number,
  explain: Explain,
): Promise<Logged> {
  if (invocation.kind === 'refused')
    return { log: null, missing: 'nothing to look for: it was not invoked', explain };
  const { requestId, startedAt } = invocation;
  if (requestId === undefined) return { log: null, missing: 'the invocation has no request id', explain };
  const read = await readLogs(context, {
    group: subject.logGroup,
    requestId,
    startedAt,
    limitMs: Math.min(limitMs, logsLimitMs),
  });
  return { log: read, missing: '', explain };
}

async function verifyUrls(
  context: VerifyContext,
  log: EvidenceLog,
  subjects: readonly UrlSubject[],
  limitMs: number,
  explain: Explain,
): Promise<void> {
  if (!log.wants(1) && !log.wants(2)) return;
  await mapBounded(subjects, functionsAtOnce, async (subject) => {
    const check = urlAnswers(subject);
    const { url, reason, skip } = subject;
    if (url === null) {
      log.add(check, subject.address, { kind: 'refused', reason: reason ?? 'no URL', durationMs: 0 }, 0);
      return;
    }
    if (skip !== undefined || !/^https?:/.test(url)) {
      skipAll(log, [check], subject.address, skip ?? 'not an HTTP URL');
      return;
    }
    const answer = await answerOf(context, url, limitMs);
    log.add(check, subject.address, answer, answer.durationMs);
    // What an API says of a path that it does not have, or to a stranger, is not its content.
    if (answer.kind === 'refused' || answer.status >= 300 || answer.body === '') return;
    if (!expectsJson(answer.contentType)) return;
    const answered: Answered = {
      text: answer.body,
      contentType: answer.contentType,
      functionError: undefined,
      allowPlainText: subject.allowPlainText,
      explain,
    };
    log.add(bodyIsJson, subject.address, answered, answer.durationMs);
    log.add(noErrorInBody, subject.address, answered, answer.durationMs);
  });
}

const functionChecks: readonly Pick<Check<never>, 'layer' | 'id' | 'expected'>[] = [
  functionInvocable,
  bodyIsJson,
  noErrorInBody,
  logsPresent,
  noErrorInLogs,
  applicationLogs,
];

/** Says what was left out, and why: silence would read as "checked". */
function skipAll(
  log: EvidenceLog,
  checks: readonly Pick<Check<never>, 'layer' | 'id' | 'expected'>[],
  subject: string,
  reason: string,
): void {
  for (const { layer, id, expected } of checks)
    log.add({ layer, id, expected, judge: () => skipped(reason) }, subject, null, 0);
}
