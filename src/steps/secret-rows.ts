/**
 * Mapping rows for what functions are given in their environment and may not simply be copied: secrets, and values
 * that come from other resources of the environment. Values stay in memory; rows name keys only.
 */
import { type ClassifiedSecret, classifySecrets, secretRows } from '../secrets/classify.ts';
import { SecretValues } from '../secrets/in-memory.ts';
import { canonicalKey } from '../secrets/names.ts';
import { originsIn } from '../secrets/origins.ts';
import type { StateModel } from '../terraform/model.ts';
import { isJsonObject } from '../transfer/json.ts';
import type { MappingRow } from '../transfer/mapping.ts';
import { block } from './functions.ts';

/**
 * Every secret once: what functions are given under the name they read it by, then what else the secret store holds.
 * @param source the source's state
 * @param known as the session has classified them, the rules of the configuration included
 */
export function allSecretRows(source: StateModel, known: readonly ClassifiedSecret[]): readonly MappingRow[] {
  const rows = environmentRows(source);
  const names = new Map(rows.map(({ subject }) => [canonicalKey(subject), subject] as const));
  const classified = known.map((item) => ({
    ...item,
    key: names.get(canonicalKey(item.key)) ?? canonicalKey(item.key),
  }));
  const ours = new Set(classified.map(({ key }) => key));
  return [...rows.filter(({ subject }) => !ours.has(subject)), ...secretRows(classified)].sort((a, b) =>
    a.subject.localeCompare(b.subject),
  );
}

/** @param source the source's state */
function environmentRows(source: StateModel): readonly MappingRow[] {
  const values = new Map<string, string>();
  const secret = new Set<string>();
  for (const resource of source.resources) {
    if (resource.mode !== 'managed') continue;
    const variables = block(resource.values, 'environment')?.['variables'];
    if (!isJsonObject(variables)) continue;
    for (const [key, value] of Object.entries(variables)) {
      if (typeof value === 'string') values.set(key, value);
      if (isSensitive(resource.sensitivePaths, key)) secret.add(key);
    }
  }
  const classified = classifySecrets(values.keys(), {
    values: new SecretValues(values),
    origins: originsIn(source),
  });
  return secretRows(classified.filter((item) => item.class !== 'shared' || secret.has(item.key)));
}

/** Terraform marks one value, the whole map, or the whole block. */
function isSensitive(paths: readonly string[], key: string): boolean {
  return ['environment', 'environment.0', 'environment.0.variables', `environment.0.variables.${key}`].some(
    (path) => paths.includes(path),
  );
}
