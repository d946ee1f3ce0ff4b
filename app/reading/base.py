"""What a reader takes and gives, whoever it is: the bundled model, another file, an endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read, and the title and headings that stand above it as its context."""

    text: str
    context: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a reader makes of one text with a question in mind. Scores are logits.

    ``answers`` is high where the text answers. ``starts`` and ``ends`` score each token as the
    first and the last of the answer, ``offsets`` (shape (tokens, 2)) says where it stands in the
    text. ``nothing`` is the start and the end score of there being no answer.
    """

    answers: float
    starts: Scores
    ends: Scores
    offsets: NDArray[np.int64]
    nothing: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Chances, together 1, that a text supports a claim, contradicts it, or says too little."""

    supported: float
    contradicted: float
    not_enough: float


class Reader(Protocol):
    """Reads texts. Blocking; any thread may call."""

    name: str

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Return a reading of each text, in their order."""
        ...

    def check(self, claim: str, texts: Sequence[Text]) -> list[Verdict]:
        """Return what each text says of a claim, in their order."""
        ...

    def close(self) -> None:
        """Let go of threads. Harmless when done before."""
        ...
