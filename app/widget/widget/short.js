/**
 * The short answer: what it says to a reader, where it stands in a quote, and its mark there.
 * Knows neither the service nor how an answer is laid out.
 */

import { h } from "./dom.js";

/** @typedef {import("./types.js").ShortAnswer} ShortAnswer */
/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {[from: number, to: number]} Stretch */

/**
 * Return what it says: the words of a source as they stand there, and yes or no, which stand
 * nowhere, in the reader's language.
 *
 * @param {ShortAnswer} short
 * @param {import("./texts.js").Texts} texts
 */
export function shortText({ text, start }, texts) {
  const word = text.toLowerCase();
  return start === null && (word === "yes" || word === "no") ? texts[word] : text;
}

/**
 * Return where it stands in a citation's quote, counted as strings are; null where it does not.
 *
 * @param {ShortAnswer | null} short
 * @param {Citation | undefined} citation
 * @returns {Stretch | null}
 */
export function stretchIn(short, citation) {
  if (!short || short.start === null || citation?.marker !== short.citation) return null;
  const points = short.start - citation.start; // offsets of the service count code points
  const from = Array.from(citation.quote).slice(0, Math.max(0, points)).join("").length;
  const stands = points >= 0 && short.text && citation.quote.startsWith(short.text, from);
  return stands ? [from, from + short.text.length] : null;
}

/**
 * Return its offsets at a place that has the same quote: the citation's own, or a copy of it.
 *
 * @param {ShortAnswer | null} short
 * @param {Citation | undefined} citation The one that it is taken from.
 * @param {{ start?: number, quote?: string }} place
 * @returns {Stretch | null}
 */
export function spanAt(short, citation, { start, quote }) {
  const isThere = citation && start !== undefined && quote === citation.quote;
  if (!isThere || !stretchIn(short, citation)) return null;
  const from = start + Number(short?.start) - citation.start;
  return [from, from + Array.from(short?.text ?? "").length];
}

/**
 * Mark a stretch of what an element says.
 *
 * @template {Element} T
 * @param {T} element
 * @param {Stretch | null} stretch
 * @returns {T}
 */
export function marked(element, stretch) {
  if (!stretch) return element;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const nodes = [];
  while (walker.nextNode()) nodes.push(/** @type {Text} */ (walker.currentNode));
  let place = 0;
  for (const node of nodes) {
    const { length } = node;
    const from = Math.max(stretch[0] - place, 0);
    const to = Math.min(stretch[1] - place, length);
    if (from < to) {
      const part = node.splitText(from);
      part.splitText(to - from);
      const mark = h("mark", { part: "mark" });
      part.replaceWith(mark);
      mark.append(part);
    }
    place += length;
  }
  return element;
}
