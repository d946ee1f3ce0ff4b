"""Bytes to text: which encoding a file is in, or that it is no text at all.

Byte-order marks and UTF-8 decide, a few damaged bytes in it notwithstanding; only then is an
encoding guessed.
"""

import codecs

from index.errors import InvalidDocumentError
from index.loaders.latin import latin_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1a\x1b"})
_CONTROL_SHARE = 0.01
_OTHER_SCRIPT_SHARE = 0.25  # of all bytes; accented letters of Latin scripts stay far below
_SAMPLE = 65_536
_GOOD_TO_BAD = 2  # letters of UTF-8 to a damaged byte: no other encoding looks like it by chance
_MOST_DAMAGE = 0.01  # of a text whose mark says which encoding it is in; one letter at least


def decode(data: bytes, name: str) -> str:
    """Return the text that ``data`` holds.

    Args:
        data: A whole file.
        name: How errors call it.

    Raises:
        InvalidDocumentError: It is empty, binary, or in no encoding that can be told.
    """
    if not data:
        raise InvalidDocumentError(f"{name} is empty.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with(data, encoding, name)
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise InvalidDocumentError(
                f"{name} is {what}, not text. Save its text as .txt or .md and add that."
            )
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > len(data) * _CONTROL_SHARE:
        raise InvalidDocumentError(
            f"{name} is not text: it holds binary data. If it is text in an unusual encoding, save "
            "it as UTF-8."
        )
    text = as_utf8(data)
    return _guessed(data, name) if text is None else text


def as_utf8(data: bytes) -> str | None:
    """Return a text in UTF-8, each damaged byte as U+FFFD; None where it is in another encoding.

    A text put together from several, or cut in the middle of a letter, is UTF-8 all the same.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8-sig", "replace")
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    good = len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    return text if good >= _GOOD_TO_BAD * bad else None


def _guessed(data: bytes, name: str) -> str:
    """Decode a text that is not Unicode: if mostly ASCII, it is Latin; else the detector tells."""
    sample = data[:_SAMPLE]
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    if high < len(sample) * _OTHER_SCRIPT_SHARE:
        try:
            return data.decode(latin_encoding(sample))
        except UnicodeDecodeError:
            return data.decode("latin-1")
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        raise InvalidDocumentError(f"The encoding of {name} cannot be told. Save it as UTF-8.")
    return _with(data, best.encoding, name)


def _with(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        bad = text.count("\ufffd")
        if bad <= max(1, len(text) * _MOST_DAMAGE) and len(text) - bad >= _GOOD_TO_BAD * bad:
            return text
        raise InvalidDocumentError(
            f"{name} is damaged: it is not valid {encoding} at byte {error.start}. Save it again "
            "as UTF-8."
        ) from error
