// The style sheet. Colours are properties of the page, given for light, for dark screens, and for paper,
// which is light. Every text has a contrast of 4.5 or more to what it stands on, every shape of 3 or more; a
// test computes them. ASCII, without < and &, so that it may stand in XML.
#include "report_parts.hpp"

namespace ecomm::core {
namespace {

constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #ffffff; --ink: #17202c; --muted: #525d6b; --rule: #dde2e8; --grid: #e6eaef; --zero: #8a94a0;
  --accent: #00629b; --quiet: #7f8b99; --columns: #a9bccd; --band: #0072b2; --up: #0a6b4b; --down: #a8320a; --warn: #fff1e6;
  --c0: #0072b2; --c1: #d55e00; --c2: #008a64; --c3: #b3589a; --c4: #8a6a00; --c5: #2f4b7c; --c6: #7d3c1f; --c7: #737b85;
  --h0: #edf4fb; --h1: #d3e4f5; --h2: #b0cfec; --h3: #85b4de; --h4: #5a97cd; --h5: #2b70ae; --h6: #124f88;
  --on-low: #0c1b2c; --on-middle: #0c1b2c; --on-high: #ffffff;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0f1318; --card: #171c23; --ink: #e8ecf1; --muted: #a3adba; --rule: #2c343f; --grid: #262e38; --zero: #77828f;
    --accent: #7cc4f2; --quiet: #8794a3; --columns: #3d4f61; --band: #56b4e9; --up: #5fd3a8; --down: #ff9d76; --warn: #3a2413;
    --c0: #56b4e9; --c1: #f0883e; --c2: #2fc19a; --c3: #e39ac8; --c4: #e0b93f; --c5: #9db4ff; --c6: #d89a7a; --c7: #a0a8b3;
    --h0: #1b2a3b; --h1: #1d3a57; --h2: #224c76; --h3: #2a629a; --h4: #4a8acb; --h5: #74ace4; --h6: #aed2f8;
    --on-low: #f2f6fb; --on-middle: #08131f; --on-high: #08131f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 72rem; padding: 2.5rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { margin: 0; font-size: clamp(1.75rem, 1.2rem + 2.2vw, 2.5rem); line-height: 1.15; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { margin: 3rem 0 1rem; font-size: 1.4rem; line-height: 1.25; letter-spacing: -0.01em; }
h3 { margin: 0; font-size: 1.05rem; line-height: 1.3; }
p { margin: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
sup { font-size: 0.7em; line-height: 0; margin-left: 0.15em; font-weight: 400; }
sup a { text-decoration: none; padding: 0.3em 0.2em; }
.range { margin-top: 0.5rem; font-size: 1.15rem; }
.coverage, .remark { color: var(--muted); font-size: 0.9rem; }
.coverage { margin-top: 0.25rem; }
.warning { margin-top: 1rem; padding: 0.6rem 0.9rem; background: var(--warn); border-left: 4px solid var(--c1); border-radius: 4px; }
.lead { margin-bottom: 1.25rem; font-size: 1.1rem; max-width: 46rem; }
nav { margin-top: 1.25rem; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0; padding: 0.25rem 0; list-style: none; }
nav a { display: inline-block; padding: 0.35rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }

.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; margin: 0 0 1.5rem; }
.tile, .card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.tile { padding: 0.9rem 1rem; }
.tile dt { color: var(--muted); font-size: 0.875rem; }
.tile dd { margin: 0; }
.tile .number { font-size: 1.7rem; font-weight: 650; line-height: 1.25; letter-spacing: -0.02em; white-space: nowrap; }
.change { font-size: 0.85rem; line-height: 1.4; color: var(--muted); }
.up { color: var(--up); }
.down { color: var(--down); }
.up::before { content: "\25B2\00A0"; font-size: 0.75em; }
.down::before { content: "\25BC\00A0"; font-size: 0.75em; }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
.stack { display: grid; gap: 1rem; min-width: 0; grid-template-rows: auto 1fr; }
.card { margin: 0; padding: 1.1rem 1.2rem; min-width: 0; }
.card + .card.full, section > .card + .card { margin-top: 1rem; }
.cards .card.full { margin-top: 0; grid-column: 1 / -1; }
.finding { margin-top: 0.25rem; color: var(--muted); }
figcaption { margin-bottom: 0.75rem; }
details { margin-top: 0.75rem; font-size: 0.9rem; }
summary { cursor: pointer; color: var(--accent); padding: 0.2rem 0; width: fit-content; }
.scroll { overflow-x: auto; margin-top: 0.5rem; border-radius: 4px; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; }
caption { text-align: left; color: var(--muted); padding: 0.25rem 0 0.5rem; }
th, td { padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--muted); font-weight: 600; vertical-align: bottom; border-bottom: 1px solid var(--zero); }
tbody th { font-weight: 500; min-width: 9rem; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; }
.t { text-align: left; overflow-wrap: break-word; }
.notes { margin: 0; padding-left: 1.4rem; font-size: 0.875rem; color: var(--muted); max-width: 50rem; }
.notes li { margin-bottom: 0.35rem; padding-left: 0.2rem; }
.notes li:target { color: var(--ink); font-weight: 600; }

svg.chart { display: block; width: 100%; height: auto; max-width: 36rem; overflow: visible; font-size: 12px; }
svg.wide, svg.narrow { max-width: none; }
svg.narrow { display: none; font-size: 13.5px; }
svg text { fill: var(--ink); }
svg .tick { fill: var(--muted); }
svg .middle { text-anchor: middle; }
svg .end { text-anchor: end; }
svg .value { font-weight: 600; }
svg .center { font-size: 22px; font-weight: 650; }
svg .label { font-weight: 600; fill: var(--muted); }
svg .label.strong { fill: var(--accent); }
svg .group { font-size: 14px; font-weight: 700; paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
svg .grid { stroke: var(--grid); }
svg .zero { stroke: var(--zero); }
svg .divide { stroke: var(--zero); stroke-dasharray: 3 3; }
svg .columns { fill: var(--columns); }
svg .line { fill: none; stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
svg .line.quiet { stroke: var(--quiet); }
svg .line.strong { stroke: var(--accent); stroke-width: 2.75; }
svg .band { fill: var(--band); }
svg .b95 { fill-opacity: 0.16; }
svg .b80 { fill-opacity: 0.24; }
svg .bar, svg .slice { fill: var(--k); }
svg .slice { stroke: var(--card); stroke-width: 2; }
svg .whole { stroke: none; }
svg .points { fill: none; stroke: var(--k); stroke-linecap: round; stroke-width: 4; stroke-opacity: 0.7; }
svg .shape1 { stroke-linecap: square; stroke-width: 3.2; }
svg .shape2, svg .shape3 { stroke-width: 1.2; }
.c0 { --k: var(--c0); } .c1 { --k: var(--c1); } .c2 { --k: var(--c2); } .c3 { --k: var(--c3); }
.c4 { --k: var(--c4); } .c5 { --k: var(--c5); } .c6 { --k: var(--c6); } .c7 { --k: var(--c7); }
svg .cell { rx: 3px; }
svg .hole { fill: none; stroke: var(--rule); stroke-dasharray: 2 2; }
svg .h0 { fill: var(--h0); } svg .h1 { fill: var(--h1); } svg .h2 { fill: var(--h2); } svg .h3 { fill: var(--h3); }
svg .h4 { fill: var(--h4); } svg .h5 { fill: var(--h5); } svg .h6 { fill: var(--h6); }
svg .in-h0, svg .in-h1, svg .in-h2, svg .in-h3 { fill: var(--on-low); font-size: 10.5px; }
svg .in-h4 { fill: var(--on-middle); font-size: 10.5px; }
svg .in-h5, svg .in-h6 { fill: var(--on-high); font-size: 10.5px; }

@media screen and (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h2 { margin-top: 2.25rem; }
  .card { padding: 0.9rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 0.6rem; }
  .tile { padding: 0.7rem 0.75rem; }
  .tile .number { font-size: 1.35rem; }
  .tile .long { font-size: 1.1rem; line-height: 1.55; }
  .tile .longest { font-size: 0.85rem; line-height: 2; }
  svg.cells text { font-size: 12.5px; }
  svg.wide { display: none; }
  svg.narrow { display: block; }
  th, td { padding: 0.35rem 0.45rem; }
  td.t { min-width: 11rem; }
}
@page { size: A4; margin: 14mm 13mm; }
@media print {
  :root { color-scheme: light; --page: #ffffff; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; }
  a { color: inherit; text-decoration: none; }
  h1 { font-size: 22pt; }
  h2 { margin: 7mm 0 3mm; font-size: 14pt; break-after: avoid; }
  h3, figcaption, caption { break-after: avoid; }
  .tiles { grid-template-columns: repeat(3, 1fr); gap: 3mm; }
  .tile { break-inside: avoid; padding: 2.5mm 3mm; }
  .tile .number { font-size: 15pt; }
  .cards { display: block; }
  .card { margin-bottom: 4mm; padding: 3.5mm 4mm; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
  svg.chart, figcaption { break-inside: avoid; }
  svg.chart { max-width: 120mm; }
  svg.wide { max-width: none; }
  .stack { display: block; }
  .many { columns: 2; column-gap: 7mm; }
  .many th, .many td { padding: 0.45mm 1mm; font-size: 7pt; }
  .many tbody th { min-width: 0; }
  tbody tr:nth-child(-n+4) { break-before: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; opacity: 1; }
  summary { display: none; }
  details { margin-top: 3mm; font-size: 8.5pt; }
  .scroll { overflow: visible; margin-top: 0; }
  table { font-size: 8.5pt; }
  th, td { padding: 0.8mm 2mm; }
  tbody th { min-width: 26mm; }
  #table-recent th, #table-recent td { padding: 0.8mm 1.2mm; font-size: 8pt; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  .notes { font-size: 8.5pt; }
}
)css";

}  // namespace

std::string_view ReportStyle() { return kStyle; }

}  // namespace ecomm::core
