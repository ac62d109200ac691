/** Layers 1 to 3 against functions that really run, with log lines that really were written. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type AwsClients, createClients } from '../../src/aws/clients.ts';
import { resourceTypes } from '../../src/terraform/types/table.ts';
import type { StateResource } from '../../src/terraform/model.ts';
import type { VerifySettings } from '../../src/verify/settings.ts';
import { decide } from '../../src/verify/decide.ts';
import { type VerifyInput, verifyLayers } from '../../src/verify/layers.ts';
import { worldOfState } from '../../src/verify/world.ts';
import { type FunctionSpec, makeFunction, makeRole } from '../sandbox/aws.ts';
import { functionResource, resourceOf, stateOf } from '../verify/state.ts';

let sandbox: Sandbox;
let clients: AwsClients;

beforeAll(async () => {
  sandbox = await startSandbox();
  for (const [name, value] of Object.entries(sandbox.env)) vi.stubEnv(name, value);
  clients = createClients();
});

afterAll(async () => {
  clients.close();
  vi.unstubAllEnvs();
  await sandbox.stop();
});

/** What is called is decided elsewhere: see test/verify/calls.test.ts. Here every function is. */
function inputOf(resources: StateResource[], settings: Partial<VerifySettings> = {}): VerifyInput {
  const state = stateOf(...resources);
  const all = { invoke: 'all', functions: {}, urls: [], timeoutSeconds: 15, ...settings } as const;
  const decisions = decide(worldOfState(state), resourceTypes, all);
  return { state, decisions, environment: 'staging', settings: all };
}

async function verdicts(
  resources: StateResource[],
  settings: Partial<VerifySettings> = {},
): Promise<Record<string, string>> {
  const evidence = await verifyLayers(
    {
      clients,
      clock: {
        now: () => new Date(),
        sleep: (ms, signal) => sleep(ms, undefined, { ...(signal && { signal }) }),
      },
      notify: () => undefined,
    },
    inputOf(resources, settings),
  );
  return Object.fromEntries(evidence.map(({ check, status, observed }) => [check, `${status}: ${observed}`]));
}

async function functionOf(code: string, more: Partial<FunctionSpec> = {}): Promise<StateResource> {
  const spec = {
    runtime: 'nodejs20.x',
    handler: 'index.handler',
    files: { 'index.mjs': code },
    ...more,
  } as const;
  return functionResource(await makeFunction(sandbox, spec));
}

function nameOf(resource: StateResource): string {
  const name = resource.values['function_name'];
  return typeof name === 'string' ? name : '';
}

const passes = expect.stringMatching(/^pass: /);

const all = {
  'resource-exists': passes,
  'function-active': passes,
  'function-invocable': passes,
  'body-is-json': passes,
  'no-error-in-body': passes,
  'logs-present': passes,
  'no-error-in-logs': passes,
  'application-logs': passes,
};

const answer = `({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' })`;

describe('a Node function', () => {
  it('that works passes everything', async () => {
    const good = await functionOf(
      `export const handler = async () => { console.log('hello'); return ${answer}; };`,
    );
    expect(await verdicts([good])).toEqual(all);
  });

  it('that throws is not invocable, carries an error and logs one', async () => {
    const throwing = await functionOf(
      `export const handler = async () => { console.log('in'); throw new TypeError('boom'); };`,
    );
    expect(await verdicts([throwing])).toEqual({
      ...all,
      'function-invocable': 'fail: StatusCode 200, FunctionError Unhandled: TypeError: boom',
      'no-error-in-body': 'fail: TypeError: boom',
      'no-error-in-logs': expect.stringMatching(/^fail: .*boom/),
    });
  });

  it('that answers well but prints errors fails by its logs only', async () => {
    const printing = await functionOf(
      `export const handler = async () => { console.error('could not send'); return ${answer}; };`,
    );
    expect(await verdicts([printing])).toEqual({
      ...all,
      'no-error-in-logs': expect.stringMatching(/^fail: .*could not send/),
    });
  });

  it('that prints nothing has no application logs', async () => {
    const silent = await functionOf(`export const handler = async () => ${answer};`);
    expect(await verdicts([silent])).toEqual({
      ...all,
      'application-logs': expect.stringMatching(/^fail: none among/),
    });
  });

  it('that answers text fails unless it may', async () => {
    const plain = await functionOf(
      `export const handler = async () => { console.log('hello'); return { statusCode: 200, body: 'OK' }; };`,
    );
    expect(await verdicts([plain])).toEqual({
      ...all,
      'body-is-json': expect.stringMatching(/^fail: text that is not/),
    });
    const allowed = { functions: { [nameOf(plain)]: { allowPlainText: true } } };
    expect(await verdicts([plain], allowed)).toEqual(all);
  });

  it('that is denied access names action and resource', async () => {
    const arn = 'arn:aws:dynamodb:ap-southeast-1:123456789012:table/watchlist-dev';
    const denied = await functionOf(
      `export const handler = async () => {
        console.log('in');
        const error = new Error('User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: dynamodb:PutItem on resource: ${arn} because no identity-based policy allows the dynamodb:PutItem action');
        error.name = 'AccessDeniedException';
        throw error;
      };`,
    );
    const pointed = new RegExp(`^fail: .*dynamodb:PutItem on ${arn} .*not one of this environment`);
    expect(await verdicts([denied])).toEqual({
      ...all,
      'function-invocable': expect.stringMatching(pointed),
      'no-error-in-body': expect.stringMatching(pointed),
      'no-error-in-logs': expect.stringMatching(pointed),
    });
  });

  it('that takes too long fails with its time-out', async () => {
    const slow = await functionOf(
      `export const handler = async () => { console.log('in'); await new Promise((done) => setTimeout(done, 5000)); };`,
      { timeout: 1 },
    );
    const seen = await verdicts([slow]);
    expect(seen['function-invocable']).toMatch(/^fail: .*timed out/i);
    expect(seen['no-error-in-logs']).toMatch(/^fail: /);
  });

  it('that is not there is found missing on every layer', async () => {
    const seen = await verdicts([functionResource('no-such-function')]);
    expect(seen['resource-exists']).toBe('fail: not found');
    expect(seen['function-invocable']).toBe('fail: not invoked: not found');
    expect(Object.values(seen).filter((verdict) => verdict.startsWith('pass'))).toEqual([]);
  });
});

describe('a Python function', () => {
  const python = (body: string): Promise<StateResource> =>
    functionOf('', {
      runtime: 'python3.12',
      handler: 'app.handler',
      files: { 'app.py': `import logging\n\ndef handler(event, context):\n${body}` },
    });

  it('that prints without the request id passes everything', async () => {
    expect(await verdicts([await python('    print("hello")\n    return {"ok": True}\n')])).toEqual(all);
  });

  it('that raises fails with its error', async () => {
    const seen = await verdicts([await python('    print("in")\n    return {}["missing"]\n')]);
    expect(seen['function-invocable']).toMatch(/^fail: .*KeyError/);
    expect(seen['no-error-in-logs']).toMatch(/^fail: /);
  });
});

describe('many functions', () => {
  it('are tried side by side, and each with its own logs', async () => {
    const role = await makeRole(sandbox);
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        functionOf(
          `export const handler = async () => { console.${index === 3 ? 'error' : 'log'}('line ${index}'); return ${answer}; };`,
          { role },
        ),
      ),
    );
    const evidence = await verifyLayers(
      { clients, clock: { now: () => new Date(), sleep: (ms) => sleep(ms) }, notify: () => undefined },
      inputOf(made, { timeoutSeconds: 30 }),
    );
    const failed = evidence.filter(({ status }) => status === 'fail');
    expect(failed.map(({ subject, check }) => [subject, check])).toEqual([
      [made[3]?.address, 'no-error-in-logs'],
    ]);
  });
});

describe('a Function URL', () => {
  it('answers with what the function answers', async () => {
    const made = await functionOf(
      `export const handler = async () => { console.log('hello'); return ${answer}; };`,
    );
    const lambda = await clients.get('lambda');
    const name = nameOf(made);
    const { FunctionUrl } = await lambda.createFunctionUrlConfig({ FunctionName: name, AuthType: 'NONE' });
    const url = resourceOf('aws_lambda_function_url', 'f', {
      id: name,
      function_name: name,
      function_url: FunctionUrl ?? '',
      authorization_type: 'NONE',
    });
    // Asked as the outside world asks it, and by nothing else.
    const safe = { invoke: 'safe' } as const;
    // Open to everybody in its own settings, and yet closed: the usual mistake.
    expect((await verdicts([made, url], safe))['url-answers']).toMatch(
      /^fail: GET \/: HTTP 403 .*no permission lets everybody/,
    );
    await lambda.addPermission({
      FunctionName: name,
      StatementId: 'url',
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    });
    expect(await verdicts([made, url], safe)).toEqual({
      ...all,
      'url-answers': expect.stringMatching(/^pass: GET \/: HTTP 200/),
      'function-invocable': expect.stringMatching(/^pass: GET \/: HTTP 200/),
    });
  });
});
