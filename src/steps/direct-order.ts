/** What the adapters know of the order in which copies are made. */
import { adapterOf } from '../aws/registry.ts';
import { clonerOf } from '../aws/clone/index.ts';
import type { OrderFacts } from '../direct/order.ts';
import type { StateResource } from '../terraform/model.ts';

export const isPart = (type: string): boolean => (adapterOf(type)?.partOf ?? null) !== null;

/** What a cloner leaves to the parts of a thing need not be there before the thing. */
export function withoutLeft(resource: StateResource): StateResource {
  const left = clonerOf(resource.type)?.leavesToParts ?? [];
  if (left.length === 0) return resource;
  const kept = Object.entries(resource.values).filter(([attribute]) => !left.includes(attribute));
  return { ...resource, values: Object.fromEntries(kept) };
}

export const orderFacts: OrderFacts = {
  neededBy(type) {
    const adapter = adapterOf(type);
    return [...(adapter?.whole?.dependsOn ?? []), ...(adapter?.partOf ? [adapter.partOf] : [])];
  },
  after: (type) => clonerOf(type)?.after ?? [],
};
