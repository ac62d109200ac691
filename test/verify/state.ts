import type { StateModel, StateResource } from '../../src/terraform/model.ts';
import type { JsonObject } from '../../src/transfer/json.ts';

export function resourceOf(type: string, name: string, values: JsonObject): StateResource {
  return {
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    modulePath: '',
    values,
    sensitivePaths: [],
    tainted: false,
  };
}

export function functionResource(name: string, values: JsonObject = {}): StateResource {
  return resourceOf('aws_lambda_function', name, { id: name, function_name: name, timeout: 3, ...values });
}

export function stateOf(...resources: StateResource[]): StateModel {
  return {
    lineage: 'l',
    serial: 1,
    terraformVersion: '1.11.4',
    resources,
    outputs: {},
    sensitiveOutputs: [],
  };
}
