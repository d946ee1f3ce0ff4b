"use strict";
const one = (id) => document.getElementById(id);
const cases = [...document.querySelectorAll("details.case")];
const fields = { words: one("words"), kind: one("kind"), metric: one("metric"), show: one("show") };

function fits(item, wanted) {
  const data = item.dataset;
  if (wanted.kind && data.kind !== wanted.kind) return false;
  if (!wanted.words.every((word) => data.words.includes(word))) return false;
  const list = (name) => data[name].split(" ").filter(Boolean);
  if (wanted.show === "new") return data.new !== "" && (!wanted.metric || list("metrics").includes(wanted.metric));
  const among = wanted.show ? list(wanted.show) : list("metrics");
  if (wanted.metric) return among.includes(wanted.metric);
  return !wanted.show || among.length > 0;
}

function filter() {
  const wanted = {
    words: fields.words.value.toLocaleLowerCase().split(/\s+/).filter(Boolean),
    kind: fields.kind.value, metric: fields.metric.value, show: fields.show.value,
  };
  let shown = 0;
  for (const item of cases) {
    item.hidden = !fits(item, wanted);
    if (!item.hidden) shown += 1;
  }
  one("count").textContent = shown === cases.length ? `${shown} cases` : `${shown} of ${cases.length} cases`;
  one("nothing").hidden = shown > 0;
}

function openNamed() {
  let id = location.hash.slice(1);
  let target = document.getElementById(id);
  if (!target) { try { id = decodeURIComponent(id); } catch { return; } target = document.getElementById(id); }
  const item = target?.closest("details.case");
  if (!item) return;
  if (item.hidden) { document.querySelector("form.filter").reset(); }
  item.open = true;
  target.scrollIntoView();
}

for (const field of Object.values(fields)) field.addEventListener("input", filter);
const form = document.querySelector("form.filter");
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
for (const button of document.querySelectorAll("button[data-metric], button[data-kind]")) {
  button.addEventListener("click", () => {
    form.reset();
    if (button.dataset.kind) fields.kind.value = button.dataset.kind;
    if (button.dataset.metric) { fields.metric.value = button.dataset.metric; fields.show.value = "failing"; }
    setTimeout(() => { filter(); one("cases").scrollIntoView(); fields.words.focus({ preventScroll: true }); });
  });
}
addEventListener("hashchange", openNamed);
let opened = [];
addEventListener("beforeprint", () => {
  opened = cases.filter((item) => !item.open && !item.hidden);
  for (const item of opened) item.open = true;
});
addEventListener("afterprint", () => { for (const item of opened) item.open = false; });
filter();
openNamed();
