/**
 * The one file a page loads. Registers `<footnote-chat>`; knows nothing of what the element does.
 */

import { FootnoteChat } from "./widget/element.js";

if (!customElements.get("footnote-chat")) customElements.define("footnote-chat", FootnoteChat);

export { FootnoteChat };
