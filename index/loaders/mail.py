"""A saved mail: its own text with subject, sender and date, and the files attached to it.

Takes the plain text where it says what the HTML does, else the HTML; not what is quoted in it.
Follows no links and loads no pictures.
"""

import datetime as dt
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from index.errors import FootnoteError, InvalidDocumentError, TooLargeError
from index.loaders.base import Loaded
from index.loaders.containers import Budget, cleaned
from index.loaders.decoding import as_utf8, decode
from index.loaders.mailtext import drop_quoted, is_stub, own_text, unsigned
from index.loaders.normal import normalise
from index.loaders.registry import MAIL, by_name, passed_over

_MOST_PARTS = 1000
_MOST_LINE = 500


class Letter:
    """A parsed mail.

    Args:
        data: the mail as saved.
        name: how errors call it.

    Raises:
        InvalidDocumentError: it is no mail.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._size = len(data)
        try:
            # A saved mailbox line before the headers is no header.
            start = data.find(b"\n") + 1 if data.startswith(b"From ") else 0
            message = BytesParser(policy=policy.default).parsebytes(data[start:])
            self._parts = _walked(message)
            headers = set(map(str.lower, message.keys()))
        except FootnoteError:
            raise
        except Exception as error:
            raise InvalidDocumentError(
                f"{name} cannot be read as a mail ({type(error).__name__}). Save it again from the "
                "mail program."
            ) from error
        if not headers & {"from", "date", "subject", "to", "message-id"}:
            raise InvalidDocumentError(f"{name} has none of a mail's headers.")
        self._message = message

    def loaded(self) -> Loaded:
        """Return the mail's own text and what its headers state.

        Raises:
            InvalidDocumentError: it has no text.
        """
        provenance: dict[str, str] = {}
        text, page = self._own_text()
        is_own = bool(text)
        if not text:
            text, page = self._all_text()
        if not text:
            raise InvalidDocumentError(f"{self._name} has no text of its own.")
        language = page.language if page is not None else None
        if language is not None and page is not None:
            provenance["language"] = page.provenance["language"]
        title = self._header("Subject")
        day = self._date()
        sender, address = parseaddr(self._header("From") or "")
        if title:
            provenance["title"] = "mail Subject"
        if not is_own:  # who passed it on did not write it, nor on that day
            sender = address = ""
            day = None
            provenance["text"] = "a mail passed on"
        if sender or address:
            provenance["author"] = f"{sender or address} (mail From)"
            provenance["source"] = "mail From"
        if day:
            provenance["published_at"] = "mail Date"
        return Loaded(
            text,
            title=title,
            source=(sender or address)[:200] or None,
            language=language,
            published_at=day,
            provenance=provenance,
        )

    def _own_text(self) -> tuple[str, Loaded | None]:
        """Return what the sender wrote, and the page that it is from where it is from HTML."""
        plain = [part for part in self._parts if _is_body(part, "text/plain")]
        html = [part for part in self._parts if _is_body(part, "text/html")]
        text = "\n\n".join(filter(None, (own_text(_text(part)) for part in plain)))
        if not html or (text and not self._are_alternatives()):
            return text, None
        page = self._page(html[0], own=True)
        if page is None or (text and not is_stub(text, page.text)):
            return text, None
        return page.text, page

    def _all_text(self) -> tuple[str, Loaded | None]:
        """Return all of the text, for a mail that only passes others on."""
        plain = [part for part in self._parts if _is_body(part, "text/plain")]
        text = "\n\n".join(filter(None, (unsigned(_text(part)) for part in plain)))
        html = [part for part in self._parts if _is_body(part, "text/html")]
        page = self._page(html[0], own=False) if html and not text else None
        return (page.text, page) if page is not None else (text, None)

    def _page(self, part: EmailMessage, *, own: bool) -> Loaded | None:
        from index.loaders.html import load_text as load_page

        try:
            return load_page(_text(part), self._name, first=drop_quoted if own else None)
        except InvalidDocumentError:
            return None

    def _are_alternatives(self) -> bool:
        return any(p.get_content_type() == "multipart/alternative" for p in self._message.walk())

    def attachments(self, budget: Budget) -> Iterator[tuple[str, str, bytes | FootnoteError]]:
        """Yield name, media type and content of the attached files of formats that are read.

        Raises:
            TooLargeError: there is too much of them.
        """
        for number, part in enumerate(self._parts):
            if not _is_attachment(part):
                continue
            name = cleaned(part.get_filename() or f"attachment-{number}")
            media_type = part.get_content_type()
            if by_name(name, media_type) is None:
                if not _is_decoration(part):
                    yield name, media_type, passed_over(name)
                continue
            budget.count_entry()
            try:
                content = _content(part)
            except Exception as error:  # noqa: BLE001  # whatever a broken transfer encoding raises
                told = f"{name}, attached to {self._name}, is damaged ({type(error).__name__})."
                yield name, media_type, InvalidDocumentError(told)
                continue
            budget.count_bytes(len(content))
            yield name, media_type, content

    def _header(self, name: str) -> str | None:
        """Return a header's value as one line; a header that cannot be read says nothing."""
        try:
            value = self._message[name]
        except Exception:  # noqa: BLE001  # the header parser fails in undocumented ways
            return None
        line = " ".join(normalise(str(value)).split()) if value is not None else ""
        return line[:_MOST_LINE] or None

    def _date(self) -> dt.date | None:
        try:
            moment = self._message["Date"].datetime
        except Exception:  # noqa: BLE001  # no header, or one that is no date
            return None
        return moment.date() if isinstance(moment, dt.datetime) and moment.year > 1970 else None


def _walked(message: EmailMessage) -> list[EmailMessage]:
    """Return the parts that hold something, those of mails attached to it left in them."""
    found: list[EmailMessage] = []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_type() == "message/rfc822" and part is not message:
            found.append(part)
        elif part.is_multipart():
            waiting.extend(reversed([p for p in part.iter_parts() if isinstance(p, EmailMessage)]))
        else:
            found.append(part)
        if len(found) + len(waiting) > _MOST_PARTS:
            raise TooLargeError(f"The mail has more than {_MOST_PARTS} parts. Save them as files.")
    return found


def _is_attachment(part: EmailMessage) -> bool:
    return (
        part.is_attachment()
        or bool(part.get_filename())
        or part.get_content_type() in MAIL.media_types
    )


def _is_decoration(part: EmailMessage) -> bool:
    """Tell the pictures of a mail's own page and what mail programs add, as signatures and keys."""
    kind = part.get_content_type()
    inline = part.get("Content-ID") is not None or part.get_content_disposition() != "attachment"
    return (kind.startswith("image/") and inline) or kind in (
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-keys",
        "text/calendar",
        "application/ms-tnef",
    )


def _is_body(part: EmailMessage, media_type: str) -> bool:
    return part.get_content_type() == media_type and not _is_attachment(part)


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() in MAIL.media_types:
        inner = part.get_payload()
        if isinstance(inner, list) and isinstance(inner[0], EmailMessage):
            return inner[0].as_bytes()
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: EmailMessage) -> str:
    """Return a part's text; where its encoding is not what it says, that is found out."""
    data = _content(part)
    if not data.strip():
        return ""
    if not data.isascii() and (text := as_utf8(data)) is not None:
        return text  # bytes of UTF-8 are nothing else, whatever the header says
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data, "the mail's text")
