/** What cannot be copied of networks and distributions is refused before anything is made, with the reason. */
import { expect, it } from 'vitest';
import { clonerOf } from '../../../src/aws/clone/index.ts';
import type { JsonObject } from '../../../src/transfer/json.ts';

const refusal = (type: string, source: JsonObject, target = source): string | null | undefined =>
  clonerOf(type)?.outlook(source, target).refused;

it.each<[string, JsonObject, string]>([
  ['a peering connection', { vpc_peering_connection_id: 'pcx-1' }, 'a peering connection'],
  ['a transit gateway', { transit_gateway_id: 'tgw-1' }, 'a transit gateway'],
  ['a VPN', { gateway_id: 'vgw-1' }, 'the gateway of a VPN'],
])('a route to %s is refused', (_what, to, words) => {
  const reason = refusal('aws_route_table', { route: [{ cidr_block: '10.0.0.0/8', ...to }] });
  expect(reason).toBe(`its route for 10.0.0.0/8 leads to ${words}, which is not copied`);
});

it('a route to an internet or NAT gateway is not', () => {
  const route = [
    { cidr_block: '0.0.0.0/0', gateway_id: 'igw-1', transit_gateway_id: '' },
    { cidr_block: '10.0.0.0/8', nat_gateway_id: 'nat-1', gateway_id: '' },
  ];
  expect(refusal('aws_route_table', { route, propagating_vgws: [] })).toBeNull();
});

it('a distribution whose domain name stays the same is refused, one whose name is renamed is not', () => {
  const type = 'aws_cloudfront_distribution';
  const dev = { aliases: ['dev.example.com'], origin: [] };
  expect(refusal(type, dev)).toContain('dev.example.com');
  expect(refusal(type, dev, { aliases: ['feature.example.com'], origin: [] })).toBeNull();
});

it('a distribution that its origin knows by a header is refused without the value', () => {
  const origin = [{ origin_id: 'app', custom_header: [{ name: 'X-Verify', value: 'canary' }] }];
  const reason = refusal('aws_cloudfront_distribution', { origin });
  expect(reason).toContain('X-Verify');
  expect(reason).not.toContain('canary');
});
