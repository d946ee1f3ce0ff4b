"""Formats that are known and not read: what each is, and what to do with a file of it.

Goes by names alone; what bytes show a file to be is told in ``sniffing``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Unread:
    """A format that is not read.

    Attributes:
        what: how messages call a file of it.
        several: how messages call several files of it.
        remedy: what to do, as a sentence without its full stop.
    """

    what: str
    several: str
    remedy: str


_TO_DOCX = "Save it as .docx or .pdf"
_TO_CSV = "Save it as .xlsx, or its sheets as .csv"
_TO_PDF = "Save it as .pdf"
_TEXT = "Add the text it shows, or a PDF after text recognition (OCR)"
_SPOKEN = "Add what is said in it, as text"
_UNPACK = "Unpack it, or pack its files as .zip"

OTHER = Unread(
    "a file of another format", "files of other formats", "Save it as .pdf or .txt if it is text"
)
_SHOWN = 3
MOST_PASSED_OVER = 1000
"""Files that a job names one by one."""
_OLD_WORD = Unread("an old Word document", "old Word documents", _TO_DOCX)
_OTHER_TEXT = Unread("a document of another program", "documents of other programs", _TO_DOCX)
_SHEET = Unread("a spreadsheet", "spreadsheets", _TO_CSV)
_SLIDES = Unread("a presentation", "presentations", _TO_PDF)
_BOOK = Unread("an e-book", "e-books", "Save it as .pdf or .html")
_PICTURE = Unread("a picture", "pictures", _TEXT)
_SOUND = Unread("a recording", "recordings", _SPOKEN)
_PACKED = Unread("a packed file", "packed files", _UNPACK)
_MAILS = Unread(
    "a mail in Outlook's own format", "mails in Outlook's own format", "Save it as .eml"
)
_MAILBOX = Unread("a mailbox", "mailboxes", "Save its mails as .eml files")
_DATA = Unread("a file of data", "files of data", "Save what is to be found as .csv or .txt")
_CODE = Unread("program code", "files of program code", "Add it as .txt if it is to be found")

_BY_SUFFIX: dict[str, Unread] = {
    suffix: kind
    for kind, suffixes in (
        (_OLD_WORD, ".doc .dot .docm .dotx"),
        (_OTHER_TEXT, ".odt .ott .fodt .rtf .pages .wpd .wps .tex .latex .rst .adoc .org .ps .xps"),
        (_SHEET, ".xls .xlsb .numbers"),
        (_SLIDES, ".ppt .pptx .pps .ppsx .odp .key"),
        (_BOOK, ".epub .mobi .azw .azw3 .fb2 .djvu .chm"),
        (_PICTURE, ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .heic .svg .ico .psd .ai .eps"),
        (_SOUND, ".mp3 .wav .m4a .ogg .flac .aac .mp4 .mov .avi .mkv .webm .wmv"),
        (_PACKED, ".gz .tgz .bz2 .xz .7z .rar .tar .zst"),
        (_MAILS, ".msg"),
        (_MAILBOX, ".mbox .pst .ost"),
        (_DATA, ".json .xml .yaml .yml .toml .parquet .sqlite .db .sql .mdb .log .ini .cfg"),
        (_CODE, ".py .js .ts .java .c .cpp .h .go .rs .rb .php .sh .bat .css .exe .dll .ipynb"),
    )
    for suffix in suffixes.split()
}


def by_unread_name(name: str) -> Unread | None:
    """Return the unread format that a file name ends in; None for one that is not known."""
    return _BY_SUFFIX.get(PurePath(name).suffix.lower())


def told(names: Iterable[str]) -> str:
    """Return what files are and what to do, by format: "2 pictures (a.png, b.png). Add ..."."""
    found: dict[Unread, list[str]] = {}
    for name in names:
        found.setdefault(by_unread_name(name) or OTHER, []).append(name)
    groups = []
    for kind, files in sorted(found.items(), key=lambda each: -len(each[1])):
        what = (
            f"1 {kind.what.partition(' ')[2]}"
            if len(files) == 1
            else f"{len(files)} {kind.several}"
        )
        shown = ", ".join(files[:_SHOWN]) + (", \u2026" if len(files) > _SHOWN else "")
        groups.append(f"{what} ({shown}). {kind.remedy}.")
    return " ".join(groups)


def is_unread(name: str) -> bool:
    """Tell whether a file's name alone says that it is not read."""
    return by_unread_name(name) is not None
