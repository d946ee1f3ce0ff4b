"""How the ``footnote`` command proves to a server that it may read what the server may read.

A server writes a token into its data folder that only its own user can read. Who sends it back is
that user, on that machine, and may name paths for the server to read. No key does that: a key is
for people elsewhere, who must not read the server's disk.
"""

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

HEADER = "Footnote-Local-Access"
_FILE = "local-access"


class LocalAccess:
    """The token of one running server.

    Args:
        data_dir: the data folder, which only one process holds.
    """

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / _FILE
        self._token: str | None = None

    def open(self) -> None:
        """Write a new token. Where that cannot be done, nobody gets local access."""
        token = secrets.token_urlsafe(32)
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(token)
            self._token = token

    def close(self) -> None:
        """Take the token back."""
        self._token = None
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def admits(self, token: str | None) -> bool:
        """Tell whether this is the token."""
        if self._token is None or token is None:
            return False
        return hmac.compare_digest(self._token.encode(), token.encode())


def token_of(data_dir: Path) -> str | None:
    """Return the token of the server that holds a data folder, if this user may read it."""
    try:
        return (data_dir / _FILE).read_text("utf-8") or None
    except (OSError, UnicodeDecodeError):
        return None
