"""The nouns of synchronisation: what a root holds, the plan that follows, what became of an item.

Plain data; reads nothing and changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from index.catalog.job_items import ItemChange
from index.catalog.synced import Synced
from index.errors import FootnoteError
from index.loaders import Piece

Fingerprint: TypeAlias = Mapping[str, Any]
"""JSON values by which an item is recognised as unchanged; an empty one never is."""

ITSELF = ""
"""The item that stands for the root itself."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of a root that cannot be read. What lies at or below ``item`` is kept."""

    item: str
    error: FootnoteError


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do.

    Attributes:
        look: items to read, because they are new or seem to have changed.
        same: items that are as they were.
        ask: items that are listed no more, but may still be there.
        gone: items that are there no more; their documents go.
        troubles: what could not be read.
        passed_over: files of formats that are not read.
    """

    look: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    passed_over: tuple[Trouble, ...] = ()

    @property
    def total(self) -> int:
        """How many items there are in all, those that are passed over too."""
        items = (self.look, self.same, self.ask, self.gone, self.troubles, self.passed_over)
        return sum(map(len, items))


@dataclass(frozen=True, slots=True)
class Same:
    """An item was read and is as it was."""

    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Brought:
    """An item was read; its documents come one by one."""

    pieces: Iterable[Piece]
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Vanished:
    """An item is certainly not there any more."""

    error: FootnoteError


Reading: TypeAlias = Same | Brought | Vanished


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one document, or of an item that gave none."""

    name: str
    document_id: str | None = None
    change: ItemChange | None = None
    error: FootnoteError | None = None


class Source(Protocol):
    """Something that the index is kept in step with."""

    @property
    def root(self) -> str:
        """How the record calls it."""

    def plan(self, known: Mapping[str, Synced]) -> Plan:
        """Look at it and say what there is to do. Raises FootnoteError where that cannot be."""

    def read(self, item: str, known: Synced | None) -> Reading:
        """Read one item. Raises FootnoteError where that cannot be."""

    def closing(self, *, complete: bool) -> Fingerprint | None:
        """Return what to record of the root itself, now that all items were dealt with."""
