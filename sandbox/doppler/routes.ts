/**
 * The HTTP API, version 3, in the shapes of https://docs.doppler.com/reference: every answer below is that of the page
 * called after its operation (`configs-create`, `secrets-list`, …).
 */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Fault, Faults } from './faults.ts';
import { type ChangeRequest, Refusal, type Workplace } from './model.ts';
import { authorize, type TokenAccess, type Tokens } from './tokens.ts';

/** One request as it came in, for assertions. Without its body, which holds values. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface DopplerServices {
  readonly workplace: Workplace;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly seen: SeenRequest[];
}

type Env = { Variables: { access: TokenAccess; token: string; body: Record<string, unknown> } };

const visibility = z.enum(['masked', 'unmasked', 'restricted']);

const secretsBody = z.object({
  project: z.string(),
  config: z.string(),
  secrets: z.record(z.string(), z.string().nullable()).optional(),
  change_requests: z
    .array(
      z.object({
        name: z.string(),
        originalName: z.string().nullish(),
        value: z.string().nullish(),
        visibility: visibility.optional(),
        shouldPromote: z.boolean().optional(),
        shouldDelete: z.boolean().optional(),
        shouldConverge: z.boolean().optional(),
      }),
    )
    .optional(),
});

const refusalBody = (messages: readonly string[]) => ({ messages, success: false });

export function dopplerApp({ workplace, tokens, faults, seen }: DopplerServices): Hono<Env> {
  const app = new Hono<Env>();

  const faulty = (c: Context<Env>, fault: Fault): Response => {
    const status = fault.status ?? 500;
    const headers: Record<string, string> =
      fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    if (fault.text !== undefined) return new Response(fault.text, { status, headers });
    const said = fault.messages ?? [status === 429 ? 'Too many requests' : 'Internal error'];
    return new Response(JSON.stringify(refusalBody(said)), {
      status,
      headers: { ...headers, 'content-type': 'application/json' },
    });
  };

  app.use(async (c, next) => {
    const { method, path } = c.req;
    const fault = faults.take(method, path);
    if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    const fails = fault !== undefined && (fault.status !== undefined || fault.text !== undefined);
    if (!fails || fault.afterwards) await next();
    if (fails) c.res = faulty(c, fault);
    c.header('x-ratelimit-limit', '240');
    c.header('x-ratelimit-remaining', c.res.status === 429 ? '0' : '239');
    c.header('x-ratelimit-reset', String(Math.ceil(Date.now() / 60_000) * 60));
    seen.push({ method, path, status: c.res.status });
  });

  app.use(async (c, next) => {
    const { token, access } = tokens.authenticate(c.req.header('authorization'));
    c.set('access', access);
    c.set('token', token);
    const text = c.req.method === 'GET' ? '' : await c.req.text();
    c.set('body', text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
    await next();
  });

  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json(refusalBody([error.message]), error.status);
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return c.json(refusalBody(['Invalid request']), 400);
    return c.json(refusalBody([error.message]), 500);
  });
  app.notFound((c) => c.json(refusalBody(['Not found']), 404));

  /** A parameter from the query, as today's documentation has it, or from the body, as older clients send it. */
  const given = (c: Context<Env>, name: string): string => {
    const value = c.req.query(name) ?? c.get('body')[name];
    if (typeof value !== 'string' || value === '') throw new Refusal(400, `Please provide a ${name}`);
    return value;
  };
  const inProject = (c: Context<Env>, write: boolean): string => {
    const project = given(c, 'project');
    authorize(c.get('access'), { project, write });
    workplace.project(project);
    return project;
  };
  const inConfig = (c: Context<Env>, write: boolean): readonly [string, string] => {
    const [project, config] = [given(c, 'project'), given(c, 'config')];
    authorize(c.get('access'), { project, config, write });
    workplace.config(project, config);
    return [project, config];
  };
  const paged = <T>(c: Context<Env>, items: readonly T[]): { page: number; items: readonly T[] } => {
    const page = Number(c.req.query('page') ?? 1);
    const perPage = Math.min(100, Number(c.req.query('per_page') ?? 20));
    return { page, items: items.slice((page - 1) * perPage, page * perPage) };
  };

  const shownProject = (name: string) => {
    const { created } = workplace.project(name);
    return { id: name, slug: name, name, description: '', created_at: created };
  };
  const shownEnvironment = (project: string, slug: string) => {
    const { name, created } = workplace.environment(project, slug);
    return { id: slug, slug, name, project, initial_fetch_at: null, created_at: created };
  };
  const shownConfig = (project: string, config: string) => {
    const { name, root, environment, created, fetched } = workplace.config(project, config);
    const fetches = { initial_fetch_at: fetched, last_fetch_at: fetched };
    return { name, root, locked: root, ...fetches, created_at: created, environment, project, slug: name };
  };
  const shownSecrets = (c: Context<Env>, [project, config]: readonly [string, string]) => {
    // A restricted secret is for machines: only a service token may read its value.
    const secrets = workplace.secrets(project, config, c.get('access').kind === 'service');
    const { environment } = workplace.config(project, config);
    const managed = Object.entries({
      DOPPLER_PROJECT: project,
      DOPPLER_ENVIRONMENT: environment,
      DOPPLER_CONFIG: config,
    });
    if (c.req.query('include_managed_secrets') === 'false') return secrets;
    const shown = { note: '', rawVisibility: 'unmasked', computedVisibility: 'unmasked' } as const;
    return {
      ...secrets,
      ...Object.fromEntries(managed.map(([key, value]) => [key, { raw: value, computed: value, ...shown }])),
    };
  };

  app.get('/v3/me', (c) => {
    const token = c.get('token');
    const type = c.get('access').kind === 'personal' ? 'personal' : 'service_token';
    const preview = `${token.slice(0, 5)}...${token.slice(-6)}`;
    return c.json({
      slug: 'sandbox',
      name: 'sandbox',
      type,
      token_preview: preview,
      workplace: { slug: 'sandbox', name: 'Sandbox' },
    });
  });

  app.get('/v3/projects', (c) => {
    const access = c.get('access');
    const names = [...workplace.projects.keys()].filter((name) =>
      access.kind === 'service' ? access.project === name : (access.projects?.includes(name) ?? true),
    );
    const { page, items } = paged(c, names);
    return c.json({ projects: items.map(shownProject), page });
  });
  app.get('/v3/projects/project', (c) => c.json({ project: shownProject(inProject(c, false)) }));
  app.post('/v3/projects', (c) => {
    const { name } = workplace.createProject(given(c, 'name'));
    return c.json({ project: shownProject(name) });
  });

  app.get('/v3/environments', (c) => {
    const project = inProject(c, false);
    const environments = [...workplace.project(project).environments.keys()];
    return c.json({ environments: environments.map((slug) => shownEnvironment(project, slug)), page: 1 });
  });
  app.get('/v3/environments/environment', (c) => {
    const project = inProject(c, false);
    return c.json({ environment: shownEnvironment(project, given(c, 'environment')) });
  });
  app.post('/v3/environments', (c) => {
    const project = inProject(c, true);
    const { slug } = workplace.createEnvironment(project, given(c, 'slug'), given(c, 'name'));
    return c.json({ environment: shownEnvironment(project, slug) });
  });
  app.delete('/v3/environments/environment', (c) => {
    workplace.deleteEnvironment(inProject(c, true), given(c, 'environment'));
    return c.json({ success: true });
  });

  app.get('/v3/configs', (c) => {
    const project = inProject(c, false);
    const environment = c.req.query('environment');
    const configs = [...workplace.project(project).configs.values()].filter(
      (config) => environment === undefined || config.environment === environment,
    );
    const { page, items } = paged(c, configs);
    return c.json({ configs: items.map(({ name }) => shownConfig(project, name)), page });
  });
  app.post('/v3/configs', (c) => {
    const project = inProject(c, true);
    const { name } = workplace.createConfig(project, given(c, 'environment'), given(c, 'name'));
    return c.json({ config: shownConfig(project, name) });
  });
  app.get('/v3/configs/config', (c) => c.json({ config: shownConfig(...inConfig(c, false)) }));
  app.delete('/v3/configs/config', (c) => {
    workplace.deleteConfig(...inConfig(c, true));
    return c.json({ success: true });
  });
  app.post('/v3/configs/config/clone', (c) => {
    const [project, config] = inConfig(c, true);
    const { name } = workplace.cloneConfig(project, config, given(c, 'name'));
    return c.json({ config: shownConfig(project, name) });
  });

  app.get('/v3/configs/config/secrets', (c) => c.json({ secrets: shownSecrets(c, inConfig(c, false)) }));
  app.get('/v3/configs/config/secret', (c) => {
    const name = given(c, 'name');
    const secret = Object.entries(shownSecrets(c, inConfig(c, false))).find(([key]) => key === name)?.[1];
    if (!secret) throw new Refusal(404, `Could not find requested secret: ${name}`);
    return c.json({ name, value: secret });
  });
  app.get('/v3/configs/config/secrets/names', (c) =>
    c.json({ names: Object.keys(shownSecrets(c, inConfig(c, false))) }),
  );
  app.get('/v3/configs/config/secrets/download', (c) => {
    const transform = c.req.query('name_transformer');
    if (transform !== undefined && transform !== 'tf-var')
      throw new Refusal(400, 'Only tf-var is known here');
    const name = (key: string): string => (transform === 'tf-var' ? `TF_VAR_${key.toLowerCase()}` : key);
    const secrets = Object.entries(shownSecrets(c, inConfig(c, false)));
    return c.json(Object.fromEntries(secrets.map(([key, { computed }]) => [name(key), computed ?? ''])));
  });
  app.post('/v3/configs/config/secrets', (c) => {
    const body = secretsBody.parse(c.get('body'));
    const place = inConfig(c, true);
    const changes: readonly ChangeRequest[] =
      body.change_requests ??
      Object.entries(body.secrets ?? {}).map(([name, value]) =>
        value === null ? { name, shouldDelete: true } : { name, value },
      );
    if (changes.length === 0) throw new Refusal(400, 'Either secrets or change_requests is required');
    workplace.change(...place, changes);
    return c.json({ secrets: shownSecrets(c, place) });
  });
  app.delete('/v3/configs/config/secret', (c) => {
    const place = inConfig(c, true);
    workplace.change(...place, [{ name: given(c, 'name'), shouldDelete: true }]);
    return c.body(null, 204);
  });

  app.get('/v3/configs/config/logs', (c) => {
    const [project, config] = inConfig(c, false);
    const { page, items } = paged(c, workplace.config(project, config).logs);
    const { environment } = workplace.config(project, config);
    const user = {
      email: 'sandbox@example.com',
      name: 'Sandbox',
      username: 'sandbox',
      profile_image_url: '',
    };
    const logs = items.map((log) => ({
      ...log,
      html: log.text,
      rollback: false,
      config,
      environment,
      project,
      user,
    }));
    return c.json({ page, logs });
  });

  return app;
}
