"""What an index was made with: embedding model, dimension, version of the passage maker.

Vectors of two models, or passages of two makers, cannot be searched together, so an index works
only with the parts that made it.
"""

from dataclasses import dataclass

from index.embedding.base import Embedder
from index.errors import IndexMismatchError

UNFINISHED = "unfinished"
"""Recorded while an index is being made anew, so that a half-made one is never searched."""


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
                "The index is being made anew and this was interrupted. Run "
                "`footnote index --rebuild` to finish it; no document is lost."
            )
        if recorded != str(self):
            raise IndexMismatchError(
                f"The index was made with {recorded} (embedding model, dimension, passage maker), "
                f"and this Footnote works with {self}. Run `footnote index --rebuild` to make it "
                "anew from the stored texts, or go back to the embedding model it was made with."
            )


def stamp_of(embedder: Embedder, passage_maker: str) -> Stamp:
    """Return the stamp of an index made with these parts."""
    return Stamp(embedder.name, embedder.dimension, passage_maker)
