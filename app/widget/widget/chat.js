/**
 * The conversation as the reader sees it: the log of turns, the field to ask in, stop and retry.
 * Knows neither how it is framed on the page nor how the service is spoken to.
 */

import { AnswerView } from "./answer.js";
import { Card } from "./card.js";
import { asText, copyText } from "./copying.js";
import { ServiceError } from "./client.js";
import { h, put } from "./dom.js";
import { shortText } from "./short.js";
import { fill } from "./texts.js";

/** @typedef {import("./conversation.js").Turn} Turn */
/**
 * @typedef {{
 *   client: import("./client.js").Client, texts: import("./texts.js").Texts, language: string,
 *   conversation: import("./conversation.js").Conversation, questions: string[] | null,
 *   emit: (name: string, detail: unknown) => void,
 * }} Parts
 */

const LONGEST_QUESTION = 1000;
const AT_ONCE = 20;
const MOST_SHOWN = 60; // a long conversation must not make each further turn slower

export class Chat {
  #parts;
  /** @type {AbortController | null} */
  #asking = null;
  /** @type {Turn | null} */
  #active = null;
  /** @type {Map<Turn, AnswerView>} */
  #views = new Map();
  #firstShown = 0;
  #drawn = false;
  #card;
  #examples = h("div", { class: "examples", part: "examples" });
  #earlier;
  #log = h("div", { class: "turns" });
  #scroller;
  #voice = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  #field;
  #send;
  element;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { texts } = parts;
    this.#card = new Card(texts);
    this.#earlier = h(
      "button",
      { type: "button", class: "earlier", hidden: true, onclick: () => this.#showEarlier() },
      texts.earlier,
    );
    this.#scroller = h(
      "div",
      { class: "log", part: "log", role: "region", "aria-label": texts.conversation, tabindex: "0" },
      h("div", { class: "intro", part: "intro" }, h("p", { dir: "auto" }, texts.intro), this.#examples),
      this.#earlier,
      this.#log,
    );
    this.#field = h("textarea", {
      rows: 1,
      part: "field",
      dir: "auto",
      maxlength: LONGEST_QUESTION,
      "aria-label": texts.label,
      placeholder: texts.placeholder,
      enterkeyhint: "send",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event),
      oninput: () => this.#fit(),
    });
    this.#send = h("button", { type: "submit", class: "send", part: "send" }, texts.send);
    const form = h("form", { class: "composer", part: "composer" }, this.#field, this.#send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#asking) this.stop();
      else this.#submit();
    });
    this.element = h("div", { class: "chat" }, this.#scroller, form, this.#voice, this.#card.element);
    this.#scroller.addEventListener("scroll", () => this.#card.hide(), { passive: true });
  }

  /** Draw what is restored, and get what the first question takes. Costs nothing a second time. */
  draw() {
    if (this.#drawn) return;
    this.#drawn = true;
    this.#parts.client.prepare();
    const { turns } = this.#parts.conversation;
    this.#firstShown = Math.max(0, turns.length - AT_ONCE);
    for (const turn of turns.slice(this.#firstShown)) this.#log.append(this.#viewOf(turn).element);
    this.#settle();
    this.#showLatest();
    if (!turns.length) this.#offerExamples();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Hide the card; tells whether there was one. */
  dismiss() {
    const shown = this.#card.isShown;
    this.#card.hide();
    return shown;
  }

  stop() {
    this.#asking?.abort();
  }

  /** Keep an unfinished answer: the page is about to go. */
  keep() {
    if (this.#active) this.#parts.conversation.save(this.#active);
  }

  clear() {
    this.stop();
    this.dismiss();
    this.#parts.conversation.clear();
    this.#views.clear();
    put(this.#log);
    this.#firstShown = 0;
    this.#settle();
    this.#offerExamples();
    this.focus();
  }

  /**
   * Ask a question; resolves when its answer is complete, or failed.
   *
   * @param {string} question
   */
  async ask(question) {
    this.draw();
    if (this.#asking) return;
    const { conversation, client, emit, texts } = this.#parts;
    const turn = conversation.begin(question);
    conversation.save(turn);
    const view = this.#viewOf(turn);
    this.#log.append(view.element);
    this.#hideOldest();
    this.#asking = new AbortController();
    this.#active = turn;
    this.#settle();
    view.element.scrollIntoView({ block: "start", behavior: "auto" });
    this.#say(texts.searching);
    emit("ask", { question });
    try {
      const history = conversation.before(turn);
      await client.ask(question, history, this.#asking.signal, (name, data) => {
        this.#onEvent(turn, view, name, data);
      });
    } catch (error) {
      this.#onFailure(turn, view, error);
    } finally {
      this.#asking = null;
      this.#active = null;
      this.#settle();
    }
  }

  /**
   * @param {Turn} turn
   * @param {AnswerView} view
   * @param {string} name
   * @param {string} data
   */
  #onEvent(turn, view, name, data) {
    const { conversation, texts, emit } = this.#parts;
    if (name === "sources") {
      view.found(JSON.parse(data).sources.length);
    } else if (name === "sentence") {
      const checked = JSON.parse(data);
      turn.partial.push(checked);
      view.add(checked);
    } else if (name === "done") {
      const answer = conversation.complete(turn, data);
      view.finish(answer, null);
      const first = answer.short ? `${shortText(answer.short, texts)}. ` : "";
      this.#say(`${first}${answer.answer} ${fill(texts.ready, { count: answer.citations.length })}`);
      emit("answer", { answer, sent: data });
    }
  }

  /**
   * @param {Turn} turn
   * @param {AnswerView} view
   * @param {unknown} error
   */
  #onFailure(turn, view, error) {
    const { conversation, texts, emit } = this.#parts;
    if (turn.answer) return; // complete; only the end of the connection went wrong
    const stopped = this.#asking?.signal.aborted ?? false;
    turn.state = stopped ? "stopped" : "failed";
    conversation.save(turn);
    const code = error instanceof ServiceError ? error.code : "cut_off";
    const why = stopped ? texts.stopped : texts[code] ?? this.#detail(error) ?? texts.failed;
    view.end(why);
    this.#say(why);
    if (!stopped) emit("error", { code, message: why });
  }

  /** @param {unknown} error */
  #detail(error) {
    // The service explains what is wrong with a request; its own faults say nothing to a reader.
    if (error instanceof ServiceError && error.status >= 400 && error.status < 500) {
      return error.message || null;
    }
    return null;
  }

  /**
   * @param {Turn} turn
   * @returns {AnswerView}
   */
  #viewOf(turn) {
    const { texts, language, client, conversation } = this.#parts;
    const view = new AnswerView(turn.question, {
      texts,
      language,
      card: this.#card,
      openPage: async (place, others, short) => {
        this.dismiss();
        try {
          window.open(await client.page(place, others, short), "_blank", "noopener");
        } catch {
          this.#say(texts.unreachable);
        }
      },
      retry: () => this.#retry(turn),
      copy: async () => turn.answer !== null && copyText(await asText(turn.answer, this.#parts)),
      rate: async (rating) => {
        if (!turn.answer) return false;
        try {
          await client.rate(turn.answer.id, rating, turn.question);
        } catch {
          this.#say(texts.unrated);
          return false;
        }
        turn.rating = rating;
        conversation.save(turn);
        this.#say(texts.thanks);
        return true;
      },
    });
    for (const checked of turn.partial) view.add(checked);
    if (turn.answer) view.finish(turn.answer, turn.rating);
    else if (turn.state !== "asking") view.end(turn.state === "stopped" ? texts.stopped : texts.cut_off);
    this.#views.set(turn, view);
    return view;
  }

  /** @param {Turn} turn */
  #retry(turn) {
    if (this.#asking) return;
    const { conversation } = this.#parts;
    if (conversation.turns.at(-1) === turn) {
      this.#views.get(turn)?.element.remove();
      this.#views.delete(turn);
      conversation.remove(turn);
    }
    this.focus();
    this.ask(turn.question);
  }

  #submit() {
    const question = this.#field.value.trim();
    if (!question) return;
    this.#field.value = "";
    this.#fit();
    this.ask(question);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!this.#asking) this.#submit();
  }

  #fit() {
    this.#field.style.setProperty("height", "auto");
    this.#field.style.setProperty("height", `${this.#field.scrollHeight}px`);
  }

  #settle() {
    const { texts, conversation } = this.#parts;
    const empty = conversation.turns.length === 0;
    this.element.classList.toggle("empty", empty);
    this.#field.placeholder = empty ? texts.placeholder : texts.follow;
    this.#send.textContent = this.#asking ? texts.stop : texts.send;
    this.#send.classList.toggle("stopping", this.#asking !== null);
    this.#earlier.hidden = this.#firstShown === 0;
  }

  #hideOldest() {
    const { turns } = this.#parts.conversation;
    while (this.#log.children.length > MOST_SHOWN) {
      this.#views.delete(turns[this.#firstShown++]);
      this.#log.firstElementChild?.remove();
    }
  }

  #showEarlier() {
    const { turns } = this.#parts.conversation;
    const from = Math.max(0, this.#firstShown - AT_ONCE);
    const views = turns.slice(from, this.#firstShown).map((turn) => this.#viewOf(turn).element);
    this.#firstShown = from;
    this.#log.prepend(...views);
    this.#settle();
  }

  #showLatest() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  async #offerExamples() {
    const { texts, client, questions } = this.#parts;
    try {
      const offered = questions ?? (await client.examples());
      if (!offered.length || this.#parts.conversation.turns.length) return;
      put(
        this.#examples,
        h("p", { class: "label" }, texts.examples),
        h(
          "ul",
          {},
          ...offered.slice(0, 4).map((question) =>
            h(
              "li",
              {},
              h("button", { type: "button", dir: "auto", onclick: () => this.#askExample(question) }, question),
            ),
          ),
        ),
      );
    } catch {
      // Examples are a courtesy: without them the field is still there.
    }
  }

  /** @param {string} question */
  #askExample(question) {
    this.focus();
    this.ask(question);
  }

  /** @param {string} text */
  #say(text) {
    this.#voice.textContent = text;
  }
}
