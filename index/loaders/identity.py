"""Document ids: how they look, and how one is made from a path or an address.

Knows no store: that two documents may come to one id is for the caller to see.
"""

import hashlib
import unicodedata
from pathlib import PurePath
from urllib.parse import urlsplit

from index.errors import InvalidDocumentError

MAX_ID = 200


def checked_id(given: str) -> str:
    """Return ``given`` in NFC, or raise.

    Raises:
        InvalidDocumentError: It is empty, too long, or holds other characters than allowed.
    """
    identifier = unicodedata.normalize("NFC", given)
    if not 1 <= len(identifier) <= MAX_ID:
        raise InvalidDocumentError(
            f"A document id must have 1 to {MAX_ID} characters; this one has {len(identifier)}."
        )
    wrong = sorted({c for c in identifier if not _allowed(c)})
    if wrong or not identifier.strip("._-"):
        raise InvalidDocumentError(
            f"The document id {given!r} cannot be used: letters, digits, '.', '_' and '-' are "
            "allowed, and at least one letter or digit is needed."
        )
    return identifier


def document_id(relative: PurePath) -> str:
    """Return the id of a file: its path in the indexed folder, without suffix, as a slug.

    ``reports/2024 Syria.md`` becomes ``reports-2024-syria``. A path that differs only in blanks,
    case or such marks comes to the same id.
    """
    return slug("/".join(relative.with_suffix("").parts)) or f"document-{_sha(str(relative))}"


def id_from_url(url: str) -> str:
    """Return the id of a document that came without one, from its address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path, dot, suffix = parts.path.rpartition(".")
    page = path if dot and "/" not in suffix else parts.path
    name = slug(f"{host}/{page}")
    return _cut(f"{name}-{_sha(parts.query)}", url) if parts.query else name or f"url-{_sha(url)}"


def id_from_text(title: str, text: str) -> str:
    """Return an id for a text that came with neither id nor address; the same text has the same."""
    return _cut(f"{slug(title)[:80].strip('._-') or 'text'}-{_sha(text)}", text)


def slug(name: str) -> str:
    """Return ``name`` in lower case, with hyphens for what an id may not hold; may be empty."""
    lowered = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    words = "".join(c if _allowed(c) else " " for c in lowered).split()
    return _cut("-".join(words).strip("._-"), name)


def _allowed(character: str) -> bool:
    """Allow letters and digits of any script; marks are parts of letters in many."""
    return character in "._-" or unicodedata.category(character)[0] in "LMN"


def _cut(identifier: str, whole: str) -> str:
    if len(identifier) <= MAX_ID:
        return identifier
    return f"{identifier[: MAX_ID - 13]}-{_sha(whole)}"


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
