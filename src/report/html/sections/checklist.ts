/** The master checklist: every line ticked by something that was observed, or not at all. */
import type { ChecklistLine } from '../../../channels/checklist.ts';
import { type Html, html } from '../html.ts';
import type { Section } from '../parts.ts';

export function checklistSection(lines: readonly ChecklistLine[]): Section {
  const sections = [...new Set(lines.map(({ section }) => section))];
  const needed = lines.filter(({ applicable }) => applicable);
  const ticked = needed.filter((line) => line.ticked).length;
  const body = html`<p>${ticked} of ${needed.length} ticked.</p>
    <div class="checklists">
      ${sections.map(
        (section) =>
          html`<div>
            <h3>${section}</h3>
            <ul class="checks">
              ${lines.filter((line) => line.section === section).map(item)}
            </ul>
          </div> `,
      )}
    </div>`;
  return { id: 'checklist', title: 'Master checklist', body };
}

function item({ line, ticked, applicable, because }: ChecklistLine): Html {
  const [mark, word, tone] = ticked
    ? (['✓', 'done', 'good'] as const)
    : applicable
      ? (['☐', 'not done', 'warn'] as const)
      : (['–', 'does not apply', 'dim'] as const);
  return html`<li class="${tone}">
    <span class="tick" aria-hidden="true">${mark}</span><span class="hidden">${word}: </span>${line}
    <span class="note">${because}</span>
  </li> `;
}
