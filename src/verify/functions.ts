/** Functions that are called, by an event or as the outside world calls them; those that are not are only looked at. */
import type { AwsClients } from '../aws/clients.ts';
import { mapBounded } from '../aws/bounded.ts';
import { answerOf, type HttpAnswer } from './answer.ts';
import { applicationLogs } from './checks/application-logs.ts';
import { bodyIsJson } from './checks/body-is-json.ts';
import { functionAnswers, functionInvocable } from './checks/function-invocable.ts';
import { logsPresent } from './checks/logs-present.ts';
import { noErrorInBody } from './checks/no-error-in-body.ts';
import { noErrorInLogs } from './checks/no-error-in-logs.ts';
import { refusedBefore, urlAnswers } from './checks/url-answers.ts';
import { type EvidenceLog, skipAll, type VerifyContext } from './context.ts';
import type { FrontRequest, FunctionDecision } from './decide.ts';
import type { Answered, Explain, Logged } from './explain.ts';
import { joined } from './fronts/url.ts';
import { invoke } from './invoke.ts';
import { readLogs } from './logs.ts';
import { logGroupOf } from './subjects.ts';
import { lookWithoutCalling } from './without-calling.ts';

/** What the checks of one verification share. */
export interface VerifyRun {
  readonly context: VerifyContext;
  readonly log: EvidenceLog;
  /** For each thing that is waited for. */
  readonly limitMs: number;
  readonly explain: Explain;
}

/** Functions run their own work while we wait; more at once would count against the account's concurrency. */
export const functionsAtOnce = 8;

/** Logs arrive within seconds; a minute without them means that they do not come. */
const logsLimitMs = 60_000;

export async function verifyFunctions(run: VerifyRun, decisions: readonly FunctionDecision[]): Promise<void> {
  // One attempt that may last as long as the function: the retries are ours (see `invoke`).
  const clients = run.context.clients.with({ maxAttempts: 1, requestTimeoutMs: run.limitMs });
  try {
    await mapBounded(decisions, functionsAtOnce, async (decision) => {
      if (decision.notCalled !== null) await lookWithoutCalling(run, clients, decision);
      else await callFunction(run, clients, decision);
    });
  } finally {
    clients.close();
  }
}

async function callFunction(run: VerifyRun, clients: AwsClients, decision: FunctionDecision): Promise<void> {
  const { event, requests } = decision;
  if (event !== null) await callByEvent(run, clients, decision);
  for (const [index, request] of requests.entries()) {
    // One call is enough for its own evidence; the others show that each way to it is open.
    const own = event === null && index === 0;
    if (own || run.log.wants(1) || run.log.wants(2)) await callByRequest(run, decision, request, own);
  }
}

async function callByEvent(
  run: VerifyRun,
  clients: AwsClients,
  { thing, event, settings }: FunctionDecision,
): Promise<void> {
  const { context, log, limitMs, explain } = run;
  const name = nameOf(thing.values['function_name']);
  const invocation = await invoke(context, clients, { name, event: event?.payload ?? null }, limitMs);
  log.add(functionInvocable, thing.address, { invocation, explain }, invocation.durationMs);
  const answered: Answered = {
    text: invocation.kind === 'answered' ? invocation.payload : null,
    contentType: '',
    functionError: invocation.kind === 'answered' ? invocation.functionError : undefined,
    allowPlainText: settings.allowPlainText === true,
    explain,
  };
  log.add(bodyIsJson, thing.address, answered, invocation.durationMs);
  log.add(noErrorInBody, thing.address, answered, invocation.durationMs);
  if (!log.wants(3)) return;
  if (invocation.kind === 'refused') {
    addLogs(run, thing.address, { log: null, missing: 'nothing to look for: it was not invoked', explain });
    return;
  }
  const { requestId, startedAt } = invocation;
  if (requestId === undefined) {
    addLogs(run, thing.address, { log: null, missing: 'the invocation has no request id', explain });
    return;
  }
  const group = logGroupOf(thing.values, name);
  const read = await readLogs(context, {
    group,
    requestId,
    startedAt,
    limitMs: Math.min(limitMs, logsLimitMs),
  });
  addLogs(run, thing.address, { log: read, missing: '', explain });
}

const nameOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** @param own the answer stands for the function, not only for the way to it */
async function callByRequest(
  run: VerifyRun,
  decision: FunctionDecision,
  { front, method, path, body }: FrontRequest,
  own: boolean,
): Promise<void> {
  const { context, log, limitMs } = run;
  const { address } = decision.thing;
  const request = `${method} ${path}`;
  if (front.url === null) {
    const reason = `${front.thing.address} has no URL`;
    if (own) skipAll(log, functionChecks, address, `not called: ${reason}`);
    log.add(
      urlAnswers({ request }),
      front.thing.address,
      { kind: 'refused', reason, unsent: true, durationMs: 0 },
      0,
    );
    return;
  }
  const answer = await answerOf(context, { method, url: joined(front.url, path), body }, limitMs);
  log.add(urlAnswers({ request, open: front.open }), front.thing.address, answer, answer.durationMs);
  const subject = own ? address : front.thing.address;
  const before = answer.kind === 'answered' ? refusedBefore(answer) : null;
  if (before !== null) {
    if (own)
      skipAll(
        log,
        functionChecks,
        address,
        `not called: what stands before it answered ${request} by itself (${before})`,
      );
    return;
  }
  if (own) log.add(functionAnswers, address, { request, answer }, answer.durationMs);
  judgeContent(run, subject, {
    answer,
    request,
    allowPlainText: decision.settings.allowPlainText === true,
    own,
  });
  if (own && log.wants(3)) await verifyLogsOf(run, decision, answer, request);
}

function judgeContent(
  { log, explain }: VerifyRun,
  subject: string,
  {
    answer,
    request,
    allowPlainText,
    own,
  }: {
    readonly answer: HttpAnswer;
    readonly request: string;
    readonly allowPlainText: boolean;
    readonly own: boolean;
  },
): void {
  const answered: Answered = {
    text: answer.kind === 'answered' ? answer.body : null,
    contentType: answer.kind === 'answered' ? answer.contentType : '',
    functionError: undefined,
    allowPlainText,
    explain,
  };
  if (answer.kind === 'answered' && answer.status < 500 && (answer.status >= 300 || answer.body === '')) {
    // What it says of a path that it does not have, or to a stranger, is not its content.
    const what = answer.status >= 300 ? `HTTP ${answer.status}` : 'no body';
    if (own) skipAll(log, [bodyIsJson, noErrorInBody], subject, `${what} to ${request}: no content to judge`);
    return;
  }
  if (!own && answer.kind === 'refused') return;
  log.add(bodyIsJson, subject, answered, answer.durationMs);
  log.add(noErrorInBody, subject, answered, answer.durationMs);
}

async function verifyLogsOf(
  run: VerifyRun,
  { thing }: FunctionDecision,
  answer: HttpAnswer,
  request: string,
): Promise<void> {
  const { context, limitMs, explain } = run;
  if (answer.kind === 'refused') {
    addLogs(run, thing.address, { log: null, missing: `nothing to look for: ${answer.reason}`, explain });
    return;
  }
  const read = await readLogs(context, {
    group: logGroupOf(thing.values, nameOf(thing.values['function_name'])),
    requestId: null,
    startedAt: answer.sentAt,
    limitMs: Math.min(limitMs, logsLimitMs),
  });
  addLogs(run, thing.address, {
    log: read,
    missing: '',
    ...(answer.status >= 300 && answer.status < 500
      ? { quiet: `it may have nothing to say of HTTP ${answer.status} to ${request}` }
      : {}),
    explain,
  });
}

function addLogs({ log }: VerifyRun, subject: string, logged: Logged): void {
  const durationMs = logged.log?.durationMs ?? 0;
  for (const check of [logsPresent, noErrorInLogs, applicationLogs])
    log.add(check, subject, logged, durationMs);
}

const functionChecks = [
  functionAnswers,
  bodyIsJson,
  noErrorInBody,
  logsPresent,
  noErrorInLogs,
  applicationLogs,
] as const;
