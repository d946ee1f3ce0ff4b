/**
 * The look: an editorial page. A constructed style sheet, which a page's security policy lets be.
 * Colours, faces and measures are custom properties that a page may set on the element.
 */

const CSS = `
:host {
  all: initial; display: block; color-scheme: light dark;
  --paper: var(--footnote-paper, light-dark(#fdfcf9, #191816));
  --ink: var(--footnote-ink, light-dark(#1d1b18, #e9e5dd));
  --quiet: var(--footnote-quiet, light-dark(#66615a, #a8a196));
  --rule: var(--footnote-rule, light-dark(#e2ddd3, #37342f));
  --wash: var(--footnote-wash, light-dark(#f5f2eb, #23211e));
  --accent: var(--footnote-accent, light-dark(#9a2b1f, #ec9081));
  --marked: var(--footnote-marked, light-dark(#fbe3a3, #6b4e12));
  --serif: var(--footnote-serif, "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Charter, "Bitstream Charter", Georgia, "Times New Roman", "Liberation Serif", "DejaVu Serif", "Noto Naskh Arabic", serif);
  --sans: var(--footnote-sans, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Noto Sans Arabic", sans-serif);
  --size: var(--footnote-size, 16px);
  --small: calc(var(--size) * .8125);
  --tiny: calc(var(--size) * .75);
  --radius: var(--footnote-radius, 3px);
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, h4, p, ul, ol, blockquote { margin: 0; padding: 0; font: inherit; }
ul, ol { list-style: none; }
button, textarea { font: inherit; color: inherit; background: none; border: 0; border-radius: 0; padding: 0; margin: 0; letter-spacing: inherit; }
button { cursor: pointer; text-align: start; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 1px; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; inset-block-end: 24px; inset-inline-end: 24px; z-index: var(--footnote-layer, 2147483000);
  padding: .7em 1.15em .75em; background: var(--paper); color: var(--ink);
  font: calc(var(--size) * 1.0625)/1.3 var(--serif);
  border: 1px solid var(--ink); border-radius: var(--radius);
  box-shadow: 0 1px 2px rgb(0 0 0 / .06), 0 6px 20px rgb(0 0 0 / .08);
}
.launcher sup { color: var(--accent); font: 600 .68em/1 var(--sans); margin-inline-start: .15em; vertical-align: .55em; }
.launcher:hover { border-color: var(--accent); }

.frame { background: var(--paper); color: var(--ink); font: var(--size)/1.5 var(--sans); container: frame / inline-size; text-align: start; }
.panel {
  position: fixed; inset-block-end: 92px; inset-inline-end: 24px; z-index: var(--footnote-layer, 2147483000);
  inline-size: min(var(--footnote-width, 440px), 100vw - 48px); block-size: min(var(--footnote-height, 700px), 100dvh - 116px);
  border: 1px solid var(--rule); border-block-start: 3px solid var(--accent); border-radius: var(--radius);
  box-shadow: 0 12px 48px rgb(0 0 0 / .16); overflow: hidden; display: flex; flex-direction: column;
  transition: opacity .14s ease-out, translate .14s ease-out;
}
@starting-style { .panel { opacity: 0; translate: 0 8px; } }
header { display: flex; align-items: baseline; gap: 1.25em; padding: 14px 20px 12px; border-block-end: 1px solid var(--rule); flex: none; }
h2 { flex: 1; font: 600 calc(var(--size) * 1.0625)/1.3 var(--serif); }
.fresh, .earlier, .colophon button, .links a, .close { font-size: var(--small); color: var(--quiet); }
.fresh:hover, .earlier:hover, .colophon button:hover, .close:hover { color: var(--accent); }
.close { font-size: calc(var(--size) * 1.5); line-height: 1; inline-size: 1em; text-align: center; align-self: center; }
.chat { display: flex; flex-direction: column; min-block-size: 0; flex: 1; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 20px 20px 28px; scroll-padding-block: 16px; outline-offset: -2px; }

.intro { display: none; font: calc(var(--size) * 1.0625)/1.55 var(--serif); color: var(--quiet); }
.empty .intro { display: block; }
.examples:not(:empty) { margin-block-start: 24px; }
.label, h4 { font: 600 var(--small)/1.4 var(--sans); color: var(--quiet); }
.examples li { border-block-end: 1px solid var(--rule); }
.examples button { inline-size: 100%; padding: 11px 0; color: var(--ink); }
.examples button:hover { color: var(--accent); }
.earlier { display: block; margin: 0 auto 20px; }

.turn { content-visibility: auto; contain-intrinsic-block-size: auto 320px; padding-block: 4px 8px; scroll-margin-block: 16px; }
.turn + .turn { border-block-start: 1px solid var(--rule); margin-block-start: 24px; padding-block-start: 24px; }
.question { font: 500 calc(var(--size) * 1.25)/1.3 var(--serif); text-wrap: balance; overflow-wrap: anywhere; }
.state { font-size: var(--small); color: var(--quiet); margin-block-start: 10px; }
[data-status="refused"] .state { font: calc(var(--size) * 1.0625)/1.55 var(--serif); color: var(--ink); }
[data-status="partial"] .state, [data-status="unfinished"] .state { border-inline-start: 2px solid var(--accent); padding-inline-start: 10px; color: var(--ink); }
.busy::after { content: ""; display: inline-block; inline-size: 1.25em; text-align: start; animation: dots 1.5s steps(1) infinite; }
@keyframes dots { 0% { content: "."; } 33% { content: ".."; } 66% { content: "…"; } }
.short { font: 600 calc(var(--size) * 1.5)/1.25 var(--serif); margin-block-start: 12px; text-wrap: balance; overflow-wrap: anywhere; animation: appear .2s ease-out; }
.short .markers { vertical-align: .75em; }
mark { color: inherit; background: var(--marked); }
.prose { font: calc(var(--size) * 1.0625)/1.6 var(--serif); margin-block-start: 10px; overflow-wrap: break-word; hanging-punctuation: first; }
.prose:empty { display: none; }
.prose p + p { margin-block-start: .7em; }
.sentence { animation: appear .2s ease-out; unicode-bidi: isolate; }
[data-generator="extractive"] .supported { font: calc(var(--size) * .9375)/1.5 var(--sans); color: var(--quiet); }
@keyframes appear { from { opacity: 0; } }
.markers { font: 600 var(--tiny)/1 var(--sans); vertical-align: .4em; white-space: nowrap; }
.marker { color: var(--accent); padding: 5px 3px; margin-block: -5px; font-variant-numeric: lining-nums tabular-nums; text-align: center; }
.marker:first-child { margin-inline-start: 1px; }
.end { white-space: nowrap; }
.marker:hover { text-decoration: underline; text-underline-offset: 2px; }

.quote { font-family: var(--serif); overflow-wrap: break-word; }
.origin { font: var(--small)/1.45 var(--sans); color: var(--quiet); }
.origin b { font-weight: 600; color: var(--ink); }
.origin { display: flex; flex-wrap: wrap; column-gap: 1em; overflow: hidden; }
.origin > * { margin-inline-start: -1em; padding-inline-start: 1em; min-inline-size: 0; }
.origin > * + * { position: relative; white-space: nowrap; }
.origin > * + *::before { content: "·"; position: absolute; inset-inline-start: .38em; }
.title { font: inherit; color: inherit; text-decoration: underline; text-decoration-color: var(--rule); text-underline-offset: 3px; }
button.title:hover { color: var(--accent); text-decoration-color: currentColor; }

.copy { color: var(--quiet); margin-block-start: 2px; }

.notes { margin-block-start: 16px; border-block-start: 1px solid var(--rule); padding-block-start: 10px; }
.notes:empty { display: none; }
.note { display: flex; gap: 9px; padding-block: 5px; font: var(--small)/1.45 var(--sans); }
.note > div { min-inline-size: 0; }
.number { color: var(--accent); font-weight: 600; font-size: var(--tiny); line-height: 1.6; min-inline-size: 1.1em; }
.note .quote { display: none; }
.note .links { color: var(--quiet); }
.note .links a { margin-inline-start: 10px; text-underline-offset: 3px; }
.note.on .origin b { color: var(--accent); }

.after:empty { display: none; }
.conflict { margin-block-start: 20px; border-block-start: 2px solid var(--accent); padding-block-start: 8px; }
h4 { color: var(--accent); }
.nearest h4 { color: var(--quiet); }
.claims { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 130px), 1fr)); gap: 16px 40px; margin-block-start: 6px; overflow: hidden; }
.claim { position: relative; min-inline-size: 0; }
.claim::before { content: ""; position: absolute; inset-block: 4px 0; inset-inline-start: -20px; border-inline-start: 1px solid var(--rule); }
.value { font: calc(var(--size) * 1.1875)/1.35 var(--serif); }
.claimant { margin-block-start: 8px; }
.claimant .quote { font-size: calc(var(--size) * .9375); line-height: 1.45; margin-block-start: 2px; }
.nearest { margin-block-start: 16px; }
.nearest li { padding-block: 7px; border-block-end: 1px solid var(--rule); }
.nearest .title { font: calc(var(--size) * 1)/1.4 var(--serif); text-decoration: none; }
.dropped { margin-block-start: 16px; font-size: var(--small); color: var(--quiet); }
.dropped summary { cursor: pointer; inline-size: fit-content; }
.dropped li { margin-block-start: 8px; padding-inline-start: 12px; border-inline-start: 1px solid var(--rule); }
.dropped .quote { font-size: var(--size); text-decoration: line-through; text-decoration-color: var(--quiet); text-decoration-thickness: 1px; }
.colophon { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin-block-start: 14px; font-size: var(--small); color: var(--quiet); }
.generator { flex: 1 1 100%; }
.colophon button { padding-block: 4px; }
.thumbs { display: inline-flex; gap: 4px; margin-inline-start: auto; }
.thumb { padding: 4px; line-height: 0; }
.thumb svg { inline-size: 18px; block-size: 18px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
.thumb.down svg { rotate: 180deg; }
.colophon .thumb[aria-pressed="true"] { color: var(--accent); }
.thumb[aria-pressed="true"] svg { fill: color-mix(in srgb, currentColor 18%, transparent); }

.composer { display: flex; align-items: flex-end; gap: 12px; padding: 12px 20px 16px; border-block-start: 1px solid var(--rule); background: var(--paper); flex: none; }
textarea { flex: 1; min-inline-size: 0; resize: none; max-block-size: 9.5em; font: calc(var(--size) * 1.0625)/1.45 var(--serif); padding: 6px 0; border-block-end: 1px solid var(--quiet); }
textarea:focus { outline: none; border-block-end-color: var(--accent); box-shadow: 0 1px 0 var(--accent); }
textarea::placeholder { color: var(--quiet); opacity: 1; }
.send { flex: none; background: var(--ink); color: var(--paper); border: 1px solid var(--ink); border-radius: var(--radius); padding: 6px 16px; font-size: calc(var(--size) * .9375); font-weight: 500; }
.send:hover { background: var(--accent); border-color: var(--accent); }
.send.stopping { background: none; color: var(--ink); }
.send.stopping:hover { color: var(--accent); }

.card {
  position: fixed; inset: auto; margin: 0; inline-size: min(360px, 100vw - 24px); max-block-size: 60dvh; overflow: auto; padding: 14px 16px 12px;
  background: var(--paper); color: var(--ink); border: 1px solid var(--rule); border-block-start: 2px solid var(--accent); border-radius: var(--radius);
  box-shadow: 0 8px 32px rgb(0 0 0 / .16); font: var(--small)/1.45 var(--sans); text-align: start;
}
.card .quote { font-size: var(--size); line-height: 1.5; margin-block-end: 8px; }
.card .quote::before { content: "“"; } .card .quote::after { content: "”"; }
.card .title { text-decoration: none; color: var(--quiet); }
.card.sheet { inset: auto 0 0 0 !important; inline-size: 100vw; max-inline-size: none; border-inline: 0; border-block-end: 0; border-radius: 0; padding: 20px 20px calc(16px + env(safe-area-inset-bottom)); }
.sheet .quote { font-size: calc(var(--size) * 1.125); }
.actions { display: flex; gap: 16px; align-items: center; margin-block-start: 14px; }
.actions button { padding: 8px 0; color: var(--quiet); font-size: calc(var(--size) * .9375); }
.actions .main { background: var(--ink); color: var(--paper); padding: 8px 16px; border-radius: var(--radius); }

.inline { display: block; background: none; }
.inline header { padding: 0; border: 0; justify-content: flex-end; }
.inline h2 { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
.inline .fresh { margin-block-end: 8px; }
.frame:has(.empty) .fresh { display: none; }
.inline .log { overflow: visible; padding: 0 0 20px; }
.inline .composer { position: sticky; inset-block-end: 0; padding: 12px 0 16px; }
.inline .empty { flex-direction: column-reverse; }
.inline .empty .composer { position: static; padding-block: 0 20px; border-block-start: 0; }
.inline .empty .intro > p:first-child { display: none; }
.inline .empty .examples:not(:empty) { margin-block-start: 0; }

@container frame (min-width: 760px) {
  .question { font-size: calc(var(--size) * 1.625); max-inline-size: 36em; }
  .short { font-size: calc(var(--size) * 2); }
  .prose { font-size: calc(var(--size) * 1.1875); line-height: 1.6; }
  .body { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 240px); column-gap: 48px; align-items: start; }
  .notes { margin-block-start: 14px; border-block-start: 0; padding-block-start: 0; }
  .note { padding-block: 0 16px; }
  .note .quote {
    display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 5; overflow: hidden;
    font-size: calc(var(--size) * .9375); line-height: 1.45; margin-block: 3px;
  }
  .note .quote:has(mark) { -webkit-line-clamp: 12; }
  .note.same .quote { display: none; }
  .note .origin { display: block; }
  .note .origin > * { display: block; margin: 0; padding: 0; }
  .note .origin > *::before { content: none; }
  .claimant .quote { font-size: var(--size); }
  textarea, .inline .empty textarea { font-size: calc(var(--size) * 1.1875); }
  .examples ul { columns: 2; column-gap: 48px; }
  .examples li { break-inside: avoid; }
}
@media (max-width: 640px) {
  .panel { inset: 0; inline-size: auto; block-size: 100dvh; border: 0; border-block-start: 3px solid var(--accent); border-radius: 0; box-shadow: none; }
  .launcher { inset-block-end: 16px; inset-inline-end: 16px; }
  .composer { padding-block-end: calc(12px + env(safe-area-inset-bottom)); }
  .marker { padding-inline: 5px; }
  .colophon button { padding-block: 8px; }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important; }
  .busy::after { content: "…"; }
}
@media (forced-colors: active) { .panel, .card, .send { border: 1px solid; } }
@media print { .launcher, .composer, .colophon button { display: none; } }
`;

/** @type {CSSStyleSheet | null} */
let sheet = null;

/** Return the sheet, which all elements on a page share. */
export function stylesheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
