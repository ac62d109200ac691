/** What `--live` found: the account beside the state, and where the two differ. */
import type {
  DriftedAttribute,
  DriftedResource,
  FoundBy,
  LiveInventory,
  SourceDrift,
  UnreadableThing,
} from '../live/model.ts';
import type { Json } from '../transfer/json.ts';
import { type Block, code, counted, heading, paragraph } from './blocks.ts';

/** What something was found by, in words. */
export const signs: Readonly<Record<FoundBy, string>> = {
  name: 'name',
  tag: 'tag',
  reference: 'reference',
  service: 'made by a service',
};

export function inventoryBlocks(live: LiveInventory): Block[] {
  const { unmanaged, unreadable } = live;
  const blocks: Block[] = [heading(3, 'In the account, and in no state')];
  if (unmanaged.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['Type', 'Name', 'Region', 'Found by', 'Why'],
      rows: unmanaged.map(({ title, name, region, by, reason, leaving }) => [
        title,
        code(name, by === 'service' ? 'dim' : 'warn'),
        region,
        signs[by],
        leaving === null ? reason : `${reason}; on its way out: ${leaving}`,
      ]),
    });
  }
  blocks.push(...unreadableBlocks('Could not be listed', unreadable));
  blocks.push(paragraph(inventoryVerdict(live), live.complete ? 'dim' : 'warn'));
  return blocks;
}

/** What an inventory comes to, in one line: never that there is nothing where nobody could look. */
export function inventoryVerdict({ unmanaged, kinds, seen, regions, complete }: LiveInventory): string {
  const nothing = complete ? 'Nothing found' : 'Nothing found in what could be listed';
  const found = unmanaged.length === 0 ? nothing : `${counted(unmanaged.length, 'thing')} found`;
  return `${found} beside the state: ${counted(seen, 'thing')} of ${counted(kinds, 'kind')} looked at (${regions.join(', ')}).${complete ? '' : ' Incomplete: there may be more.'}`;
}

export const changes: Readonly<Record<DriftedResource['change'], string>> = {
  differs: 'differs',
  gone: 'is gone from the account',
  added: 'has more than the state',
};

export function driftBlocks(drift: SourceDrift): Block[] {
  const blocks: Block[] = [heading(3, 'Drift')];
  if (drift.drifted.length > 0) {
    blocks.push({
      kind: 'table',
      head: ['Resource', 'What', 'In the state', 'In the account'],
      rows: drift.drifted.flatMap((resource) => {
        const address = code(resource.address, 'warn');
        if (resource.change !== 'differs') {
          const added = resource.change === 'added' ? code(`${resource.type} ${resource.name}`) : '';
          return [[address, changes[resource.change], resource.change === 'gone' ? 'there' : '', added]];
        }
        return resource.attributes.map((attribute) => [address, code(attribute.path), ...sides(attribute)]);
      }),
    });
  }
  blocks.push(...unreadableBlocks('Could not be compared', drift.unreadable));
  blocks.push(paragraph(driftVerdict(drift), drift.complete ? 'dim' : 'warn'));
  return blocks;
}

/** What a comparison comes to, in one line. */
export function driftVerdict(drift: SourceDrift): string {
  const parts = [
    `${verdictOf(drift)}: ${counted(drift.compared, 'resource')} compared with the account (${counted(drift.attributes, 'attribute')})`,
    ...kindsOf('only known to be there', drift.present),
    ...kindsOf('not looked for', drift.notAsked),
  ];
  return `${parts.join('; ')}.${drift.complete ? '' : ' Incomplete: what could not be read may differ.'}`;
}

/** Never says that all is well where nobody could look. */
function verdictOf({ drifted, compared, complete }: SourceDrift): string {
  if (drifted.length > 0) return `${counted(drifted.length, 'resource')} drifted`;
  if (compared === 0) return 'Drift unknown';
  return complete ? 'No drift' : 'No drift in what could be read';
}

/** An attribute in the state and in the account, as far as it may be shown. */
export function sides({ shown, state, live }: DriftedAttribute): [string, string] {
  return shown ? [said(state), said(live)] : ['not shown', 'differs'];
}

const said = (value: Json | null): string => (value === null ? 'not set' : JSON.stringify(value));

function kindsOf(what: string, counts: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(counts);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  return total === 0
    ? []
    : [
        `${total} ${what} (${entries.map(([type, count]) => (count === 1 ? type : `${count} ${type}`)).join(', ')})`,
      ];
}

function unreadableBlocks(title: string, unreadable: readonly UnreadableThing[]): Block[] {
  if (unreadable.length === 0) return [];
  return [
    {
      kind: 'table',
      head: [title, 'Why', 'Permission that lacks'],
      rows: unreadable.map(({ subject, reason, permission }) => [
        code(subject, 'bad'),
        reason,
        permission ?? '',
      ]),
    },
  ];
}
