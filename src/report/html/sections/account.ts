/** The source as it is in the account: what no state has, what differs from the state, and what could not be read. */
import type { DriftedResource, LiveInventory, SourceDrift, UnreadableThing } from '../../../live/model.ts';
import { changes, driftVerdict, inventoryVerdict, sides, signs } from '../../live.ts';
import { type Html, html, nothing } from '../html.ts';
import { code, pill, type Section, table } from '../parts.ts';
import type { AccountView } from '../view.ts';

export function accountSection({ inventory, drift }: AccountView): Section {
  const body = html`${inventory === null ? nothing : inventoryPart(inventory)}
  ${drift === null ? nothing : driftPart(drift)} ${unreadPart(inventory, drift)}`;
  return { id: 'account', title: 'In the account', body };
}

function inventoryPart(live: LiveInventory): Html {
  return html`<h3>Unmanaged</h3>
    <p>${verdict(inventoryVerdict(live), live.complete)}</p>
    ${table({
      id: 'unmanaged-table',
      kind: 'unmanaged',
      caption: 'What the account has of the source, and no state',
      rows: live.unmanaged.map(({ name, title, region, by, reason, leaving }) => [
        code(name),
        html`${title}`,
        html`${region}`,
        pill(signs[by], by === 'service' ? 'dim' : 'warn'),
        html`${leaving === null ? reason : `${reason}; on its way out: ${leaving}`}`,
      ]),
    })}`;
}

function driftPart(drift: SourceDrift): Html {
  return html`<h3>Drift</h3>
    <p>${verdict(driftVerdict(drift), drift.complete)}</p>
    ${table({
      id: 'drift-table',
      kind: 'drift',
      caption: 'Where the account differs from the state',
      rows: drift.drifted.flatMap(driftRows),
    })}`;
}

function driftRows({
  address,
  change,
  attributes,
  type,
  name,
}: DriftedResource): readonly (readonly Html[])[] {
  if (change !== 'differs') {
    const added = change === 'added' ? code(`${type} ${name}`) : nothing;
    return [[code(address), pill(changes[change], 'warn'), html`${change === 'gone' ? 'there' : ''}`, added]];
  }
  return attributes.map((attribute) => {
    const [state, live] = sides(attribute);
    return [code(address), code(attribute.path), html`${state}`, html`${live}`];
  });
}

/** Both looks may fail at one thing: it is told once. */
function unreadPart(inventory: LiveInventory | null, drift: SourceDrift | null): Html {
  const all = [...(inventory?.unreadable ?? []), ...(drift?.unreadable ?? [])];
  const once = new Map(
    all.map((each): [string, UnreadableThing] => [`${each.subject} ${each.reason}`, each]),
  );
  if (once.size === 0) return nothing;
  return html`<h3>Could not be read</h3>
    ${table({
      id: 'unread-table',
      kind: 'unread',
      caption: 'What could not be read in the account',
      rows: [...once.values()].map(({ subject, reason, permission }) => [
        code(subject),
        html`${reason}`,
        permission === null ? nothing : code(permission),
      ]),
    })}`;
}

const verdict = (text: string, complete: boolean): Html =>
  complete ? html`${text}` : html`${pill('incomplete', 'warn')} ${text}`;
