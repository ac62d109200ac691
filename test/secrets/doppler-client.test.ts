import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DopplerSandbox, startDoppler } from '../../sandbox/doppler/start.ts';
import { createDopplerClient, type DopplerClient } from '../../src/secrets/doppler/client.ts';
import { createDopplerHttp } from '../../src/secrets/doppler/http.ts';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { secretsManagerProvider } from '../../src/secrets/providers/aws-secrets-manager.ts';
import { ssmProvider } from '../../src/secrets/providers/aws-ssm.ts';
import { isProvisionError, type ProvisionError } from '../../src/transfer/errors.ts';
import { type Failing, fakeSecretsManager, fakeSsm } from './fake-aws.ts';

const canary = 'canary/7f3a"9 value';

let doppler: DopplerSandbox;
let waits: number[];
beforeEach(async () => {
  waits = [];
  doppler = await startDoppler({
    seed: { reports: { dev: { secrets: { TOKEN: canary } } }, other: { dev: {} } },
  });
});
afterEach(() => doppler.stop());

const clock = {
  now: () => new Date('2026-01-01T00:00:00Z'),
  sleep: (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  },
};

function client(
  more: { token?: string; project?: string; host?: string; signal?: AbortSignal } = {},
): DopplerClient {
  const { token = doppler.token, project = 'reports', host = doppler.url, signal } = more;
  return createDopplerClient(createDopplerHttp({ host, token, clock, signal, timeoutMs: 200 }), project);
}

async function failure(work: Promise<unknown>): Promise<ProvisionError> {
  try {
    await work;
  } catch (error) {
    if (isProvisionError(error)) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

/** Everything that anybody could print of an error. */
const everything = (error: Error): string =>
  [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join(
    '\n',
  );

describe('errors', () => {
  it('say what is wrong with the token', async () => {
    const token = doppler.issueToken({ kind: 'personal' });
    doppler.revokeToken(token);
    const revoked = await failure(client({ token }).secrets('dev'));
    expect(revoked).toMatchObject({ code: 'credentials-expired', exitCode: 2 });
    expect(revoked.hint).toContain('doppler login');
    const service = doppler.issueToken({ kind: 'service', project: 'reports', config: 'dev', write: false });
    const denied = await failure(client({ token: service }).createConfig('dev', 'dev_x'));
    expect(denied).toMatchObject({ code: 'access-denied' });
    expect(denied.message).toContain('reports/dev_x');
    expect(denied.hint).toContain('service token');
  });

  it('tell a wrong project from a missing config', async () => {
    const project = await failure(client({ project: 'none' }).secrets('dev'));
    expect(project).toMatchObject({ code: 'config-invalid' });
    expect(project.message).toContain('no Doppler project none');
    const config = await failure(client().secrets('nope'));
    expect(config).toMatchObject({ code: 'environment-not-found' });
    expect(config.message).toContain('no config nope');
    expect(await client().config('nope')).toBeNull();
    expect(await failure(client({ project: 'none' }).config('dev'))).toMatchObject({
      code: 'config-invalid',
    });
  });

  it('say that Doppler cannot be reached, does not answer in time, or was interrupted', async () => {
    expect(await failure(client({ host: 'http://127.0.0.1:9' }).secrets('dev'))).toMatchObject({
      code: 'network-unreachable',
    });
    doppler.fail({ delayMs: 400 });
    expect(await failure(client().secrets('dev'))).toMatchObject({ code: 'timed-out' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    expect(await failure(client({ signal: stop.signal }).secrets('dev'))).toMatchObject({
      code: 'interrupted',
    });
  });

  it('do not follow to another place, and do not read what is not Doppler', async () => {
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/v3/configs')) response.writeHead(302, { location: doppler.url }).end();
      else response.end('<html>welcome</html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const host = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    expect(await failure(client({ host }).secrets('dev'))).toMatchObject({ code: 'network-unreachable' });
    expect(await failure(client({ host }).environments())).toMatchObject({ code: 'output-unreadable' });
    server.close();
  });
});

describe('retries', () => {
  it('wait as long as Doppler says', async () => {
    doppler.fail({ status: 429, retryAfter: '7', times: 1 });
    doppler.fail({ status: 429, retryAfter: 'Thu, 01 Jan 2026 00:00:30 GMT', times: 1 });
    expect((await client().secrets('dev')).values.keys()).toEqual(['TOKEN']);
    expect(waits).toEqual([7000, 30_000]);
  });

  it('are bounded, and a long wait is told and not waited for', async () => {
    doppler.fail({ status: 429, retryAfter: '1' });
    expect(await failure(client().secrets('dev'))).toMatchObject({ code: 'timed-out' });
    expect(waits).toEqual([1000, 1000, 1000]);
    doppler.clearFaults();
    doppler.fail({ status: 429, retryAfter: '600' });
    expect((await failure(client().secrets('dev'))).message).toContain('over in 600 s');
    expect(waits).toHaveLength(3);
  });

  it('outlast failures of Doppler and of what stands before it', async () => {
    doppler.fail({ status: 502, text: '<html>Bad gateway</html>', times: 2 });
    expect(await client().names('dev')).toEqual(['TOKEN']);
    doppler.fail({ status: 503 });
    const error = await failure(client().names('dev'));
    expect(error).toMatchObject({ code: 'network-unreachable' });
    expect(error.message).toContain('503');
  });
});

describe('values', () => {
  it('are in no error, whatever Doppler answers', async () => {
    const secrets = new SecretValues({ NEW: `${canary}-new` });
    const echoes = [
      { status: 400, messages: [`Invalid value ${canary}-new for token ${doppler.token}`] },
      {
        status: 422,
        messages: [`Refused: ${JSON.stringify(`${canary}-new`)} ${encodeURIComponent(`${canary}-new`)}`],
      },
      { status: 500, messages: [`${canary}-new`] },
      { status: 502, text: `<html>${canary}-new ${doppler.token}</html>` },
      { status: 200, text: `{"secrets": "${canary}-new` },
      { status: 401, messages: [`token ${doppler.token}`] },
      { status: 403, messages: [`${canary}-new`] },
      { status: 404, messages: [`could not find config ${canary}-new`] },
    ];
    for (const fault of echoes) {
      doppler.clearFaults();
      doppler.fail(fault);
      const error = await failure(
        fault.status === 200 ? client().secrets('dev') : client().setSecrets('dev', secrets),
      );
      expect(everything(error)).not.toContain('canary');
      expect(everything(error)).not.toContain(doppler.token);
    }
  });

  it('and the token are not in the client either', () => {
    const http = createDopplerHttp({ host: doppler.url, token: doppler.token, clock });
    expect(inspect([http, client()], { depth: 20, showHidden: true })).not.toContain(doppler.token);
  });

  it('are in no error of AWS, which repeats what it was sent', async () => {
    const failing: Failing = { name: null, text: `1 validation error detected: Value '${canary}'` };
    const manager = secretsManagerProvider({
      client: () => Promise.resolve(fakeSecretsManager(failing)),
      pattern: 'r/{env}',
    });
    const parameters = ssmProvider({ client: () => Promise.resolve(fakeSsm(failing)), pattern: '/r/{env}' });
    for (const name of [
      'ValidationException',
      'AccessDeniedException',
      'InternalServiceError',
      'ThrottlingException',
    ]) {
      failing.name = name;
      for (const provider of [manager, parameters]) {
        const error = await failure(provider.set('r/dev', new SecretValues({ TOKEN: canary })));
        expect(everything(error)).not.toContain('canary');
      }
    }
    expect(await failure(parameters.set('/r/dev', new SecretValues({ A: 'x'.repeat(4097) })))).toMatchObject(
      {},
    );
  });
});
