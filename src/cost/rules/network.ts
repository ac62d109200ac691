import { isJsonObject } from '../../transfer/json.ts';
import { isUnset } from '../../terraform/types/paths.ts';
import { type Reader, Unpriced } from '../reader.ts';
import { type CostRules, month, type Part, type RuleContext, some, times } from './rule.ts';

/** Zones of a load balancer in which it takes a public address of AWS, not one of an `aws_eip`. */
function publicAddresses(at: Reader): number {
  const mappings = at.isUnknown('subnet_mapping') ? [] : at.list('subnet_mapping');
  // Which address it is may be known only after the apply; that it is one of an `aws_eip` is known before.
  const withoutOwn = mappings.filter(
    (one, index) =>
      isJsonObject(one) &&
      isUnset(one['allocation_id']) &&
      !at.isUnknown(`subnet_mapping.${index}.allocation_id`),
  );
  return mappings.length > 0 ? withoutOwn.length : at.list('subnets').length;
}

const addresses = (context: RuleContext, count: number): Part =>
  times(context, 'ipv4.hour', some(count, 'public address', 'public addresses'), month);

const isInternal = (at: Reader): boolean => !at.isUnknown('internal') && at.flag('internal', false);

function loadBalancer(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const kind = at.text('load_balancer_type', 'application');
  if (kind !== 'application' && kind !== 'network') {
    throw new Unpriced(`no price of a ${kind} load balancer is in the table`);
  }
  const hours = (): Part => times(context, kind === 'application' ? 'alb.hour' : 'nlb.hour', month);
  if (isInternal(at)) return [hours];
  return [hours, () => addresses(context, publicAddresses(at))];
}

/** It lies in subnets, or in the default subnets of zones: one address in each. */
function classicLoadBalancer(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const hours = (): Part => times(context, 'clb.hour', month);
  if (isInternal(at)) return [hours];
  const zones = (): Part => {
    const where = ['subnets', 'availability_zones'].find(
      (path) => !at.isUnknown(path) && at.list(path).length > 0,
    );
    if (where === undefined) throw new Unpriced('in how many zones it lies is known only after the apply');
    return addresses(context, at.list(where).length);
  };
  return [hours, zones];
}

function natGateway(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const mode = at.isUnknown('availability_mode') ? 'zonal' : at.text('availability_mode', 'zonal');
  if (mode !== 'zonal') throw new Unpriced(`a ${mode} NAT gateway costs by the zones that it grows into`);
  return [() => times(context, 'nat.hour', month)];
}

function endpoint(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const kind = at.text('vpc_endpoint_type', 'Gateway');
  if (kind === 'Gateway') return [];
  if (kind !== 'Interface') throw new Unpriced(`no price of an endpoint of type ${kind} is in the table`);
  return [() => times(context, 'endpoint.hour', some(at.list('subnet_ids').length, 'zone'), month)];
}

/** A rule of a web ACL costs the same whatever it does, a group of rules counts as one. */
function webAcl(at: Reader, context: RuleContext): readonly (() => Part)[] {
  const rules = at.list('rule').length;
  const acl = (): Part => times(context, 'waf.acl', [1, 'web ACL']);
  return rules === 0 ? [acl] : [acl, () => times(context, 'waf.rule', some(rules, 'rule'))];
}

export const networkRules: CostRules = {
  aws_nat_gateway: {
    kind: 'priced',
    fixed: natGateway,
    meters: [{ id: 'dataGb', key: 'nat.gb', unit: 'GB through it' }],
  },
  aws_eip: { kind: 'priced', fixed: (_at, context) => [() => times(context, 'ipv4.hour', month)] },
  aws_lb: {
    kind: 'priced',
    fixed: loadBalancer,
    meters: (at) =>
      at.text('load_balancer_type', 'application') === 'application'
        ? [{ id: 'lcuHours', key: 'alb.lcu', unit: 'LCU-hours' }]
        : [],
    meterIds: ['lcuHours'],
  },
  aws_elb: { kind: 'priced', fixed: classicLoadBalancer },
  aws_vpc_endpoint: {
    kind: 'priced',
    fixed: endpoint,
    meters: (at) =>
      at.text('vpc_endpoint_type', 'Gateway') === 'Interface'
        ? [{ id: 'dataGb', key: 'endpoint.gb', unit: 'GB through it' }]
        : [],
    meterIds: ['dataGb'],
  },
  aws_route53_zone: {
    kind: 'priced',
    fixed: (_at, context) => [() => times(context, 'route53.zone', [1, 'hosted zone'])],
  },
  // The namespace is a hosted zone.
  aws_service_discovery_private_dns_namespace: {
    kind: 'priced',
    fixed: (_at, context) => [() => times(context, 'route53.zone', [1, 'hosted zone'])],
  },
  aws_wafv2_web_acl: { kind: 'priced', fixed: webAcl },
};
