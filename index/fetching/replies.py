"""Reads what a server says besides the page: status, Retry-After, Location."""

import datetime as dt
import email.utils
import re
from collections.abc import Mapping
from http import HTTPStatus

from index.errors import FetchError, FetchRefusedError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_RETRY_AFTER_S = 86_400.0


def check_status(url: str, status: int, headers: Mapping[str, str], *, asked_if_new: bool) -> None:
    """Let pass an answer that has a page, or says that the page has not changed.

    Raises:
        FetchRefusedError: it says that there is none to be had.
        FetchError: it says that there is none now.
    """
    if status in (200, 203) or (status == 304 and asked_if_new):
        return
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = str(status)
    kind = FetchError if status in _PASSING else FetchRefusedError
    wait = retry_after(headers.get("retry-after", ""))
    message = f"{url}: its server answered {phrase}"
    if wait is not None and status in _PASSING:
        message += f"; it asks to wait {wait:.0f} seconds"
    raise kind(message, status=status, retry_after=wait)


def retry_after(header: str, now: dt.datetime | None = None) -> float | None:
    """Return the seconds of a Retry-After header, at most a day; None if it says none."""
    text = header.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), _MOST_RETRY_AFTER_S)
    try:
        moment = email.utils.parsedate_to_datetime(text[:50])
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    seconds = (moment - (now or dt.datetime.now(dt.UTC))).total_seconds()
    return min(max(seconds, 0.0), _MOST_RETRY_AFTER_S)


def location(header: str) -> str:
    """Return a Location header as text: UTF-8, as browsers read it, where it can be."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
