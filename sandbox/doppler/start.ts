/** Starts the stand-in of Doppler: a workplace in memory behind Doppler's HTTP API. */
import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { type Fault, Faults } from './faults.ts';
import { Workplace } from './model.ts';
import { dopplerApp, type SeenRequest } from './routes.ts';
import { type TokenAccess, Tokens } from './tokens.ts';

export interface SeededEnvironment {
  /** Secrets of the root config. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Of those, the ones whose values only a service token may read. */
  readonly restricted?: readonly string[];
  /** Branch configs by their full names, with the secrets that they have of their own. */
  readonly branches?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Project → environment → what is in it. */
export type DopplerSeed = Readonly<Record<string, Readonly<Record<string, SeededEnvironment>>>>;

export interface DopplerOptions {
  /** 0, the default, is any free port. */
  readonly port?: number;
  readonly seed?: DopplerSeed;
}

export interface DopplerSandbox {
  readonly url: string;
  /** A personal token: it may do everything. */
  readonly token: string;
  /** What our client and Doppler's own tools need to reach it. */
  readonly env: Readonly<Record<string, string>>;
  issueToken(access: TokenAccess): string;
  revokeToken(token: string): void;
  /** Makes requests to come fail. */
  fail(fault: Fault): void;
  clearFaults(): void;
  /** Requests so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** What anybody who may read the config sees of it. */
  secrets(project: string, config: string): Readonly<Record<string, string>>;
  configs(project: string): readonly string[];
  environments(project: string): readonly string[];
  /** As a person at the dashboard would. */
  set(project: string, config: string, secrets: Readonly<Record<string, string>>): void;
  stop(): Promise<void>;
}

function plant(workplace: Workplace, seed: DopplerSeed): void {
  for (const [project, environments] of Object.entries(seed)) {
    workplace.createProject(project);
    for (const [slug, { secrets = {}, restricted = [], branches = {} }] of Object.entries(environments)) {
      workplace.createEnvironment(project, slug, slug);
      const changes = Object.entries(secrets).map(([name, value]) => ({
        name,
        value,
        visibility: restricted.includes(name) ? ('restricted' as const) : ('masked' as const),
      }));
      if (changes.length > 0) workplace.change(project, slug, changes);
      for (const [branch, own] of Object.entries(branches)) {
        workplace.createConfig(project, slug, branch);
        const values = Object.entries(own).map(([name, value]) => ({ name, value }));
        if (values.length > 0) workplace.change(project, branch, values);
      }
    }
  }
}

export async function startDoppler(options: DopplerOptions = {}): Promise<DopplerSandbox> {
  const workplace = new Workplace();
  plant(workplace, options.seed ?? {});
  const tokens = new Tokens();
  const faults = new Faults();
  const seen: SeenRequest[] = [];
  const token = tokens.issue({ kind: 'personal' });
  const app = dopplerApp({ workplace, tokens, faults, seen });
  const server = serve({ fetch: app.fetch, port: options.port ?? 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The stand-in of Doppler has no port.');
  const url = `http://127.0.0.1:${address.port}`;

  return {
    url,
    token,
    env: { DOPPLER_API_HOST: url, DOPPLER_TOKEN: token },
    issueToken: (access) => tokens.issue(access),
    revokeToken: (revoked) => tokens.revoke(revoked),
    fail: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    requests: seen,
    secrets: (project, config) =>
      Object.fromEntries(
        Object.entries(workplace.secrets(project, config, true)).map(([key, { computed }]) => [
          key,
          computed ?? '',
        ]),
      ),
    configs: (project) => [...workplace.project(project).configs.keys()].sort(),
    environments: (project) => [...workplace.project(project).environments.keys()].sort(),
    set: (project, config, secrets) =>
      workplace.change(
        project,
        config,
        Object.entries(secrets).map(([name, value]) => ({ name, value })),
      ),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      // Clients keep their connections open for a while; nobody waits for them here.
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
