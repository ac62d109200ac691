import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DopplerSandbox, startDoppler } from '../../sandbox/doppler/start.ts';

let doppler: DopplerSandbox;
beforeEach(async () => {
  doppler = await startDoppler({
    seed: {
      reports: {
        dev: {
          secrets: { USER: 'ada', TOKEN: 'root-token', URL: 'db://${USER}@host', SEALED: 'sealed-value' },
          restricted: ['SEALED'],
          branches: { dev_ada: { TOKEN: 'branch-token' } },
        },
        stg: { secrets: { FROM_DEV: '${dev.TOKEN}' } },
      },
    },
  });
});
afterEach(() => doppler.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function call(method: string, path: string, body?: unknown, token = doppler.token): Promise<Answer> {
  const response = await fetch(new URL(path, doppler.url), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

const at = (config: string, more = ''): string => `project=reports&config=${config}${more}`;

describe('configs', () => {
  it('come with their environment, and have the documented shape', async () => {
    await call('POST', '/v3/environments?project=reports', { name: 'Production', slug: 'prd' });
    const { body } = await call('GET', `/v3/configs/config?${at('prd')}`);
    expect(body['config']).toMatchObject({
      name: 'prd',
      root: true,
      environment: 'prd',
      project: 'reports',
      locked: true,
    });
    expect(Object.keys(body['config'] as object).sort()).toEqual([
      'created_at',
      'environment',
      'initial_fetch_at',
      'last_fetch_at',
      'locked',
      'name',
      'project',
      'root',
      'slug',
    ]);
  });

  it('are called after their environment', async () => {
    const made = await call('POST', '/v3/configs', {
      project: 'reports',
      environment: 'dev',
      name: 'dev_feature-auth',
    });
    expect(made.body['config']).toMatchObject({ name: 'dev_feature-auth', root: false });
    const refused = await call('POST', '/v3/configs', {
      project: 'reports',
      environment: 'dev',
      name: 'feature-auth',
    });
    expect([refused.status, refused.body['success']]).toEqual([400, false]);
    const again = await call('POST', '/v3/configs', {
      project: 'reports',
      environment: 'dev',
      name: 'dev_feature-auth',
    });
    expect(again.status).toBe(409);
  });

  it('go with their environment, and a root config only so', async () => {
    expect((await call('DELETE', `/v3/configs/config?${at('dev')}`)).status).toBe(400);
    expect((await call('DELETE', `/v3/configs/config?${at('dev_ada')}`)).body).toEqual({ success: true });
    await call('DELETE', '/v3/environments/environment?project=reports&environment=dev');
    expect(doppler.configs('reports')).toEqual(['stg']);
  });

  it('are listed by page and by environment', async () => {
    const all = await call('GET', '/v3/configs?project=reports&per_page=2&page=2');
    expect(all.body).toMatchObject({ page: 2, configs: [{ name: 'stg' }] });
    const { body } = await call('GET', '/v3/configs?project=reports&environment=dev');
    expect(body['configs']).toMatchObject([{ name: 'dev' }, { name: 'dev_ada' }]);
  });

  it('can be cloned: a branch with what it has of its own', async () => {
    await call('POST', '/v3/configs/config/clone', {
      project: 'reports',
      config: 'dev_ada',
      name: 'dev_copy',
    });
    expect(doppler.secrets('reports', 'dev_copy')).toMatchObject({ TOKEN: 'branch-token', USER: 'ada' });
  });
});

describe('secrets', () => {
  it('are inherited from the root config until a branch has its own', async () => {
    expect(doppler.secrets('reports', 'dev_ada')).toMatchObject({ TOKEN: 'branch-token', USER: 'ada' });
    doppler.set('reports', 'dev', { USER: 'grace' });
    expect(doppler.secrets('reports', 'dev_ada')).toMatchObject({ USER: 'grace', URL: 'db://grace@host' });
  });

  it('show through again where a branch’s own one is deleted', async () => {
    await call('DELETE', `/v3/configs/config/secret?${at('dev_ada', '&name=TOKEN')}`);
    expect(doppler.secrets('reports', 'dev_ada')['TOKEN']).toBe('root-token');
    await call('POST', '/v3/configs/config/secrets', {
      project: 'reports',
      config: 'dev_ada',
      secrets: { TOKEN: null },
    });
    expect(doppler.secrets('reports', 'dev_ada')['TOKEN']).toBe('root-token');
  });

  it('may be empty', async () => {
    await call('POST', '/v3/configs/config/secrets', {
      project: 'reports',
      config: 'dev_ada',
      secrets: { TOKEN: '' },
    });
    expect(doppler.secrets('reports', 'dev_ada')['TOKEN']).toBe('');
    expect(doppler.secrets('reports', 'dev')['TOKEN']).toBe('root-token');
  });

  it('come raw and computed, across configs too', async () => {
    const { body } = await call('GET', `/v3/configs/config/secrets?${at('stg')}`);
    expect(body['secrets']).toMatchObject({
      FROM_DEV: { raw: '${dev.TOKEN}', computed: 'root-token', note: '', rawVisibility: 'masked' },
      DOPPLER_CONFIG: { computed: 'stg' },
    });
    const names = await call(
      'GET',
      `/v3/configs/config/secrets/names?${at('stg', '&include_managed_secrets=false')}`,
    );
    expect(names.body).toEqual({ names: ['FROM_DEV'] });
  });

  it('that are restricted show their values to service tokens only', async () => {
    const person = await call('GET', `/v3/configs/config/secrets?${at('dev')}`);
    expect(person.body['secrets']).toMatchObject({
      SEALED: { raw: null, computed: null, rawVisibility: 'restricted' },
    });
    const service = doppler.issueToken({ kind: 'service', project: 'reports', config: 'dev', write: false });
    const machine = await call('GET', `/v3/configs/config/secrets?${at('dev')}`, undefined, service);
    expect(machine.body['secrets']).toMatchObject({ SEALED: { computed: 'sealed-value' } });
  });

  it('follow change requests', async () => {
    const change_requests = [
      { name: 'TOKEN', originalName: 'TOKEN', value: null, shouldConverge: true },
      { name: 'OWNER', originalName: 'USER', value: null },
      { name: 'NEW', originalName: null, value: 'x', shouldPromote: true },
    ];
    await call('POST', '/v3/configs/config/secrets', {
      project: 'reports',
      config: 'dev_ada',
      change_requests,
    });
    expect(doppler.secrets('reports', 'dev_ada')).toMatchObject({
      TOKEN: 'root-token',
      OWNER: 'ada',
      NEW: 'x',
    });
    expect(doppler.secrets('reports', 'dev')['NEW']).toBe('x');
  });

  it('are changed all or not at all', async () => {
    const secrets = { GOOD: 'x', 'bad-name': 'y' };
    const { status } = await call('POST', '/v3/configs/config/secrets', {
      project: 'reports',
      config: 'dev',
      secrets,
    });
    expect(status).toBe(400);
    expect(doppler.secrets('reports', 'dev')).not.toHaveProperty('GOOD');
  });

  it('are downloaded under the names that Terraform reads', async () => {
    const { body } = await call(
      'GET',
      `/v3/configs/config/secrets/download?${at('dev', '&format=json&name_transformer=tf-var')}`,
    );
    expect(body).toMatchObject({ TF_VAR_token: 'root-token', TF_VAR_doppler_config: 'dev' });
  });

  it('leave a line in the config’s log with every change', async () => {
    const before = await call('GET', `/v3/configs/config/logs?${at('dev', '&per_page=1')}`);
    doppler.set('reports', 'dev', { USER: 'grace' });
    const after = await call('GET', `/v3/configs/config/logs?${at('dev', '&per_page=1')}`);
    expect(before.body['logs']).not.toEqual(after.body['logs']);
    expect(JSON.stringify(after.body)).not.toContain('grace');
  });
});

describe('tokens', () => {
  it('have the documented forms', () => {
    expect(doppler.token).toMatch(/^dp\.pt\.[a-zA-Z0-9]{40,44}$/);
    const service = doppler.issueToken({ kind: 'service', project: 'reports', config: 'dev', write: false });
    expect(service).toMatch(/^dp\.st\.(?:[a-z0-9\-_]{2,35}\.)?[a-zA-Z0-9]{40,44}$/);
  });

  it('are refused when wrong, missing or revoked, in the documented form', async () => {
    const token = doppler.issueToken({ kind: 'personal' });
    doppler.revokeToken(token);
    for (const wrong of [token, 'dp.pt.wrong', '']) {
      expect(await call('GET', '/v3/me', undefined, wrong)).toMatchObject({
        status: 401,
        body: { messages: ['Invalid Auth token'], success: false },
      });
    }
    expect((await call('GET', '/v3/me')).body).toMatchObject({
      type: 'personal',
      workplace: { name: 'Sandbox' },
    });
  });

  it('of one config reach that config only', async () => {
    const reader = doppler.issueToken({ kind: 'service', project: 'reports', config: 'dev', write: false });
    expect((await call('GET', `/v3/configs/config/secrets?${at('dev')}`, undefined, reader)).status).toBe(
      200,
    );
    expect((await call('GET', `/v3/configs/config/secrets?${at('stg')}`, undefined, reader)).status).toBe(
      403,
    );
    const body = { project: 'reports', config: 'dev', secrets: { A: '1' } };
    expect((await call('POST', '/v3/configs/config/secrets', body, reader)).status).toBe(403);
    const made = await call(
      'POST',
      '/v3/configs',
      { project: 'reports', environment: 'dev', name: 'dev_x' },
      reader,
    );
    expect(made.status).toBe(403);
  });

  it('may be sent as the user name of Basic, as the Terraform provider does', async () => {
    const response = await fetch(new URL('/v3/me', doppler.url), {
      headers: { authorization: `Basic ${Buffer.from(`${doppler.token}:`).toString('base64')}` },
    });
    expect(response.status).toBe(200);
  });
});

describe('errors', () => {
  it.each([
    ['/v3/configs/config?project=reports&config=none', "Could not find requested config 'none'"],
    ['/v3/configs/config?project=none&config=dev', "Could not find requested project 'none'"],
    [
      '/v3/environments/environment?project=reports&environment=none',
      "Could not find requested environment 'none'",
    ],
  ])('name what is not there: %s', async (path, message) => {
    expect(await call('GET', path)).toMatchObject({
      status: 404,
      body: { messages: [message], success: false },
    });
  });

  it('can be ordered: limits, failures and broken answers, for a while', async () => {
    doppler.fail({ path: '/v3/me', status: 429, retryAfter: '7', times: 1 });
    const limited = await call('GET', '/v3/me');
    expect([
      limited.status,
      limited.headers.get('retry-after'),
      limited.headers.get('x-ratelimit-remaining'),
    ]).toEqual([429, '7', '0']);
    expect((await call('GET', '/v3/me')).headers.get('x-ratelimit-limit')).toBe('240');
    doppler.fail({ status: 502, text: '<html>', after: 1 });
    expect((await call('GET', '/v3/me')).status).toBe(200);
    expect((await fetch(new URL('/v3/me', doppler.url))).status).toBe(502);
    doppler.clearFaults();
    expect((await call('GET', '/v3/me')).status).toBe(200);
  });

  it('can come after the deed', async () => {
    doppler.fail({ method: 'POST', path: '/v3/configs', status: 504, times: 1, afterwards: true });
    const { status } = await call('POST', '/v3/configs', {
      project: 'reports',
      environment: 'dev',
      name: 'dev_x',
    });
    expect(status).toBe(504);
    expect(doppler.configs('reports')).toContain('dev_x');
    expect(doppler.requests.at(-1)).toEqual({ method: 'POST', path: '/v3/configs', status: 504 });
  });
});
