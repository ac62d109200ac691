/** Step 1 on `--live`: what the account has of an environment that its state has not. Looks, and changes nothing. */
import type { FoundItem } from '../aws/adapter.ts';
import { toChecked } from '../aws/check.ts';
import type { AwsClients } from '../aws/clients.ts';
import { taggedResources, type TagFilter } from '../aws/tagged.ts';
import { adapterOf } from '../aws/registry.ts';
import type { FoundBy, LiveInventory, UnmanagedThing } from '../live/model.ts';
import { thingsNamedBy } from '../live/references.ts';
import { createClassifier, type Judgement, ownershipTag } from '../sweep/classify.ts';
import { knownResources } from '../sweep/known.ts';
import type { SweepThing, Unreadable } from '../sweep/receipt.ts';
import type { StateModel } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import type { Clock, Host } from '../transfer/host.ts';
import type { RecordedResource } from '../transfer/record.ts';
import { lookTwice } from './second-look.ts';
import { resourcesOf } from './recorded-resources.ts';
import { searchAccount } from './sweep-search.ts';

export interface LiveInventoryInput {
  readonly environment: string;
  readonly state: StateModel;
  readonly types: ResourceTypeTable;
  /** Every other environment of which anything is known, the target included: what is theirs is not told. */
  readonly others: readonly { readonly name: string; readonly resources: readonly RecordedResource[] }[];
  readonly regions: readonly string[];
  readonly clientsFor: (region: string) => AwsClients;
  readonly clock: Clock;
  readonly host: Host;
  readonly signal?: AbortSignal;
}

/** @throws ProvisionError where nothing can be read at all: no or expired credentials, an interrupt */
export async function takeInventory(input: LiveInventoryInput): Promise<LiveInventory> {
  const { environment, regions, clientsFor, clock, host, signal, types } = input;
  host.notify({ type: 'waiting', what: `looking through the account (${regions.join(', ')})` });
  const { looked, things, unreadable } = await searchAccount({
    regions,
    clientsFor,
    clock,
    host,
    since: null,
    classify: createJudge(input),
    tags: [
      { key: ownershipTag, values: [environment] },
      ...['Environment', 'environment', 'Env', 'env'].map((key): TagFilter => ({
        key,
        values: [environment],
      })),
    ],
  });
  // What was just deleted may be listed still.
  const unmanaged = await lookTwice(
    things.filter((thing) => thing.by !== 'known'),
    { clientsFor, clock, signal },
  );
  return {
    regions,
    kinds: looked.length,
    seen: looked.reduce((sum, { seen }) => sum + seen, 0),
    unmanaged: unmanaged.map((thing) => toUnmanaged(thing, types)),
    unreadable: unreadable.map(toUnreadable),
    complete: unreadable.length === 0,
  };
}

/** As a sweep judges, and beside that by what the environment's own resources name. */
function createJudge(input: LiveInventoryInput): (item: FoundItem, region: string) => Judgement {
  const { environment, state, types, others } = input;
  const own = resourcesOf(state);
  const managed = knownResources(own.map((each) => [each, each.address] as const));
  // A data source reads what is somebody else's: it is known, and shared.
  const read = knownResources(
    state.resources
      .filter(({ mode }) => mode === 'data')
      .map((each) => [toChecked(each, null), each.address] as const)
      .filter(([each]) => managed.ownerOf(each) === undefined),
  );
  const judge = createClassifier({ environment, resources: own, others });
  const { arns, names } = thingsNamedBy(state, types);
  const named = taggedResources();
  for (const [arn, by] of arns) named.add(arn, { by });

  const namer = (item: FoundItem, region: string): string | undefined => {
    const service = adapterOf(item.type)?.service ?? item.type;
    return named.find(item, service, region)?.tags['by'] ?? names.get(item.id) ?? names.get(item.name);
  };

  return (item, region) => {
    const data = read.ownerOf(item);
    if (data !== undefined) return { verdict: 'foreign', by: 'known', reason: `${data} reads it` };
    const judgement = judge(item);
    if (judgement.verdict !== 'unrelated') return judgement;
    const by = namer(item, region);
    return by === undefined ? judgement : { verdict: 'suspected', by: 'reference', reason: `${by} names it` };
  };
}

/** Made by services for something that a person made; all else that lies in or hangs on a thing was made by somebody. */
const serviceMade: ReadonlySet<string> = new Set([
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_metric_alarm',
  'aws_db_instance_automated_backup',
  'aws_network_interface',
  'aws_rds_cluster_automated_backup',
]);

function foundBy({ by, item }: SweepThing): FoundBy {
  if (by === 'tag' || by === 'name') return by;
  return by === 'parent' && serviceMade.has(item.type) ? 'service' : 'reference';
}

function toUnmanaged(thing: SweepThing, types: ResourceTypeTable): UnmanagedThing {
  const { item, region, reason } = thing;
  return {
    type: item.type,
    title: types.get(item.type)?.title ?? item.type,
    id: item.id,
    name: item.name,
    arn: item.arn ?? null,
    region,
    by: foundBy(thing),
    reason,
    leaving: item.leaving ?? null,
  };
}

const toUnreadable = ({
  type,
  region,
  reason,
  permission,
}: Unreadable): LiveInventory['unreadable'][number] => ({
  subject: `${type} (${region})`,
  reason,
  permission,
});
