/**
 * The home page's list of documents: shows it, adds to it, deletes from it. Asking is the widget's.
 * Where a key is set it is asked for here and kept in this tab only.
 */

import { followJobs } from "./jobs.js";

const KEY = "footnote:key";
const PAGE = 50;
const POLL_MS = 400;

/** @typedef {{ id: string, title: string, source: string | null, published_at: string | null, passages: number }} DocumentLine */
/** @typedef {{ id: string, state: string, total: number | null, done: number, error: string | null, results: { error: { message: string } | null }[] }} Job */

/** An error with something to say, and the status it came with. */
class Refusal extends Error {
  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const count = element("count");
const list = element("list");
const rows = /** @type {HTMLTableSectionElement} */ (list.querySelector("tbody"));
const more = element("more");
const problem = element("list-problem");
const keyForm = element("key");
const keyField = /** @type {HTMLInputElement} */ (element("key-field"));
const drop = element("drop");
const files = /** @type {HTMLInputElement} */ (element("files"));
const uploads = element("uploads");
const dialog = /** @type {HTMLDialogElement} */ (element("confirm"));
let shown = 0;
let dragging = 0;
let added = "";

const lookAtJobs = followJobs({
  section: element("work"),
  list: element("jobs"),
  status: element("work-status"),
  call,
  make,
  onDone: () => load(),
});

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {Record<string, string>} [attributes]
 */
function make(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** @returns {Record<string, string>} */
function authorization() {
  const key = sessionStorage.getItem(KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/**
 * @param {string} path
 * @param {RequestInit} [request]
 */
async function call(path, request = {}) {
  let response;
  try {
    response = await fetch(path, { ...request, headers: { ...request.headers, ...authorization() } });
  } catch {
    throw new Refusal("The service cannot be reached. Check that it runs, then try again.", 0);
  }
  if (response.ok) return response;
  let detail = `The service answered ${response.status}.`;
  try {
    detail = (await response.json()).detail ?? detail;
  } catch {
    // Not an answer of the service itself, so its status is all there is to say.
  }
  throw new Refusal(detail, response.status);
}

/** @param {boolean} [again] Show the list from its beginning. */
async function load(again = true) {
  problem.hidden = true;
  try {
    const offset = again ? 0 : shown;
    const limit = again ? Math.max(PAGE, Math.min(shown, 200)) : PAGE;
    const page = await (await call(`/v1/documents?offset=${offset}&limit=${limit}`)).json();
    keyForm.hidden = true;
    askWithKey();
    element("managed").hidden = false;
    const lines = page.items.map(line);
    if (again) lookAtJobs();
    if (again) rows.replaceChildren(...lines);
    else rows.append(...lines);
    shown = rows.children.length;
    list.hidden = page.total === 0;
    element("empty").hidden = page.total > 0;
    more.hidden = shown >= page.total;
    count.textContent = page.total === 0 ? "None yet" : `${page.total.toLocaleString("en")} indexed${added}`;
  } catch (error) {
    onFailure(/** @type {Refusal} */ (error));
  }
}

/** Have the chat of this page ask with the key, once it is known to be the right one. */
function askWithKey() {
  const key = sessionStorage.getItem(KEY);
  const chat = /** @type {any} */ (document.querySelector("footnote-chat"));
  if (key && chat && chat.key !== key) chat.key = key;
}

/** @param {Refusal} error */
function onFailure(error) {
  if (error.status === 401) {
    const tried = sessionStorage.getItem(KEY) !== null;
    sessionStorage.removeItem(KEY);
    element("key-problem").textContent = tried ? "This is not the key of the service." : "";
    element("managed").hidden = true;
    keyForm.hidden = false;
    count.textContent = "";
    return;
  }
  count.textContent = "";
  problem.hidden = false;
  /** @type {HTMLElement} */ (problem.querySelector("span")).textContent = error.message;
}

/** @param {DocumentLine} document */
function line(document) {
  const row = make("tr", "");
  const title = make("td", "");
  const link = make("a", document.title, { href: `/documents/${encodeURIComponent(document.id)}`, dir: "auto" });
  link.addEventListener("click", (event) => openPage(event, document.id));
  title.append(link);
  const remove = make("button", "Delete", { type: "button", "aria-label": `Delete ${document.title}` });
  remove.addEventListener("click", () => confirmDelete(document));
  const last = make("td", "");
  last.append(remove);
  const state = document.passages === 1 ? "1 passage" : `${document.passages.toLocaleString("en")} passages`;
  row.append(
    title,
    make("td", document.source ?? "Unnamed source", { dir: "auto" }),
    make("td", day(document.published_at)),
    make("td", `Indexed, ${state}`),
    last,
  );
  return row;
}

/** @param {string | null} value */
function day(value) {
  if (!value) return "undated";
  const [year, month, date] = value.split("-").map(Number);
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date(year, month - 1, date));
}

/**
 * Open a document page; where a key is set it takes the access that a widget session carries.
 *
 * @param {Event} event
 * @param {string} id
 */
async function openPage(event, id) {
  if (!sessionStorage.getItem(KEY)) return;
  event.preventDefault();
  const path = `/documents/${encodeURIComponent(id)}`;
  try {
    const { pages } = await (await call("/v1/widget/session", { method: "POST" })).json();
    location.assign(pages ? `${path}?access=${encodeURIComponent(pages)}` : path);
  } catch {
    location.assign(path);
  }
}

/** @param {DocumentLine} document */
function confirmDelete(document) {
  element("confirm-name").textContent = document.title;
  dialog.returnValue = "keep";
  dialog.addEventListener(
    "close",
    async () => {
      if (dialog.returnValue !== "delete") return;
      try {
        await call(`/v1/documents/${encodeURIComponent(document.id)}`, { method: "DELETE" });
        added = "";
        await load();
        count.focus();
      } catch (error) {
        onFailure(/** @type {Refusal} */ (error));
      }
    },
    { once: true },
  );
  dialog.showModal();
}

/** @param {Iterable<File>} chosen */
function add(chosen) {
  for (const file of chosen) upload(file);
  files.value = "";
}

/** @param {File} file */
function upload(file) {
  const bar = /** @type {HTMLProgressElement} */ (make("progress", "", { max: "1", "aria-label": `Progress of ${file.name}` }));
  const what = make("span", "Sending", { class: "what", role: "status" });
  const entry = make("li", "");
  entry.append(make("span", file.name, { class: "name", dir: "auto" }), bar, what);
  uploads.append(entry);
  const form = new FormData();
  form.append("file", file);
  const request = new XMLHttpRequest(); // fetch does not tell how much is sent
  request.open("POST", "/v1/documents");
  for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 0.5;
  });
  const fail = (/** @type {string} */ why) => {
    entry.className = "failed";
    bar.remove();
    what.textContent = why;
  };
  request.addEventListener("error", () => fail("The service cannot be reached. Try again."));
  request.addEventListener("load", async () => {
    try {
      const answer = JSON.parse(request.responseText);
      if (request.status !== 202) return fail(answer.detail ?? `The service answered ${request.status}.`);
      what.textContent = "Indexing";
      lookAtJobs();
      await follow(answer.id, bar);
      entry.remove();
      added = `. Added ${file.name}.`;
      await load();
    } catch (error) {
      fail(error instanceof Error ? error.message : "Not added.");
    }
  });
  request.send(form);
}

/**
 * Wait for a job; fails with what it says.
 *
 * @param {string} id
 * @param {HTMLProgressElement} bar
 */
async function follow(id, bar) {
  for (;;) {
    /** @type {Job} */
    const job = await (await call(`/v1/jobs/${encodeURIComponent(id)}?only=failed&limit=1`)).json();
    bar.value = 0.5 + (job.total ? job.done / job.total : 0) * 0.5;
    if (job.state === "done") return;
    if (job.state === "failed" || job.state === "cancelled") {
      throw new Error(job.results.find((result) => result.error)?.error?.message ?? job.error ?? "Not indexed.");
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @param {SubmitEvent} event */
async function fetchPage(event) {
  event.preventDefault();
  const address = /** @type {HTMLInputElement} */ (element("address"));
  const trouble = element("fetch-problem");
  trouble.textContent = "";
  try {
    await call("/v1/documents", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ url: address.value.trim() }),
    });
    address.value = "";
    lookAtJobs();
  } catch (error) {
    trouble.textContent = /** @type {Error} */ (error).message;
  }
}

element("fetch").addEventListener("submit", (event) => fetchPage(/** @type {SubmitEvent} */ (event)));
keyForm.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, keyField.value.trim());
  keyField.value = "";
  load();
});
more.addEventListener("click", () => load(false));
problem.querySelector("button")?.addEventListener("click", () => load());
element("choose").addEventListener("click", () => files.click());
files.addEventListener("change", () => add([...(files.files ?? [])]));
for (const name of ["dragenter", "dragleave", "dragover", "drop"]) {
  drop.addEventListener(name, (event) => event.preventDefault());
}
drop.addEventListener("dragenter", () => drop.classList.toggle("over", ++dragging > 0));
drop.addEventListener("dragleave", () => drop.classList.toggle("over", --dragging > 0));
drop.addEventListener("drop", (event) => {
  dragging = 0;
  drop.classList.remove("over");
  add([...(event.dataTransfer?.files ?? [])]);
});

load();
