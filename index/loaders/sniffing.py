"""What a file is, from its first bytes and its name: files are often named wrongly.

Bytes that can be nothing else decide; then the name, then the media type it came with. Reads no
document.
"""

import re

from index.errors import InvalidDocumentError
from index.loaders.registry import (
    DOCX,
    HTML,
    MAIL,
    PDF,
    SHEETS,
    TEXT,
    ZIP,
    Format,
    by_name,
    unknown,
)

_HEAD = 4096
_PDF_REACH = 1024  # bytes before its mark that PDF readers forgive
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Office document (.doc, .xls, .msg)", "Save it as .docx or .pdf"),
    (b"{\\rtf", "a Rich Text document", "Save it as .docx or .pdf"),
    (b"\x89PNG", "a picture", "Add the text it shows"),
    (b"\xff\xd8\xff", "a picture", "Add the text it shows"),
    (b"GIF8", "a picture", "Add the text it shows"),
    (b"RIFF", "a picture, sound or film", "Add its text"),
    (b"II*\x00", "a picture", "Add the text it shows"),
    (b"MM\x00*", "a picture", "Add the text it shows"),
    (b"\x1f\x8b", "a compressed file", "Unpack it first"),
    (b"BZh", "a compressed file", "Unpack it first"),
    (b"\xfd7zXZ\x00", "a compressed file", "Unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Pack its files as .zip"),
    (b"Rar!", "a RAR archive", "Pack its files as .zip"),
    (b"\x7fELF", "a program", "Add documents only"),
    (b"MZ\x90\x00", "a program", "Add documents only"),
    (b"SQLite format 3", "a database", "Export its text"),
    (b"%!PS", "a PostScript file", "Save it as .pdf"),
)
_PACKED = (
    (b"word/document.xml", DOCX, "", ""),
    (b"xl/workbook.xml", SHEETS, "", ""),
    (b"ppt/presentation.xml", None, "a PowerPoint presentation", "Save it as .pdf"),
    (b"content.xml", None, "an OpenDocument file", "Save it as .docx or .pdf"),
    (b"META-INF/container.xml", None, "an EPUB book", "Save it as .pdf or .html"),
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_DIRECTORY_END = b"PK\x05\x06"
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)*"
    rb"<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)*"
    rb"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_HEADER = re.compile(
    rb"From |(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|From|Date|Subject)\s?:",
    re.IGNORECASE,
)


_MAIL_LINE = re.compile(
    rb"(?:From [^\n]*\n)?((?:[!-9;-~]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+)"
)
_SENDER = re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SENT = re.compile(
    rb"^(?:date|message-id|received|mime-version|delivered-to|return-path|subject)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_SENT_BY_MACHINE = re.compile(
    rb"^(?:message-id|received|mime-version|delivered-to|return-path)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)


def format_of(data: bytes, name: str, media_type: str | None = None) -> Format:
    """Return the format that a file is to be read as.

    Args:
        data: the whole file.
        name: its name; errors call it so.
        media_type: what it was sent as; it counts only where the name says nothing.

    Raises:
        InvalidDocumentError: the format is not read; the message says what it seems to be.
    """
    if not data:
        raise InvalidDocumentError(f"{name} is empty.")
    named = by_name(name, media_type)
    head = data[:_HEAD]
    seen = _seen(data, head, name)
    if seen is not None:
        return seen
    if named in (None, TEXT) and _is_mail(head, by_machine=named is TEXT):
        return MAIL
    if named is None:
        raise unknown(name)
    if named in (PDF, DOCX, SHEETS, ZIP):
        raise InvalidDocumentError(
            f"{name} is named as {named.what} and is none: {_seems(head)}. Check how it was saved "
            "or sent, or give it the ending of what it is."
        )
    if named is MAIL and not _HEADER.search(head):
        raise InvalidDocumentError(
            f"{name} is named as a mail and has none of a mail's headers: {_seems(head)}."
        )
    return named


def _seen(data: bytes, head: bytes, name: str) -> Format | None:
    """Return what the bytes show a file to be; raise for what is not read."""
    if head.startswith(_ZIP_MARKS):
        return _packed(data, name)
    for mark, what, remedy in _OTHERS:
        if head.startswith(mark):
            raise InvalidDocumentError(f"{name} is {what}, which is not read. {remedy}.")
    if head.startswith(b"%PDF-") or _late_pdf(head):
        return PDF
    if _PAGE.match(head):
        return HTML
    if _FEED.match(head):
        raise InvalidDocumentError(
            f"{name} is a feed or sitemap, not a document. Add what it lists: footnote sync URL."
        )
    return None


def _is_mail(head: bytes, *, by_machine: bool) -> bool:
    """Tell a mail by the headers it opens with.

    Args:
        head: the first bytes of a file.
        by_machine: only headers count that nobody writes by hand.
    """
    headers = _MAIL_LINE.match(head)
    if headers is None or not _SENDER.search(headers[1]):
        return False
    if by_machine:
        return bool(_SENT_BY_MACHINE.search(headers[1]))
    return len(set(map(bytes.lower, _SENT.findall(headers[1])))) >= 2


def seen_format(head: bytes) -> Format | None:
    """Return the format that a file's first bytes show without doubt, whatever its name."""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(_ZIP_MARKS):
        return ZIP
    if _PAGE.match(head):
        return HTML
    return MAIL if _is_mail(head, by_machine=False) else None


def _late_pdf(head: bytes) -> bool:
    """Tell whether a PDF's mark follows some bytes that belong to none of the texts we read."""
    place = head.find(b"%PDF-", 0, _PDF_REACH)
    return place > 0 and not head[:place].strip(b"\x00\t\r\n \xef\xbb\xbf")


def _packed(data: bytes, name: str) -> Format:
    """Tell an archive from the formats that are archives inside, by the names in its directory.

    The directory is searched, not read: nothing is built from what a hostile one claims.
    """
    end = data.rfind(_DIRECTORY_END)
    start = int.from_bytes(data[end + 16 : end + 20], "little") if end >= 0 else 0
    directory = data[start:end] if 0 <= start < end else b""
    if by_name(name) is SHEETS and _ODS in data[:_HEAD]:
        return SHEETS
    for entry, found, what, remedy in _PACKED:
        if re.search(rb"PK\x01\x02.{42}" + re.escape(entry), directory, re.DOTALL):
            if found is None:
                raise InvalidDocumentError(f"{name} is {what}, which is not read. {remedy}.")
            return found
    named = by_name(name)
    return (
        named if named in (DOCX, SHEETS) and named is not None else ZIP
    )  # whoever reads it says what is wrong


def _seems(head: bytes) -> str:
    """Say what the first bytes look like."""
    if not head.strip():
        return "it is blank"
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if b"\x00" in head or controls > len(head) // 50:
        return "it holds binary data of an unknown kind"
    return f"it seems to be {TEXT.what}"
