"""Drafted text to plain text: markup and invisible characters go, what cannot be plain is refused.

A model's sentence may carry Markdown, HTML, or what a planted instruction made it carry. Only words
are left, so that what is checked is what is shown.
"""

import html
import re
import unicodedata
from collections.abc import Iterable

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]")
_LINK = re.compile(r"\[([^\]]+)\]\((?P<url>[^)]*)\)")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_DROPPED = re.compile(
    r"<(script|style|iframe|svg|object|template|noscript)\b.*?(?:</\1\s*>|$)", re.I | re.S
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LEAD = re.compile(r"^(?:\s*(?:#{1,6}\s+|>\s?|[-*+•]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+))+")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?!\w)|(\*\*)(.+?)\3")
_CODE = re.compile(r"`+([^`]*)`+")
_URL = re.compile(
    r"(?:\b(?:https?|ftp|file|data|javascript|mailto|vbscript)\s*:\s*|\bwww\.)[^\s<>\"')\]]+", re.I
)
_HOST = re.compile(
    r"(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|info|biz|ru|cn|gov|edu|dev|app|xyz|top|site)\b(?:/\S*)?",
    re.I,
)
_TABLE = re.compile(r"^\s*\||\|\s*$|\|.*\|")
_NOTE = re.compile(r"\[\^[^\]]*\]")


class NotPlainError(ValueError):
    """A drafted sentence that is no sentence; the message says why, for the reader."""


def plain(text: str, allowed_urls: Iterable[str] = ()) -> str:
    """Return the words of a drafted sentence, its markers taken off before.

    Args:
        text: One drafted sentence.
        allowed_urls: The addresses of the sources; any other makes the sentence unfit.

    Raises:
        NotPlainError: It is code, a table row, carries a foreign address, or has no words.
    """
    text = _visible(html.unescape(text))
    if "```" in text or "~~~" in text:
        raise NotPlainError("code is not shown")
    if _TABLE.search(text):
        raise NotPlainError("a table row is no sentence")
    text = _COMMENT.sub(" ", text)
    text = _DROPPED.sub(" ", text)
    text = _IMAGE.sub(" ", text)
    allowed = {url.rstrip("/") for url in allowed_urls if url}
    foreign = next((u for u in _addresses(text) if u.rstrip("/.,;") not in allowed), None)
    if foreign is not None:
        raise NotPlainError("it links to an address that no source has")
    text = _LINK.sub(r"\1", text)
    text = _TAG.sub(" ", text)
    text = _LEAD.sub("", text)
    text = _CODE.sub(r"\1", _NOTE.sub(" ", text))
    for _ in range(3):
        text = _EMPHASIS.sub(lambda m: m[2] or m[4] or "", text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    if not any(c.isalpha() for c in text):
        raise NotPlainError("it has no words")
    return text


def _addresses(text: str) -> list[str]:
    found = [match["url"] for match in _LINK.finditer(text)]
    rest = _LINK.sub(" ", text)
    found += [match.group() for match in _URL.finditer(rest)]
    found += [match.group() for match in _HOST.finditer(_URL.sub(" ", rest))]
    return [url.strip() for url in found]


def _visible(text: str) -> str:
    """Drop what is not seen: zero-width, bidirectional and other control characters, tags."""
    kept = [
        " " if c in "\n\r\t\u2028\u2029" else c
        for c in text
        if c in "\n\r\t\u2028\u2029"
        or unicodedata.category(c) not in ("Cf", "Cc", "Co", "Cs", "Cn")
    ]
    return "".join(kept)
