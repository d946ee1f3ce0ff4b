"""What a fetch brings back: a body and what the server said of it. Reads nothing of the body."""

import re
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as its server gave it.

    ``url`` is where it was in the end, after redirects. ``media_type`` is lower case and without
    parameters, ``charset`` the one parameter that matters; both are the server's word, not checked
    against the body. ``etag`` and ``modified`` are given back at the next fetch; when nothing has
    changed since, ``not_modified`` is true and ``body`` is empty.
    """

    url: str
    status: int
    media_type: str | None
    body: bytes
    etag: str | None = None
    modified: str | None = None
    not_modified: bool = False
    charset: str | None = None

    @property
    def filename(self) -> str:
        """The last part of the URL's path, as a name for a loader; ``index`` where it is empty."""
        name = unquote(urlsplit(self.url).path.rpartition("/")[2], errors="replace")
        name = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in name).strip(" .")
        return name[-200:] or "index"


def content_type(header: str | None) -> tuple[str | None, str | None]:
    """Return media type and charset of a Content-Type header."""
    if not header:
        return None, None
    message = Message()
    message["Content-Type"] = header[:500]
    charset = message.get_param("charset")
    if not isinstance(charset, str) or not re.fullmatch(r"[\w.:+-]{1,40}", charset, re.ASCII):
        charset = None
    media_type = header.partition(";")[0].strip().lower()
    known = re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,100}", media_type, re.ASCII)
    return (media_type if known else None), charset
