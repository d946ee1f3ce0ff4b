"""PDF: the text layer, page by page, with the offset at which each page begins.

Reads text and document information only; runs no scripts, follows no links, opens no attachments.
How lines become paragraphs is told in ``layout``.
"""

import re
import unicodedata
from itertools import count
from typing import Any

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders.base import Limits, Loaded
from index.loaders.columns import lines_of_page
from index.loaders.glyphs import runs_on_page
from index.loaders.layout import pages_of_text
from index.loaders.lines import Line
from index.loaders.normal import normalise

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_UNREADABLE = 0.3
_JUNK_TITLE = re.compile(
    r"microsoft (?:word|powerpoint)|untitled|no ?name|document\d*$|unknown$|print(?:ing)?\b|"
    r"\((?:anonymous|unspecified|untitled)\)$|"
    r"\S+\.(?=\w{0,3}[a-z])\w{2,4}$|.*\.(?:docx?|pdf|indd|qxd|tex|rtf|odt|html?|pptx?|xlsx?|pub|dvi|ps)$|"
    r"(?:[a-z]:[\\/]|file:|/)\S*$|[\W\d_]+$|(?:slide|page|layout|title) ?\d*$",
    re.IGNORECASE,
)
_JUNK_AUTHOR = re.compile(r"\(?(?:anonymous|unspecified|unknown|author)\)?$", re.IGNORECASE)
_CREATED = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_MOST_TITLE = 300


def load(data: bytes, name: str, limits: Limits) -> Loaded:
    """Return the text of a PDF with the offsets of its pages, and the title it states.

    Raises:
        InvalidDocumentError: It is damaged, wants a password, or has no text layer.
        TooLargeError: It has too many pages, or too much text.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise InvalidDocumentError(
                f"{name} is encrypted and wants a password. Save a copy without one."
            ) from error
        raise InvalidDocumentError(
            f"{name} is damaged, or was not sent whole: its structure cannot be read. Open it in a "
            "PDF program and save it again."
        ) from error
    with document:
        pages = _pages(document, name, limits)
        info = {name: _stated_value(document, name) for name in ("Title", "Author", "CreationDate")}
    text, starts = pages_of_text(pages)
    if not any(c.isalnum() for c in text):
        raise InvalidDocumentError(
            f"{name} has no text layer on its {len(pages)} page{'s' * (len(pages) != 1)}: it seems "
            "to be a scan. Run text recognition (OCR) over it, for example with OCRmyPDF, and add "
            "the result."
        )
    _check_readable(text, name)
    return _stated(text, starts, info, sum(not lines for lines in pages))


def _stated_value(document: Any, name: str) -> str:  # pypdfium2 has no types
    try:
        return str(document.get_metadata_value(name))
    except UnicodeDecodeError:  # what cannot be read states nothing
        return ""


def _pages(document: Any, name: str, limits: Limits) -> list[list[Line]]:  # pypdfium2 has no types
    length = len(document)
    if length > limits.pages:
        raise TooLargeError(
            f"{name} has {length:,} pages; at most {limits.pages:,} are read. Split it."
        )
    pages: list[list[Line]] = []
    characters = 0
    tables = count(1)
    for number in range(length):
        lines = _page(document, number, tables)
        characters += sum(len(line.text) for line in lines)
        if characters > limits.characters:
            raise TooLargeError(
                f"{name} has more than {limits.characters:,} characters of text. Split it."
            )
        pages.append(lines)
    return pages


def _page(document: Any, number: int, tables: "count[int]") -> list[Line]:
    """Return the lines of a page; a page that cannot be loaded is an empty one."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return []
    try:
        words = page.get_textpage()
        try:
            return lines_of_page(list(runs_on_page(words)), page.get_height(), tables)
        finally:
            words.close()
    finally:
        page.close()


def _check_readable(text: str, name: str) -> None:
    """Refuse a text layer whose fonts do not tell which letters their shapes are."""
    visible = [c for c in text[:100_000] if not c.isspace()]
    strange = sum(c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn") for c in visible)
    if strange > len(visible) * _UNREADABLE:
        raise InvalidDocumentError(
            f"The text layer of {name} cannot be read: its fonts do not say which letters they "
            "show. Run text recognition (OCR) over it and add the result."
        )


def _stated(text: str, starts: tuple[int, ...], info: dict[str, str], blank: int) -> Loaded:
    """Return the text with what the document information states.

    The day a file was made is not the day its text was published: it is noted, not taken for it.
    """
    provenance: dict[str, str] = {}
    title = " ".join(normalise(info.get("Title", "")).split())[:_MOST_TITLE]
    if not title or _JUNK_TITLE.match(title):
        title = ""
    else:
        provenance["title"] = "PDF information Title"
    author = " ".join(normalise(info.get("Author", "")).split())[:_MOST_TITLE]
    if author and not _JUNK_AUTHOR.match(author):
        provenance["author"] = f"{author} (PDF information Author)"
    if created := _CREATED.match(info.get("CreationDate", "")):
        day = "-".join(created.groups())
        provenance["file_created"] = f"{day} (PDF information CreationDate)"
    if blank:
        provenance["pages_without_text"] = f"{blank} of {len(starts)}"
    return Loaded(text, title=title or None, pages=starts, provenance=provenance)
