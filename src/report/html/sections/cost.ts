/** What the environment costs in a month: a bar, a table with the arithmetic, and what nobody knows. */
import type { Cost, ResourceCost } from '../../../cost/model.ts';
import { dollars } from '../../../cost/money.ts';
import { counted } from '../../blocks.ts';
import { changeText } from '../../cost.ts';
import { type Html, html, nothing } from '../html.ts';
import { code, foldable, type Section, table } from '../parts.ts';

/** More parts than this cannot be told apart by colour. */
const mostParts = 5;

const isFree = ({ basis }: ResourceCost): boolean => basis === 'free' || basis.startsWith('free: ');

export function costSection(cost: Cost | null): Section {
  const title = 'Cost in a month';
  if (cost === null) return { id: 'cost', title, body: html`<p>There was no plan that could be priced.</p>` };
  const { resources, unknown, monthlyTotal, monthlyDelta } = cost;
  const priced = resources
    .filter((resource) => !isFree(resource))
    .toSorted((a, b) => b.monthly - a.monthly || a.address.localeCompare(b.address, 'en'));
  const paid = priced.filter(({ monthly }) => monthly > 0);
  const idle = priced.filter(({ monthly }) => monthly <= 0);
  const free = resources.length - priced.length;
  const atLeast = unknown.length > 0 ? 'at least ' : '';
  const body = html`<p>
      In all ${atLeast}<strong>${dollars(monthlyTotal)}</strong> for a month of 730 hours, idle. Added to what
      the source costs already: ${atLeast}<strong>${dollars(monthlyDelta)}</strong>.${changeText(cost)}
    </p>
    ${bar(paid)} ${costTable('cost-table', 'What costs in a month, and how that is worked out', paid)}
    ${
      idle.length === 0
        ? nothing
        : foldable(
            html`Paid by use, and nothing while it is idle
              <span class="note">${counted(idle.length, 'resource')}</span>`,
            costTable('idle-table', 'What is paid by use, with its rates', idle),
            false,
          )
    }
    ${free === 0 ? nothing : html`<p class="note">${counted(free, 'resource')}${priced.length > 0 ? ' more' : ''} ${free === 1 ? 'is' : 'are'} free.</p>`}
    ${
      unknown.length === 0
        ? nothing
        : html`<div class="notice warn">
            <p>The price of ${counted(unknown.length, 'resource')} is unknown, and not in the total:</p>
            <ul class="codes">
              ${unknown.map((address) => html`<li>${code(address)}</li>`)}
            </ul>
          </div>`
    }`;
  return { id: 'cost', title, body };
}

function costTable(id: string, caption: string, resources: readonly ResourceCost[]): Html {
  return table({
    id,
    kind: 'cost',
    caption,
    rows: resources.map(({ address, monthly, basis }) => [
      code(address),
      html`${dollars(monthly)}`,
      html`${basis}`,
    ]),
  });
}

/** @param paid dearest first */
function bar(paid: readonly ResourceCost[]): Html {
  if (paid.length === 0) return nothing;
  const named = paid.slice(0, paid.length > mostParts ? mostParts - 1 : mostParts);
  const rest = paid.slice(named.length);
  const parts = [
    ...named.map(({ address, monthly }) => ({ label: code(address), monthly })),
    ...(rest.length > 0
      ? [{ label: html`${rest.length} others`, monthly: rest.reduce((sum, { monthly }) => sum + monthly, 0) }]
      : []),
  ];
  const sum = parts.reduce((all, { monthly }) => all + monthly, 0);
  let before = 0;
  const shares = parts.map(({ monthly }, index) => {
    const x = (before / sum) * 100;
    before += monthly;
    return html`<rect
      class="part-${index + 1}"
      x="${x.toFixed(2)}%"
      width="${((monthly / sum) * 100).toFixed(2)}%"
      height="100%"
    />`;
  });
  return html`<svg class="cost-bar" aria-hidden="true">${shares}</svg>
    <ul class="legend">
      ${parts.map(
        ({ label, monthly }, index) =>
          html`<li>
            <svg class="swatch" aria-hidden="true">
              <rect class="part-${index + 1}" width="100%" height="100%" rx="2" />
            </svg>
            ${label} <span class="note">${dollars(monthly)}, ${Math.round((monthly / sum) * 100)} %</span>
          </li> `,
      )}
    </ul>`;
}
