"""Replies of the judge on disk, so that a run that was interrupted goes on where it stopped.

One small file a reply, named by the sha-256 of everything the reply depends on. Holds no key, no
address and no prompt. What cannot be read is as if it were not there.
"""

import contextlib
import hashlib
import itertools
import json
import logging
import os
from pathlib import Path

_log = logging.getLogger(__name__)


class ReplyCache:
    """Keeps usable replies.

    Args:
        folder: made when the first reply is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._warned = False

    def key(self, *parts: str) -> str:
        """Return the name of a reply that depends on these texts."""
        return _sha(json.dumps(parts))

    def get(self, key: str) -> str | None:
        """Return a reply, None where there is none that can be used."""
        try:
            kept = json.loads(self._path(key).read_text("utf-8"))
            text = kept["reply"]
            return text if isinstance(text, str) and kept["sha256"] == _sha(text) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, reply: str) -> None:
        """Keep a reply; a reader sees all of it or nothing. A full disk is told once, no more."""
        path = self._path(key)
        part = path.with_name(f".{key}.{os.getpid()}-{next(self._numbers)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({"sha256": _sha(reply), "reply": reply}), "utf-8")
            part.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            if not self._warned:
                _log.warning("Replies of the judge cannot be kept in %s: %s", self._folder, error)
            self._warned = True

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
