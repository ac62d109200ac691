/** How to come to the same once more. */
import { html } from '../html.ts';
import type { Section } from '../parts.ts';
import type { Command } from '../view.ts';

export function commandsSection(commands: readonly Command[]): Section {
  const body = html`<dl class="commands">
    ${commands.map(
      ({ text, does }) =>
        html`<div>
          <dt>${does}</dt>
          <dd>
            <pre tabindex="0"><code>${text}</code></pre>
          </dd>
        </div> `,
    )}
  </dl>`;
  return { id: 'commands', title: 'Do it again', body };
}
