/** A REST API in front of a function: what refers to what, and what has to be there before though nothing says so. */
import { describe, expect, it } from 'vitest';
import { clonerOf } from '../../src/aws/clone/index.ts';
import { adapterOf } from '../../src/aws/registry.ts';
import { identifiersOf, searchFor } from '../../src/direct/identifiers.ts';
import type { LiveResource } from '../../src/direct/live-state.ts';
import { dependenciesOf } from '../../src/direct/order.ts';
import { directPlan } from '../../src/direct/plan.ts';
import type { StateModel } from '../../src/terraform/model.ts';
import { factsOf, handler, permission, rename, role, stateOf } from './support.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const isPart = (type: string): boolean => (adapterOf(type)?.partOf ?? null) !== null;

const part = (type: string, id: string, values: LiveResource['values']): LiveResource => ({
  type: `aws_api_gateway_${type}`,
  id,
  values: { id, ...values },
});

function restApi(id: string, root: string, name: string): readonly LiveResource[] {
  const post = { rest_api_id: id, resource_id: `${id}-orders`, http_method: 'POST' };
  const get = { rest_api_id: id, resource_id: root, http_method: 'GET' };
  return [
    part('rest_api', id, { name, root_resource_id: root }),
    part('resource', `${id}-orders`, { rest_api_id: id, parent_id: root, path_part: 'orders' }),
    part('method', `agm-${id}-orders-POST`, post),
    part('integration', `agi-${id}-orders-POST`, { ...post, uri: handler.values['arn'] ?? '' }),
    part('method', `agm-${id}-root-GET`, get),
    part('integration', `agi-${id}-root-GET`, { ...get, type: 'MOCK' }),
    part('method_response', `agmr-${id}-root-GET-200`, { ...get, status_code: '200' }),
    part('integration_response', `agir-${id}-root-GET-200`, { ...get, status_code: '200' }),
    part('deployment', `d-${id}`, { rest_api_id: id }),
    part('stage', `ags-${id}-dev`, {
      rest_api_id: id,
      stage_name: 'dev',
      deployment_id: `d-${id}`,
      invoke_url: `https://${id}.execute-api.eu-west-1.amazonaws.com/dev`,
    }),
  ];
}

const one = restApi('q1w2e3r4t5', 'root1root1', 'orders-dev');
const other = restApi('z9x8c7v6b5', 'root2root2', 'others-dev');
const url = 'https://q1w2e3r4t5.execute-api.eu-west-1.amazonaws.com/dev';
const caller: LiveResource = {
  ...handler,
  values: { ...handler.values, environment: [{ variables: { OWN_URL: url } }] },
};
const allowed: LiveResource = {
  ...permission,
  values: {
    ...permission.values,
    source_arn: 'arn:aws:execute-api:eu-west-1:123456789012:q1w2e3r4t5/dev/POST/orders',
  },
};
const things = [
  ...one,
  ...other,
  { ...role, id: 'role-dev', values: { ...role.values, id: 'role-dev' } },
  caller,
  allowed,
];

/** By id: to what they are known in the tests. */
function orderOf(state: StateModel): (id: string) => readonly string[] {
  const ids = new Map(state.resources.map(({ address, values }) => [address, textOf(values['id'])]));
  const order = dependenciesOf(state.resources, searchFor(identifiersOf(state.resources, rename, isPart)), {
    neededBy: (type) => [adapterOf(type)?.partOf ?? ''],
    after: (type) => clonerOf(type)?.after ?? [],
  });
  return (id) => {
    const address = [...ids].find(([, each]) => each === id)?.[0] ?? '';
    return (order.get(address) ?? []).map((each) => ids.get(each) ?? '').toSorted();
  };
}

describe('the order of creation', () => {
  const needs = orderOf(stateOf(things.toReversed()));

  it('publishes an API after all its methods, and after those of no other', () => {
    const own = one.filter(({ type }) => /method|integration/.test(type)).map(({ id }) => id);
    expect(needs('d-q1w2e3r4t5')).toEqual(['q1w2e3r4t5', ...own].toSorted());
    expect(needs('ags-q1w2e3r4t5-dev')).toEqual(['d-q1w2e3r4t5', 'q1w2e3r4t5']);
  });

  it('has a method before what stands behind it, and both before their answers', () => {
    expect(needs('agi-q1w2e3r4t5-root-GET')).toEqual(['agm-q1w2e3r4t5-root-GET', 'q1w2e3r4t5']);
    expect(needs('agir-q1w2e3r4t5-root-GET-200')).toEqual([
      'agi-q1w2e3r4t5-root-GET',
      'agmr-q1w2e3r4t5-root-GET-200',
      'q1w2e3r4t5',
    ]);
  });

  it('lets a function know its own URL, for which nothing but the API has to be there', () => {
    expect(needs('app-dev')).toContain('q1w2e3r4t5');
    expect(needs('app-dev')).not.toContain('ags-q1w2e3r4t5-dev');
  });
});

describe('what refers to a REST API', () => {
  function after(type: string, id: string, actual: readonly (readonly [string, string])[]) {
    const state = stateOf(things);
    const search = searchFor(identifiersOf(state.resources, rename, isPart));
    const facts = factsOf(state, { search, actual: new Map(actual) });
    const { changes } = directPlan({ cloned: state.resources, existing: null, facts, tags: {} });
    const address = state.resources.find((each) => each.type === type && each.values['id'] === id)?.address;
    return changes.find((each) => each.address === address);
  }
  const made = [
    ['q1w2e3r4t5', 'n1n2n3n4n5'],
    ['root1root1', 'newroot123'],
  ] as const;

  it('is open before the API is there', () => {
    expect(after('aws_lambda_permission', 'api', [])?.afterUnknown).toMatchObject({ source_arn: true });
    expect(after('aws_lambda_function', 'app-dev', [])?.afterUnknown).toMatchObject({
      environment: [{ variables: { OWN_URL: true } }],
    });
  });

  it('leads to the copy afterwards: permissions, URLs, and the root that nobody makes', () => {
    expect(after('aws_lambda_permission', 'api', made)?.after?.['source_arn']).toBe(
      'arn:aws:execute-api:eu-west-1:123456789012:n1n2n3n4n5/feature-x/POST/orders',
    );
    expect(after('aws_lambda_function', 'app-dev', made)?.after?.['environment']).toEqual([
      { variables: { OWN_URL: 'https://n1n2n3n4n5.execute-api.eu-west-1.amazonaws.com/feature-x' } },
    ]);
    expect(after('aws_api_gateway_method', 'agm-q1w2e3r4t5-root-GET', made)?.after).toMatchObject({
      rest_api_id: 'n1n2n3n4n5',
      resource_id: 'newroot123',
    });
  });
});

it('has addresses without the ids of the cloud, so that a copy can be compared with it', () => {
  const addresses = (things: readonly LiveResource[]): readonly string[] =>
    stateOf(things).resources.map(({ address }) => address);
  const copy = restApi('n1n2n3n4n5', 'newroot123', 'orders-feature-x');
  expect(addresses(copy)).toEqual(addresses(one));
  expect(addresses(one).filter((each) => /root1root1|q1w2e3r4t5/.test(each))).toEqual([]);
});
