/** What can be known of a function without calling it: its code, that Lambda would take a call, what it has logged. */
import type { AwsClients } from '../aws/clients.ts';
import { awsError, classify, describeFailure, isFatal } from '../aws/errors.ts';
import type { JsonObject } from '../transfer/json.ts';
import { applicationLogs } from './checks/application-logs.ts';
import { bodyIsJson } from './checks/body-is-json.ts';
import { functionCode } from './checks/function-code.ts';
import { functionDryRun } from './checks/function-dry-run.ts';
import { functionInvocable } from './checks/function-invocable.ts';
import { logsSoFar, noErrorSoFar } from './checks/logs-so-far.ts';
import { noErrorInBody } from './checks/no-error-in-body.ts';
import { skipAll, type VerifyContext } from './context.ts';
import type { FunctionDecision } from './decide.ts';
import type { FunctionSeen } from './explain.ts';
import type { VerifyRun } from './functions.ts';
import { dryRun } from './invoke.ts';
import { logSoFar } from './logs.ts';
import { logGroupOf } from './subjects.ts';

export async function lookWithoutCalling(
  { context, log, limitMs, explain }: VerifyRun,
  clients: AwsClients,
  { thing, notCalled }: FunctionDecision,
): Promise<void> {
  const { address, values } = thing;
  const name = typeof values['function_name'] === 'string' ? values['function_name'] : '';
  skipAll(
    log,
    [functionInvocable, bodyIsJson, noErrorInBody, applicationLogs],
    address,
    `not called: ${notCalled ?? ''}`,
  );
  if (!log.wants(1) && !log.wants(3)) return;
  const seen = await seenOf(context, name, values);
  if (log.wants(1)) {
    log.add(functionCode, address, seen, seen.durationMs);
    const tried = await dryRun(context, clients, name, limitMs);
    log.add(functionDryRun, address, tried, tried.durationMs);
  }
  if (log.wants(3)) {
    // Errors of code that is gone say nothing of what is there now.
    const { changedAt } = seen;
    const soFar = {
      log: await logSoFar(context, logGroupOf(values, name), changedAt),
      since: changedAt.toISOString(),
      explain,
    };
    log.add(logsSoFar, address, soFar, soFar.log.durationMs);
    log.add(noErrorSoFar, address, soFar, soFar.log.durationMs);
  }
}

interface Seen extends FunctionSeen {
  /** When its code or settings were last changed; 1970 where nobody says. */
  readonly changedAt: Date;
  readonly durationMs: number;
}

async function seenOf(context: VerifyContext, FunctionName: string, values: JsonObject): Promise<Seen> {
  const started = context.clock.now().getTime();
  const known = [values['code_sha256'], values['source_code_hash']].find(
    (hash) => typeof hash === 'string' && hash !== '',
  );
  const stateSha256 = typeof known === 'string' ? known : null;
  const nothing = { codeSha256: null, stateSha256, changedAt: new Date(0) };
  const durationMs = (): number => context.clock.now().getTime() - started;
  try {
    const lambda = await context.clients.get('lambda');
    const found = await lambda.getFunctionConfiguration({ FunctionName });
    const changed = Date.parse(found.LastModified ?? '');
    return {
      unreadable: null,
      codeSha256: found.CodeSha256 ?? null,
      stateSha256,
      changedAt: new Date(Number.isNaN(changed) ? 0 : changed),
      durationMs: durationMs(),
    };
  } catch (error) {
    const failure = classify(error, ['ResourceNotFoundException']);
    if (isFatal(failure)) throw awsError(error, `reading ${FunctionName}`);
    return { ...nothing, unreadable: describeFailure(failure), durationMs: durationMs() };
  }
}
