"""What the stores return from a search: passages and scores, nothing more."""

from typing import NamedTuple


class Hits(NamedTuple):
    """Passages by key with their scores, best first.

    ``exhausted`` says that the store has no more, however many are asked for.
    """

    scores: dict[int, float]
    exhausted: bool
