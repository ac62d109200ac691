/** What the picture holds: who stands beside whom, what is shared, what refers to what. Not yet where. */
import { withoutInstanceKeys } from '../../terraform/address.ts';
import { categories } from '../../terraform/types/facts.ts';
import { categoryOf } from '../../terraform/types/identity.ts';
import { resourceTypes } from '../../terraform/types/table.ts';
import type { Finding } from '../../transfer/finding.ts';
import type { MappingRow } from '../../transfer/mapping.ts';
import type { SavedOutputs } from './saved-outputs.ts';
import type { Mark, Picture, PictureCategory, PictureNode, PictureRow } from './view.ts';

/** More than this many are not told apart by the eye: then a node stands for a type. */
const mostNodes = 64;

export interface PictureInput {
  readonly identify: SavedOutputs['identify'];
  readonly mapping: readonly MappingRow[];
  readonly references: readonly { readonly from: string; readonly to: string }[];
  readonly findings: readonly Finding[];
  /** Addresses and types of what the target has beyond the counterparts of the source. */
  readonly targetResources: readonly { readonly address: string; readonly type: string }[];
  /** True for what was made by this run, or would be. */
  readonly isNew: (address: string) => boolean;
}

type Side = 'source' | 'shared' | 'target';

/** One thing, before things are put together to nodes. */
interface Thing {
  readonly side: Side;
  readonly category: PictureCategory;
  readonly address: string;
  readonly type: string;
  readonly title: string;
  readonly name: string;
  /** Made for the target. */
  readonly isNew: boolean;
}

/** Puts together what a transfer knows; pure. `null` where nothing was identified. */
export function pictureOf(input: PictureInput): Picture | null {
  const things = [...mappedThings(input), ...unmappedThings(input), ...addedThings(input)];
  if (things.length === 0) return null;
  const declared = new Set(things.map(({ address }) => withoutInstanceKeys(address)));
  const byType = declared.size > mostNodes;
  const keyOf = (thing: Pick<Thing, 'address' | 'type' | 'category'>): string =>
    byType ? `${thing.category} ${thing.type}` : withoutInstanceKeys(thing.address);

  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const id = `${thing.side} ${keyOf(thing)}`;
    const group = groups.get(id);
    if (group) group.push(thing);
    else groups.set(id, [thing]);
  }
  const nodeAt = (side: Side, key: string): PictureNode | null => {
    const group = groups.get(`${side} ${key}`);
    return group ? nodeOf(key, group, byType, input) : null;
  };

  const keys = [...new Set(things.filter(({ side }) => side !== 'shared').map(keyOf))];
  const rows = keys.map((key): PictureRow => ({
    category: categoryAt(groups, key),
    source: nodeAt('source', key),
    target: nodeAt('target', key),
  }));
  const shared = [...new Set(things.filter(({ side }) => side === 'shared').map(keyOf))].flatMap(
    (key) => nodeAt('shared', key) ?? [],
  );
  const keyByAddress = new Map(things.map((thing) => [withoutInstanceKeys(thing.address), keyOf(thing)]));
  return {
    rows: rows.sort((a, b) => order.indexOf(a.category) - order.indexOf(b.category) || byTitle(a, b)),
    shared,
    references: referencesBetween(input.references, keyByAddress),
    byType,
    targetKnown: input.mapping.length > 0,
  };
}

const order: readonly PictureCategory[] = [...categories, 'secrets'];

function byTitle(a: PictureRow, b: PictureRow): number {
  const text = ({ source, target }: PictureRow): string => {
    const node = source ?? target;
    return `${node?.title ?? ''} ${node?.name ?? ''}`;
  };
  return text(a).localeCompare(text(b), 'en');
}

function categoryAt(groups: ReadonlyMap<string, readonly Thing[]>, key: string): PictureCategory {
  const [thing] = groups.get(`source ${key}`) ?? groups.get(`target ${key}`) ?? [];
  return thing?.category ?? 'external';
}

function mappedThings({ mapping, identify, isNew }: PictureInput): Thing[] {
  const known = new Map(identify?.resources.map((item) => [item.address, item]));
  return mapping.flatMap(({ kind, subject, type, source, target, action }): Thing[] => {
    const isSecret = kind === 'secret';
    const item = known.get(subject);
    const thing = {
      address: subject,
      type: isSecret ? 'secret' : type,
      category: isSecret ? ('secrets' as const) : (item?.category ?? categoryOf(type, resourceTypes)),
      title: isSecret ? 'Secret' : (item?.title ?? resourceTypes.get(type)?.title ?? type),
    };
    if (action === 'share') return [{ ...thing, side: 'shared', name: source, isNew: false }];
    const own: Thing = { ...thing, side: 'source', name: source, isNew: false };
    return action === 'skip'
      ? [own]
      : [
          own,
          {
            ...own,
            side: 'target',
            name: target ?? '',
            isNew: isSecret ? action !== 'same-value' : isNew(subject),
          },
        ];
  });
}

/** Where it did not come to a mapping, the source alone is shown. */
function unmappedThings({ mapping, identify }: PictureInput): Thing[] {
  if (mapping.length > 0) return [];
  return (identify?.resources ?? []).map(({ address, type, title, category, name, shared }): Thing => {
    const side = shared ? 'shared' : 'source';
    return { side, address, type, title, category, name, isNew: false };
  });
}

/** What the target has and the source has not. */
function addedThings({ mapping, targetResources, isNew }: PictureInput): Thing[] {
  const mapped = new Set(mapping.map(({ subject }) => withoutInstanceKeys(subject)));
  return targetResources
    .filter(({ address }) => !mapped.has(withoutInstanceKeys(address)))
    .map(({ address, type }): Thing => {
      const title = resourceTypes.get(type)?.title ?? type;
      const category = categoryOf(type, resourceTypes);
      return { side: 'target', address, type, title, category, name: '', isNew: isNew(address) };
    });
}

/** The rules whose findings are about the new environment leaning on the old one. */
const reaching = new Set(['no-reference-to-source', 'credential-isolated']);

function nodeOf(key: string, group: readonly Thing[], byType: boolean, input: PictureInput): PictureNode {
  const [first] = group as readonly [Thing, ...Thing[]];
  const addresses = new Set(group.map(({ address }) => address));
  const declared = new Set(group.map(({ address }) => withoutInstanceKeys(address)));
  // A finding is about the target, or about what is shared; what is only in the source is marked there.
  const isJudged = first.side !== 'source' || !input.mapping.some(({ subject }) => addresses.has(subject));
  const own = isJudged
    ? input.findings.filter(
        ({ subject }) => addresses.has(subject) || declared.has(withoutInstanceKeys(subject)),
      )
    : [];
  return {
    key,
    title: first.title,
    name: byType ? '' : nameOf(first),
    count: group.length,
    names: [...new Set(group.map(({ name }) => name).filter((name) => name !== ''))],
    isNew: group.some(({ isNew }) => isNew),
    mark: markOf(own),
    reachesSource:
      first.side === 'target' && own.some(({ rule, severity }) => severity === 'error' && reaching.has(rule)),
  };
}

/** `module.api.aws_lambda_function.line_bot[0]` → `api.line_bot`; a secret is its key. */
function nameOf({ address, category }: Thing): string {
  if (category === 'secrets') return address;
  const words = withoutInstanceKeys(address).split('.');
  const modules = words.flatMap((word, index) => (words[index - 1] === 'module' ? [word] : []));
  return [...modules, words.at(-1) ?? address].join('.');
}

function markOf(findings: readonly Finding[]): Mark {
  if (findings.some(({ severity, accepted }) => severity === 'error' && !accepted)) return 'error';
  return findings.some(({ severity }) => severity !== 'info') ? 'warning' : null;
}

function referencesBetween(
  references: PictureInput['references'],
  keyByAddress: ReadonlyMap<string, string>,
): Picture['references'] {
  const result = new Map<string, { from: string; to: string }>();
  for (const reference of references) {
    const from = keyByAddress.get(reference.from);
    const to = keyByAddress.get(reference.to);
    if (from !== undefined && to !== undefined && from !== to) result.set(`${from}\n${to}`, { from, to });
  }
  return [...result.values()];
}
