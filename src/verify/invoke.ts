import type { InvocationResponse } from '@aws-sdk/client-lambda';
import type { AwsClients } from '../aws/clients.ts';
import { type AwsFailure, awsError, classify, describeFailure, errorCode, isFatal } from '../aws/errors.ts';
import type { Json } from '../transfer/json.ts';
import type { VerifyContext } from './context.ts';
import { pollUntil } from './wait.ts';

export type Invocation =
  | {
      readonly kind: 'answered';
      readonly statusCode: number;
      /** `Handled` or `Unhandled`, if the function ended with an error. */
      readonly functionError: string | undefined;
      readonly payload: string;
      readonly requestId: string | undefined;
      readonly startedAt: Date;
      readonly durationMs: number;
    }
  /** It could not be invoked at all: there is nothing to judge. */
  | { readonly kind: 'refused'; readonly reason: string; readonly durationMs: number };

/** Codes of an invocation that did not take place and can be tried again. */
const notYet = new Set([
  'CodeArtifactUserPendingException',
  'EC2ThrottledException',
  'ENILimitReachedException',
  'ResourceConflictException',
  'ResourceNotReadyException',
  'SnapStartNotReadyException',
  'TooManyRequestsException',
]);

export interface Invoking {
  /** Of the function. */
  readonly name: string;
  readonly event: Json;
}

type Attempt =
  { readonly again: true; readonly reason: string } | { readonly again: false; readonly done: Invocation };

/**
 * Invokes a function and waits for its answer. Each attempt is the SDK's only one: after a time-out the function may
 * have run, and running it twice is not ours to decide.
 *
 * @throws ProvisionError only for what concerns the whole session, such as expired credentials.
 */
export async function invoke(
  context: VerifyContext,
  clients: AwsClients,
  subject: Invoking,
  limitMs: number,
): Promise<Invocation> {
  const started = context.clock.now().getTime();
  const elapsed = (): number => context.clock.now().getTime() - started;
  const last = await pollUntil<Attempt>(
    context,
    limitMs,
    () => attempt(context, clients, subject, limitMs),
    (answer) => !answer.again,
  );
  return last.again ? { kind: 'refused', reason: last.reason, durationMs: elapsed() } : last.done;
}

async function attempt(
  context: VerifyContext,
  clients: AwsClients,
  subject: Invoking,
  limitMs: number,
): Promise<Attempt> {
  const startedAt = context.clock.now();
  const elapsed = (): number => context.clock.now().getTime() - startedAt.getTime();
  try {
    const lambda = await clients.get('lambda');
    const answer = await lambda.invoke({
      FunctionName: subject.name,
      InvocationType: 'RequestResponse',
      LogType: 'Tail',
      Payload: JSON.stringify(subject.event),
    });
    return {
      again: false,
      done: {
        kind: 'answered',
        statusCode: answer.StatusCode ?? 0,
        functionError: answer.FunctionError,
        payload: Buffer.from(answer.Payload ?? []).toString('utf8'),
        requestId: requestIdOf(answer) ?? answer.$metadata.requestId,
        startedAt,
        durationMs: elapsed(),
      },
    };
  } catch (error) {
    const failure = classify(error, ['ResourceNotFoundException']);
    if (isFatal(failure)) throw awsError(error, `invoking ${subject.name}`);
    const code = errorCode(error);
    if (notYet.has(code)) return { again: true, reason: `not ready to be invoked: ${code}` };
    return {
      again: false,
      done: { kind: 'refused', reason: reasonOf(failure, limitMs), durationMs: elapsed() },
    };
  }
}

export type DryRun =
  | { readonly kind: 'accepted'; readonly durationMs: number }
  /** `denied`: these credentials may not call it, which says nothing of the function. */
  | { readonly kind: 'denied' | 'refused'; readonly reason: string; readonly durationMs: number };

/** Asks Lambda whether it would take a call, without one: it checks parameters and permission, and runs nothing. */
export async function dryRun(
  context: VerifyContext,
  clients: AwsClients,
  name: string,
  limitMs: number,
): Promise<DryRun> {
  const started = context.clock.now().getTime();
  const elapsed = (): number => context.clock.now().getTime() - started;
  const seen = await pollUntil<DryRun & { readonly again?: boolean }>(
    context,
    limitMs,
    async () => {
      try {
        const lambda = await clients.get('lambda');
        await lambda.invoke({ FunctionName: name, InvocationType: 'DryRun' });
        return { kind: 'accepted', durationMs: elapsed() };
      } catch (error) {
        const failure = classify(error, ['ResourceNotFoundException']);
        if (isFatal(failure)) throw awsError(error, `asking whether ${name} can be called`);
        return {
          kind: failure.kind === 'denied' ? 'denied' : 'refused',
          reason: reasonOf(failure, limitMs),
          again: notYet.has(errorCode(error)),
          durationMs: elapsed(),
        };
      }
    },
    ({ again }) => again !== true,
  );
  return seen;
}

function reasonOf(failure: AwsFailure, limitMs: number): string {
  if (failure.kind === 'timed-out') return `no answer within ${Math.round(limitMs / 1000)} s`;
  if (failure.kind !== 'denied') return describeFailure(failure);
  return describeFailure({ ...failure, action: failure.action ?? 'lambda:InvokeFunction' });
}

/** From the invocation's own log rather than from the HTTP header, which a proxy or an emulator may make anew. */
function requestIdOf(answer: InvocationResponse): string | undefined {
  const tail = Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
  return (
    /^(?:START|END|REPORT) RequestId: (\S+)/m.exec(tail)?.[1] ?? /"requestId"\s*:\s*"([^"]+)"/.exec(tail)?.[1]
  );
}
