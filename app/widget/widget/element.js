/**
 * The `<footnote-chat>` element: attributes, frame (launcher with panel, or inline), events.
 * What is inside the frame is the chat's business.
 */

import { Chat } from "./chat.js";
import { Client } from "./client.js";
import { Conversation } from "./conversation.js";
import { h } from "./dom.js";
import { stylesheet } from "./styles.js";
import { isRightToLeft, ownTexts, textsFor } from "./texts.js";

const HOME = new URL("..", import.meta.url).href;

export class FootnoteChat extends HTMLElement {
  static observedAttributes = ["lang", "dir", "mode", "server", "open"];

  /** @type {Chat | null} */
  #chat = null;
  /** @type {HTMLElement | null} */
  #panel = null;
  /** @type {HTMLButtonElement | null} */
  #launcher = null;
  #conversation = new Conversation("", null);
  #key = "";
  #root;
  #keep = () => this.#chat?.keep();

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [stylesheet()];
    this.#root.addEventListener("keydown", (event) => this.#onKey(/** @type {KeyboardEvent} */ (event)));
  }

  connectedCallback() {
    this.#build();
    window.addEventListener("pagehide", this.#keep);
  }

  disconnectedCallback() {
    window.removeEventListener("pagehide", this.#keep);
    this.#chat?.stop();
    this.#chat?.keep();
    this.#chat = null;
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (!this.#chat || before === now) return;
    if (name === "open") this.#showPanel();
    else this.#build();
  }

  /** Whether the panel is open; an inline chat always is. */
  get open() {
    return this.#isInline || this.hasAttribute("open");
  }

  set open(wanted) {
    this.toggleAttribute("open", wanted);
  }

  /**
   * The service's key, with which its holder asks; for the service's own pages. It is no attribute,
   * for attributes are there for all to read.
   */
  get key() {
    return this.#key;
  }

  set key(value) {
    this.#key = value;
    if (this.#chat) this.#build();
  }

  /** The answers of the conversation, as the service sent them. */
  get answers() {
    return this.#conversation.turns.flatMap(({ answer }) => (answer ? [answer] : []));
  }

  /**
   * Ask a question as if the reader had typed it.
   *
   * @param {string} question
   */
  async ask(question) {
    this.open = true;
    await this.#chat?.ask(question);
  }

  /** Begin a new conversation. */
  reset() {
    this.#chat?.clear();
  }

  get #isInline() {
    return this.getAttribute("mode") === "inline";
  }

  get #language() {
    const around = this.closest("[lang]")?.getAttribute("lang");
    return around || document.documentElement.lang || "en";
  }

  #build() {
    this.#chat?.stop();
    const language = this.#language;
    const texts = textsFor(language, ownTexts(this));
    const base = (this.getAttribute("server") || HOME).replace(/\/$/, "");
    const questions = this.getAttribute("questions");
    this.#conversation = new Conversation(`${base}:${this.id}`, storage());
    this.#chat = new Chat({
      client: new Client(base, this.#key),
      texts,
      language,
      conversation: this.#conversation,
      questions: questions === null ? null : questions.split("|").filter(Boolean),
      emit: (name, detail) => this.#emit(name, detail),
    });
    const direction = this.dir || (isRightToLeft(language) ? "rtl" : "ltr");
    this.#panel = this.#makePanel(texts, this.#chat, direction, language);
    this.#launcher = this.#isInline ? null : this.#makeLauncher(texts, direction, language);
    this.#root.replaceChildren(...(this.#launcher ? [this.#launcher] : []), this.#panel);
    if (this.#isInline) this.#chat.draw();
    else this.#showPanel(false);
  }

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {Chat} chat
   * @param {string} dir
   * @param {string} lang
   */
  #makePanel(texts, chat, dir, lang) {
    const fresh = h("button", { type: "button", class: "fresh", onclick: () => this.reset() }, texts.fresh);
    const close = h(
      "button",
      { type: "button", class: "close", "aria-label": texts.close, title: texts.close, onclick: () => (this.open = false) },
      "×",
    );
    const header = h(
      "header",
      { part: "header" },
      h("h2", { id: "title", part: "title" }, texts.title),
      fresh,
      this.#isInline ? null : close,
    );
    return h(
      "section",
      {
        class: this.#isInline ? "frame inline" : "frame panel",
        part: "panel",
        role: this.#isInline ? "group" : "dialog",
        "aria-labelledby": "title",
        dir,
        lang,
      },
      header,
      chat.element,
    );
  }

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {string} dir
   * @param {string} lang
   */
  #makeLauncher(texts, dir, lang) {
    return h(
      "button",
      { type: "button", class: "launcher", part: "launcher", "aria-expanded": "false", dir, lang, onclick: () => (this.open = !this.open) },
      texts.launcher,
      h("sup", { "aria-hidden": "true" }, "1"),
    );
  }

  /** @param {boolean} [byReader] */
  #showPanel(byReader = true) {
    if (this.#isInline || !this.#panel || !this.#launcher) return;
    this.#panel.hidden = !this.open;
    this.#launcher.setAttribute("aria-expanded", String(this.open));
    if (this.open) {
      this.#chat?.draw();
      if (byReader) this.#chat?.focus();
    } else {
      this.#chat?.dismiss();
      if (byReader) this.#launcher.focus({ preventScroll: true });
    }
    if (byReader) this.#emit(this.open ? "open" : "close", null);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    if (this.#chat?.dismiss()) event.stopPropagation();
    else if (!this.#isInline && this.open) {
      event.stopPropagation();
      this.open = false;
    }
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`footnote-${name}`, { detail, bubbles: true, composed: true }));
  }
}

/** @returns {Storage | null} */
function storage() {
  try {
    return window.sessionStorage;
  } catch {
    return null; // a page may not be allowed to keep anything
  }
}
