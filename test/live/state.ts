/** States for the tests of `--live`, with as little around the values as the code reads. */
import type { StateModel, StateResource } from '../../src/terraform/model.ts';
import type { JsonObject } from '../../src/transfer/json.ts';

export function resource(
  address: string,
  values: JsonObject,
  more: Partial<StateResource> = {},
): StateResource {
  const [type = '', name = ''] = address.split('.');
  return {
    address,
    mode: 'managed',
    type,
    name,
    modulePath: '',
    values,
    sensitivePaths: [],
    tainted: false,
    ...more,
  };
}

export const stateOf = (...resources: readonly StateResource[]): StateModel => ({
  lineage: 'l',
  serial: 1,
  terraformVersion: '1.11.4',
  resources,
  outputs: {},
  sensitiveOutputs: [],
});
