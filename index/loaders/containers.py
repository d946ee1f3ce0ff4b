"""What archives and mails have in common: what may be unpacked of them, and names safe to show.

Counts while things are unpacked, so that no small file can become a large one.
"""

import unicodedata
from dataclasses import dataclass

from index.errors import TooLargeError
from index.loaders.base import Limits

_MOST_NAME = 200


@dataclass(slots=True)
class Budget:
    """What may still be unpacked of one file."""

    limits: Limits
    entries: int = 0
    unpacked: int = 0

    def count_entry(self) -> None:
        """Count a file inside. Raises TooLargeError."""
        self.entries += 1
        if self.entries > self.limits.entries:
            raise TooLargeError(
                f"It holds more than {self.limits.entries:,} files; the rest is not read. Split it."
            )

    def count_bytes(self, number: int) -> None:
        """Count unpacked bytes. Raises TooLargeError."""
        self.unpacked += number
        if self.unpacked > self.limits.unpacked_bytes:
            raise TooLargeError(
                f"Unpacked, it is larger than {self.limits.unpacked_bytes / 1024**2:,.0f} MB; the "
                "rest is not read. Split it."
            )


def cleaned(name: str) -> str:
    """Return a name from an archive as a plain relative path that is safe to show."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    parts = [part.strip() for part in name.split("/")]
    kept = "/".join(part for part in parts if part.strip(". ") and not part.endswith(":"))
    return kept[-_MOST_NAME:] or "unnamed"
