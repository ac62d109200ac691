import { clonerOf } from '../../../src/aws/clone/index.ts';
import type { DescribedResource } from '../../../src/aws/describe.ts';
import { adapterOf } from '../../../src/aws/registry.ts';
import { identifiersOf, searchFor } from '../../../src/direct/identifiers.ts';
import { liveState } from '../../../src/direct/live-state.ts';
import { dependenciesOf } from '../../../src/direct/order.ts';
import { createRename } from '../../../src/environment/rename.ts';
import { resourceTypes } from '../../../src/terraform/types/table.ts';

const isPart = (type: string): boolean => (adapterOf(type)?.partOf ?? null) !== null;

/** As the direct engine would make them, whatever order they were found in. */
export function inOrder(
  found: readonly DescribedResource[],
  [source, target]: readonly [string, string],
): readonly DescribedResource[] {
  const rename = createRename(source, target);
  const { resources } = liveState(found, {
    lineage: `live:${source}`,
    types: resourceTypes,
    rename,
    mayBeSecret: () => false,
  });
  const order = dependenciesOf(resources, searchFor(identifiersOf(resources, rename, isPart)), {
    neededBy: (type) => {
      const adapter = adapterOf(type);
      return [...(adapter?.whole?.dependsOn ?? []), adapter?.partOf ?? ''];
    },
    after: (type) => clonerOf(type)?.after ?? [],
  });
  return [...order.keys()].flatMap((address) => {
    const here = resources.find((each) => each.address === address);
    return found.filter(({ type, values }) => type === here?.type && values['id'] === here.values['id']);
  });
}
