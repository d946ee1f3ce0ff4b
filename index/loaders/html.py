"""HTML pages: the main text as Markdown, with headings, lists and tables, and what the page states.

trafilatura finds the main text; what is page and not text (cookie notices, share bars, captions) is
taken out before it looks. Nothing is fetched, and no link is followed.
"""

import re
from collections.abc import Callable
from typing import Any

from index.errors import InvalidDocumentError
from index.loaders.base import Limits, Loaded
from index.loaders.decoding import as_utf8, decode
from index.loaders.pagefacts import facts
from index.loaders.pagetext import from_page, from_trafilatura
from index.loaders.placeholders import without_reserved
from index.loaders.pruning import prune
from index.loaders.rewriting import rewrite

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I)
_CONTROLS = re.compile(  # the private use area holds pictures that a font of the page draws
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff\ue000-\uf8ff]"
)
_REACH = 4096
_MUCH_MORE = 1.6


def load(data: bytes, name: str, limits: Limits) -> Loaded:
    """Return the main text of a page and what the page states about itself.

    Raises:
        InvalidDocumentError: It is no text, or no main text can be found.
    """
    return load_text(_decoded(data, name), name)


def load_text(text: str, name: str, first: Callable[[Any], None] | None = None) -> Loaded:
    """Return the main text of a page that is decoded already.

    Args:
        text: the page.
        name: how errors call it.
        first: changes its tree before anything is read from it.

    Raises:
        InvalidDocumentError: no main text can be found.
    """
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    try:
        tree = html.document_fromstring(
            without_reserved(_CONTROLS.sub("", text)).encode(), parser=parser
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InvalidDocumentError(f"{name} is an HTML page without any content.") from error
    if first is not None:
        first(tree)
    rewrite(tree)
    stated = facts(tree)
    prune(tree)
    main = _main(tree)
    if not any(c.isalnum() for c in main) and stated.article_body:
        main = _stated_text(stated.article_body)
        stated.provenance["text"] = "JSON-LD articleBody"
    if not any(c.isalnum() for c in main):
        raise InvalidDocumentError(
            f"{name} is an HTML page without a text of its own: it may be made by scripts when it "
            "is opened. Save the page as it is shown, or add its text."
        )
    return Loaded(
        main,
        title=stated.title,
        source=stated.source,
        url=stated.url,
        language=stated.language,
        published_at=stated.published_at,
        provenance=stated.provenance,
    )


def _stated_text(body: str) -> str:
    """Return the text that a page states of its article; some write it as HTML."""
    from lxml import html

    if "</" in body or "&" in body:
        tree = html.document_fromstring(f"<body>{without_reserved(_CONTROLS.sub('', body))}</body>")
        rewrite(tree)
        return from_page(tree)
    return body


def _main(tree: Any) -> str:  # lxml has no types
    """Return the main text: as trafilatura finds it, or all of a page that holds little else."""
    from trafilatura import bare_extraction

    whole = from_page(tree)
    document = bare_extraction(
        tree,
        include_comments=False,
        include_formatting=True,
        include_tables=True,
        with_metadata=False,
    )
    body = getattr(document, "body", None)
    if body is None:
        return whole
    found = from_trafilatura(body)
    # For short pages trafilatura falls back on bare text, without headings or paragraphs.
    flat = not any(line.startswith("#") for line in found.split("\n")) and "\n#" in f"\n{whole}"
    return whole if flat and len(whole) < len(found) * _MUCH_MORE + 200 else found


def _decoded(data: bytes, name: str) -> str:
    """Return a page's text: UTF-8 where it is, else as the page says, else as it looks."""
    if not data.isascii() and (text := as_utf8(data)) is not None:
        return text
    if charset := _CHARSET.search(data[:_REACH]):
        said = charset[1].decode("ascii").lower()
        try:
            # Browsers read both names as Windows' larger set.
            return data.decode("cp1252" if said in ("iso-8859-1", "us-ascii") else said)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, name)
