"""Signed, short-lived sessions of the embedded widget.

A session is a token that names an origin, a purpose and an end, and is signed with a key that the
catalog keeps; nothing is stored for it. Knows neither HTTP nor which origins are allowed.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

PREFIX = "fnw_"
KEY_BYTES = 32
Purpose: TypeAlias = Literal["ask", "pages", "quotes"]
"""``ask``: questions and ratings. ``pages``: reading document pages, in a link; ``quotes``: reading
there what an answer quoted, and a little around it. None stands in for another."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a token says."""

    id: str
    origin: str
    purpose: Purpose
    until: float


class Sessions:
    """Opens sessions and reads their tokens.

    Args:
        key: signs; tokens of another key are refused.
        seconds: how long a session lasts.
        clock: returns seconds since 1970.
    """

    def __init__(self, key: bytes, *, seconds: int, clock: Callable[[], float] = time.time) -> None:
        self.seconds = seconds
        self._key = key
        self._clock = clock

    def open(self, origin: str, purpose: Purpose = "ask") -> str:
        """Return the token of a new session for pages of ``origin``."""
        until = self._clock() + self.seconds
        session = Session(secrets.token_hex(8), origin, purpose, until)
        body = _encoded(json.dumps(asdict(session)).encode())
        return f"{PREFIX}{body}.{_encoded(self._signature(body))}"

    def read(self, token: str, purpose: Purpose) -> Session | None:
        """Return the session of a token; None when it is forged, over or for something else."""
        body, _, signature = token.removeprefix(PREFIX).partition(".")
        if not token.startswith(PREFIX) or not token.isascii():
            return None
        if not hmac.compare_digest(_encoded(self._signature(body)), signature):
            return None
        session = Session(**json.loads(_decoded(body)))
        if session.purpose != purpose or session.until <= self._clock():
            return None
        return session

    def sign_with(self, key: bytes) -> None:
        """Sign with another key from now on; all tokens that there are end."""
        self._key = key

    def _signature(self, body: str) -> bytes:
        return hmac.digest(self._key, body.encode(), hashlib.sha256)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""
