/**
 * What the product meets outside of its process, for tests that run it in theirs: the stand-in Terraform and an account
 * that is plain data take the place of every program and every service.
 *
 * `mock-outside.ts` puts it before the modules through which all of that goes: so no caller can be forgotten, and what
 * nobody thought of fails instead of reaching out.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwsClients, ClientOptions } from '../../src/aws/clients.ts';
import type { RunRequest, RunResult } from '../../src/process/run.ts';
import type { S3BackendClients } from '../../src/terraform/s3-backend.ts';
import { accountBackendClients, accountClients } from './fake-account-clients.ts';
import type { Account } from './stand-in-terraform/account.ts';
import { runTerraform } from './stand-in-terraform/run.ts';

export interface Outside {
  readonly account: Account;
  /** The region of whoever names none. */
  readonly region: string;
  /** What the programs inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const current = new AsyncLocalStorage<Outside>();

export const withOutside = <Result>(outside: Outside, work: () => Promise<Result>): Promise<Result> =>
  current.run(outside, work);

function now(): Outside {
  const outside = current.getStore();
  if (outside === undefined) throw new Error('this test has no outside: it must not reach for it');
  return outside;
}

/** In place of src/process/run.ts. */
export async function run(request: RunRequest): Promise<RunResult> {
  const { account, env } = now();
  if (!request.command.endsWith('stand-in-terraform'))
    throw new Error(`a program was started that no stand-in is there for: ${request.command}`);
  const { exitCode, stderr, stdout } = await runTerraform(
    request.args,
    { ...env, ...request.env },
    request.cwd ?? '.',
    account,
  );
  if (request.onLine) for (const line of stdout.split('\n')) if (line !== '') request.onLine(line);
  return {
    stdout: request.keepStdout === false ? '' : stdout,
    stderr,
    exitCode: exitCode ?? undefined,
    timedOut: false,
    interrupted: false,
    durationMs: 1,
  };
}

/** In place of the one in src/aws/clients.ts. */
export function createClients(options: ClientOptions = {}): AwsClients {
  const { account, region } = now();
  return accountClients(account, region, options);
}

/** In place of the one in src/terraform/s3-backend.ts. */
export const createBackendClients = (): Promise<S3BackendClients> =>
  Promise.resolve(accountBackendClients(now().account));
