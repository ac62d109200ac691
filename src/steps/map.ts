/** Step 4: one row per resource and per secret of the source, with what happens to it and why. */
import type { Pairing, SourceClass } from '../proof/counterparts.ts';
import { beforePlan, fromState, managedIn } from '../proof/target.ts';
import type { StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { physicalName } from '../terraform/types/identity.ts';
import { blocks } from '../transfer/finding.ts';
import type { MappingAction, MappingRow } from '../transfer/mapping.ts';
import type { StepEnd } from '../transfer/run-steps.ts';
import type { TransferContext } from './context.ts';
import { priceResources } from './costs.ts';
import type { MapOutput } from './outputs.ts';
import { pairSides, type Sides } from './pairing.ts';
import { declaredReferences } from './references.ts';
import { regionOf } from './region.ts';
import { allSecretRows } from './secret-rows.ts';

export async function mapResources(context: TransferContext): Promise<StepEnd<MapOutput>> {
  const { config, request, host, signal } = context;
  const sides = await pairSides(context);
  const { details, findings } = await priceResources({
    subject: context.target.name,
    target: sides.target,
    source: managedIn(sides.source).map((resource) => fromState(resource)),
    before: beforePlan(await context.workspace.plan()),
    region: (await context.place())?.facts.region ?? regionOf(sides.source),
    costs: config.costs,
    prices: request.prices,
    max: request.maxMonthly,
    signal,
    notify: (event) => host.notify(event),
  });
  context.findings.push(...findings);
  for (const finding of findings) host.notify({ type: 'finding', finding });
  const { cost } = details;
  const monthly = new Map(cost.resources.map((item) => [item.address, item.monthly]));
  const rows = [
    ...resourceRows(sides, context.types).map((row) => withCost(row, monthly.get(row.subject) ?? 0)),
    ...allSecretRows(sides.source, (await context.secrets()).classified),
  ];
  const counts: Record<string, number> = {};
  for (const { action } of rows) counts[action] = (counts[action] ?? 0) + 1;
  const output = {
    rows,
    counts,
    cost,
    unpriced: Object.fromEntries(details.reasons),
    findings,
    references: declaredReferences(sides.target, sides.expressions),
  };
  return { status: findings.some(blocks) ? 'blocked' : 'done', output };
}

function withCost(row: MappingRow, monthly: number): MappingRow {
  return monthly > 0 && row.action !== 'share'
    ? { ...row, reason: `${row.reason} (+$${monthly.toFixed(2)}/month)` }
    : row;
}

/** Data sources that only compute something are no things that could be shared. */
const computedOnly =
  /^aws_(?:iam_policy_document|caller_identity|region|regions|partition|availability_zones?|arn|service_principal|default_tags)$/;

function resourceRows({ source, pairing, classes }: Sides, types: ResourceTypeTable): MappingRow[] {
  return source.resources
    .filter(({ mode, type }) => mode === 'managed' || !computedOnly.test(type))
    .map((resource) => resourceRow(resource, pairing, classes.get(resource.address), types));
}

function resourceRow(
  resource: StateResource,
  pairing: Pairing,
  sourceClass: SourceClass | undefined,
  types: ResourceTypeTable,
): MappingRow {
  const { address, type, values } = resource;
  const facts = types.get(type);
  const name = physicalName(type, values, types) ?? address;
  const row = (action: MappingAction, target: string | null, reason: string): MappingRow => ({
    kind: 'resource',
    subject: address,
    type,
    source: name,
    target,
    action,
    reason,
  });
  const counterpart = pairing.counterpartOf(address);
  if (counterpart === undefined || resource.mode === 'data') {
    const reason = sourceClass?.reason ?? 'the target declares none of its own';
    return sourceClass?.kind === 'shared' ? row('share', name, reason) : row('skip', null, reason);
  }
  const target = physicalName(type, counterpart.values, types);
  if (facts?.newCluster)
    return row('new-cluster', target, 'holds data and costs by itself: the target gets its own');
  if (facts?.scope === 'server' || target === null)
    return row('clone', target, 'the cloud gives it its identity');
  return row('clone', target, target === name ? 'a part of something that is renamed' : 'renamed');
}
