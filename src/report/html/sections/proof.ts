/** The proof, rule by rule: what was looked at, not only what was found. */
import { blocks, type Finding, type Severity } from '../../../transfer/finding.ts';
import { counted, type Tone } from '../../blocks.ts';
import { type Html, html, nothing } from '../html.ts';
import { code, foldable, pill, type Section, table } from '../parts.ts';
import type { ProofView, RuleView } from '../view.ts';

const tones: Readonly<Record<Severity, Tone>> = { error: 'bad', warning: 'warn', info: 'dim' };

export function proofSection(proof: ProofView | null, besides: readonly Finding[]): Section {
  const title = 'Isolation proof';
  if (proof === null) {
    const body = html`<p>The run ended before there was a proof.</p>
      ${findingsTable('findings-table', 'What was found', besides)}`;
    return { id: 'proof', title, body };
  }
  const when =
    proof.phase === 'before-apply' ? 'on the plan, before anything is changed' : 'on what now exists';
  const body = html`<p>
      ${pill(proof.held ? 'holds' : 'does not hold', proof.held ? 'good' : 'bad')} Judged ${when}, by
      ${counted(proof.rules.length, 'rule')}. Open a rule to see what it looked at.
    </p>
    <div class="rules">${proof.rules.map(rule)}</div>
    ${coverage(proof)}
    ${
      besides.length === 0
        ? nothing
        : html`<h3>Besides</h3>
            ${findingsTable('findings-table', 'What else was found', besides)}`
    }`;
  return { id: 'proof', title, body };
}

function rule(view: RuleView): Html {
  const { rule: id, held, judged, undecided, findings, protects, decides } = view;
  const errors = findings.filter(blocks).length;
  const numbers = [
    `${judged} judged`,
    ...(undecided.length > 0 ? [`${undecided.length} undecided`] : []),
    ...(findings.length > 0 ? [counted(findings.length, 'finding')] : []),
  ].join(', ');
  const [word, tone] = !held
    ? (['broken', 'bad'] as const)
    : judged === 0 && undecided.length === 0
      ? (['nothing to judge', 'dim'] as const)
      : (['holds', findings.length > 0 ? 'warn' : 'good'] as const);
  const summary = html`${pill(word, tone)} <strong>${id}</strong>
    <span class="note">${numbers}</span
    >${protects === '' ? nothing : html`<span class="protects">${protects}</span>`}`;
  const body = html`${decides === '' ? nothing : html`<p class="note">How it decides: ${decides}</p>`}
    <p class="note">
      Looked at: ${judged === 0 ? 'nothing that it could judge' : counted(judged, 'subject')}.
    </p>
    ${
      undecided.length === 0
        ? nothing
        : html`<p class="note">Known only after the apply, or not at all:</p>
            <ul class="codes">
              ${undecided.map((subject) => html`<li>${code(subject)}</li>`)}
            </ul>`
    }
    ${findingsTable(`rule-${id}`, `What ${id} found`, findings)}`;
  return foldable(summary, body, errors > 0 || !held);
}

function findingsTable(id: string, caption: string, findings: readonly Finding[]): Html {
  return table({
    id,
    caption,
    kind: 'findings',
    rows: findings.map(({ subject, severity, message, hint, accepted }) => [
      code(subject),
      accepted ? pill(`${severity}, accepted by ${accepted.by}`, 'warn') : pill(severity, tones[severity]),
      html`${message}`,
      html`${hint}`,
    ]),
  });
}

function coverage({ coverage: { handled, nothingToDo, unknown, unreadable } }: ProofView): Html {
  const list = (tone: Tone, text: string, items: readonly string[]): Html =>
    items.length === 0
      ? nothing
      : html`<div class="notice ${tone}">
          <p>${text}</p>
          <ul class="codes">
            ${items.map((item) => html`<li>${code(item)}</li>`)}
          </ul>
        </div>`;
  return html`<h3>Coverage</h3>
    <p>
      ${counted(handled, 'resource')} of known types, ${nothingToDo} with nothing to do, ${unknown.length} of
      unknown types, ${unreadable.length} unreadable.
    </p>
    ${list('warn', 'Of a type that is not in the table; judged by comparing the two sides:', unknown)}
    ${list('bad', 'Could not be read, so the run is not complete:', unreadable)}`;
}
