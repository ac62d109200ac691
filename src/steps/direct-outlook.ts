/** What the direct engine can tell of its copies before it makes one: which it cannot make, and what others will lack. */
import type { CopyOutlook } from '../aws/clone.ts';
import { clonerOf } from '../aws/clone/index.ts';
import { notCloned } from '../aws/clone/not-cloned.ts';
import { identifyingOf } from '../direct/identifiers.ts';
import type { Rename } from '../environment/rename.ts';
import type { StateResource } from '../terraform/model.ts';
import type { ResourceTypeTable } from '../terraform/types/facts.ts';
import { isLiveAddress } from '../terraform/types/live.ts';
import type { Finding } from '../transfer/finding.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { circlesIn } from './direct-circles.ts';

/** Why nothing of the type is copied, where that is so. */
export const reasonOf = (type: string): string => notCloned[type] ?? 'it does not know how';

export interface OutlookInput {
  readonly rename: Rename;
  readonly types: ResourceTypeTable;
  /** True for what all environments share by declaration. */
  readonly isShared: (resource: StateResource) => boolean;
}

/**
 * What can be told of the copies, by address; without what is shared, and what something else manages.
 *
 * @param resources all of the source
 */
export function outlooksOf(
  resources: readonly StateResource[],
  { rename, types, isShared }: OutlookInput,
): ReadonlyMap<string, CopyOutlook> {
  const own = resources.filter(({ address }) => isLiveAddress(address)).filter((each) => !isShared(each));
  const outlooks = new Map(own.map((resource) => [resource.address, outlookOf(resource, rename)]));
  const copied = (resource: StateResource): boolean => outlooks.get(resource.address)?.refused === null;
  for (const [address, refused] of circlesIn(resources, own.filter(copied), { rename, types }))
    outlooks.set(address, { refused, lacking: null });
  // Each refusal may take the ground from others.
  for (let changed = true; changed;) {
    changed = false;
    const ids = new Set(
      resources.filter((each) => copied(each) || !isLiveAddress(each.address)).flatMap(identifiersIn),
    );
    for (const resource of own.filter(copied)) {
      const ground = resource.values[clonerOf(resource.type)?.liesIn ?? ''];
      if (typeof ground !== 'string' || ground === '' || ids.has(ground)) continue;
      changed = true;
      const refused = `it is a part of ${ground}, which is not copied`;
      outlooks.set(resource.address, { refused, lacking: null });
    }
  }
  return outlooks;
}

const identifiersIn = ({ type, values }: StateResource): readonly Json[] =>
  identifyingOf(type).flatMap((attribute) => values[attribute] ?? []);

/** Of a type that nobody copies, a refusal with the reason. */
function outlookOf({ type, values }: StateResource, rename: Rename): CopyOutlook {
  const cloner = clonerOf(type);
  if (cloner === null) return { refused: reasonOf(type), lacking: null };
  return cloner.outlook(values, renamed(values, rename));
}

/** @param name what people call it */
export function outlookFinding(
  resource: StateResource,
  name: string,
  { refused, lacking }: CopyOutlook,
): Finding | null {
  const { address, type } = resource;
  if (refused !== null) return notCopied(address, type, name, refused);
  if (lacking === null) return null;
  return {
    rule: 'contract-resources',
    severity: 'info',
    subject: address,
    message: `The copy of ${name} (${type}) ${lacking.what}.`,
    hint: lacking.hint,
  };
}

/** @param reason a clause whose subject is the thing, or the engine */
export function notCopied(subject: string, type: string, name: string, reason: string): Finding {
  return {
    rule: 'contract-resources',
    severity: 'error',
    subject,
    message: `${name} (${type}) belongs to the source, and the direct engine does not copy it: ${reason}.`,
    hint: 'Make one for the target by hand and accept the finding, or declare it under `shared` in the configuration if all environments use this one.',
  };
}

/** Names as the target will have them; what the cloud makes up is not known yet, and stays. */
function renamed(values: JsonObject, rename: Rename): JsonObject {
  const inside = (value: Json): Json => {
    if (typeof value === 'string') return rename.apply(value);
    if (Array.isArray(value)) return value.map((each: Json) => inside(each));
    return isJsonObject(value) ? renamed(value, rename) : value;
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, inside(value)]));
}
