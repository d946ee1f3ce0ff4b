"""A page's elements to Markdown: headings, paragraphs, lists, tables, quotations.

Reads trafilatura's own elements and HTML's alike. Inline marks are left away, since what is quoted
should read as it does on the page.
"""

import re
from collections.abc import Iterator
from typing import Any

from index.loaders.placeholders import BREAK, broken, on_one_line, split_kept
from index.loaders.tables import markdown_table

_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_BREAKS = re.compile(r"\s*\n\s*")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font hi i ins kbd label lb mark q ref
    s samp small span strike strong sub sup time tt u var wbr
    """.split()  # noqa: SIM905  # fifty strings would fill the screen
)
_SKIPPED = frozenset(("head-title", "title", "meta", "link", "img", "graphic", "hr"))


def from_trafilatura(body: Any) -> str:  # lxml has no types
    """Return the text of the body that trafilatura found."""
    return _joined(_blocks(body, is_html=False))


def from_page(tree: Any) -> str:
    """Return the text of a whole page, without its head."""
    body = tree.find("body")
    return _joined(_blocks(body if body is not None else tree, is_html=True))


def _joined(blocks: Iterator[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _blocks(element: Any, *, is_html: bool) -> Iterator[str]:
    """Yield the blocks in an element; text between them is a paragraph of its own."""
    loose = [element.text or ""]
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in ("lb", "br"):
            loose.append("" if (child.tail or "").startswith(BREAK) else BREAK)
        elif tag in _INLINE and not _holds_blocks(child):
            loose.append(_inline(child))
        elif tag and tag not in _SKIPPED:
            yield _tidy("".join(loose))
            loose = []
            yield from _block(child, tag, is_html=is_html)
        loose.append(child.tail or "")
    yield _tidy("".join(loose))


def _block(element: Any, tag: str, *, is_html: bool) -> Iterator[str]:
    level = _HEADINGS.get(tag) or (0 if is_html or tag != "head" else _level(element))
    if tag == "head" and is_html:
        return
    if level:
        words = on_one_line(_inline(element))
        yield f"{'#' * level} {words}" if words else ""
    elif tag in ("list", "ul", "ol", "dl"):
        yield "\n".join(_items(element, ""))
    elif tag == "table":
        yield _table(element)
    elif tag in ("quote", "blockquote"):
        inner = _joined(_blocks(element, is_html=is_html))
        if "\n| ---" in inner or "```" in inner:  # it was only set in
            yield inner
        else:
            yield "\n".join(f"> {line}".rstrip() for line in inner.split("\n")) if inner else ""
    elif tag in ("code", "pre"):
        code = "".join(element.itertext()).strip("\n")
        yield f"```\n{code}\n```" if code.strip() and "```" not in code else code
    else:
        yield from _blocks(element, is_html=is_html)


def _level(element: Any) -> int:
    digits = re.sub(r"\D", "", element.get("rend") or "")
    return min(int(digits), 6) if digits[:1] in tuple("123456") and len(digits) == 1 else 2


def _items(element: Any, indent: str) -> Iterator[str]:
    for child in element:
        if child.tag not in ("item", "li", "dt", "dd"):
            continue
        nested = [each for each in child if each.tag in ("list", "ul", "ol")]
        for is_kept, part in split_kept(_inline(child, without=nested)):
            words = part if is_kept else on_one_line(part)
            if words:
                yield words if is_kept else f"{indent}- {words}"
        for each in nested:
            yield from _items(each, indent + "  ")


def _table(element: Any) -> str:
    rows: list[list[str]] = []
    has_head = False
    for row in element.iter("row", "tr"):
        cells = [cell for cell in row if cell.tag in ("cell", "td", "th")]
        if not rows:
            has_head = bool(cells) and all(c.tag == "th" or c.get("role") for c in cells)
        words = [on_one_line(_inline(cell)) for cell in cells]
        if any(words):
            rows.append(words)
    return markdown_table(rows, head=has_head or None)


def _inline(element: Any, without: Any = ()) -> str:
    """Return the text in an element as it reads in a line."""
    parts = [element.text or ""]
    for child in element:
        if child not in without and isinstance(child.tag, str):
            if child.tag in ("lb", "br"):
                parts.append("" if (child.tail or "").startswith(BREAK) else BREAK)
            elif child.tag in ("p", "div", "item", "li", "cell", "td"):
                parts.append(f" {_inline(child, without)} ")
            elif child.tag not in _SKIPPED:
                parts.append(_inline(child, without))
        parts.append(child.tail or "")
    return "".join(parts)


def _holds_blocks(element: Any) -> bool:
    return any(isinstance(each.tag, str) and each.tag not in _INLINE for each in element.iter())


def _tidy(text: str) -> str:
    """Return a paragraph on one line, but for its line breaks; two in a row end it."""
    parts: list[str] = []
    for is_kept, part in split_kept(text):
        if is_kept:
            parts.append(part)
            continue
        for paragraph in re.split(r"\n[ \t]*\n", _BLANKS.sub(" ", part)):
            lines = broken(_BREAKS.sub(" ", paragraph)).split("\n")
            parts += re.split(r"\n{2,}", "\n".join(" ".join(line.split()) for line in lines))
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())
