"""The article that a page describes in JSON-LD, the form that news sites use for search engines.

Takes only what is said of the page's own article: lists of other articles on it are left alone.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_MOST = 500_000  # characters of a script
_MOST_NODES = 200
_PAGES = ("webpage", "itempage")


@dataclass(frozen=True, slots=True)
class Article:
    """What is stated of an article, as written."""

    headline: str | None = None
    name: str | None = None
    published: str | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    body: str | None = None


def article(scripts: Iterable[str]) -> Article:
    """Return what the scripts of a page say of its article; nothing where there is none."""
    nodes = [node for script in scripts for node in _nodes(script)][:_MOST_NODES]
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if _is_article(node)]
    pages = [node for node in nodes if _kinds(node) & set(_PAGES)]
    chosen = (articles or pages)[:1]
    if not chosen:
        return Article()
    node = chosen[0]
    day = node.get("datePublished") or next(
        (page["datePublished"] for page in pages if page.get("datePublished")), None
    )
    return Article(
        headline=_text(node.get("headline")) if articles else None,
        name=_text(node.get("name")) if articles else None,
        published=_text(day),
        author=_names(node.get("author"), named),
        publisher=_names(node.get("publisher"), named),
        language=_text(node.get("inLanguage")),
        body=_body(node),
    )


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """Yield the things a script describes at its top: itself, its list, its graph."""
    bare = script.strip().removeprefix("<![CDATA[").removesuffix("]]>")
    if len(bare) > _MOST:
        return
    try:
        found = json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            inner = graph if isinstance(graph, list) else [each.get("mainEntity")]
            yield from (node for node in inner if isinstance(node, dict))


def _body(node: dict[str, Any]) -> str | None:
    """Return an article's text with its line breaks; markup in it is left to who reads it."""
    body = node.get("articleBody") or node.get("text")
    return body if isinstance(body, str) and body.strip() else None


def _is_article(node: dict[str, Any]) -> bool:
    kinds = _kinds(node)
    return any(kind.endswith(("article", "posting")) or kind == "report" for kind in kinds)


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {kind.lower() for kind in listed if isinstance(kind, str)}


def _names(value: Any, named: dict[str, dict[str, Any]]) -> str | None:
    """Return the names of people or organisations, joined."""
    names: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        node = each
        if isinstance(each, dict) and "name" not in each:
            node = named.get(each.get("@id") or "", {})
        name = _text(node.get("name") if isinstance(node, dict) else node)
        if name:
            names.append(name)
    return ", ".join(dict.fromkeys(names)) or None


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(value.split()) or None if isinstance(value, str) else None
