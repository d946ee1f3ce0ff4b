"""Questions with the sentences that the product itself finds for them, to learn from.

Searches and reads exactly as an answer does, so that what is trained on is what is served.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.answer.evidence import features
from app.answer.evidence.reading import Array, Reading, read
from app.answer.question import analyse
from eval.benchmarks.squad import SquadParagraph, SquadQuestion
from index.library import Library
from index.model import Filters

PASSAGES = 8

_FOLD = str.maketrans({"–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question, what was found for it, and which sentences hold a gold answer.

    ``absent`` marks an answerable question that was searched without its own paragraph: a question
    on the subject whose answer is not there, as readers ask them.
    """

    title: str
    text: str
    answerable: bool
    absent: bool
    reading: Reading
    features: Array
    holds: NDArray[np.bool_]


def examples(paragraphs: list[SquadParagraph], library: Library) -> Iterator[Example]:
    """Yield an example a question, and for an answerable one a second, its paragraph withheld."""
    ids = [paragraph.id for paragraph in paragraphs]
    everything = library.retriever(top_k=PASSAGES)
    for paragraph in paragraphs:
        others = tuple(each for each in ids if each != paragraph.id)
        elsewhere = library.retriever(top_k=PASSAGES, filters=Filters(document_ids=others))
        for question in paragraph.questions:
            vector = library.embedder.embed_query(question.text)
            for retriever in (everything, elsewhere) if question.answerable else (everything,):
                found = retriever.search(question.text, vector)
                if found:
                    reading = read(analyse(question.text), vector, found)
                    absent = retriever is elsewhere
                    yield _example(paragraph.title, question, absent, reading)


def _example(title: str, question: SquadQuestion, absent: bool, reading: Reading) -> Example:
    return Example(
        title=title,
        text=question.text,
        answerable=question.answerable,
        absent=absent,
        reading=reading,
        features=features.matrix(reading),
        holds=np.array([holds(line.text, question.answers) for line in reading.lines]),
    )


def holds(text: str, answers: tuple[str, ...]) -> bool:
    """Tell whether a text holds one of the answers, whatever its quotes, dashes and case."""
    folded = _folded(text)
    return any(_folded(answer) in folded for answer in answers)


def _folded(text: str) -> str:
    return " ".join(text.translate(_FOLD).lower().split())
