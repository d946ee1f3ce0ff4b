/**
 * The turns of a conversation, kept in the tab's session storage so that they survive a reload.
 * An answer is stored as the very characters that the service sent. Knows no element.
 */

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Checked} Checked */
/** @typedef {import("./types.js").Message} Message */
/**
 * @typedef {{
 *   number: number, question: string, state: "asking" | "done" | "stopped" | "failed",
 *   answer: Answer | null, partial: Checked[], rating: import("./types.js").Rating,
 * }} Turn
 */

const MOST_MESSAGES = 12;
const MOST_CHARACTERS = 8000;

export class Conversation {
  #prefix;
  #storage;
  /** @type {Turn[]} */
  #turns = [];
  #next = 0;

  /**
   * @param {string} name Tells conversations of one page apart.
   * @param {Storage | null} storage
   */
  constructor(name, storage) {
    this.#prefix = `footnote:${name}`;
    this.#storage = storage;
    this.#restore();
  }

  /** @returns {readonly Turn[]} */
  get turns() {
    return this.#turns;
  }

  /**
   * Begin a turn.
   *
   * @param {string} question
   * @returns {Turn}
   */
  begin(question) {
    /** @type {Turn} */
    const turn = {
      number: this.#next++,
      question,
      state: "asking",
      answer: null,
      partial: [],
      rating: null,
    };
    this.#turns.push(turn);
    return turn;
  }

  /**
   * Complete a turn with an answer.
   *
   * @param {Turn} turn
   * @param {string} sent The answer object as it was sent.
   * @returns {Answer}
   */
  complete(turn, sent) {
    turn.answer = /** @type {Answer} */ (JSON.parse(sent));
    turn.state = "done";
    turn.partial = [];
    this.#write(this.#key(turn, "answer"), sent);
    this.save(turn);
    return turn.answer;
  }

  /**
   * Keep what changed of a turn besides its answer.
   *
   * @param {Turn} turn
   */
  save(turn) {
    const { question, state, partial, rating } = turn;
    this.#write(this.#key(turn), JSON.stringify({ question, state, partial, rating }));
    this.#writeRange();
  }

  /** @param {Turn} turn */
  remove(turn) {
    this.#turns = this.#turns.filter((other) => other !== turn);
    this.#forget(turn.number);
    this.#writeRange();
  }

  clear() {
    for (const turn of this.#turns) this.#forget(turn.number);
    this.#turns = [];
    this.#remove(this.#prefix);
  }

  /**
   * Return what was said before a turn, oldest first, as much as the service takes.
   *
   * @param {Turn} turn
   * @returns {Message[]}
   */
  before(turn) {
    /** @type {Message[]} */
    const messages = [];
    let characters = 0;
    for (let index = this.#turns.indexOf(turn) - 1; index >= 0; index--) {
      const { question, answer } = this.#turns[index];
      if (!answer) continue;
      characters += question.length + answer.answer.length;
      if (messages.length >= MOST_MESSAGES || characters > MOST_CHARACTERS) break;
      messages.unshift(
        { role: "user", content: question },
        { role: "assistant", content: answer.answer },
      );
    }
    return messages;
  }

  #restore() {
    const range = parsed(this.#read(this.#prefix));
    if (!range) return;
    this.#next = range.next;
    for (let number = range.first; number < range.next; number++) {
      const kept = parsed(this.#read(`${this.#prefix}:${number}`));
      if (!kept) continue;
      const answer = parsed(this.#read(`${this.#prefix}:${number}:answer`));
      const state = answer ? "done" : kept.state === "asking" ? "stopped" : kept.state;
      this.#turns.push({ ...kept, number, answer, state });
    }
  }

  /**
   * @param {Turn} turn
   * @param {string} [what]
   */
  #key(turn, what) {
    return `${this.#prefix}:${turn.number}${what ? `:${what}` : ""}`;
  }

  #writeRange() {
    const first = this.#turns[0]?.number ?? this.#next;
    this.#write(this.#prefix, JSON.stringify({ first, next: this.#next }));
  }

  /** @param {string} key */
  #read(key) {
    try {
      return this.#storage?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  /**
   * Write, giving up the oldest turns when the storage is full. Where there is none, the
   * conversation lives as long as the page.
   *
   * @param {string} key
   * @param {string} value
   */
  #write(key, value) {
    for (let attempt = 0; attempt <= this.#turns.length; attempt++) {
      try {
        this.#storage?.setItem(key, value);
        return;
      } catch {
        const oldest = this.#turns[attempt];
        if (oldest) this.#forget(oldest.number);
      }
    }
  }

  /** @param {number} number */
  #forget(number) {
    this.#remove(`${this.#prefix}:${number}`);
    this.#remove(`${this.#prefix}:${number}:answer`);
  }

  /** @param {string} key */
  #remove(key) {
    try {
      this.#storage?.removeItem(key);
    } catch {
      // Storage that cannot be reached holds nothing.
    }
  }
}

/**
 * @param {string | null} text
 * @returns {any}
 */
function parsed(text) {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
