/**
 * Reads server-sent events from the body of a response. Knows their wire format only
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html); EventSource cannot POST.
 */

const LINE_END = /\r\n|\n|\r(?!$)/; // a return at the end may be half of a pair

/**
 * Yield the events of a stream: the name, and the data as it was sent.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{ name: string, data: string }>}
 */
export async function* readEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let name = "";
  /** @type {string[]} */
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return; // an event that no blank line ended is incomplete
      const lines = (rest + decoder.decode(value, { stream: true })).split(LINE_END);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length) yield { name: name || "message", data: data.join("\n") };
          name = "";
          data = [];
        } else if (line.startsWith("event:")) {
          name = valueOf(line);
        } else if (line.startsWith("data:")) {
          data.push(valueOf(line));
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {string} line */
function valueOf(line) {
  const value = line.slice(line.indexOf(":") + 1);
  return value.startsWith(" ") ? value.slice(1) : value;
}
