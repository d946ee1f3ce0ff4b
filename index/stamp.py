"""What an index was made with: embedding model, dimension, version of the passage maker.

Vectors of two models, or passages of two makers, cannot be searched together, so an index works
only with the parts that made it.
"""

from dataclasses import dataclass

from index.embedding.base import Embedder
from index.errors import IndexMismatchError

UNFINISHED = "unfinished"
"""What version 1 recorded while it made an index anew in place, so that it was not searched."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The parts that an index was made with."""

    model: str
    dimension: int
    passage_maker: str

    def __str__(self) -> str:
        """Return the form that the catalog records."""
        return f"{self.model}/{self.dimension}/{self.passage_maker}"

    def check(self, recorded: str) -> None:
        """Compare with what the catalog records.

        Raises:
            IndexMismatchError: the index was made with something else.
        """
        if recorded == UNFINISHED:
            raise IndexMismatchError(
                "An earlier Footnote was making the index anew and was interrupted. Run "
                "`footnote index --rebuild` to finish it; no document is lost."
            )
        if recorded != str(self):
            raise IndexMismatchError(
                f"The index was made with {recorded} (embedding model, dimension, passage maker), "
                f"and this Footnote works with {self}. Run `footnote index --rebuild` to make one "
                "with it beside the present one, which goes on answering under the settings it was "
                "made with; or go back to those."
            )


def stamp_of(embedder: Embedder, passage_maker: str) -> Stamp:
    """Return the stamp of an index made with these parts."""
    return Stamp(embedder.name, embedder.dimension, passage_maker)
