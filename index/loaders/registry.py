"""The formats that are read: the one list to extend when a format is added.

What a format's bytes look like is told in ``sniffing``; how they are read, in its own module.
"""

from dataclasses import dataclass
from pathlib import PurePath

from index.errors import InvalidDocumentError, PassedOverError
from index.loaders.unread import OTHER, by_unread_name


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its names, and whether a worker process parses it.

    Attributes:
        key: the name of its loader.
        what: how errors call a file of it.
        suffixes: file name endings in lower case, with the dot.
        media_types: media types in lower case, without parameters; the first is what documents of
            it carry.
        apart: it is parsed in a worker process, since its parser is large or can be led astray.
        several: a file of it may hold several documents.
    """

    key: str
    what: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    apart: bool = False
    several: bool = False


TEXT = Format("text", "plain text", (".txt", ".text"), ("text/plain",))
MARKDOWN = Format(
    "markdown", "Markdown", (".md", ".markdown"), ("text/markdown", "text/x-markdown")
)
JSON_LINES = Format(
    "jsonl",
    "JSON Lines",
    (".jsonl", ".ndjson"),
    ("application/jsonl", "application/x-ndjson", "application/ndjson", "application/jsonlines"),
    several=True,
)
TABLE = Format(
    "table",
    "a table of text",
    (".csv", ".tsv", ".tab"),
    ("text/csv", "text/tab-separated-values", "application/csv"),
    apart=True,
)
HTML = Format(
    "html",
    "an HTML page",
    (".html", ".htm", ".xhtml"),
    ("text/html", "application/xhtml+xml"),
    apart=True,
)
PDF = Format("pdf", "a PDF", (".pdf",), ("application/pdf", "application/x-pdf"), apart=True)
DOCX = Format(
    "docx",
    "a Word document",
    (".docx",),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    apart=True,
)
SHEETS = Format(
    "sheets",
    "a workbook",
    (".xlsx", ".xlsm", ".ods"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    apart=True,
)
MAIL = Format("mail", "a mail", (".eml",), ("message/rfc822",), apart=True, several=True)
ZIP = Format(
    "zip",
    "a ZIP archive",
    (".zip",),
    ("application/zip", "application/x-zip-compressed"),
    apart=True,
    several=True,
)

FORMATS: tuple[Format, ...] = (
    TEXT,
    MARKDOWN,
    TABLE,
    HTML,
    PDF,
    DOCX,
    SHEETS,
    MAIL,
    JSON_LINES,
    ZIP,
)


def known_suffixes() -> tuple[str, ...]:
    """Return the file name endings that are read, sorted."""
    return tuple(sorted(suffix for each in FORMATS for suffix in each.suffixes))


def format_named(key: str) -> Format:
    """Return the format with a key. Raises KeyError."""
    return {each.key: each for each in FORMATS}[key]


def by_name(name: str, media_type: str | None = None) -> Format | None:
    """Return the format that a file name ends in, or else the one of a media type."""
    suffix = PurePath(name).suffix.lower()
    for each in FORMATS:
        if suffix in each.suffixes:
            return each
    bare = (media_type or "").split(";")[0].strip().lower()
    return next((each for each in FORMATS if bare in each.media_types), None)


def passed_over(name: str) -> PassedOverError:
    """Return what is said of a file among others that is of a format that is not read."""
    kind = by_unread_name(name) or OTHER
    return PassedOverError(f"It is {kind.what}, which is not read. {kind.remedy}.")


def unknown(name: str) -> InvalidDocumentError:
    """Return the error for a file of a format that is not read, with what to do about it."""
    known = by_unread_name(name)
    if known is not None:
        return InvalidDocumentError(f"{name} is {known.what}, which is not read. {known.remedy}.")
    return InvalidDocumentError(
        f"{name} is of a format that is not read. These are: {', '.join(known_suffixes())}. "
        "Save it as one of them, for example as .pdf or .txt."
    )
