"""Whether what became of an input is fit for a reader: a document that holds, or a clear error."""

import re
from collections.abc import Iterable

from eval.hostile.model import Hostile, Verdict
from index.errors import FootnoteError
from index.loaders import Piece, normalise
from index.model import SourceDocument
from index.segment import segment

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def of_pieces(hostile: Hostile, pieces: Iterable[Piece]) -> Verdict:
    """Return the verdict about what a file gave."""
    found, error = 0, None
    for piece in pieces:
        if piece.error is not None:
            if wrong := wrong_error(piece.error):
                return crash(f"{piece.name!a}: {wrong}")
            error = error or piece.error
        elif piece.document is None:
            return crash(f"{piece.name!a} has neither document nor error")
        else:
            found += 1
            if wrong := wrong_document(piece.document, hostile.never):
                return crash(f"{piece.name!a}: {wrong}")
    if found and hostile.must_be_refused:
        return crash("taken, though it must not be")
    if found:
        return Verdict("accepted", 0, f"{found} documents" if found > 1 else "")
    if error is None:
        return crash("neither document nor error")
    return refused(error)


def refused(error: FootnoteError) -> Verdict:
    """Return the verdict about an error that was raised."""
    if wrong := wrong_error(error):
        return crash(wrong)
    return Verdict("refused", 0, error.message, error.code)


def crash(why: str) -> Verdict:
    """Return the verdict about what is a fault of ours."""
    return Verdict("crash", 0, why)


def wrong_error(error: FootnoteError) -> str | None:
    """Return what is wrong with an error; None if a reader can make use of it."""
    if error.code == FootnoteError.code:
        return f"an error without a code of its own: {error.message!a}"
    if not error.message.strip():
        return f"{type(error).__name__} without a message"
    if len(error.message) > 2_000:
        return f"a message of {len(error.message):,} characters: {error.message[:80]!a}"
    if _CONTROLS.search(error.message):
        return f"control characters in a message: {error.message[:200]!a}"
    return None


def wrong_document(document: SourceDocument, never: str | None) -> str | None:
    """Return what is wrong with a document; None if it can be indexed, read and cited."""
    text = document.text
    if not text.strip() or text != normalise(text):
        return "a text that is blank or not normalised"
    for name in ("id", "text", "title", "source", "url", "language"):
        value = getattr(document, name)
        if value is not None and _CONTROLS.search(value):
            return f"control characters in {name}: {value[:100]!a}"
        if value is not None and never is not None and never in value:
            return f"{name} holds what must not be seen"
    if not document.title.strip() or len(document.title) > 1_000 or "\n" in document.title:
        return f"a title that is none: {document.title[:100]!a}"
    if not document.id or len(document.id) > 500 or ".." in document.id.split("/"):
        return f"an id that is none: {document.id[:100]!a}"
    if any(not 0 <= page <= len(text) for page in document.pages):
        return "pages that begin outside the text"
    if list(document.pages) != sorted(document.pages):
        return "pages in disorder"
    for passage in segment(text, count_tokens=lambda words: 1 + len(words) // 4):
        if not 0 <= passage.start < passage.end <= len(text) or not passage.sentences:
            return "a passage that is none"
    return None
