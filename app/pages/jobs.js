/**
 * The home page's list of jobs: what is being indexed and synchronised, what was lately, what of it
 * failed and why, and a way to stop it. Asks often while something runs, and rarely otherwise.
 */

const SHOWN = 6;
const OFTEN_MS = 1000;
const RARELY_MS = 20_000;
const ERRORS = 50;

/** @typedef {{ id: string, kind: string, name: string | null, state: string, cancelling: boolean, total: number | null, done: number, counts: Record<string, number>, error: string | null }} Job */
/** @typedef {{ file: string | null, document_id: string | null, error: { message: string } | null }} Result */
/** @typedef {(path: string, request?: RequestInit) => Promise<Response>} Call */
/** @typedef {(tag: string, text: string, attributes?: Record<string, string>) => HTMLElement} Make */

/** One line of the list, changed in place so that focus and open details stay. */
class Line {
  /**
   * @param {Job} job
   * @param {Call} call
   * @param {Make} make
   * @param {() => void} changed
   */
  constructor(job, call, make, changed) {
    const name = job.name ?? "Documents";
    this.call = call;
    this.make = make;
    this.id = job.id;
    this.element = make("li", "");
    this.bar = /** @type {HTMLProgressElement} */ (make("progress", "", { "aria-label": `Progress of ${name}` }));
    this.what = make("span", "", { class: "what" });
    this.stop = /** @type {HTMLButtonElement} */ (make("button", "Cancel", { type: "button", class: "plain", "aria-label": `Cancel ${name}` }));
    this.stop.addEventListener("click", () => this.cancel(changed));
    this.failures = /** @type {HTMLDetailsElement} */ (make("details", ""));
    this.summary = make("summary", "");
    this.errors = make("ul", "");
    this.failures.append(this.summary, this.errors);
    this.failures.addEventListener("toggle", () => this.showErrors());
    this.failed = 0;
    this.element.append(make("span", name, { class: "name", dir: "auto" }), this.stop, this.bar, this.what, this.failures);
    this.update(job);
  }

  /** @param {Job} job */
  update(job) {
    const running = isUnfinished(job);
    this.what.textContent = told(job);
    this.element.className = job.state === "failed" ? "failed" : "";
    this.bar.hidden = !running;
    if (job.total) {
      this.bar.max = job.total;
      this.bar.value = job.done;
    } else this.bar.removeAttribute("value");
    this.stop.hidden = !running;
    this.stop.disabled = job.cancelling;
    const failed = job.counts.failed ?? 0;
    this.failures.hidden = failed === 0;
    this.summary.textContent = failed === 1 ? "1 could not be used" : `${failed.toLocaleString("en")} could not be used`;
    if (failed !== this.failed && this.failures.open) this.showErrors();
    this.failed = failed;
  }

  async showErrors() {
    if (!this.failures.open) return;
    try {
      const answer = await this.call(`/v1/jobs/${encodeURIComponent(this.id)}?only=failed&limit=${ERRORS}`);
      const { results, results_total: total } = await answer.json();
      const lines = results.map((/** @type {Result} */ result) => {
        const line = this.make("li", "");
        line.append(
          this.make("b", result.file ?? result.document_id ?? "", { dir: "auto" }),
          `: ${result.error?.message ?? "Not used."}`,
        );
        return line;
      });
      if (total > results.length) lines.push(this.make("li", `And ${(total - results.length).toLocaleString("en")} more.`));
      this.errors.replaceChildren(...lines);
    } catch (error) {
      this.errors.replaceChildren(this.make("li", /** @type {Error} */ (error).message));
    }
  }

  /** @param {() => void} changed */
  async cancel(changed) {
    this.stop.disabled = true;
    try {
      await this.call(`/v1/jobs/${encodeURIComponent(this.id)}/cancel`, { method: "POST" });
    } catch (error) {
      this.what.textContent = /** @type {Error} */ (error).message;
      this.stop.disabled = false;
      return;
    }
    changed();
  }
}

/** @param {Job} job */
function isUnfinished(job) {
  return job.state === "queued" || job.state === "running";
}

/** @param {Job} job */
function told(job) {
  if (job.cancelling) return "Stopping after the documents in hand";
  if (job.state === "queued") return "Waiting";
  const done = job.done.toLocaleString("en");
  if (job.state === "running") {
    return job.total ? `${job.kind === "sync" ? "Synchronising" : "Indexing"}, ${done} of ${job.total.toLocaleString("en")}` : "Starting";
  }
  const parts = ["added", "replaced", "removed", "unchanged", "cancelled"]
    .filter((name) => job.counts[name])
    .map((name) => `${job.counts[name].toLocaleString("en")} ${name}`);
  if (job.state === "failed") return job.error ?? "Failed";
  return `${job.state === "cancelled" ? "Cancelled" : "Done"}${parts.length ? `: ${parts.join(", ")}` : ""}`;
}

/**
 * Show the jobs and keep showing them.
 *
 * @param {object} parts
 * @param {HTMLElement} parts.section Hidden while there are no jobs.
 * @param {HTMLElement} parts.list
 * @param {HTMLElement} parts.status Says how many run.
 * @param {Call} parts.call
 * @param {Make} parts.make
 * @param {() => void} parts.onDone Called when a job has ended.
 * @returns {() => void} Looks at once.
 */
export function followJobs({ section, list, status, call, make, onDone }) {
  /** @type {Map<string, Line>} */
  let lines = new Map();
  /** @type {Set<string>} */
  let unfinished = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asked = 0;

  async function look() {
    clearTimeout(timer);
    const mine = ++asked;
    let wait = RARELY_MS;
    try {
      /** @type {{ items: Job[] }} */
      const { items } = await (await call(`/v1/jobs?limit=${SHOWN}`)).json();
      if (mine !== asked) return;
      show(items);
      if (items.some(isUnfinished)) wait = OFTEN_MS;
    } catch {
      // The list of documents says what is wrong; this one only tries again.
    }
    if (mine === asked && !document.hidden) timer = setTimeout(look, wait);
  }

  /** @param {Job[]} jobs */
  function show(jobs) {
    section.hidden = jobs.length === 0;
    const present = new Map();
    for (const job of jobs) {
      const line = lines.get(job.id) ?? new Line(job, call, make, look);
      line.update(job);
      present.set(job.id, line);
    }
    lines = present;
    const wanted = [...present.values()].map((line) => line.element);
    wanted.forEach((element, place) => {
      if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
    });
    while (list.children.length > wanted.length) list.lastElementChild?.remove();
    const now = new Set(jobs.filter(isUnfinished).map((job) => job.id));
    const said = now.size === 0 ? "" : now.size === 1 ? "1 at work" : `${now.size} at work`;
    if (status.textContent !== said) status.textContent = said;
    const ended = [...unfinished].some((id) => !now.has(id));
    unfinished = now;
    if (ended) onDone();
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  return look;
}
