"""A page's title among what the page calls itself: the one that its readers see.

Search engines, sharing networks and the page's own heading are often told different things. What is
said twice, and shown, counts for more than the order in which it is usually stated.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.loaders.linkeddata import Article
from index.loaders.placeholders import on_one_line

_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title")
_SEPARATORS = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022\u00bb:\u2010-]+\s+|\s*[|\u00bb]\s*|:\s+")
_HEADINGS = ("h1", "h2", "h3")
_MOST_HEADINGS = 60


def titles(
    tree: Any, metas: Mapping[str, str], data: Article, source: str | None
) -> Iterator[tuple[str, str]]:
    """Yield titles and where each is stated, the best first.

    Args:
        tree: the page.
        metas: what its meta elements say, by name.
        data: what JSON-LD says of its article.
        source: the publisher, whose name is no part of a title.
    """
    headings = {
        _folded(_text(each))
        for each in list(tree.iter(*_HEADINGS))[:_MOST_HEADINGS]
        if not _leads_home(each)
    }
    in_head = [_text(each) for each in tree.findall("head/title")[:1]]
    heads = list(tree.iter("h1"))
    own = _text(heads[0]) if len(heads) == 1 and not _leads_home(heads[0]) else None
    stated = [
        (data.headline, "JSON-LD headline"),
        (data.name, "JSON-LD name"),
        *((metas.get(key), f"meta {key}") for key in _TITLES),
        (own, "h1"),
        (in_head[0] if in_head else None, "title"),
    ]
    found = [
        (_shown(value, headings, source), value, where)
        for value, where in stated
        if value and value.strip()
    ]
    elsewhere = [(_folded(value), where) for _, value, where in found]
    seen = [
        (title, where)
        for title, _, where in found
        if _folded(title) != _folded(source or "")
        and (
            (where != "h1" and _folded(title) in headings)
            or any(
                other != where and other in ("title", "meta og:title") and _begins(whole, title)
                for whole, other in elsewhere
            )
        )
    ]
    yield from seen
    yield from ((title, where) for title, _, where in found)


def _shown(title: str, headings: set[str], source: str | None) -> str:
    """Return a title without the name of the site: the part that is a heading, if one is."""
    tidy = on_one_line(title)
    if _folded(tidy) in headings:
        return tidy
    for separator in _SEPARATORS.finditer(tidy):
        for part in (tidy[: separator.start()], tidy[separator.end() :]):
            if _folded(part) in headings and _folded(part) != _folded(source or ""):
                return part
    return _without_site(tidy, source)


def _without_site(title: str, source: str | None) -> str:
    """Return a title without the publisher's name after or before it."""
    if source is None:
        return title
    parts = _SEPARATORS.split(title)
    rest = [part for part in parts if part.casefold() != source.casefold()]
    if len(rest) == len(parts) or not rest:
        return title
    start = title.find(rest[0])
    return title[start : title.rfind(rest[-1]) + len(rest[-1])]


def _begins(whole: str, title: str) -> bool:
    folded = _folded(title)
    return whole == folded or (whole.startswith(folded) and not whole[len(folded)].isalnum())


def _leads_home(heading: Any) -> bool:
    """Tell whether a heading is the name of a site or of a part of it, which leads there."""
    links = [link for link in heading.iter("a") if _text(link) == _text(heading)]
    links += list(heading.iterancestors("a"))
    in_head = any(above.tag in ("header", "nav") for above in heading.iterancestors())
    return any((link.get("href") or "").rstrip("/").count("/") in (0, 2) for link in links) and (
        in_head or any((link.get("href") or "") in ("/", "./", "") for link in links)
    )


def _text(element: Any) -> str:
    return on_one_line("".join(element.itertext()))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
