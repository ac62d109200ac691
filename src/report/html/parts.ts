/** The small pieces that the sections are built from. */
import type { Tone } from '../blocks.ts';
import { type Html, html, nothing, trusted } from './html.ts';

export interface Section {
  /** Anchor; kebab-case. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** A word with a tone: the word says it, the colour only repeats it. */
export const pill = (text: string, tone: Tone = 'plain'): Html =>
  html`<span class="pill ${tone}">${text}</span>`;

const mayBreak = trusted('<wbr>');

/** What parts a long name, in pieces of ten characters or more: a mark at every `_` would make large pages a fifth larger. */
const pieces = /.{10,}?(?:[_.:]+|$)|.+$/gsu;

/** A name as it stands in Terraform or AWS. Where it does not fit, it breaks behind what parts it, not within a word. */
export function code(text: string): Html {
  const [first = '', ...more] = text.length > 20 ? (text.match(pieces) ?? []) : [text];
  return html`<code>${[first, ...more.flatMap((piece) => [mayBreak, piece])]}</code>`;
}

/** `2026-11-24 09:00 UTC` from ISO 8601. */
export function moment(iso: string): Html {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return html`${iso}`;
  return html`<time datetime="${iso}">${date.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** The same for a table: what stands in it is a moment to programs, too, in half the bytes. */
export function shortMoment(iso: string): Html {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return html`${iso}`;
  return html`<time>${date.toISOString().slice(0, 16).replace('T', ' ')}Z</time>`;
}

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly numeric?: boolean;
}

/** The kinds of tables there are, with their columns; the first names the row. */
export const tableKinds = {
  mapping: [
    { title: 'Source' },
    { title: 'Target' },
    { title: 'Action' },
    { title: 'Type' },
    { title: 'Why' },
  ],
  findings: [{ title: 'Subject' }, { title: 'Severity' }, { title: 'What' }, { title: 'What to do' }],
  evidence: [
    { title: 'Subject' },
    { title: 'Result' },
    { title: 'Check' },
    { title: 'Observed' },
    { title: 'When (UTC)' },
  ],
  cost: [{ title: 'Resource' }, { title: 'Monthly', numeric: true }, { title: 'Arithmetic' }],
  actions: [{ title: 'Done' }, { title: 'What' }, { title: 'Took', numeric: true }],
  unmanaged: [
    { title: 'Name' },
    { title: 'Type' },
    { title: 'Region' },
    { title: 'Found by' },
    { title: 'Why' },
  ],
  drift: [{ title: 'Resource' }, { title: 'What' }, { title: 'In the state' }, { title: 'In the account' }],
  unread: [{ title: 'Not read' }, { title: 'Why' }, { title: 'Permission that lacks' }],
  failed: [{ title: 'Resource' }, { title: 'What Terraform said' }],
} as const satisfies Record<string, readonly Column[]>;

export interface TableParts {
  /** Unique on the page; kebab-case. */
  readonly id: string;
  readonly kind: keyof typeof tableKinds;
  /** What the table shows, for those who cannot see where it stands. */
  readonly caption: string;
  /** Cells by column. */
  readonly rows: readonly (readonly Html[])[];
}

/**
 * A table that scrolls by itself where it is too wide, reachable by keyboard. On a narrow screen the style makes cards
 * of its rows, with the titles of the columns from `tableKinds`: written into every cell they would double the page.
 */
export function table({ id, kind, caption, rows }: TableParts): Html {
  if (rows.length === 0) return nothing;
  const columns: readonly Column[] = tableKinds[kind];
  const numeric = (index: number): Html => (columns[index]?.numeric ? html` class="number"` : nothing);
  const cell = (content: Html, index: number): Html =>
    index === 0 ? html`<th scope="row">${content}</th>` : html`<td${numeric(index)}>${content}</td>`;
  return html`<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
    <table id="${id}" class="${kind}">
      <caption id="${id}-caption">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title }, index) => html`<th scope="col" ${numeric(index)}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Something that can be opened; works without a script. */
export const foldable = (summary: Html, body: Html, open: boolean): Html =>
  html`<details${open ? html` open` : nothing}><summary>${summary}</summary><div class="inside">${body}</div></details>`;
