/**
 * What can be told before anything is made of things that lead to one another in a circle, or to themselves by an id that
 * nobody knows yet: those cannot be made, and an apply would find out half-way. Pure.
 */
import { clonerOf } from '../aws/clone/index.ts';
import { identifiersOf, searchFor } from '../direct/identifiers.ts';
import { orderOf } from '../direct/order.ts';
import type { Rename } from '../environment/rename.ts';
import type { StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import type { Json } from '../transfer/json.ts';
import { isPart, orderFacts, withoutLeft } from './direct-order.ts';

export interface CircleInput {
  readonly rename: Rename;
  readonly types: ResourceTypeTable;
}

/**
 * @param resources all of the source
 * @param copied those of which the target is to get its own
 * @returns by address, why it cannot be made: a clause whose subject is the thing
 */
export function circlesIn(
  resources: readonly StateResource[],
  copied: readonly StateResource[],
  { rename, types }: CircleInput,
): ReadonlyMap<string, string> {
  const search = searchFor(identifiersOf(resources, rename, isPart));
  const reasons = new Map<string, string>();
  for (const { address, type, values } of copied) {
    const settings = [...(types.get(type)?.policies ?? []), 'environment'];
    const seenTo = clonerOf(type)?.namesItself ?? [];
    const leads = settings.find(
      (attribute) =>
        !seenTo.includes(attribute) &&
        textsIn(values[attribute] ?? null).some((text) =>
          search
            .cut(text)
            .some((part) => typeof part !== 'string' && part.madeUp && part.address === address),
        ),
    );
    if (leads !== undefined)
      reasons.set(address, `its ${leads} leads to itself by what only AWS can tell, once it is there`);
  }
  const { circle } = orderOf(copied.map(withoutLeft), search, orderFacts);
  for (const address of circle) {
    const others = circle.filter((each) => each !== address).join(', ');
    reasons.set(
      address,
      `it needs something that is there only after it: of it and ${others} each refers to another by what only AWS can tell, once that is there. Take one of these references out of the source, and set it in the copy by hand`,
    );
  }
  return reasons;
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each: Json) => textsIn(each));
}
