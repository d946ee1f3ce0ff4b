"""News-like text without end, and an embedder that knows it: for measuring size, not quality.

Embedding a million sentences takes a quarter of an hour for every run and tells nothing new after
the first thousand. So a pool of sentences is embedded once with the real model; documents are made
of them, and each place gets the pool's vector with a little noise of its own.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from index.embedding.base import Embedder
from index.model import Matrix, SourceDocument, Vector

_POOL = 20_000
_NOISE = 0.25  # length of the noise beside a unit vector: cosine 0.97 to the pool's own
_SENTENCES_A_DOCUMENT = 120
_SENTENCES_A_SECTION = 30

_NAMES = [
    "Aldana",
    "Brekke",
    "Castellan",
    "Dormer",
    "Ekström",
    "Farouk",
    "Galbraith",
    "Hallam",
    "Ibarra",
    "Jovanović",
]
_OFFICES = [
    "minister",
    "adviser",
    "governor",
    "commander",
    "spokeswoman",
    "auditor",
    "envoy",
    "engineer",
    "mayor",
]
_PLACES = [
    "Marlow",
    "Kestria",
    "Port-Ellen",
    "Vardø",
    "Qasrin",
    "Lomnica",
    "Tarragal",
    "Oudekerk",
    "Sarabad",
    "Nevín",
]
_THINGS = [
    "bridge",
    "airfield",
    "grain",
    "harvest",
    "budget",
    "dam",
    "vaccine",
    "census",
    "railway",
    "harbour",
    "treaty",
]
_DEEDS = [
    "approved",
    "delayed",
    "inspected",
    "rebuilt",
    "cancelled",
    "announced",
    "financed",
    "audited",
    "closed",
]
_ENDS = (
    "after a review that took {n} weeks",
    "at a cost of {n} million",
    "although {n} households had objected",
    "before the rains of the season set in",
    "as part of an agreement with {place}",
    "following {n} days of talks in {place}",
)
_MONTHS = ["January", "March", "April", "June", "July", "September", "October", "December"]


def pool(seed: int = 1) -> list[str]:
    """Return the distinct sentences that documents are made of, shuffled."""
    chance = random.Random(seed)  # noqa: S311 - text for a benchmark
    made: dict[str, None] = {}
    while len(made) < _POOL:
        end = chance.choice(_ENDS).format(n=chance.randint(2, 900), place=chance.choice(_PLACES))
        made[
            f"On {chance.randint(1, 28)} {chance.choice(_MONTHS)} {chance.randint(1990, 2025)} "
            f"{chance.choice(_OFFICES)} {chance.choice(_NAMES)} {chance.choice(_DEEDS)} the "
            f"{chance.choice(_THINGS)} of {chance.choice(_PLACES)} {end}."
        ] = None
    return list(made)


def documents(sentences: Sequence[str], *, first: int = 0) -> Iterator[SourceDocument]:
    """Yield documents without end, each of sections of about five passages under a heading."""
    number = first
    while True:
        chance = random.Random(number)  # noqa: S311 - text for a benchmark
        chosen = chance.sample(sentences, _SENTENCES_A_DOCUMENT)
        sections = [
            f"## Part {part // _SENTENCES_A_SECTION + 1}\n\n"
            + " ".join(chosen[part : part + _SENTENCES_A_SECTION])
            for part in range(0, _SENTENCES_A_DOCUMENT, _SENTENCES_A_SECTION)
        ]
        title = f"Report {number}"
        text = f"# {title}\n\n" + "\n\n".join(sections) + "\n"
        yield SourceDocument(id=f"report-{number}", text=text, title=title, source="Generated")
        number += 1


def questions(sentences: Sequence[str], count: int) -> list[str]:
    """Return questions, each about what one of the sentences tells."""
    chance = random.Random(7)  # noqa: S311 - text for a benchmark
    asked = []
    for sentence in chance.sample(sentences, count):
        found = re.search(r"\d{4} (\w+) (\S+) (\w+) the (\w+) of (\S+)", sentence)
        if found is None:
            raise ValueError(f"a sentence of another form: {sentence}")
        office, name, _, thing, place = found.groups()
        asked.append(f"When did {office} {name} deal with the {thing} of {place.rstrip('.')}?")
    return asked


class PoolEmbedder:
    """Stands in for the model that embedded the pool: same name, same length of vectors."""

    def __init__(self, model: Embedder, sentences: Sequence[str]) -> None:
        self._model = model
        self.name = model.name
        self.dimension = model.dimension
        self._rows = {sentence: row for row, sentence in enumerate(sentences)}
        self._vectors = model.embed(sentences)
        self._tokens = {sentence: model.count_tokens(sentence) for sentence in sentences}
        self._noise = np.random.default_rng(3)

    def embed_query(self, text: str) -> Vector:
        """Return what the model says."""
        return self._model.embed_query(text)

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        """Return the pool's vectors with noise; of a text that is none of them, the model's."""
        if any(text not in self._rows for text in texts):
            return self._model.embed(texts, between=between)
        vectors: Matrix = self._vectors[[self._rows[text] for text in texts]]
        noise = self._noise.standard_normal(vectors.shape, dtype=np.float32)
        vectors = vectors + noise * (_NOISE / np.sqrt(self.dimension))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count_tokens(self, text: str) -> int:
        """Return what the model would count."""
        return self._tokens.get(text) or self._model.count_tokens(text)
