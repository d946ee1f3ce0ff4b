/**
 * Shows where a quote comes from: publisher, date and page, and the note in the margin with the
 * quote, its links, and the other documents that carry the same text.
 */

import { h, webAddress } from "./dom.js";
import { fill, longDay } from "./texts.js";

/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").Quote} Quote */
/** @typedef {{ source: string | null, published_at: string | null, page?: number | null }} Place */
/** @typedef {{ texts: import("./texts.js").Texts, language: string }} Wording */

/**
 * @param {{ source: string | null }} place
 * @param {Wording} wording
 */
export function sourceName({ source }, { texts }) {
  return source ?? texts.unnamed;
}

/**
 * @param {{ published_at: string | null }} place
 * @param {Wording} wording
 */
export function dateText({ published_at: day }, { texts, language }) {
  return longDay(day, language) ?? texts.undated;
}

/**
 * Return the line that says whose words they are.
 *
 * @param {Place} place
 * @param {Wording} wording
 */
export function origin(place, wording) {
  const { page } = place;
  return h(
    "p",
    { class: "origin" },
    h("b", { dir: "auto" }, sourceName(place, wording)),
    day(place, wording),
    page ? h("span", { class: "page" }, fill(wording.texts.page, { page })) : null,
  );
}

/**
 * @param {{ published_at: string | null }} place
 * @param {Wording} wording
 */
function day(place, wording) {
  const text = dateText(place, wording);
  return place.published_at
    ? h("time", { datetime: place.published_at }, text)
    : h("span", { class: "undated" }, text);
}

/**
 * Return the note of a citation.
 *
 * @param {Citation} citation
 * @param {Wording} wording
 * @param {(place: Quote) => void} open Opens a quote's place in its source.
 */
export function note(citation, wording, open) {
  const { texts } = wording;
  const original = webAddress(citation.url);
  return h(
    "li",
    { class: "note", part: "note", id: citation.marker, value: citation.marker },
    h("span", { class: "number", "aria-hidden": "true" }, String(citation.marker)),
    h(
      "div",
      {},
      origin(citation, wording),
      h("p", { class: "quote", dir: "auto" }, citation.quote),
      h(
        "p",
        { class: "links" },
        opener(citation, citation.title, texts, open),
        original &&
          h("a", { href: original, target: "_blank", rel: "noopener noreferrer nofollow" }, texts.original),
      ),
      ...(citation.copies ?? []).map((copy) =>
        h(
          "p",
          { class: "copy" },
          `${texts.same} `,
          opener(copy, copy.source ?? copy.title, texts, open),
          " ",
          day(copy, wording),
        ),
      ),
    ),
  );
}

/**
 * @param {Quote} place
 * @param {string} name
 * @param {import("./texts.js").Texts} texts
 * @param {(place: Quote) => void} open
 */
function opener(place, name, texts, open) {
  return h(
    "button",
    { type: "button", class: "title", dir: "auto", title: texts.open, onclick: () => open(place) },
    name,
  );
}
