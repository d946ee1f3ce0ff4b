"""What an HTML page states about itself in its head: title, publisher, author, day, language, url.

Reads only what pages write there for machines to read. Nothing is guessed from the text, from the
address or from the file: a day that is not stated stays unknown.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.errors import InvalidDocumentError
from index.loaders.fields import checked_fields
from index.loaders.linkeddata import Article, article
from index.loaders.pagetitle import titles
from index.loaders.stateddates import stated_day

_DAYS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_online_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "publication_date",
    "publication-date",
    "publish_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "date",
)
_SOURCES = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher")
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "citation_author")


@dataclass(slots=True)
class PageFacts:
    """What a page states; None where it states nothing.

    ``article_body`` is the whole text, where a page states that as well.
    """

    title: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: dt.date | None = None
    provenance: dict[str, str] = field(default_factory=dict)
    article_body: str | None = None

    def take(self, name: str, value: Any, where: str) -> None:
        """Take a value that can be used, if none was taken before."""
        if getattr(self, name) is not None or not value:
            return
        try:
            checked = checked_fields(**{name: value})[name]  # type: ignore[literal-required]  # names of Fields
        except InvalidDocumentError:
            return  # what cannot be used states nothing
        if checked is not None:
            setattr(self, name, checked)
            self.provenance[name] = where


def facts(tree: Any) -> PageFacts:  # lxml has no types
    """Return what the page states."""
    metas = _metas(tree)
    data = article(_scripts(tree))
    found = PageFacts(article_body=data.body)
    _take_day(found, metas, data, tree)
    for key in _SOURCES:
        found.take("source", metas.get(key), f"meta {key}")
    found.take("source", data.publisher, "JSON-LD publisher")
    _take_title(found, metas, data, tree)
    _take_language(found, metas, data, tree)
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            found.take("url", link.get("href"), "link canonical")
    found.take("url", metas.get("og:url"), "meta og:url")
    _note_author(found, metas, data)
    return found


def _take_day(found: PageFacts, metas: dict[str, str], data: Article, tree: Any) -> None:
    found.take("published_at", stated_day(metas.get(_DAYS[0])), f"meta {_DAYS[0]}")
    found.take("published_at", stated_day(data.published), "JSON-LD datePublished")
    for key in _DAYS[1:]:
        found.take("published_at", stated_day(metas.get(key)), f"meta {key}")
    for element in tree.iter("time", "span", "div", "p", "abbr"):
        marked = "datepublished" in (element.get("itemprop") or "").lower()
        if marked or (element.tag == "time" and element.get("pubdate") is not None):
            stated = element.get("datetime") or element.get("content")
            day = stated_day(stated or "".join(element.itertext()))
            found.take("published_at", day, "itemprop datePublished" if marked else "time pubdate")


def _take_title(found: PageFacts, metas: dict[str, str], data: Article, tree: Any) -> None:
    for title, where in titles(tree, metas, data, found.source):
        found.take("title", title, where)


def _take_language(found: PageFacts, metas: dict[str, str], data: Article, tree: Any) -> None:
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    for attribute in ("lang", xml, "xml:lang"):
        found.take("language", tree.get(attribute), "html lang")
    found.take("language", metas.get("content-language"), "meta content-language")
    found.take("language", data.language, "JSON-LD inLanguage")
    found.take("language", metas.get("og:locale"), "meta og:locale")


def _note_author(found: PageFacts, metas: dict[str, str], data: Article) -> None:
    """Note who wrote it; a link to a profile is no name."""
    named = [
        ("JSON-LD author", data.author),
        *((f"meta {key}", metas.get(key)) for key in _AUTHORS),
    ]
    for where, author in named:
        name = " ".join((author or "").split())[:200]
        if name and not name.startswith(("http://", "https://", "@")):
            found.provenance["author"] = f"{name} ({where})"
            return


def _metas(tree: Any) -> dict[str, str]:
    """Return the first content of each named meta element."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = meta.get("content")
        if content:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if key := meta.get(attribute):
                    found.setdefault(key.strip().lower(), content)
    return found


def _scripts(tree: Any) -> Iterator[str]:
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            yield script.text or ""
