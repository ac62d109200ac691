/**
 * Names of configs. A branch config of Doppler is called after its environment: `dev_feature-auth`
 * (https://docs.doppler.com/docs/branch-configs). Doppler's default environments are `dev`, `stg` and `prd`.
 */
import { createHash } from 'node:crypto';
import type { DopplerConfig } from './client.ts';

/**
 * The longest name. The name of a config becomes part of its service tokens, whose documented form leaves 35
 * characters for it (https://docs.doppler.com/reference/auth-token-formats).
 */
const longest = 35;

/** What people call the environments that Doppler makes in every new project. */
const defaults: Readonly<Record<string, string>> = {
  development: 'dev',
  staging: 'stg',
  prod: 'prd',
  production: 'prd',
};

/** Slug under which an environment stands in Doppler: its own name, or that of Doppler's default for it. */
export function environmentSlug(environment: string, existing: readonly string[]): string {
  const alias = defaults[environment.toLowerCase()];
  return !existing.includes(environment) && alias !== undefined && existing.includes(alias)
    ? alias
    : environment;
}

/** Name of the branch config for an environment: too long a name is cut, and told apart by a hash of the whole. */
export function branchConfigName(slug: string, environment: string): string {
  const name = `${slug}_${environment.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '-')}`;
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.slice(0, longest - hash.length - 1).replace(/[-_]+$/, '')}-${hash}`;
}

/** Configs that can be meant by an environment's name: its root config, or branch configs that are called after it. */
export function configsOf(environment: string, configs: readonly DopplerConfig[]): readonly DopplerConfig[] {
  const slug = environmentSlug(
    environment,
    configs.map(({ name }) => name),
  );
  const root = configs.filter(({ name, root }) => root && name === slug);
  if (root.length > 0) return root;
  return configs.filter(
    (each) => each.name === environment || each.name === branchConfigName(each.environment, environment),
  );
}
