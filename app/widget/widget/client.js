/**
 * Speaks to the service: gets a session for this page's origin, asks, sends ratings, and makes the
 * addresses of document pages. Knows no element and keeps no conversation.
 */

import { readEvents } from "./events.js";

/** @typedef {import("./types.js").Citation} Citation */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {{ token: string, pages: string | null, until: number }} Session */

const RENEW_BEFORE_MS = 60_000;

/** An error that has something to say to the reader. */
export class ServiceError extends Error {
  /** @param {Partial<Problem> & { status?: number }} problem */
  constructor(problem) {
    super(problem.detail ?? problem.title ?? "");
    this.code = problem.code ?? "unreachable";
    this.status = problem.status ?? 0;
  }
}

export class Client {
  #base;
  /** @type {Session | null} */
  #session = null;
  /** @type {Promise<Session> | null} */
  #arriving = null;

  #key;

  /**
   * @param {string} base Address of the service, without a slash at its end.
   * @param {string} [key] The service's key, where its holder asks.
   */
  constructor(base, key = "") {
    this.#base = base;
    this.#key = key;
  }

  /** Get a session ahead of its first use. Never fails: the use itself will say why. */
  prepare() {
    this.#current().catch(() => {});
  }

  /**
   * Ask, and hand on each event as it comes.
   *
   * @param {string} question
   * @param {import("./types.js").Message[]} history
   * @param {AbortSignal} signal
   * @param {(name: string, data: string) => void} onEvent
   */
  async ask(question, history, signal, onEvent) {
    const response = await this.#send("/v1/ask", {
      method: "POST",
      signal,
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ question, history }),
    });
    let complete = false;
    if (response.body) {
      for await (const { name, data } of readEvents(response.body)) {
        if (name === "error") throw new ServiceError(JSON.parse(data));
        complete ||= name === "done";
        onEvent(name, data);
      }
    }
    if (!complete) throw new ServiceError({ code: "cut_off" });
  }

  /**
   * @param {string} answerId
   * @param {import("./types.js").Rating} rating
   * @param {string} question
   */
  async rate(answerId, rating, question) {
    await this.#send("/v1/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ answer_id: answerId, rating, question }),
    });
  }

  /** @returns {Promise<string[]>} Questions that the documents answer. */
  async examples() {
    const response = await this.#send("/v1/examples", {});
    return (await response.json()).questions;
  }

  /**
   * Return the address of a document page, with a passage marked.
   *
   * @param {{ document_id: string, revision?: string, start?: number, end?: number }} place
   * @param {Citation[]} others Further citations of the same answer, to be marked lightly.
   * @param {[number, number] | null} short Where the short answer stands in the passage.
   */
  async page(place, others = [], short = null) {
    const url = new URL(`${this.#base}/documents/${encodeURIComponent(place.document_id)}`);
    if (place.revision) {
      url.searchParams.set("revision", place.revision);
      url.searchParams.set("start", String(place.start));
      url.searchParams.set("end", String(place.end));
      if (short) url.searchParams.set("short", short.join("-"));
      for (const other of others) {
        const same = other.start === place.start && other.end === place.end;
        if (other.document_id !== place.document_id || other.revision !== place.revision || same) {
          continue;
        }
        url.searchParams.append("mark", `${other.start}-${other.end}`);
      }
      url.hash = "quote";
    }
    const { pages } = await this.#current();
    if (pages) url.searchParams.set("access", pages);
    return url.href;
  }

  /**
   * @param {string} path
   * @param {RequestInit} request
   */
  async #send(path, request) {
    for (const last of [false, true]) {
      const { token } = await this.#current();
      const headers = new Headers(request.headers);
      headers.set("Authorization", `Bearer ${token}`);
      const response = await this.#fetch(path, { ...request, headers });
      if (response.ok) return response;
      const error = await problemOf(response);
      if (response.status !== 401 || last) throw error;
      this.#session = null; // it ran out, or the service has a new key
    }
    throw new ServiceError({});
  }

  /** @returns {Promise<Session>} */
  async #current() {
    if (this.#session && this.#session.until - Date.now() > RENEW_BEFORE_MS) return this.#session;
    this.#arriving ??= this.#open().finally(() => (this.#arriving = null));
    this.#session = await this.#arriving;
    return this.#session;
  }

  /** @returns {Promise<Session>} */
  async #open() {
    /** @type {Record<string, string>} */
    const headers = this.#key ? { Authorization: `Bearer ${this.#key}` } : {};
    const response = await this.#fetch("/v1/widget/session", { method: "POST", headers });
    if (!response.ok) throw await problemOf(response);
    const { token, pages, expires_in: seconds } = await response.json();
    return { token, pages, until: Date.now() + seconds * 1000 };
  }

  /**
   * @param {string} path
   * @param {RequestInit} request
   */
  async #fetch(path, request) {
    try {
      return await fetch(this.#base + path, { ...request, credentials: "omit", mode: "cors" });
    } catch (error) {
      if (request.signal?.aborted) throw error;
      throw new ServiceError({ code: "unreachable" });
    }
  }
}

/** @param {Response} response */
async function problemOf(response) {
  try {
    return new ServiceError(await response.json());
  } catch {
    return new ServiceError({ code: "unreadable", status: response.status });
  }
}
