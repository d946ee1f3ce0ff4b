"""One hostile input, and what became of it. Plain data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Way: TypeAlias = Literal["file", "path", "upload", "list", "url", "redirect", "server"]
"""How it gets in: as bytes of a file, as a file in a folder, over HTTP, as a feed or sitemap that
was fetched, as a URL to fetch, as a host that a redirect leads to, or as what a server answers."""

Outcome: TypeAlias = Literal["accepted", "refused", "crash", "hang"]


@dataclass(frozen=True, slots=True)
class Hostile:
    """An input made to do harm.

    ``make`` gives its bytes when it is its turn, since some are large. ``group`` is the line of the
    report that it counts in. ``never`` is a text that must not show up in what is made of it: it
    stands where only a parser that was tricked would look.
    """

    group: str
    name: str
    make: Callable[[], bytes] = field(repr=False)
    way: Way = "file"
    filename: str = "input.txt"
    media_type: str | None = None
    must_be_refused: bool = False
    never: str | None = None

    @property
    def title(self) -> str:
        """Its name in the report."""
        return f"{self.group}/{self.name}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an input, how long it took, and the first error or what is wrong."""

    outcome: Outcome
    seconds: float
    says: str = ""
    code: str = ""


Source: TypeAlias = Callable[[int], Iterator[Hostile]]
"""Makes inputs of one kind from a seed."""


def given(data: bytes) -> Callable[[], bytes]:
    """Return what gives ``data``."""
    return lambda: data
