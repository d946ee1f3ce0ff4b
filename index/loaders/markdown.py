"""Markdown as its readers see it: without the HTML in it, with or without front matter.

Markdown's own signs stay as they are written; so does all that is code. Tags are told by their
names, so that ``List<String>`` and ``<your name>`` stay as well.
"""

import html
import re
from dataclasses import replace

from index.loaders.base import Loaded
from index.loaders.decoding import decode
from index.loaders.frontmatter import split
from index.loaders.scripts import raised
from index.loaders.tables import markdown_table

_CODE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ \t]*(?P=fence)[`~]*[ \t]*$"
    r"|(?<!`)(?P<ticks>`{1,4})(?!`)[^`\n](?:[^\n]*?[^`\n])?(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_UNSHOWN = re.compile(r"<(script|style)\b[^>]{0,500}>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_STRUCK = re.compile(
    r"<(s|del|strike)>[^<]{0,500}</\1>|~~(?=[^\s~])[^~\n]{1,500}(?<=\S)~~", re.IGNORECASE
)
_RAISED = re.compile(r"<sup>([^<\n]{1,40})</sup>", re.IGNORECASE)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,11})(?:\s[^<>]{0,2000})?/?>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")
_TABLE = re.compile(r"<table\b[^>]{0,500}>(.{0,100000}?)</table\s*>", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^>]{0,500}>", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^>]{0,500}>", re.IGNORECASE)
_ROOM = re.compile(r"\n(?:[ \t]*\n){2,}")
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div"),
        *("dl", "dt", "figcaption", "figure", "footer", "header", "hr", "html", "main", "nav"),
        *(
            "ol",
            "p",
            "picture",
            "section",
            "summary",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ),
    )
)
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "img"),
        *("ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "source"),
        *("span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "del", "col"),
        *("colgroup", "caption", "input", "button", "svg", "path", "iframe"),
    )
)


def load(data: bytes, name: str) -> Loaded:
    """Return the text, and what its front matter states if it has one.

    Raises:
        InvalidDocumentError: The bytes are no text, or the front matter cannot be read.
    """
    loaded = split(decode(data, name), name)
    return replace(loaded, text=without_tags(loaded.text))


def without_tags(text: str) -> str:
    """Return Markdown with what its HTML shows in the place of the HTML."""
    if not ("<" in text or "&" in text or "~~" in text):
        return text
    text = text.replace("\r\n", "\n")
    parts: list[str] = []
    place = 0
    for code in _CODE.finditer(text):
        parts += [_shown(text[place : code.start()]), code[0]]
        place = code.end()
    parts.append(_shown(text[place:]))
    return "".join(parts)


def _shown(text: str) -> str:
    if "<" in text or "~~" in text:
        text = _COMMENT.sub("", text)
        text = _UNSHOWN.sub("", text)
        text = _STRUCK.sub("", text)
        text = _RAISED.sub(lambda found: raised(found[1]), text)
        text = _TABLE.sub(_table, text)
        text = _ROOM.sub("\n\n", _TAG.sub(_said, text))
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _table(found: re.Match[str]) -> str:
    rows = [_CELL.split(row)[1:] for row in _ROW.split(found[1])[1:]]
    table = markdown_table([[_TAG.sub(" ", cell) for cell in row] for row in rows])
    return f"\n\n{table}\n\n"


def _said(tag: re.Match[str]) -> str:
    """Return what stands for a tag: a line break, the sign of a heading or item, or nothing."""
    name = tag["name"].lower()
    if name in _INLINE:
        return ""
    if name == "br":
        return "\n"
    if name == "li":
        return "" if tag["close"] else "\n- "
    if re.fullmatch(r"h[1-6]", name):
        return "\n\n" if tag["close"] else f"\n\n{'#' * int(name[1])} "
    return "\n\n" if name in _BLOCKS else tag[0]
