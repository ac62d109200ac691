/** Reads what a function runs from its state values. Only the attributes of `aws_lambda_function` are understood in detail. */
import type { StateResource } from '../terraform/model.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import type { FunctionSnapshot } from './outputs.ts';

const text = (value: Json | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
const count = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Terraform writes a nested block as a list of objects. */
export function block(values: JsonObject, name: string): JsonObject | null {
  const value = values[name];
  const first = Array.isArray(value) ? value[0] : value;
  return isJsonObject(first) ? first : null;
}

/** Keys of a function's environment variables; values are never looked at. */
export function environmentKeys(values: JsonObject): string[] {
  const variables = block(values, 'environment')?.['variables'];
  return isJsonObject(variables) ? Object.keys(variables).sort() : [];
}

export function functionSnapshot(resource: StateResource): FunctionSnapshot {
  const { values } = resource;
  return {
    address: resource.address,
    name: text(values['function_name']) ?? resource.name,
    packageType: text(values['package_type']) ?? 'Zip',
    handler: text(values['handler']),
    runtime: text(values['runtime']),
    image: text(values['image_uri']),
    memoryMb: count(values['memory_size']),
    timeoutSeconds: count(values['timeout']),
    architectures: texts(values['architectures']),
    layers: texts(values['layers']),
    inVpc: texts(block(values, 'vpc_config')?.['subnet_ids']).length > 0,
    environmentKeys: environmentKeys(values),
  };
}
