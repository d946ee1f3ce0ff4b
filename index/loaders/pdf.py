"""PDF: the text layer, page by page, with the offset at which each page begins.

Reads text and document information only; runs no scripts, follows no links, opens no attachments.
How lines become paragraphs is told in ``layout``.
"""

import ctypes
import re
import unicodedata
from statistics import median
from typing import Any

from index.errors import InvalidDocumentError, TooLargeError
from index.loaders.base import Limits, Loaded
from index.loaders.layout import pages_of_text
from index.loaders.lines import Line
from index.loaders.normal import normalise

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_HYPHEN = "\ufffe"  # where pdfium found a word divided between two lines
_UNREADABLE = 0.3
_JUNK_TITLE = re.compile(
    r"microsoft (?:word|powerpoint)|untitled|no ?name|document\d*$|unknown$|print(?:ing)?\b|"
    r"\((?:anonymous|unspecified|untitled)\)$|"
    r"\S+\.(?:docx?|pdf|indd|qxd|tex|rtf|odt|html?|pptx?|xlsx?)$",
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
    count = len(document)
    if count > limits.pages:
        raise TooLargeError(
            f"{name} has {count:,} pages; at most {limits.pages:,} are read. Split it."
        )
    pages: list[list[Line]] = []
    characters = 0
    for number in range(count):
        lines = _page(document, number)
        characters += sum(len(line.text) for line in lines)
        if characters > limits.characters:
            raise TooLargeError(
                f"{name} has more than {limits.characters:,} characters of text. Split it."
            )
        pages.append(lines)
    return pages


def _page(document: Any, number: int) -> list[Line]:
    """Return the lines of a page; a page that cannot be loaded is an empty one."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return []
    try:
        words = page.get_textpage()
        try:
            return _lines(words, page.get_height())
        finally:
            words.close()
    finally:
        page.close()


def _lines(words: Any, height: float) -> list[Line]:
    text = words.get_text_range()
    found: list[Line] = []
    place = 0
    for raw in re.split(r"(\r\n|\r|\n|\ufffe)", text):
        if raw and raw not in ("\r\n", "\r", "\n") and raw.strip(_HYPHEN + " \t"):
            visible = [place + at for at, letter in enumerate(raw) if not letter.isspace()]
            letters = [place + at for at, letter in enumerate(raw) if letter.isalnum()] or visible
            left, right, baseline, size = _measured(words, visible, letters)
            tidy = " ".join(normalise(raw).split())
            if tidy:
                found.append(Line(tidy, left, right, baseline, size, height))
        elif raw == _HYPHEN and found:
            found[-1] = found[-1].divided()
        place += len(raw)
    return found


def _measured(
    words: Any, visible: list[int], letters: list[int]
) -> tuple[float, float, float, float]:
    """Return left end, right end, baseline and letter height of a line.

    Three letters tell, since bullets, brackets and commas may be of another font or have no height.
    """
    left, right = _box(words, visible[0])[0], _box(words, visible[-1])[1]
    told = [_box(words, letters[at]) for at in (0, len(letters) // 2, -1)]
    return left, right, median(box[3] for box in told), median(box[2] for box in told)


def _box(words: Any, place: int) -> tuple[float, float, float, float]:
    """Return left end, right end, height and baseline of the character at a place in the text."""
    import pypdfium2.raw as pdfium

    rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(words, place)
    if index < 0 or not pdfium.FPDFText_GetLooseCharBox(words, index, ctypes.byref(rect)):
        return 0.0, 0.0, 0.0, 0.0
    pdfium.FPDFText_GetCharOrigin(words, index, ctypes.byref(x), ctypes.byref(y))
    return rect.left, rect.right, abs(rect.top - rect.bottom), y.value


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
