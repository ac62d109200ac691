/** How the page looks: light and dark, wide and narrow, on screen and on paper. Nothing is loaded from anywhere. */
import { tableKinds } from './parts.ts';

/** The titles of the columns, beside each cell where rows are cards. Our own words: nothing foreign gets in here. */
const labels = Object.entries(tableKinds)
  .flatMap(([kind, columns]) =>
    columns.map(({ title }, index) => `.${kind} td:nth-child(${index + 1})::before { content: '${title}'; }`),
  )
  .join('\n  ');

export const style = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --paper: #ffffff; --ink: #1b1f27; --soft: #565f70; --edge: #d9dde4; --wash: #eef0f4;
  --good: #14683a; --good-wash: #e2f4e9; --bad: #b01c24; --bad-wash: #fde8e8; --warn: #7d5200; --warn-wash: #fdf1d8;
  --accent: #2450b8; --line: #8d99b3;
  --part-1: #2450b8; --part-2: #0c7a6b; --part-3: #a8480f; --part-4: #8a2f8f; --part-5: #616b7d;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --paper: #1b2029; --ink: #e8ebf1; --soft: #a9b2c3; --edge: #353d4b; --wash: #252c38;
    --good: #6fd39a; --good-wash: #163626; --bad: #ff9a9a; --bad-wash: #451d21; --warn: #f0c26a; --warn-wash: #3d2f10;
    --accent: #93b4ff; --line: #66738d;
    --part-1: #7ea3ff; --part-2: #4cc3b2; --part-3: #f0945a; --part-4: #d48bd8; --part-5: #98a2b5;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
main, .top, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3, p, dl, dd, ul, ol, figure { margin: 0; }
h1 { font-size: clamp(1.6rem, 1.2rem + 2vw, 2.4rem); line-height: 1.15; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; letter-spacing: -0.01em; line-height: 1.25; }
h2.small, h3 { font-size: 1rem; }
code, pre { font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.875em; }
code, bdi, td, th, dd { unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -100vw; top: 0; background: var(--paper); padding: 0.5rem 1rem; }
.skip:focus { left: 0; z-index: 2; }
.eyebrow { color: var(--soft); font-size: 0.8125rem; letter-spacing: 0.03em; }
.note, .dim, .meta, .address { color: var(--soft); font-size: 0.875rem; }
.address { font-weight: 400; }
.next { display: grid; gap: 0.4rem; }
.next ul { list-style: none; padding: 0; display: grid; gap: 0.4rem; grid-template-columns: minmax(0, 1fr); }
.next pre { background: var(--paper); border: 1px solid var(--edge); }
.from { color: var(--soft); font-weight: 400; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.verdict { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 0.5rem; display: grid; gap: 0.9rem; }
.lead { font-size: clamp(1.1rem, 1rem + 0.5vw, 1.35rem); font-weight: 600; padding: 0.8rem 1rem; border-radius: 10px; background: var(--wash); border-left: 6px solid var(--soft); }
.verdict.good .lead { background: var(--good-wash); border-color: var(--good); }
.verdict.bad .lead { background: var(--bad-wash); border-color: var(--bad); }
.verdict.warn .lead { background: var(--warn-wash); border-color: var(--warn); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9.25rem, 100%), 1fr)); gap: 0.75rem; }
.fact { background: var(--paper); border: 1px solid var(--edge); border-radius: 10px; padding: 0.7rem 0.9rem; display: flex; flex-direction: column; }
.fact dt { color: var(--soft); font-size: 0.8125rem; }
.fact .value { display: block; font-size: 1.4rem; font-weight: 650; line-height: 1.25; }
.fact.good .value { color: var(--good); } .fact.bad .value { color: var(--bad); } .fact.warn .value { color: var(--warn); }
.outputs { display: grid; gap: 0.25rem; }
.outputs > div { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: 0 1rem; }
.outputs dd { overflow-wrap: anywhere; }

.top ul { list-style: none; padding: 0.9rem 0; display: flex; flex-wrap: wrap; gap: 0.35rem 1.1rem; }
.top a { display: inline-block; padding: 0.2rem 0; }
section { background: var(--paper); border: 1px solid var(--edge); border-radius: 14px; padding: 1.25rem; margin: 0 0 1.25rem; display: grid; gap: 0.9rem; grid-template-columns: minmax(0, 1fr); }
.notice { border-radius: 8px; padding: 0.7rem 0.9rem; background: var(--wash); border-left: 4px solid var(--soft); overflow-wrap: anywhere; }
.notice.bad { background: var(--bad-wash); border-color: var(--bad); }
.notice.warn { background: var(--warn-wash); border-color: var(--warn); }
.codes { padding-left: 1.2rem; }
footer { padding-top: 0.5rem; padding-bottom: 2rem; color: var(--soft); font-size: 0.875rem; }

.pill { display: inline-block; border-radius: 999px; padding: 0.05rem 0.6rem; font-size: 0.8125rem; font-weight: 600; background: var(--wash); color: var(--ink); white-space: nowrap; max-width: 100%; overflow: hidden; text-overflow: ellipsis; vertical-align: middle; }
.pill.good { background: var(--good-wash); color: var(--good); } .pill.bad { background: var(--bad-wash); color: var(--bad); }
.pill.warn { background: var(--warn-wash); color: var(--warn); } .pill.dim { color: var(--soft); }
.lead .pill { background: var(--paper); }

.scroll { overflow-x: auto; border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; color: var(--soft); font-size: 0.875rem; padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.75rem 0.45rem 0; border-top: 1px solid var(--edge); font-weight: 400; overflow-wrap: break-word; }
thead th { border-top: 0; color: var(--soft); font-size: 0.8125rem; font-weight: 600; white-space: nowrap; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td { min-width: 5.5rem; }
.mapping { table-layout: fixed; min-width: 60rem; }
.mapping th, .mapping td, .unmanaged th, .drift th, .drift td, .unread th { overflow-wrap: anywhere; }
.mapping th:nth-child(1) { width: 26%; } .mapping th:nth-child(2) { width: 21%; } .mapping th:nth-child(3) { width: 15%; } .mapping th:nth-child(4) { width: 15%; }
.cost tbody th, .findings tbody th { min-width: 15rem; }
td time { white-space: nowrap; }
.evidence td:nth-child(3) { min-width: 9.5rem; }
tbody th { min-width: 11rem; }

details { border: 1px solid var(--edge); border-radius: 8px; }
summary { cursor: pointer; padding: 0.55rem 0.8rem; }
.protects { display: block; padding-left: 1.05rem; font-size: 0.9rem; }
.inside { padding: 0.2rem 0.8rem 0.8rem; display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }
.rules { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); }

.timeline { list-style: none; padding: 0; display: grid; gap: 0.15rem; }
.timeline li { display: grid; grid-template-columns: 15rem 5.75rem 1fr; gap: 0 1rem; align-items: center; padding: 0.45rem 0; border-top: 1px solid var(--edge); }
.timeline li:first-child { border-top: 0; }
.timeline .ordinal { display: inline-block; width: 1.4rem; color: var(--soft); }
.timeline .took { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.timeline .bar { width: 100%; height: 0.75rem; display: block; }
.timeline .track { fill: var(--wash); }
.timeline .fill { fill: var(--accent); }
.timeline .bad .fill { fill: var(--bad); } .timeline .warn .fill { fill: var(--warn); }
.timeline .summary { grid-column: 3; color: var(--soft); font-size: 0.875rem; }

.picture { display: grid; gap: 0.75rem; grid-template-columns: minmax(0, 1fr); }
.picture .wide svg { display: block; width: 100%; min-width: 46rem; height: auto; }
.picture .narrow svg { display: block; width: 100%; max-width: 30rem; margin: 0 auto; height: auto; }
.picture .narrow { display: none; }
.picture figcaption { color: var(--soft); font-size: 0.875rem; display: grid; gap: 0.5rem; }
svg text { fill: var(--ink); font-size: 11.5px; font-family: inherit; unicode-bidi: isolate; }
svg .name { font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 10.5px; fill: var(--soft); }
svg .count { fill: var(--soft); }
svg .column { font-size: 15px; font-weight: 650; }
svg .category { font-size: 11px; font-weight: 650; fill: var(--soft); letter-spacing: 0.04em; text-transform: uppercase; }
.node rect { fill: var(--wash); stroke: var(--edge); }
.node.new rect { fill: var(--good-wash); stroke: var(--good); }
.node.shared rect { fill: var(--paper); stroke: var(--accent); stroke-width: 1.5; }
.node.alone rect { fill: var(--paper); stroke: var(--soft); stroke-dasharray: 4 3; }
.node.error rect { fill: var(--bad-wash); stroke: var(--bad); stroke-width: 2; }
.node.warning rect { fill: var(--warn-wash); stroke: var(--warn); stroke-width: 2; }
svg .glyph { font-size: 14px; font-weight: 700; }
svg .glyph.new { fill: var(--good); } svg .glyph.error { fill: var(--bad); } svg .glyph.warning { fill: var(--warn); }
.line { fill: none; stroke: var(--line); stroke-width: 1; opacity: 0.75; }
.breach { fill: none; stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; font-size: 0.875rem; }
.legend .key { width: 28px; height: 16px; vertical-align: -3px; }
.legend .swatch { width: 0.9rem; height: 0.9rem; vertical-align: -2px; }

.tools { display: flex; flex-wrap: wrap; gap: 0.4rem 0.75rem; align-items: center; }
.tools label { font-weight: 600; }
.tools input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 8px; padding: 0.4rem 0.7rem; flex: 1 1 12rem; max-width: 24rem; min-width: 0; }
.tools span { color: var(--soft); font-size: 0.875rem; }

.layers { list-style: none; padding: 0; display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); }
.layer { border: 1px solid var(--edge); border-top: 4px solid var(--soft); border-radius: 8px; padding: 0.7rem 0.9rem; display: grid; gap: 0.15rem; align-content: start; }
.counts { display: flex; flex-wrap: wrap; gap: 0.3rem; margin-top: 0.2rem; }
.layer.good { border-top-color: var(--good); } .layer.bad { border-top-color: var(--bad); } .layer.warn { border-top-color: var(--warn); }

.cost-bar { width: 100%; height: 1.9rem; display: block; border-radius: 6px; }
.part-1 { fill: var(--part-1); } .part-2 { fill: var(--part-2); } .part-3 { fill: var(--part-3); } .part-4 { fill: var(--part-4); } .part-5 { fill: var(--part-5); }

.checklists { display: grid; gap: 1.1rem; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
.checks { list-style: none; padding: 0.3rem 0 0; display: grid; gap: 0.5rem; }
.checks li { padding-left: 1.7rem; position: relative; overflow-wrap: anywhere; }
.checks .tick { position: absolute; left: 0; font-weight: 700; }
.checks .note { display: block; }
.good > .tick { color: var(--good); } .warn > .tick { color: var(--warn); } .dim > .tick { color: var(--soft); }

.commands { display: grid; gap: 0.8rem; grid-template-columns: minmax(0, 1fr); }
.commands dt { color: var(--soft); font-size: 0.875rem; }
pre { margin: 0; padding: 0.6rem 0.8rem; background: var(--wash); border-radius: 8px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }

@media screen and (max-width: 48rem) {
  main, .top, footer, .verdict { padding-left: 0.75rem; padding-right: 0.75rem; }
  section { padding: 0.9rem; border-radius: 10px; }
  .picture .wide { display: none; }
  .picture .narrow { display: block; }
  .outputs > div { grid-template-columns: 1fr; padding-bottom: 0.35rem; }
  .timeline li { grid-template-columns: 1fr auto; }
  .timeline .bar, .timeline .summary { grid-column: 1 / -1; }
  table, tbody, tr, th, td { display: block; min-width: 0 !important; width: auto !important; }
  caption { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border-top: 1px solid var(--edge); padding: 0.6rem 0; }
  tbody th, tbody td { border: 0; padding: 0.1rem 0; overflow-wrap: anywhere; }
  tbody th { font-weight: 600; }
  ${labels}
  tbody td { position: relative; padding-left: 6rem; }
  tbody td::before { position: absolute; left: 0; color: var(--soft); font-size: 0.8125rem; }
  tbody td.number { text-align: left; }
}
@media print {
  :root { --ground: #fff; --paper: #fff; }
  html { font-size: 12px; }
  .skip, .top, .tools label, .tools input { display: none; }
  section { border: 0; padding: 0; }
  h2, h3, summary, thead { break-after: avoid; }
  tr, .timeline li, .fact, .checks li, .commands > div { break-inside: avoid; }
  .scroll { overflow: visible; }
  table { min-width: 0 !important; }
  th, td { min-width: 0 !important; overflow-wrap: anywhere; }
  td time { white-space: normal; }
  .picture .wide { display: none; }
  .picture .narrow { display: block; }
}
`;
