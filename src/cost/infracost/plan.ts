/**
 * What Infracost is given: resources in the shape of `terraform show -json`, with nothing in it that is sensitive or
 * may hold a secret. Infracost asks a service on the network for prices, so it gets no plan of Terraform's own.
 */
import type { TargetResource } from '../../proof/target.ts';
import { isJsonObject, type Json, type JsonObject } from '../../transfer/json.ts';

/** No price depends on these, and people put secrets into them. */
const neverGiven: ReadonlySet<string> = new Set([
  'environment',
  'environment_variables',
  'user_data',
  'user_data_base64',
  'container_definitions',
  'container_properties',
  'secret_string',
  'secret_binary',
  'definition',
  'policy',
  'inline_policy',
  'assume_role_policy',
  'parameter',
]);

type Keys = readonly (string | number)[];

function without(value: Json, isSensitive: (keys: Keys) => boolean, keys: Keys = []): Json | undefined {
  if (keys.length > 0 && isSensitive(keys)) return undefined;
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map(
      (inner, index) => without(inner, isSensitive, [...keys, index]) ?? null,
    );
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
      if (neverGiven.has(key)) return [];
      const kept = without(inner, isSensitive, [...keys, key]);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

/** `module.api["eu"]` of `module.api["eu"].aws_x.y[0]`; `''` for the root module. */
function moduleOf({ address, modulePath, type, name }: TargetResource): string {
  return modulePath === '' ? '' : address.slice(0, address.lastIndexOf(`.${type}.${name}`));
}

/** @returns the text of a plan in JSON */
export function planForInfracost(resources: readonly TargetResource[], region: string | null): string {
  const modules = new Map<string, JsonObject[]>();
  for (const resource of resources) {
    const { address, mode, type, name, values } = resource;
    if (mode !== 'managed') continue;
    const given = without(values, (keys) => resource.isSensitive(keys)) ?? {};
    const listed = modules.get(moduleOf(resource)) ?? [];
    listed.push({
      address,
      mode,
      type,
      name,
      provider_name: 'registry.terraform.io/hashicorp/aws',
      schema_version: 0,
      values: given,
    });
    modules.set(moduleOf(resource), listed);
  }
  const root = modules.get('') ?? [];
  modules.delete('');
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: {
      root_module: {
        resources: root,
        child_modules: [...modules].map(([address, own]) => ({ address, resources: own })),
      },
    },
    configuration: {
      provider_config: {
        aws: {
          name: 'aws',
          full_name: 'registry.terraform.io/hashicorp/aws',
          ...(region === null ? {} : { expressions: { region: { constant_value: region } } }),
        },
      },
      root_module: {},
    },
  });
}
