/** First of all: did it work, and the few numbers behind that. */
import type { Tone } from '../../blocks.ts';
import { type Html, html, nothing } from '../html.ts';
import { code, moment, pill } from '../parts.ts';
import type { ReportView, Verdict } from '../view.ts';

const words: Readonly<Record<Tone, string>> = {
  good: 'Good',
  bad: 'Problem',
  warn: 'Attention',
  dim: 'Past',
  plain: 'Note',
};

export function verdictSection(view: ReportView): Html {
  const { verdict, source, target, place, owner, expires, ranAt } = view;
  return html`<header class="verdict ${verdict.tone}">
    <p class="eyebrow">Evidence report · provision-env</p>
    <h1>
      <bdi>${target}</bdi>
      <span class="from">from <bdi>${source}</bdi>${place === null ? nothing : html` · ${place}`}</span>
    </h1>
    <p class="lead">${pill(words[verdict.tone], verdict.tone)} ${verdict.text}</p>
    ${error(verdict)} ${next(verdict)}
    <p class="meta">
      Run ended
      ${moment(ranAt)}${owner === null ? nothing : html` · by <bdi>${owner}</bdi>`}${expires === null ? nothing : html` · expires ${moment(expires)}`}
    </p>
    <dl class="facts">
      ${verdict.facts.map(
        ({ label, value, note, tone }) =>
          html`<div class="fact ${tone}">
            <dt>${label}</dt>
            <dd><span class="value">${value}</span> <span class="note">${note}</span></dd>
          </div> `,
      )}
    </dl>
    ${outputs(verdict)}
  </header>`;
}

function error({ error: ended }: Verdict): Html {
  if (ended === null) return nothing;
  return html`<div class="notice bad">
    <p>${ended.message}</p>
    ${ended.hint === null ? nothing : html`<p class="hint">${ended.hint}</p>`}
  </div>`;
}

function next({ next: commands }: Verdict): Html {
  if (commands.length === 0) return nothing;
  return html`<div class="next">
    <h2 class="small">Next</h2>
    <ul>
      ${commands.map(
        (text) =>
          html`<li>
            <pre tabindex="0"><code>${text}</code></pre>
          </li>`,
      )}
    </ul>
  </div>`;
}

function outputs({ outputs: named }: Verdict): Html {
  if (named.length === 0) return nothing;
  return html`<h2 class="small">Outputs</h2>
    <dl class="outputs">
      ${named.map(
        ({ name, value }) =>
          html`<div>
            <dt>${code(name)}</dt>
            <dd>${value}</dd>
          </div> `,
      )}
    </dl>`;
}
