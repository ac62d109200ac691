/** What of the source becomes what of the target, with a box to filter it by. */
import type { MappingAction, MappingRow } from '../../../transfer/mapping.ts';
import type { Tone } from '../../blocks.ts';
import { html } from '../html.ts';
import { code, pill, type Section, table } from '../parts.ts';

const tones: Readonly<Record<MappingAction, Tone>> = {
  clone: 'plain',
  'new-cluster': 'good',
  'new-credential': 'good',
  'new-value': 'good',
  'same-value': 'plain',
  share: 'dim',
  skip: 'dim',
};

export function mappingSection(rows: readonly MappingRow[]): Section {
  const title = 'Mapping';
  if (rows.length === 0)
    return { id: 'mapping', title, body: html`<p>The run ended before anything was mapped.</p>` };
  // The box is of no use without the script, which shows it.
  const body = html`<p id="filter-tools" class="tools" hidden>
      <label for="filter">Filter the rows</label>
      <input
        id="filter"
        type="search"
        autocomplete="off"
        spellcheck="false"
        aria-controls="mapping-table"
        aria-describedby="filter-count"
      />
      <span id="filter-count" role="status">${rows.length} rows</span>
    </p>
    ${table({
      id: 'mapping-table',
      caption: 'What of the source becomes what of the target',
      kind: 'mapping',
      rows: rows.map(({ subject, source, target, action, type, reason }) => [
        html`${code(source)}${source === subject ? '' : html`<br /><span class="address">${subject}</span>`}`,
        target === null
          ? html`<span class="dim">${action === 'skip' ? 'none' : 'named by the cloud'}</span>`
          : code(target),
        pill(action, tones[action]),
        code(type),
        html`${reason}`,
      ]),
    })}`;
  return { id: 'mapping', title, body };
}
