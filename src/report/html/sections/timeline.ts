/** The seven steps, each where it stood in the time of the run. */
import type { StepStatus } from '../../../transfer/steps.ts';
import { duration, type Tone } from '../../blocks.ts';
import { html, nothing } from '../html.ts';
import { code, foldable, pill, type Section, table } from '../parts.ts';
import type { Timeline } from '../view.ts';

const tones: Readonly<Record<StepStatus, Tone>> = {
  done: 'good',
  failed: 'bad',
  blocked: 'bad',
  waiting: 'warn',
  running: 'warn',
  pending: 'dim',
  skipped: 'dim',
};

/** Shorter than this share of the whole, a bar could not be seen. */
const shortest = 0.6;

export function timelineSection({ steps, actions, failed }: Timeline): Section {
  const total = steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  let before = 0;
  const items = steps.map(({ title, status, durationMs, summary }, index) => {
    const start = total === 0 ? 0 : Math.min((before / total) * 100, 100 - shortest);
    before += durationMs;
    const width = total === 0 ? 0 : Math.max((durationMs / total) * 100, shortest);
    const ran = status !== 'skipped' && status !== 'pending';
    return html`<li class="${tones[status]}">
      <div class="step">
        <span class="ordinal">${index + 1}</span> <strong>${title}</strong> ${pill(status, tones[status])}
      </div>
      <div class="took">${ran ? duration(durationMs) : nothing}</div>
      <svg class="bar" aria-hidden="true">
        <rect class="track" width="100%" height="100%" rx="3" />
        ${ran && total > 0 ? html`<rect class="fill" x="${start.toFixed(2)}%" width="${Math.min(width, 100 - start).toFixed(2)}%" height="100%" rx="3" />` : nothing}
      </svg>
      ${summary === '' ? nothing : html`<div class="summary">${summary}</div>`}
    </li> `;
  });
  const body = html`<p>In all ${duration(total)}, one step after the other.</p>
    <ol class="timeline">
      ${items}
    </ol>
    ${
      failed.length === 0
        ? nothing
        : table({
            id: 'failed-table',
            caption: 'What failed',
            kind: 'failed',
            rows: failed.map(({ address, message }) => [code(address), html`${message}`]),
          })
    }
    ${
      actions.length === 0
        ? nothing
        : foldable(
            html`What step 6 did, in order (${actions.length})`,
            table({
              id: 'actions-table',
              caption: 'What was done, in order',
              kind: 'actions',
              rows: actions.map(({ what, detail, durationMs }) => [
                html`${what}`,
                html`${detail}`,
                html`${duration(durationMs)}`,
              ]),
            }),
            false,
          )
    }`;
  return { id: 'steps', title: 'The seven steps', body };
}
