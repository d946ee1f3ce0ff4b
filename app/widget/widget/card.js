/**
 * The card that a marker shows on hover and focus: the quote with its source and date. Where a
 * finger taps, and there is no hover, it stays as a sheet with a button to the source.
 */

import { h, put } from "./dom.js";
import { marked } from "./short.js";
import { fill } from "./texts.js";

/** @typedef {import("./types.js").Citation} Citation */
/**
 * What a marker shows: its citation and date, the stretch of the quote that is the short answer as
 * soon as that is known, and a way to the citation's place in its source.
 *
 * @typedef {{
 *   citation: Citation, date: string, stretch: () => import("./short.js").Stretch | null,
 *   open: () => void,
 * }} Shown
 */

const LINGER_MS = 160;
const GAP_PX = 10;
const EDGE_PX = 12;

export class Card {
  #texts;
  /** @type {HTMLElement | null} */
  #marker = null;
  #timer = 0;
  #open = () => {};
  element;

  /** @param {import("./texts.js").Texts} texts */
  constructor(texts) {
    this.#texts = texts;
    this.element = h("div", { class: "card", part: "card", id: "card", popover: "manual" });
    this.element.addEventListener("pointerenter", () => clearTimeout(this.#timer));
    this.element.addEventListener("pointerleave", () => this.#hideSoon());
  }

  get isShown() {
    return this.#marker !== null;
  }

  /**
   * Let a marker show its citation here.
   *
   * @param {HTMLElement} marker
   * @param {Shown} shown
   */
  attach(marker, shown) {
    let touched = false;
    const show = (/** @type {boolean} */ asSheet) => this.#show(marker, shown, asSheet);
    marker.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch"));
    marker.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") show(false);
    });
    marker.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch" && !this.#isSheet()) this.#hideSoon();
    });
    marker.addEventListener("focus", () => {
      if (!touched) show(false);
    });
    marker.addEventListener("blur", (event) => {
      if (!this.#isSheet() || !this.element.contains(/** @type {Node} */ (event.relatedTarget))) {
        this.#hideSoon();
      }
    });
    marker.addEventListener("click", () => {
      if (touched) show(true);
      else shown.open();
      touched = false;
    });
  }

  hide() {
    clearTimeout(this.#timer);
    if (!this.#marker) return;
    this.#marker.removeAttribute("aria-describedby");
    this.#marker = null;
    this.element.hidePopover();
  }

  #isSheet() {
    return this.element.classList.contains("sheet");
  }

  #hideSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), LINGER_MS);
  }

  /**
   * @param {HTMLElement} marker
   * @param {Shown} shown
   * @param {boolean} asSheet
   */
  #show(marker, { citation, date, stretch, open }, asSheet) {
    this.hide();
    this.#marker = marker;
    this.#open = open;
    const card = this.element;
    card.classList.toggle("sheet", asSheet);
    card.setAttribute("role", asSheet ? "dialog" : "tooltip");
    if (asSheet) card.setAttribute("aria-label", marker.getAttribute("aria-label") ?? "");
    else card.removeAttribute("aria-label");
    put(
      card,
      marked(h("blockquote", { class: "quote", dir: "auto" }, citation.quote), stretch()),
      h(
        "p",
        { class: "origin" },
        h("b", { dir: "auto" }, citation.source ?? this.#texts.unnamed),
        h("span", {}, date),
        citation.page ? h("span", {}, fill(this.#texts.page, { page: citation.page })) : null,
      ),
      h("p", { class: "title", dir: "auto" }, citation.title),
      asSheet && this.#sheetButtons(),
    );
    card.showPopover();
    marker.setAttribute("aria-describedby", "card");
    if (!asSheet) this.#place(marker);
  }

  #sheetButtons() {
    return h(
      "p",
      { class: "actions" },
      h("button", { type: "button", class: "main", onclick: () => this.#open() }, this.#texts.open),
      h("button", { type: "button", onclick: () => this.#dismiss() }, this.#texts.close),
    );
  }

  #dismiss() {
    const marker = this.#marker;
    this.hide();
    marker?.focus({ preventScroll: true });
    this.hide();
  }

  /** @param {HTMLElement} marker */
  #place(marker) {
    const at = marker.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const above = at.top - height - GAP_PX;
    const top = above >= EDGE_PX ? above : at.bottom + GAP_PX;
    const middle = at.left + at.width / 2 - width / 2;
    const left = Math.max(EDGE_PX, Math.min(middle, innerWidth - width - EDGE_PX));
    this.element.style.setProperty("top", `${Math.round(top)}px`);
    this.element.style.setProperty("left", `${Math.round(left)}px`);
  }
}
