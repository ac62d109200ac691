/**
 * Where values of the source come from: outputs and attributes of its own resources. A secret that has such a value
 * (`AURORA_HOST` and the cluster's endpoint) gets a new one in the target, from the same place.
 */
import type { StateModel, StateResource } from '../terraform/model.ts';
import type { Json } from '../transfer/json.ts';
import { isJsonObject } from '../transfer/json.ts';

export interface Origin {
  /** Output of the root module that has the value; `null` if none has. */
  readonly output: string | null;
  readonly address: string | null;
  readonly attribute: string | null;
}

export interface Origins {
  /** Names of the configuration's outputs. */
  readonly outputs: readonly string[];
  /** Where a value comes from; `null` if it is of no resource of this environment. */
  of(value: string): Origin | null;
  /** The resource whose address is a part of the value, as in a connection string; `null` if there is none. */
  within(value: string): Origin | null;
  /** Address of the database of this environment that has the value as its password; `null` if none has. */
  databaseWithPassword(value: string): string | null;
  /** Addresses of databases that the target gets anew. */
  readonly databases: readonly string[];
}

/** Databases and caches that are given a password when they are made. */
const passwordAttributes: Readonly<Record<string, readonly string[]>> = {
  aws_db_instance: ['password'],
  aws_docdb_cluster: ['master_password'],
  aws_elasticache_replication_group: ['auth_token'],
  aws_memorydb_user: ['authentication_mode.0.passwords.0'],
  aws_mq_broker: ['user.0.password'],
  aws_neptune_cluster: [],
  aws_opensearch_domain: ['advanced_security_options.0.master_user_options.0.master_user_password'],
  aws_rds_cluster: ['master_password'],
  aws_redshift_cluster: ['master_password'],
  aws_redshiftserverless_namespace: ['admin_user_password'],
};

/** Attributes by which others reach a resource. Any attribute would do for long values, but names are often settings too. */
const reaching =
  /^(?:arn|id|url|endpoint|reader_endpoint|address|api_endpoint|invoke_url|function_url|queue_url|website_endpoint|domain_name|dns_name|hostname|host|name|bucket|table_name|cluster_identifier|invoke_arn|execution_arn|primary_endpoint_address|configuration_endpoint|configuration_endpoint_address|connection_url)$/;

/** Shorter values are ports, flags and regions: equal by chance. */
const shortest = 8;

/** Parts of a longer value have to be longer still: only hosts, URLs and ARNs are told for sure. */
const shortestPart = 16;

function at(values: Json, path: string): Json | undefined {
  let current: Json | undefined = values;
  for (const step of path.split('.')) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(step)];
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

const isDatabase = ({ mode, type }: StateResource): boolean =>
  mode === 'managed' && passwordAttributes[type] !== undefined;

export function originsIn(state: StateModel): Origins {
  const byValue = new Map<string, Origin>();
  const passwords = new Map<string, string>();
  for (const { mode, address, type, values, sensitivePaths } of state.resources) {
    if (mode !== 'managed') continue;
    for (const path of passwordAttributes[type] ?? []) {
      const password = at(values, path);
      if (typeof password === 'string' && password !== '') passwords.set(password, address);
    }
    for (const [attribute, value] of Object.entries(values)) {
      if (typeof value !== 'string' || value.length < shortest || sensitivePaths.includes(attribute))
        continue;
      if (reaching.test(attribute) && !byValue.has(value))
        byValue.set(value, { output: null, address, attribute });
    }
  }
  for (const [output, value] of Object.entries(state.outputs)) {
    if (typeof value !== 'string' || value.length < shortest) continue;
    const known = byValue.get(value);
    // An output that shows what is shared (a bucket read as a data source) is no reason for a new value.
    if (known?.output === null) byValue.set(value, { ...known, output });
    else if (!known && /^https?:\/\//.test(value))
      byValue.set(value, { output, address: null, attribute: null });
  }
  return {
    outputs: [...Object.keys(state.outputs), ...state.sensitiveOutputs].sort(),
    of: (value) => byValue.get(value) ?? null,
    within(value) {
      for (const [part, origin] of byValue) {
        if (part.length >= shortestPart && part !== value && value.includes(part)) return origin;
      }
      return null;
    },
    databaseWithPassword: (value) => passwords.get(value) ?? null,
    databases: state.resources.filter(isDatabase).map(({ address }) => address),
  };
}

/** For a source whose state is not known. */
export const noOrigins: Origins = {
  outputs: [],
  of: () => null,
  within: () => null,
  databaseWithPassword: () => null,
  databases: [],
};
