/** Step 4: one row per resource and per secret of the source, with what happens to it and why. */
import type { Pairing, SourceClass } from '../proof/counterparts.ts';
import type { StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { physicalName } from '../terraform/types/identity.ts';
import type { MappingAction, MappingRow } from '../transfer/mapping.ts';
import type { TransferContext } from './context.ts';
import type { MapOutput } from './outputs.ts';
import { pairSides, type Sides } from './pairing.ts';
import { environmentRows } from './secret-rows.ts';

export async function mapResources(context: TransferContext): Promise<MapOutput> {
  const sides = await pairSides(context);
  const rows = [...resourceRows(sides, context.types), ...environmentRows(sides.source)];
  const counts: Record<string, number> = {};
  for (const { action } of rows) counts[action] = (counts[action] ?? 0) + 1;
  return { rows, counts };
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
