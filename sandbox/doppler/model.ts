/**
 * What a Doppler workplace holds: projects, environments, configs and their secrets, as far as its API shows them.
 *
 * From the documentation: an environment brings a root config of its own name; a branch config is called
 * `<environment>_<name>` and shows the secrets of its root config until it has a value of its own
 * (https://docs.doppler.com/docs/branch-configs, `shouldConverge` in https://docs.doppler.com/reference/secrets-update).
 * Not documented: what deleting an inherited secret in a branch config does. Here it does nothing, the worst case for
 * whoever relies on it.
 */
import { randomBytes } from 'node:crypto';

export type Visibility = 'masked' | 'unmasked' | 'restricted';

interface Secret {
  raw: string;
  visibility: Visibility;
  note: string;
}

export interface LogEntry {
  readonly id: string;
  readonly text: string;
  readonly created_at: string;
}

interface Config {
  readonly name: string;
  readonly environment: string;
  readonly root: boolean;
  readonly created: string;
  readonly secrets: Map<string, Secret>;
  /** Newest first. */
  readonly logs: LogEntry[];
  fetched: string | null;
}

interface Environment {
  readonly slug: string;
  name: string;
  readonly created: string;
}

interface Project {
  readonly name: string;
  readonly created: string;
  readonly environments: Map<string, Environment>;
  readonly configs: Map<string, Config>;
}

/** An answer that is not the one that was hoped for. The texts of the first two kinds are those that the CLI shows. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409;

  constructor(status: Refusal['status'], message: string) {
    super(message);
    this.status = status;
  }
}

export interface ChangeRequest {
  readonly name: string;
  readonly originalName?: string | null | undefined;
  readonly value?: string | null | undefined;
  readonly visibility?: Visibility | undefined;
  readonly shouldPromote?: boolean | undefined;
  readonly shouldDelete?: boolean | undefined;
  readonly shouldConverge?: boolean | undefined;
}

export interface ShownSecret {
  readonly raw: string | null;
  readonly computed: string | null;
  readonly note: string;
  readonly rawVisibility: Visibility;
  readonly computedVisibility: Visibility;
}

const now = (): string => new Date().toISOString();
const newId = (): string => randomBytes(12).toString('base64url').slice(0, 15);
const secretName = /^[A-Z_][A-Z0-9_]*$/;
const configName = /^[a-z0-9][a-z0-9_-]*$/;

export class Workplace {
  readonly projects = new Map<string, Project>();

  createProject(name: string): Project {
    if (this.projects.has(name)) throw new Refusal(409, `Project '${name}' already exists`);
    const project = { name, created: now(), environments: new Map(), configs: new Map() };
    this.projects.set(name, project);
    return project;
  }

  project(name: string): Project {
    const project = this.projects.get(name);
    if (!project) throw new Refusal(404, `Could not find requested project '${name}'`);
    return project;
  }

  createEnvironment(projectName: string, slug: string, name: string): Environment {
    const project = this.project(projectName);
    if (!configName.test(slug)) throw new Refusal(400, 'Slug is invalid');
    if (project.environments.has(slug)) throw new Refusal(409, `Environment '${slug}' already exists`);
    const environment = { slug, name, created: now() };
    project.environments.set(slug, environment);
    this.#addConfig(project, slug, slug, true);
    return environment;
  }

  environment(projectName: string, slug: string): Environment {
    const environment = this.project(projectName).environments.get(slug);
    if (!environment) throw new Refusal(404, `Could not find requested environment '${slug}'`);
    return environment;
  }

  deleteEnvironment(projectName: string, slug: string): void {
    this.environment(projectName, slug);
    const project = this.project(projectName);
    project.environments.delete(slug);
    for (const config of project.configs.values()) {
      if (config.environment === slug) project.configs.delete(config.name);
    }
  }

  createConfig(projectName: string, environment: string, name: string): Config {
    this.environment(projectName, environment);
    const project = this.project(projectName);
    if (!configName.test(name) || !name.startsWith(`${environment}_`)) {
      throw new Refusal(400, `Config name must start with '${environment}_'`);
    }
    if (project.configs.has(name)) throw new Refusal(409, `Config '${name}' already exists`);
    return this.#addConfig(project, environment, name, false);
  }

  cloneConfig(projectName: string, from: string, name: string): Config {
    const source = this.config(projectName, from);
    const clone = this.createConfig(projectName, source.environment, name);
    // A clone of a root config inherits; a clone of a branch has the same values of its own.
    if (!source.root) for (const [key, secret] of source.secrets) clone.secrets.set(key, { ...secret });
    return clone;
  }

  config(projectName: string, name: string): Config {
    const config = this.project(projectName).configs.get(name);
    if (!config) throw new Refusal(404, `Could not find requested config '${name}'`);
    return config;
  }

  deleteConfig(projectName: string, name: string): void {
    if (this.config(projectName, name).root) throw new Refusal(400, 'Root configs cannot be deleted');
    this.project(projectName).configs.delete(name);
  }

  /** Names of a config's secrets, inherited ones included. */
  names(projectName: string, name: string): readonly string[] {
    return [...this.#visible(projectName, name).keys()].sort();
  }

  secrets(
    projectName: string,
    name: string,
    mayReadRestricted: boolean,
  ): Readonly<Record<string, ShownSecret>> {
    this.config(projectName, name).fetched = now();
    const shown = [...this.#visible(projectName, name)].map(([key, { raw, visibility, note }]) => {
      const hidden = visibility === 'restricted' && !mayReadRestricted;
      const computed = hidden ? null : this.#resolve(projectName, name, raw, 0);
      const secret = {
        raw: hidden ? null : raw,
        computed,
        note,
        rawVisibility: visibility,
        computedVisibility: visibility,
      };
      return [key, secret] as const;
    });
    return Object.fromEntries(shown);
  }

  change(projectName: string, name: string, changes: readonly ChangeRequest[]): void {
    const config = this.config(projectName, name);
    // Everything is checked first: Doppler changes all of a request or nothing.
    const wrong = changes.find((change) => !secretName.test(change.name));
    if (wrong) throw new Refusal(400, `Secret name '${wrong.name}' is invalid`);
    for (const change of changes) this.#apply(projectName, config, change);
    config.logs.unshift({
      id: newId(),
      text: `Modified ${changes.map((change) => change.name).join(', ')}`,
      created_at: now(),
    });
  }

  /** The root config whose secrets show through; `undefined` for a root config. */
  #rootOf(projectName: string, config: Config): Config | undefined {
    if (config.root) return undefined;
    return [...this.project(projectName).configs.values()].find(
      ({ root, environment }) => root && environment === config.environment,
    );
  }

  #apply(projectName: string, config: Config, change: ChangeRequest): void {
    const root = this.#rootOf(projectName, config);
    if (change.shouldDelete || change.shouldConverge) {
      config.secrets.delete(change.name);
      return;
    }
    const before = change.originalName ?? change.name;
    const known = config.secrets.get(before) ?? root?.secrets.get(before);
    if (before !== change.name) config.secrets.delete(before);
    const raw = change.value ?? known?.raw;
    if (raw === undefined) throw new Refusal(400, `Secret '${change.name}' has no value`);
    const secret = {
      raw,
      visibility: change.visibility ?? known?.visibility ?? 'masked',
      note: known?.note ?? '',
    };
    config.secrets.set(change.name, secret);
    if (change.shouldPromote) root?.secrets.set(change.name, { ...secret });
  }

  #visible(projectName: string, name: string): ReadonlyMap<string, Secret> {
    const config = this.config(projectName, name);
    return new Map([...(this.#rootOf(projectName, config)?.secrets ?? []), ...config.secrets]);
  }

  /** `${NAME}`, `${config.NAME}` and `${project.config.NAME}` (https://docs.doppler.com/docs/secrets#referencing-secrets). */
  #resolve(projectName: string, name: string, raw: string, depth: number): string {
    if (depth > 10) return raw;
    return raw.replaceAll(/\$\{([\w.-]+)\}/g, (reference: string, path: string) => {
      const [key = '', config = name, project = projectName] = path.split('.').reverse();
      if (!this.projects.get(project)?.configs.has(config)) return reference;
      const secret = this.#visible(project, config).get(key);
      return secret ? this.#resolve(project, config, secret.raw, depth + 1) : reference;
    });
  }

  #addConfig(project: Project, environment: string, name: string, root: boolean): Config {
    const logs = [{ id: newId(), text: 'Config created', created_at: now() }];
    const config = {
      name,
      environment,
      root,
      created: now(),
      secrets: new Map<string, Secret>(),
      logs,
      fetched: null,
    };
    project.configs.set(name, config);
    return config;
  }
}
