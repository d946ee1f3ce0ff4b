"""The rules for what a document says about itself, whoever says it: front matter, form or JSON.

Checks and tidies values; derives nothing.
"""

import datetime as dt
import re
from typing import TypedDict
from urllib.parse import urlsplit

from index.errors import InvalidDocumentError
from index.loaders.identity import checked_id
from index.loaders.normal import normalise

_MAX_TITLE = 500
_MAX_SOURCE = 200
_MAX_URL = 2000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][0-9:.,]{4,15}(?:\s?Z|\s?[+-]\d{2}:?\d{0,2})?)?")


class Fields(TypedDict):
    """The checked values; None where nothing is stated."""

    id: str | None
    title: str | None
    source: str | None
    url: str | None
    language: str | None
    published_at: dt.date | None


def checked_fields(
    *,
    id: str | None = None,  # noqa: A002  # the field's name everywhere
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    language: str | None = None,
    published_at: dt.date | str | None = None,
) -> Fields:
    """Return the values, tidied; blank ones count as not stated.

    Raises:
        InvalidDocumentError: One of them cannot be used; the message names it and says why.
    """
    return Fields(
        id=None if id is None or not id.strip() else checked_id(id.strip()),
        title=_line("title", title, _MAX_TITLE),
        source=_line("source", source, _MAX_SOURCE),
        url=_url(url),
        language=_language(language),
        published_at=_date(published_at),
    )


def _line(name: str, value: str | None, limit: int) -> str | None:
    if value is None:
        return None
    tidy = " ".join(normalise(value).split())
    if len(tidy) > limit:
        raise InvalidDocumentError(
            f"the {name} has {len(tidy)} characters; at most {limit} are allowed."
        )
    return tidy or None


def _url(value: str | None) -> str | None:
    if value is None or not value.strip():
        return None
    url = value.strip()
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port  # raises where it is no number
    except ValueError:
        valid = False
    if not valid or len(url) > _MAX_URL or re.search(r"[\s\x00-\x1f\x7f<>\"\\]", url):
        raise InvalidDocumentError(
            f"the url {url[:100]!r} cannot be used: it must begin with http:// or https://, name a "
            f"host, hold no blanks, and have at most {_MAX_URL} characters."
        )
    return url


def _language(value: str | None) -> str | None:
    if value is None or not value.strip():
        return None
    if not _LANGUAGE.fullmatch(value.strip()):
        raise InvalidDocumentError(
            f"the language {value[:40]!r} is not a language code such as en or pt-BR."
        )
    primary, *rest = value.strip().replace("_", "-").split("-")
    return "-".join([primary.lower(), *rest])


def _date(value: dt.date | str | None) -> dt.date | None:
    if value is None or isinstance(value, dt.datetime):
        return None if value is None else value.date()
    if isinstance(value, dt.date):
        return value
    if not value.strip():
        return None
    match = _DATE.fullmatch(value.strip())
    try:
        if match:
            return dt.date.fromisoformat(match[1])
    except ValueError:
        pass
    raise InvalidDocumentError(
        f"published_at is {value.strip()[:40]!r}, which is not a date. Write it as YYYY-MM-DD, or "
        "leave it out when the date is not known."
    )
