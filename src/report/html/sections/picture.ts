/** Source and target side by side: what stands beside what, what is shared, what refers to what, what is wrong. */
import { categoryTitles } from '../../categories.ts';
import { counted } from '../../blocks.ts';
import { type Html, html, nothing } from '../html.ts';
import type { Section } from '../parts.ts';
import { type Frame, layOut, narrow, type Placed, wide } from '../picture-layout.ts';
import type { Picture, PictureCategory, PictureNode } from '../view.ts';

interface Names {
  readonly source: string;
  readonly target: string;
}

export function pictureSection(picture: Picture | null, names: Names): Section {
  const title = 'Side by side';
  if (picture === null)
    return { id: 'picture', title, body: html`<p>The run ended before the source was known.</p>` };
  const body = html`<figure class="picture">
    <div class="scroll wide" role="region" aria-label="Picture, drawn wide" tabindex="0">
      ${drawing(picture, wide, names)}
    </div>
    <div class="narrow">${drawing(picture, narrow, names)}</div>
    <figcaption>
      ${summary(picture, names)}
      ${picture.byType ? html`There are many of them: each box stands for all of one type.` : nothing}
      ${legend(picture, names)}
    </figcaption>
  </figure>`;
  return { id: 'picture', title, body };
}

const total = (nodes: readonly (PictureNode | null)[]): number =>
  nodes.reduce((sum, node) => sum + (node?.count ?? 0), 0);

function summary({ rows, shared, targetKnown }: Picture, { source, target }: Names): string {
  const sources = total(rows.map((row) => row.source));
  const targets = total(rows.map((row) => row.target));
  const marked = [...rows.map((row) => row.target), ...shared].filter((node) => node?.mark).length;
  const left = `${source} has ${sources} of its own`;
  if (!targetKnown) return `${left}; ${target} was not planned.`;
  const both = shared.length === 0 ? 'nothing is shared' : `${total(shared)} shared by both`;
  return `${left}, ${target} ${targets}; ${both}. ${marked === 0 ? 'Nothing is marked by a finding.' : `${counted(marked, 'box', 'boxes')} marked by findings.`}`;
}

/** Only what the picture holds. */
function legend({ rows, shared, references }: Picture, { source, target }: Names): Html {
  const nodes = rows.flatMap(({ source: left, target: right }) => [left, right]);
  const all = [...nodes, ...shared];
  const entry = (shape: Html, text: string): Html =>
    html`<li><svg class="key" viewBox="0 0 28 16" aria-hidden="true">${shape}</svg> ${text}</li>`;
  const box = (kind: string, glyph: Html = nothing): Html =>
    html`<g class="node ${kind}"><rect x="1" y="1" width="26" height="14" rx="4" />${glyph}</g>`;
  const glyph = (kind: string, text: string): Html =>
    html`<text class="glyph ${kind}" x="14" y="12" text-anchor="middle">${text}</text>`;
  const onlySource = rows.some((row) => row.source && !row.target) && rows.some((row) => row.target);
  return html`<ul class="legend">
    ${nodes.some((node) => node?.isNew) ? entry(box('new', glyph('new', '+')), `new in ${target}`) : nothing}
    ${shared.length > 0 ? entry(box('shared'), 'shared, left as it is') : nothing}
    ${onlySource ? entry(box('alone'), `only in ${source}, not copied`) : nothing}
    ${references.length > 0 ? entry(html`<path class="line" d="M1 8H27" />`, 'refers to') : nothing}
    ${all.some((node) => node?.mark === 'error') ? entry(box('error', glyph('error', '!')), 'a finding that blocks') : nothing}
    ${all.some((node) => node?.mark === 'warning') ? entry(box('warning', glyph('warning', '!')), 'a warning, or a finding that was accepted') : nothing}
    ${all.some((node) => node?.reachesSource) ? entry(html`<path class="breach" d="M1 8H27" />`, `leans on ${source}`) : nothing}
  </ul>`;
}

function drawing(picture: Picture, frame: Frame, names: Names): Html {
  const layout = layOut(picture, frame);
  const { titles } = layout;
  const name = ({ x, y }: { x: number; y: number }, text: string): Html =>
    html`<text class="column" x="${x}" y="${y}" text-anchor="middle"
      >${cut(text, frame === wide ? 38 : 17)}</text
    >`;
  const alone = new Set(
    picture.targetKnown
      ? picture.rows.flatMap((row) => (row.source && !row.target ? [row.source.key] : []))
      : [],
  );
  const headingAt = [layout.nodes.find(({ side }) => side === 'source')?.x ?? frame.margin];
  if (frame === wide && picture.rows.some(({ target }) => target))
    headingAt.push(frame.width - frame.margin - frame.nodeWidth);
  return html`<svg
    viewBox="0 0 ${frame.width} ${layout.height}"
    role="img"
    aria-label="${summary(picture, names)}"
  >
    ${layout.headings.map(({ category, y }) => headingAt.map((x) => html`<text class="category" x="${x}" y="${y}">${titleOf(category)}</text>`))}
    ${layout.lines.length > 0 ? html`<path class="line" d="${layout.lines.join('')}" />` : nothing}
    ${layout.breaches.map((path) => html`<path class="breach" d="${path}" />`)}
    ${name(titles.source, names.source)} ${name(titles.target, names.target)}
    ${titles.shared ? name(titles.shared, 'shared') : nothing}
    ${layout.nodes.map((placed) => box(placed, frame, alone.has(placed.node.key)))}
  </svg>`;
}

const titleOf = (category: PictureCategory): string =>
  category === 'secrets' ? 'Secrets' : categoryTitles[category];

function box({ node, side, x, y, width }: Placed, frame: Frame, isAlone: boolean): Html {
  const kind =
    node.mark ??
    (node.isNew ? 'new' : side === 'shared' ? 'shared' : isAlone && side === 'source' ? 'alone' : 'plain');
  const glyph = node.mark ? '!' : node.isNew ? '+' : '';
  const count = node.count > 1 ? `×${node.count}` : '';
  return html`<g class="node ${kind}"
    ><title>${tooltip(node)}</title
    ><rect
      x="${x}"
      y="${y}"
      width="${width}"
      height="${frame.nodeHeight}"
      rx="5"
    />${label(node, count, { x, y, width }, frame)}${glyph === '' ? nothing : html`<text class="glyph ${kind}" x="${x + width - 12}" y="${y + frame.nodeHeight / 2 + 4.5}" text-anchor="middle">${glyph}</text>`}</g
  >`;
}

/** Widths of characters at the sizes of the style, of a font that runs wide. */
const perCharacter = { line: 6.3, title: 7, name: 6.4 };

function label(
  node: PictureNode,
  count: string,
  at: { x: number; y: number; width: number },
  frame: Frame,
): Html {
  const room = (each: number): number =>
    Math.floor((at.width - 32) / each) - (count === '' ? 0 : count.length + 1);
  const counted = count === '' ? nothing : html`<tspan class="count"> ${count}</tspan>`;
  if (frame.shared === 'above') {
    const [x, alone] = [at.x + 8, node.name === ''];
    const name = html`<text class="name" x="${x}" y="${at.y + 27}"
      >${cut(node.name, room(perCharacter.name))}</text
    >`;
    return html`<text x="${x}" y="${at.y + (alone ? 21 : 14)}"
        >${cut(node.title, room(perCharacter.title))}${counted}</text
      >${alone ? nothing : name}`;
  }
  const all = room(perCharacter.line);
  const name = cut(node.name, Math.max(all - node.title.length - 1, Math.floor(all * 0.6)));
  const title = cut(node.title, all - name.length - 1);
  return html`<text x="${at.x + 9}" y="${at.y + 15.5}"
    >${title}${name === '' ? nothing : html` <tspan class="name">${name}</tspan>`}${counted}</text
  >`;
}

/** By whole characters: half a surrogate pair is no character. */
function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, Math.max(1, most - 1)).join('')}…`;
}

const mostNames = 6;

function tooltip({ title, name, names }: PictureNode): string {
  const rest = names.length - mostNames;
  const list = [...names.slice(0, mostNames), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
  return `${title}${name === '' ? '' : ` ${name}`}${list === '' ? '' : `: ${list}`}`;
}
