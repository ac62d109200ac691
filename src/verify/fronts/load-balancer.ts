/** Load balancers that hand requests to functions. */
import { isJsonObject, type Json } from '../../transfer/json.ts';
import type { Thing, World } from '../world.ts';
import type { Front, Route } from './front.ts';

export function loadBalancerFronts(world: World, functions: readonly Thing[]): Front[] {
  const attachments = world.of('aws_lb_target_group_attachment', 'aws_alb_target_group_attachment');
  const groups = world.of('aws_lb_target_group', 'aws_alb_target_group');
  const behind = (group: Thing): Thing[] =>
    functions.filter((each) =>
      attachments.some(
        (attachment) =>
          world.refers(attachment, 'target_group_arn', group) && world.refers(attachment, 'target_id', each),
      ),
    );
  const sentTo = (thing: Thing): Thing[] =>
    groups.filter((group) => world.mentions(thing, group)).flatMap(behind);
  return world.of('aws_lb_listener', 'aws_alb_listener').map((listener): Front => {
    const balancer = world
      .of('aws_lb', 'aws_alb')
      .find((each) => world.refers(listener, 'load_balancer_arn', each));
    const rules = world
      .of('aws_lb_listener_rule', 'aws_alb_listener_rule')
      .filter((rule) => world.refers(rule, 'listener_arn', listener));
    const host = balancer?.values['dns_name'];
    const { port, protocol } = listener.values;
    return {
      thing: listener,
      title: 'load balancer',
      url: typeof host === 'string' ? `http://${host}:${typeof port === 'number' ? port : 80}` : null,
      routes: [
        ...rules.flatMap((rule) => routesOf(rule, sentTo(rule))),
        { method: 'ANY', path: '$default', functions: sentTo(listener), wants: authenticated(listener) },
      ],
      closed: closedBy(balancer, protocol),
      open: false,
    };
  });
}

function closedBy(balancer: Thing | undefined, protocol: Json | undefined): string | null {
  if (balancer?.values['internal'] === true)
    return 'its load balancer is internal: only its network reaches it';
  return protocol === 'HTTP'
    ? null
    : 'its load balancer answers with a certificate for a domain name: name it in verify.urls';
}

const authenticated = ({ values }: Thing): string | null =>
  /"authenticate-(?:oidc|cognito)"/.test(JSON.stringify(values)) ? 'a login' : null;

function routesOf(rule: Thing, functions: readonly Thing[]): Route[] {
  const conditions = Array.isArray(rule.values['condition']) ? rule.values['condition'] : [];
  const patterns = conditions.flatMap((condition: Json): Json[] => {
    const path = isJsonObject(condition) ? condition['path_pattern'] : undefined;
    const first: unknown = Array.isArray(path) ? path[0] : path;
    const values = isJsonObject(first) ? first['values'] : undefined;
    return Array.isArray(values) ? [...(values as readonly Json[])] : [];
  });
  const paths = patterns
    .filter((each) => typeof each === 'string')
    .map((each) => each.replace(/\*$/, '{rest+}'));
  // Other conditions, and patterns that leave open more than their end, may be met by any request.
  const plain = conditions.length === 1 && paths.length > 0 && !paths.some((each) => /[*?]/.test(each));
  const wants = authenticated(rule) ?? (plain ? null : 'more than a path');
  return (plain ? paths : ['$default']).map((path) => ({ method: 'ANY', path, functions, wants }));
}
