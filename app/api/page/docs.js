// Shows /openapi.json as a page and lets the reader try each operation. Sets text only as text.

const main = document.getElementById("main");
const contents = document.getElementById("contents");
let key = "";

/** Make an element. @param {string} tag @param {object} [attributes] @param {...(Node|string|null)} children */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set prose with `code` in it. */
function prose(text, attributes = {}) {
  const paragraph = make("p", attributes);
  (text ?? "").split("`").forEach((part, position) => paragraph.append(position % 2 ? make("code", {}, part) : part));
  return paragraph;
}

const paragraphs = (text) => (text ?? "").split(/\n\s*\n/).filter(Boolean).map((part) => prose(part.replace(/\n/g, " ")));

/** Follow a reference within the description. */
function resolve(spec, schema) {
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref.slice(2).split("/").reduce((value, name) => value[name], spec);
}

/** Name a schema's type in a few words. */
function typeOf(spec, schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => typeOf(spec, choice)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") return `list of ${typeOf(spec, schema.items ?? schema.prefixItems?.[0]) || "values"}`;
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? "any");
}

/** Make an example value of a schema. */
function exampleOf(spec, schema, depth = 0) {
  const target = resolve(spec, schema);
  if (target.example !== undefined) return target.example;
  if (target.default !== undefined) return target.default;
  if (target.const !== undefined) return target.const;
  if (target.enum) return target.enum[0];
  if (target.anyOf) return exampleOf(spec, target.anyOf[0], depth);
  if (target.type === "object" && target.properties && depth < 5) {
    return Object.fromEntries(Object.entries(target.properties).map(([name, part]) => [name, exampleOf(spec, part, depth + 1)]));
  }
  if (target.type === "array") return depth < 5 && target.items ? [exampleOf(spec, target.items, depth + 1)] : [];
  return { integer: 1, number: 0.5, boolean: true, object: {} }[target.type] ?? (target.format === "date" ? "2025-09-30" : "…");
}

function table(heads, rows) {
  return make("table", {},
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows));
}

function fields(spec, schema) {
  const target = resolve(spec, schema);
  if (!target.properties) return null;
  return table(["Field", "Type", ""], Object.entries(target.properties).map(([name, part]) => make("tr", {},
    make("td", {}, make("code", {}, name), (target.required ?? []).includes(name) ? make("span", { class: "quiet" }, " required") : null),
    make("td", {}, typeOf(spec, part)),
    make("td", {}, part.description ?? resolve(spec, part).description ?? ""))));
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

/** Make the form that sends an operation. */
function trial(spec, path, method, operation) {
  const json = operation.requestBody?.content?.["application/json"];
  const takesFiles = operation.requestBody?.content?.["multipart/form-data"];
  const inputs = (operation.parameters ?? []).map((parameter) => [parameter, make("input", { name: parameter.name, autocomplete: "off" })]);
  const examples = Object.values(json?.examples ?? {}).map((example) => example.value);
  const example = json ? (json.example ?? examples[0] ?? exampleOf(spec, json.schema)) : null;
  const body = json ? make("textarea", { spellcheck: "false", "aria-label": "Body" }) : null;
  if (body) body.value = JSON.stringify(example, null, 2);
  const files = takesFiles ? make("input", { type: "file", multiple: "" }) : null;
  const streams = operation.responses?.["200"]?.content?.["text/event-stream"] ? make("input", { type: "checkbox" }) : null;
  const result = make("pre", { role: "status", hidden: "" });
  const form = make("form", {},
    ...inputs.map(([parameter, input]) => make("label", {}, `${parameter.name} (${parameter.in})`, input)),
    body ? make("label", {}, "Body", body) : null,
    files ? make("label", {}, "or files, instead of the body", files) : null,
    streams ? make("label", {}, "As an event stream ", streams) : null,
    make("button", {}, "Send"), result);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    let target = path;
    for (const [parameter, input] of inputs) {
      if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.set(parameter.name, input.value);
    }
    const headers = key ? { Authorization: `Bearer ${key}` } : {};
    if (streams?.checked) headers.Accept = "text/event-stream";
    let content;
    if (files?.files.length) {
      content = new FormData();
      for (const file of files.files) content.append("file", file);
    } else if (body) {
      headers["Content-Type"] = "application/json";
      content = body.value;
    }
    result.hidden = false;
    result.textContent = "…";
    try {
      const response = await fetch(query.size ? `${target}?${query}` : target, { method: method.toUpperCase(), headers, body: content });
      result.textContent = `${response.status} ${response.statusText}\n\n${pretty(await response.text())}`;
    } catch (error) {
      result.textContent = `The service did not answer: ${error.message}`;
    }
  });
  return make("details", {}, make("summary", {}, "Try it"), form);
}

function operationOf(spec, path, method, operation) {
  const content = Object.entries(operation.requestBody?.content ?? {});
  const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2"));
  const answer = success?.[1].content?.["application/json"]?.schema;
  return make("section", { id: operation.operationId },
    make("h3", {}, operation.summary ?? path),
    make("div", { class: "path" }, make("b", {}, method.toUpperCase()), make("span", {}, path)),
    ...paragraphs(operation.description),
    operation.parameters?.length ? make("h4", {}, "Parameters") : null,
    operation.parameters?.length ? table(["Name", "Type", ""], operation.parameters.map((parameter) => make("tr", {},
      make("td", {}, make("code", {}, parameter.name), make("span", { class: "quiet" }, ` ${parameter.in}`)),
      make("td", {}, typeOf(spec, parameter.schema)),
      make("td", {}, parameter.description ?? "")))) : null,
    ...content.flatMap(([type, media]) => [make("h4", {}, `Body, ${type}`), fields(spec, media.schema)]),
    success ? make("h4", {}, `Answer ${success[0]}${answer ? `, ${typeOf(spec, answer)}` : ""}`) : null,
    success ? prose(success[1].description, { class: "quiet" }) : null,
    answer ? make("details", {}, make("summary", {}, "Fields"), fields(spec, answer) ?? "") : null,
    trial(spec, path, method, operation));
}

function show(spec) {
  const byTag = new Map((spec.tags ?? []).map((tag) => [tag.name, { ...tag, operations: [] }]));
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      byTag.get(operation.tags?.[0])?.operations.push([path, method, operation]);
    }
  }
  main.replaceChildren(make("h1", {}, spec.info.title), make("p", {}, spec.info.summary ?? ""),
    make("p", { class: "quiet" }, `Version ${spec.info.version} · `, make("a", { href: "/openapi.json" }, "OpenAPI document")),
    ...paragraphs(spec.info.description));
  if (spec.security) main.append(keyField());
  for (const tag of byTag.values()) {
    contents.append(make("strong", {}, tag.name));
    main.append(make("h2", {}, tag.name), prose(tag.description, { class: "quiet" }));
    for (const [path, method, operation] of tag.operations) {
      contents.append(make("a", { href: `#${operation.operationId}` }, operation.summary ?? path));
      main.append(operationOf(spec, path, method, operation));
    }
  }
  contents.append(make("strong", {}, "Reference"), make("a", { href: "#schemas" }, "Objects"), make("a", { href: "#errors" }, "Errors"));
  main.append(make("h2", { id: "schemas" }, "Objects"));
  for (const [name, schema] of Object.entries(spec.components?.schemas ?? {})) {
    const rows = fields(spec, schema);
    if (rows) main.append(make("h3", {}, name), prose(schema.description, { class: "quiet" }), rows);
  }
  main.append(make("h2", { id: "errors" }, "Errors"), table(["Code", "Status", "", "Retry"],
    (spec["x-error-codes"] ?? []).map((error) => make("tr", { id: `error-${error.code}` },
      make("td", {}, make("code", {}, error.code)), make("td", {}, String(error.status)),
      make("td", {}, error.title), make("td", {}, error.retryable ? "may help" : "no")))));
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

function keyField() {
  const input = make("input", { type: "password", autocomplete: "off" });
  input.addEventListener("input", () => { key = input.value; });
  return make("label", {}, "Key, for trying things out here (kept in this page only)", input);
}

try {
  const response = await fetch("/openapi.json");
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  show(await response.json());
} catch (error) {
  main.replaceChildren(make("p", { role: "alert" }, `The description could not be loaded: ${error.message}. Reload the page to try again.`));
}
