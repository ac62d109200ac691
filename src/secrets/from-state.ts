/**
 * The secrets of an environment as its state shows them: for projects without a secret store, and for comparing with
 * what really runs. A plan does not show a function's variables as soon as one of them is unknown; a state does.
 */
import type { Declarations, StateModel, StateResource } from '../terraform/model.ts';
import { isJsonObject, type Json } from '../transfer/json.ts';
import { SecretValues } from './in-memory.ts';
import { canonicalKey } from './names.ts';

export interface FromStateOptions {
  /** With them, `master_password = var.aurora_password` is known as the secret `aurora_password`. */
  readonly declarations?: Declarations | undefined;
  /** Names of secrets, in any spelling: variables of functions that are called so count even if Terraform does not mark them. */
  readonly names?: readonly string[] | undefined;
}

type Found = (key: string, value: string) => void;

/** Maps of environment variables: Lambda, CodeBuild and App Runner have them in different places. */
const environmentMaps: readonly string[] = [
  'environment.0.variables',
  'source_configuration.0.image_repository.0.image_configuration.0.runtime_environment_variables',
];

function at(values: Json, path: string): Json | undefined {
  let current: Json | undefined = values;
  for (const step of path.split('.')) {
    if (Array.isArray(current)) current = (current as readonly Json[])[Number(step)];
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

/** Terraform marks one value, the whole map, or the whole block. */
const isSensitive = (resource: StateResource, path: string): boolean =>
  resource.sensitivePaths.some((marked) => path === marked || path.startsWith(`${marked}.`));

function fromEnvironmentMaps(resource: StateResource, names: ReadonlySet<string>, found: Found): void {
  for (const path of environmentMaps) {
    const variables = at(resource.values, path);
    if (!isJsonObject(variables)) continue;
    for (const [key, value] of Object.entries(variables)) {
      if (typeof value !== 'string' || value === '') continue;
      if (isSensitive(resource, `${path}.${key}`) || names.has(canonicalKey(key))) found(key, value);
    }
  }
}

/** Containers have theirs in a JSON text: `[{ environment: [{ name, value }] }]`. */
function fromContainers(resource: StateResource, names: ReadonlySet<string>, found: Found): void {
  const text = resource.values['container_definitions'];
  if (typeof text !== 'string') return;
  let containers: Json;
  try {
    containers = JSON.parse(text) as Json;
  } catch {
    return;
  }
  const all = isSensitive(resource, 'container_definitions');
  for (const container of Array.isArray(containers) ? (containers as readonly Json[]) : []) {
    const entries = isJsonObject(container) ? container['environment'] : undefined;
    for (const entry of Array.isArray(entries) ? (entries as readonly Json[]) : []) {
      if (!isJsonObject(entry)) continue;
      const { name, value } = entry;
      if (typeof name !== 'string' || typeof value !== 'string' || value === '') continue;
      if (all || names.has(canonicalKey(name))) found(name, value);
    }
  }
}

/** Other sensitive attributes are known by the variable they are set from, where it is one variable and nothing else. */
function fromAttributes(resource: StateResource, declarations: Declarations | undefined, found: Found): void {
  const module = declarations?.modules[resource.modulePath];
  const declared = module?.resources[`${resource.type}.${resource.name}`];
  for (const path of resource.sensitivePaths) {
    const value = at(resource.values, path);
    if (typeof value !== 'string' || value === '' || environmentMaps.some((map) => path.startsWith(map)))
      continue;
    const expression = declared?.attributes[path.replaceAll(/\.\d+(?=\.|$)/g, '')];
    const [reference, ...others] = expression?.references ?? [];
    if (reference === undefined || others.length > 0 || expression?.literals.length !== 0) continue;
    const [, variable] = /^var\.([\w-]+)$/.exec(reference) ?? [];
    if (variable !== undefined) found(variable, value);
  }
}

/**
 * Secrets by key. A key that has several values in one environment is there once under its own name, and again as
 * `KEY in <address>` for each other value: every one of them is a credential of that environment.
 */
export function secretsFromState(state: StateModel, options: FromStateOptions = {}): SecretValues {
  const names = new Set((options.names ?? []).map(canonicalKey));
  const values = new Map<string, string>();
  const spelled = new Map<string, string>();
  for (const resource of state.resources) {
    if (resource.mode !== 'managed') continue;
    const found: Found = (key, value) => {
      const known = spelled.get(canonicalKey(key));
      if (known === undefined) {
        spelled.set(canonicalKey(key), key);
        values.set(key, value);
      } else if (values.get(known) !== value) values.set(`${known} in ${resource.address}`, value);
    };
    fromEnvironmentMaps(resource, names, found);
    fromContainers(resource, names, found);
    fromAttributes(resource, options.declarations, found);
  }
  return new SecretValues(values);
}

/** The key alone: `KEY` of `KEY in <address>`. */
export function keyOfStateSecret(key: string): string {
  return key.split(' in ', 1)[0] ?? key;
}
