/** The whole page in one file: nothing is loaded, and a policy in it says so to the browser. */
import { createHash } from 'node:crypto';
import { type Html, html, nothing, trusted } from './html.ts';
import type { Section } from './parts.ts';
import { script } from './script.ts';
import { accountSection } from './sections/account.ts';
import { checklistSection } from './sections/checklist.ts';
import { commandsSection } from './sections/commands.ts';
import { costSection } from './sections/cost.ts';
import { evidenceSection } from './sections/evidence.ts';
import { mappingSection } from './sections/mapping.ts';
import { pictureSection } from './sections/picture.ts';
import { proofSection } from './sections/proof.ts';
import { timelineSection } from './sections/timeline.ts';
import { verdictSection } from './sections/verdict.ts';
import { style } from './style.ts';
import type { ReportView } from './view.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the page may do: be styled by its own style and run its own script. No request, no form, no frame. */
function policy(): string {
  return [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** @returns a complete HTML document that opens from disk */
export function toHtml(view: ReportView): string {
  const sections: readonly Section[] = [
    timelineSection(view.timeline),
    pictureSection(view.picture, view),
    ...(view.account ? [accountSection(view.account)] : []),
    mappingSection(view.mapping),
    proofSection(view.proof, view.findings),
    evidenceSection(view.evidence),
    costSection(view.cost),
    ...(view.checklist ? [checklistSection(view.checklist)] : []),
    commandsSection(view.commands),
  ];
  // Plain strings: they have to stand there exactly as they were hashed.
  const inline = trusted(`<style>${style}</style>`);
  const behaviour = trusted(`<script>${script}</script>`);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policy())}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <title>${view.target} from ${view.source}: evidence report</title>
        ${inline}
      </head>
      <body>
        <a class="skip" href="#steps">To the details</a>
        ${verdictSection(view)} ${contents(sections)}
        <main>${sections.map(part)}</main>
        <footer>
          <p>
            Made by provision-env. This file is all there is to it: it loads nothing and holds no secret's
            value.
          </p>
        </footer>
        ${behaviour}
      </body>
    </html> `;
  return page.toString();
}

function contents(sections: readonly Section[]): Html {
  return html`<nav class="top" aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
}

function part({ id, title, body }: Section): Html {
  return body === nothing
    ? nothing
    : html`<section id="${id}" aria-labelledby="${id}-title">
        <h2 id="${id}-title">${title}</h2>
        ${body}
      </section> `;
}
