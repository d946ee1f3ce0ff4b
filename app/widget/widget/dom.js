/**
 * Builds elements. Text goes in as text nodes and links are http(s) only, so nothing that a source
 * or a model wrote can become markup or a script.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. `class`, `part` and other names become attributes; null and false are left out,
 * true is the empty attribute; `on…` names take a listener.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  put(element, ...children);
  return element;
}

/**
 * Put children in place of what an element holds.
 *
 * @param {Element} element
 * @param {...(Node | string | null | undefined | false)} children
 */
export function put(element, ...children) {
  const kept = /** @type {(Node | string)[]} */ (children.filter((child) => child || child === ""));
  element.replaceChildren(...kept);
}

/**
 * Draw an icon of one path in a box of 24 by 24.
 *
 * @param {string} path
 */
export function icon(path) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

/**
 * Return an address if it is http or https, else null.
 *
 * @param {string | null} address
 */
export function webAddress(address) {
  if (!address) return null;
  try {
    const url = new URL(address);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
