/**
 * Puts an answer with its sources into the clipboard, as plain text.
 */

import { h } from "./dom.js";
import { shortText } from "./short.js";
import { fill, longDay } from "./texts.js";

/** @typedef {import("./types.js").Answer} Answer */

/**
 * Return an answer as text: the short answer, the answer with its markers, a line for each source.
 *
 * @param {Answer} answer
 * @param {{ texts: import("./texts.js").Texts, language: string, client: import("./client.js").Client }} parts
 */
export async function asText(answer, { texts, language }) {
  const lines = answer.citations.map((citation) => {
    const date = longDay(citation.published_at, language) ?? texts.undated;
    const source = citation.source ?? texts.unnamed;
    const address = citation.url ? ` ${citation.url}` : "";
    const page = citation.page ? `, ${fill(texts.page, { page: citation.page })}` : "";
    const copies = (citation.copies ?? []).map((copy) => ` ${texts.same} ${copy.source ?? copy.title}.`);
    return `[${citation.marker}] ${citation.title}. ${source}, ${date}${page}. “${citation.quote}”${address}${copies.join("")}`;
  });
  const { short } = answer;
  const first = short ? [`${shortText(short, texts)} [${short.citation}]`, ""] : [];
  return [answer.question, "", ...first, answer.answer, "", ...lines].join("\n").trim();
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} Whether it is in the clipboard now.
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // there is no clipboard object where a page came without TLS
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const field = h("textarea", { "aria-hidden": "true", tabindex: "-1" });
  field.style.setProperty("position", "fixed");
  field.style.setProperty("opacity", "0");
  field.value = text;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } finally {
    field.remove();
  }
}
