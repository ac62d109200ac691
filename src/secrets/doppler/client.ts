/** The calls of Doppler's API that we make, and the shapes of their answers. */
import { z } from 'zod';
import { SecretValues } from '../in-memory.ts';
import type { StoredSecrets } from '../provider.ts';
import type { DopplerHttp } from './http.ts';

const config = z.object({ name: z.string(), root: z.boolean(), environment: z.string() });

export type DopplerConfig = z.output<typeof config>;

const environment = z.object({ id: z.string(), name: z.string() });

const secret = z.object({ raw: z.string().nullish(), computed: z.string().nullish() });

const anything = z.unknown();

export interface DopplerClient {
  readonly project: string;
  /** Slugs of the project's environments. */
  environments(): Promise<readonly string[]>;
  createEnvironment(slug: string): Promise<void>;
  deleteEnvironment(slug: string): Promise<void>;
  configs(environment?: string): Promise<readonly DopplerConfig[]>;
  config(name: string): Promise<DopplerConfig | null>;
  createConfig(environment: string, name: string): Promise<void>;
  deleteConfig(name: string): Promise<void>;
  names(config: string): Promise<readonly string[]>;
  secrets(config: string): Promise<StoredSecrets>;
  setSecrets(config: string, values: SecretValues): Promise<void>;
  deleteSecret(config: string, name: string): Promise<void>;
  /** Id of the newest entry of the config's log: every change of a secret adds one. */
  newestLog(config: string): Promise<string | null>;
}

/** More pages than any project has; a service that always answers with a full page ends here. */
const mostPages = 100;

/** What Doppler itself adds to every config. */
const managed = /^DOPPLER_(?:PROJECT|ENVIRONMENT|CONFIG)$/;

export function createDopplerClient(http: DopplerHttp, project: string): DopplerClient {
  const at = (name: string) => ({ project, config: name, query: { project, config: name } });

  return {
    project,
    async environments() {
      const { environments } = await http.send({
        method: 'GET',
        path: '/v3/environments',
        query: { project },
        answer: z.object({ environments: z.array(environment) }),
        doing: 'listing the environments',
        project,
      });
      return environments.map(({ id }) => id);
    },
    async createEnvironment(slug) {
      const name = slug.charAt(0).toUpperCase() + slug.slice(1);
      await http.send({
        method: 'POST',
        path: '/v3/environments',
        query: { project },
        body: { name, slug },
        creates: true,
        answer: anything,
        doing: `making the environment ${slug}`,
        project,
        config: slug,
      });
    },
    async deleteEnvironment(slug) {
      await http.find({
        method: 'DELETE',
        path: '/v3/environments/environment',
        query: { project, environment: slug },
        answer: anything,
        doing: `deleting the environment ${slug}`,
        project,
        config: slug,
      });
    },
    async configs(of) {
      const found = new Map<string, DopplerConfig>();
      for (let page = 1; page <= mostPages; page += 1) {
        const { configs } = await http.send({
          method: 'GET',
          path: '/v3/configs',
          query: {
            project,
            page: String(page),
            per_page: '100',
            ...(of === undefined ? {} : { environment: of }),
          },
          answer: z.object({ configs: z.array(config) }),
          doing: 'listing the configs',
          project,
        });
        const before = found.size;
        for (const each of configs) found.set(each.name, each);
        // Nothing new also ends it: a service that knows no pages answers every one with the same.
        if (found.size === before) break;
      }
      return [...found.values()];
    },
    async config(name) {
      const answer = await http.find({
        method: 'GET',
        path: '/v3/configs/config',
        ...at(name),
        answer: z.object({ config }),
        doing: 'looking for the config',
      });
      return answer?.config ?? null;
    },
    async createConfig(of, name) {
      await http.send({
        method: 'POST',
        path: '/v3/configs',
        body: { project, environment: of, name },
        creates: true,
        answer: anything,
        doing: 'making the config',
        project,
        config: name,
      });
    },
    async deleteConfig(name) {
      await http.find({
        method: 'DELETE',
        path: '/v3/configs/config',
        ...at(name),
        // Older versions of the API read them from the body; today's documentation has them in the query.
        body: { project, config: name },
        answer: anything,
        doing: 'deleting the config',
      });
    },
    async names(name) {
      const { names } = await http.send({
        method: 'GET',
        path: '/v3/configs/config/secrets/names',
        project,
        config: name,
        query: { project, config: name, include_managed_secrets: 'false' },
        answer: z.object({ names: z.array(z.string()) }),
        doing: 'listing the names of the secrets',
      });
      return names.filter((each) => !managed.test(each)).sort();
    },
    async secrets(name) {
      const { secrets } = await http.send({
        method: 'GET',
        path: '/v3/configs/config/secrets',
        project,
        config: name,
        query: { project, config: name, include_managed_secrets: 'false' },
        answer: z.object({ secrets: z.record(z.string(), secret) }),
        doing: 'reading the secrets',
      });
      const own = Object.entries(secrets).filter(([key]) => !managed.test(key));
      const readable = own.flatMap(([key, { raw, computed }]) => {
        const value = computed ?? raw;
        return typeof value === 'string' ? [{ key, value, raw: raw ?? value }] : [];
      });
      return {
        values: new SecretValues(readable.map(({ key, value }) => [key, value] as const)),
        raw: new SecretValues(readable.map(({ key, raw }) => [key, raw] as const)),
        // Secrets of the visibility "restricted" come without a value.
        unreadable: own
          .filter(([, each]) => typeof (each.computed ?? each.raw) !== 'string')
          .map(([key]) => key),
      };
    },
    async setSecrets(name, values) {
      await http.send({
        method: 'POST',
        path: '/v3/configs/config/secrets',
        project,
        config: name,
        body: { project, config: name, secrets: Object.fromEntries(values.revealAll()) },
        secrets: values,
        answer: anything,
        doing: `setting ${values.keys().join(', ')}`,
      });
    },
    async deleteSecret(name, key) {
      await http.send({
        method: 'DELETE',
        path: '/v3/configs/config/secret',
        project,
        config: name,
        query: { project, config: name, name: key },
        answer: anything,
        doing: `removing ${key}`,
      });
    },
    async newestLog(name) {
      const { logs } = await http.send({
        method: 'GET',
        path: '/v3/configs/config/logs',
        project,
        config: name,
        query: { project, config: name, page: '1', per_page: '1' },
        answer: z.object({ logs: z.array(z.object({ id: z.string() })) }),
        doing: 'reading the log',
      });
      return logs[0]?.id ?? null;
    },
  };
}
