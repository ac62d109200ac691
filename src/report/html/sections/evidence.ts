/** What was observed, layer by layer, up to "a person received it". */
import type { Evidence, EvidenceStatus, Layer } from '../../../transfer/evidence.ts';
import type { Tone } from '../../blocks.ts';
import { type Html, html, nothing } from '../html.ts';
import { code, foldable, pill, type Section, shortMoment, table } from '../parts.ts';

const layers: Readonly<Record<Layer, { readonly title: string; readonly asks: string }>> = {
  1: { title: 'Surface', asks: 'Does it run?' },
  2: { title: 'Content', asks: 'What does it answer?' },
  3: { title: 'Observability', asks: 'What does it log?' },
  4: { title: 'Ground truth', asks: 'Did a person receive it?' },
};

const tones: Readonly<Record<EvidenceStatus, Tone>> = {
  pass: 'good',
  fail: 'bad',
  pending: 'warn',
  skipped: 'dim',
};

const words: Readonly<Record<EvidenceStatus, string>> = {
  pass: 'passed',
  fail: 'failed',
  pending: 'pending',
  skipped: 'left out',
};

/** What went wrong first. */
const urgency: readonly EvidenceStatus[] = ['fail', 'pending', 'pass', 'skipped'];

export function evidenceSection(evidence: readonly Evidence[]): Section {
  const body = html`<ul class="layers">
      ${([1, 2, 3, 4] as const).map((number) => card(number, evidence))}
    </ul>
    ${([1, 2, 3, 4] as const).map((number) => details(number, evidence))}`;
  return { id: 'evidence', title: 'Evidence by layer', body };
}

const of = (layer: Layer, evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.filter((item) => item.layer === layer);

function worst(items: readonly Evidence[]): Tone {
  const status = urgency.find((each) => items.some((item) => item.status === each));
  return status === undefined ? 'dim' : tones[status];
}

function card(layer: Layer, evidence: readonly Evidence[]): Html {
  const items = of(layer, evidence);
  const { title, asks } = layers[layer];
  const counts = urgency.flatMap((status) => {
    const count = items.filter((item) => item.status === status).length;
    return count === 0 ? [] : [pill(`${count} ${words[status]}`, tones[status]), html``];
  });
  return html`<li class="layer ${worst(items)}">
    <span class="eyebrow">Layer ${layer}</span> <strong>${title}</strong> <span class="note">${asks}</span>
    <span class="counts">${items.length === 0 ? html`<span class="note">not looked at</span>` : counts}</span>
  </li>`;
}

function details(layer: Layer, evidence: readonly Evidence[]): Html {
  const items = of(layer, evidence).toSorted((a, b) => urgency.indexOf(a.status) - urgency.indexOf(b.status));
  if (items.length === 0) return nothing;
  const { title } = layers[layer];
  const tone = worst(items);
  return foldable(
    html`<strong>Layer ${layer}, ${title.toLowerCase()}</strong>
      <span class="note">${items.length} observed</span>`,
    table({
      id: `layer-${layer}`,
      caption: `What was observed in layer ${layer}`,
      kind: 'evidence',
      rows: items.map(({ subject, status, check, observed, expected, at }) => [
        code(subject),
        pill(words[status], tones[status]),
        html`${check}`,
        status === 'fail' || status === 'pending'
          ? html`${observed} <span class="note">(expected: ${expected})</span>`
          : html`${observed}`,
        shortMoment(at),
      ]),
    }),
    tone === 'bad' || tone === 'warn' || items.length <= 12,
  );
}
