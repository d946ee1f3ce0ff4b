/**
 * Shows one question and its answer: checked sentences as they come, then the short answer above
 * them, notes, disagreement, what was left out, and who wrote it. Knows the answer object; asks nothing of the service itself.
 */

import { h, icon, put } from "./dom.js";
import { dateText, note, origin, sourceName } from "./note.js";
import { marked, shortText, spanAt, stretchIn } from "./short.js";
import { fill } from "./texts.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").Checked} Checked */
/** @typedef {import("./types.js").Rating} Rating */
/**
 * @typedef {{
 *   texts: import("./texts.js").Texts, language: string, card: import("./card.js").Card,
 *   openPage: (
 *     place: { document_id: string }, others: Citation[],
 *     short: import("./short.js").Stretch | null,
 *   ) => void,
 *   retry: () => void, copy: () => Promise<boolean>, rate: (rating: Rating) => Promise<boolean>,
 * }} Surroundings
 */

const THIN = "\u202f"; // a space that no line ends at
const WITH_QUOTES = 2; // of those who claim the same; the others are named with their dates
const THUMB =
  "M7 11v9H4v-9h3zm0 0 4.2-8c1.5 0 2.6 1.2 2.3 2.8L12.8 9H19c1.3 0 2.2 1.2 1.9 2.4l-1.6 6.8c-.3 1.1-1.2 1.8-2.3 1.8H7";

export class AnswerView {
  #here;
  /** @type {Map<number, Citation>} */
  #citations = new Map();
  /** @type {Checked[]} */
  #shown = [];
  /** @type {import("./types.js").ShortAnswer | null} */
  #short = null;
  #state = h("p", { class: "state", part: "state" });
  #first = h("p", { class: "short", part: "short", dir: "auto", hidden: true });
  #prose = h("div", { class: "prose", part: "answer" });
  #notes = h("ol", { class: "notes", part: "notes" });
  #after = h("div", { class: "after" });
  element;

  /**
   * @param {string} question
   * @param {Surroundings} surroundings
   */
  constructor(question, surroundings) {
    this.#here = surroundings;
    this.#notes.setAttribute("aria-label", surroundings.texts.notes);
    this.element = h(
      "article",
      { class: "turn", part: "turn" },
      h("h3", { class: "question", part: "question", dir: "auto" }, question),
      h(
        "div",
        { class: "body" },
        h("div", { class: "column" }, this.#state, this.#first, this.#prose, this.#after),
        this.#notes,
      ),
    );
    this.#say(surroundings.texts.searching, true);
  }

  /** @param {number} count Sources that were found. */
  found(count) {
    this.#say(fill(this.#here.texts.reading, { count }), true);
  }

  /** @param {Checked} checked */
  add(checked) {
    for (const citation of checked.citations) this.#learn(citation);
    const isQuote = (/** @type {Checked | undefined} */ one) => one?.sentence.support === "quoted";
    let paragraph = this.#prose.lastElementChild;
    if (!paragraph || isQuote(checked) || isQuote(this.#shown.at(-1))) {
      paragraph = h("p", { dir: "auto" });
      this.#prose.append(paragraph);
    }
    const { text, citations } = checked.sentence;
    for (const number of citations) {
      // In the margin, a quote that is the sentence itself need not stand a second time.
      if (this.#citations.get(number)?.quote === text) this.#noteOf(number)?.classList.add("same");
    }
    paragraph.append(
      h("span", { class: `sentence ${checked.sentence.support}`, part: "sentence" }, ...this.#withMarkers(text, citations)),
      " ",
    );
    this.#shown.push(checked);
  }

  /**
   * Show a complete answer. Sentences that stand already are left alone.
   *
   * @param {Answer} answer
   * @param {Rating} rating
   */
  finish(answer, rating) {
    const { texts } = this.#here;
    const same = (/** @type {Checked} */ { sentence }, /** @type {number} */ index) =>
      JSON.stringify(sentence) === JSON.stringify(answer.sentences[index]);
    if (!this.#shown.every(same)) this.#restart();
    for (const citation of answer.citations) this.#learn(citation);
    for (const sentence of answer.sentences.slice(this.#shown.length)) {
      this.add({ sentence, citations: [] });
    }
    this.#showShort(answer);
    this.element.dataset.status = answer.status;
    this.element.dataset.generator = answer.generator.kind;
    this.#say(
      answer.status === "answered"
        ? ""
        : texts[`${answer.status}_${answer.reason}`] ?? texts[answer.status],
    );
    const refused = answer.status === "refused";
    put(
      this.#after,
      ...answer.conflicts.map((conflict) => this.#conflict(conflict)),
      refused && answer.sources.length > 0 && this.#nearest(answer),
      answer.dropped.length > 0 && this.#dropped(answer),
      this.#colophon(answer, rating),
    );
  }

  /** @param {Answer} answer */
  #showShort({ short }) {
    const citation = short ? this.#citations.get(short.citation) : undefined;
    if (!short || !citation) return;
    this.#short = short;
    const text = shortText(short, this.#here.texts);
    put(this.#first, ...this.#withMarkers(text, [short.citation], THIN)); // 2026 and 1 are not 20261
    this.#first.hidden = false;
    const stretch = stretchIn(short, citation);
    const inNote = this.#noteOf(citation.marker)?.querySelector(".quote");
    if (inNote) marked(inNote, stretch);
    this.#prose.querySelectorAll(".sentence").forEach((element, index) => {
      const { text, citations } = this.#shown[index].sentence;
      if (text === citation.quote && citations.includes(citation.marker)) marked(element, stretch);
    });
  }

  /**
   * Show that an answer did not become complete.
   *
   * @param {string} why
   */
  end(why) {
    this.element.dataset.status = "unfinished";
    this.#say(why);
    put(this.#after, h("p", { class: "colophon" }, this.#button("retry", this.#here.retry)));
  }

  /**
   * @param {string} text
   * @param {boolean} [busy]
   */
  #say(text, busy = false) {
    this.#state.textContent = text;
    this.#state.hidden = !text;
    this.#state.classList.toggle("busy", busy);
  }

  #restart() {
    this.#shown = [];
    this.#citations.clear();
    put(this.#prose);
    put(this.#notes);
  }

  /** @param {Citation} citation */
  #learn(citation) {
    if (this.#citations.has(citation.marker)) return;
    this.#citations.set(citation.marker, citation);
    const element = note(citation, this.#here, (place) => this.#open(place));
    const later = [...this.#notes.children].find((other) => Number(other.id) > citation.marker);
    this.#notes.insertBefore(element, later ?? null);
  }

  /**
   * Set markers behind a text, so that no line ends before them.
   *
   * @param {string} text
   * @param {number[]} numbers
   * @param {string} [gap]
   */
  #withMarkers(text, numbers, gap = "") {
    const [last] = /\S{0,24}$/.exec(text) ?? [""];
    const start = text.slice(0, text.length - last.length);
    return [start, h("span", { class: "end" }, last, gap, this.#markers(numbers))];
  }

  /** @param {number} number */
  #noteOf(number) {
    return this.#notes.children.namedItem(String(number));
  }

  /** @param {number[]} numbers */
  #markers(numbers) {
    const group = h("sup", { class: "markers" });
    for (const number of numbers) {
      const citation = this.#citations.get(number);
      if (citation) group.append(this.#marker(citation));
    }
    return group;
  }

  /** @param {Citation} citation */
  #marker(citation) {
    const values = {
      marker: citation.marker,
      source: sourceName(citation, this.#here),
      date: dateText(citation, this.#here),
    };
    const marker = h(
      "button",
      { type: "button", class: "marker", part: "marker", "aria-label": fill(this.#here.texts.note, values) },
      String(citation.marker),
    );
    this.#here.card.attach(marker, {
      citation,
      date: dateText(citation, this.#here),
      stretch: () => stretchIn(this.#short, citation),
      open: () => this.#open(citation),
    });
    const point = (/** @type {boolean} */ on) =>
      this.#noteOf(citation.marker)?.classList.toggle("on", on);
    for (const name of ["pointerenter", "focus"]) marker.addEventListener(name, () => point(true));
    for (const name of ["pointerleave", "blur"]) marker.addEventListener(name, () => point(false));
    return marker;
  }

  /** @param {import("./types.js").Conflict} conflict */
  #conflict({ claims }) {
    return h(
      "section",
      { class: "conflict", part: "conflict" },
      h("h4", {}, this.#here.texts.disagree),
      h(
        "ul",
        { class: "claims" },
        ...claims.map(({ value, citations }) =>
          h(
            "li",
            { class: "claim", part: "claim" },
            h("p", { class: "value", dir: "auto" }, ...this.#withMarkers(value, citations)),
            ...citations.map((number, index) => this.#claimant(number, index < WITH_QUOTES)),
          ),
        ),
      ),
    );
  }

  /**
   * @param {number} number
   * @param {boolean} withQuote
   */
  #claimant(number, withQuote) {
    const citation = this.#citations.get(number);
    if (!citation) return null;
    return h(
      "div",
      { class: "claimant" },
      origin(citation, this.#here),
      withQuote &&
        marked(h("p", { class: "quote", dir: "auto" }, citation.quote), stretchIn(this.#short, citation)),
    );
  }

  /** @param {Answer} answer */
  #nearest({ sources }) {
    return h(
      "section",
      { class: "nearest", part: "nearest" },
      h("h4", {}, this.#here.texts.nearest),
      h(
        "ul",
        {},
        ...sources.slice(0, 4).map((source) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "title", dir: "auto", onclick: () => this.#here.openPage(source, [], null) },
              source.title,
            ),
            origin(source, this.#here),
          ),
        ),
      ),
    );
  }

  /** @param {Answer} answer */
  #dropped({ dropped }) {
    return h(
      "details",
      { class: "dropped", part: "dropped" },
      h("summary", {}, fill(this.#here.texts.dropped, { count: dropped.length })),
      h(
        "ul",
        {},
        ...dropped.map(({ text, why }) =>
          h("li", {}, h("p", { class: "quote", dir: "auto" }, text), h("p", { dir: "auto" }, why)),
        ),
      ),
    );
  }

  /**
   * @param {Answer} answer
   * @param {Rating} rating
   */
  #colophon({ generator, sentences }, rating) {
    const { texts, retry, copy } = this.#here;
    const copying = this.#button("copy", async () => {
      if (!(await copy())) return;
      copying.textContent = texts.copied;
      setTimeout(() => (copying.textContent = texts.copy), 2000);
    });
    const written = generator.kind === "model" ? fill(texts.written, { model: generator.model ?? "" }) : texts.quoted;
    return h(
      "footer",
      { class: "colophon", part: "colophon" },
      sentences.length > 0 && h("span", { class: "generator" }, written),
      sentences.length > 0 && copying,
      this.#button("retry", retry),
      this.#thumbs(rating),
    );
  }

  /** @param {Rating} rating */
  #thumbs(rating) {
    const { texts } = this.#here;
    const both = /** @type {const} */ (["up", "down"]).map((which) => {
      const properties = {
        type: "button",
        class: `thumb ${which}`,
        "aria-label": texts[which],
        title: texts[which],
        "aria-pressed": String(which === rating),
      };
      const button = h("button", properties, icon(THUMB));
      button.addEventListener("click", async () => {
        const pressed = button.getAttribute("aria-pressed") === "true";
        if (!(await this.#here.rate(pressed ? null : which))) return;
        for (const other of both) other.setAttribute("aria-pressed", String(other === button && !pressed));
      });
      return button;
    });
    return h("span", { class: "thumbs" }, ...both);
  }

  /**
   * @param {string} name
   * @param {() => void} onclick
   */
  #button(name, onclick) {
    return h("button", { type: "button", class: name, part: name, onclick }, this.#here.texts[name]);
  }

  /** @param {{ document_id: string, start?: number, quote?: string }} place */
  #open(place) {
    const cited = this.#short ? this.#citations.get(this.#short.citation) : undefined;
    const others = [...this.#citations.values()];
    this.#here.openPage(place, others, spanAt(this.#short, cited, place));
  }
}
