"""What is closed at the end of a ``with`` block."""

from types import TracebackType
from typing import Self


class Closing:
    """Something with a ``close``, which the end of a ``with`` block calls."""

    __slots__ = ()

    def close(self) -> None:
        """Let go of what is held."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()
