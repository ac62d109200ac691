/**
 * A REST API that was made by hand is read, copied in the order of the engine, and read again: the same but for names and
 * ids. The emulator does not put the id of an API into the short form of its policy: that is held in
 * test/aws/clone/apigateway.test.ts.
 */
import { expect, it } from 'vitest';
import type { DescribedResource } from '../../../src/aws/describe.ts';
import { inOrder } from '../../e2e/support/in-order.ts';
import { comparable, Copying, described, replaced } from '../../e2e/support/live-things.ts';
import { makeRestApi } from '../../e2e/support/make-rest.ts';
import { sandboxClients } from '../support/sandbox-clients.ts';

const sandbox = sandboxClients();

/** Set by time, or by how often things were made. */
const ownOfEach = new Set(['created_date']);

const seen = ({ type, values }: DescribedResource): string =>
  `${type} ${JSON.stringify(
    comparable(Object.fromEntries(Object.entries(values).filter(([name]) => !ownOfEach.has(name)))),
  )}`;

it('is read after the copy as before, but for names and ids', async () => {
  const clients = sandbox();
  const api = await makeRestApi(clients, {
    name: 'orders-dev',
    functionArn: 'arn:aws:lambda:ap-southeast-1:123456789012:function:orders-dev',
    stage: 'dev',
  });
  const before = await described('aws_api_gateway_rest_api', { id: api.id }, clients);
  expect([...new Set(before.map(({ type }) => type))].toSorted()).toEqual(
    [
      'authorizer',
      'deployment',
      'gateway_response',
      'integration',
      'integration_response',
      'method',
      'method_response',
      'method_settings',
      'model',
      'request_validator',
      'resource',
      'rest_api',
      'stage',
    ].map((name) => `aws_api_gateway_${name}`),
  );
  const copying = new Copying(['dev', 'copy'], clients);
  const sources = inOrder(before.toReversed(), ['dev', 'copy']);
  const types = sources.map(({ type }) => type);
  expect(types.slice(types.indexOf('aws_api_gateway_deployment') + 1)).toEqual([
    'aws_api_gateway_stage',
    'aws_api_gateway_method_settings',
  ]);
  const copies: DescribedResource[] = [];
  for (const source of sources) copies.push(await copying.copy(source));
  const made = copies.find(({ type }) => type === 'aws_api_gateway_rest_api');
  expect(made?.id).not.toBe(api.id);
  const after = await described('aws_api_gateway_rest_api', { id: made?.id ?? '' }, clients);
  const wanted = before.map((each) => ({ ...each, values: replaced(each.values, copying.replacements) }));
  expect(after.map(seen).toSorted()).toEqual(wanted.map(seen).toSorted());
  const text = JSON.stringify(after);
  for (const own of [api.id, api.ordersId, api.authorizerId]) expect(text).not.toContain(own);
  expect((await described('aws_api_gateway_rest_api', { id: api.id }, clients)).map(seen)).toEqual(
    before.map(seen),
  );
});
