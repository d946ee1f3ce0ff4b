"""Compares the stores record by record, for ``footnote doctor``. Changes nothing.

Opening an index compares numbers and a sample (``mend.agree``); this reads everything once.
"""

import random
from collections import Counter
from dataclasses import dataclass

import numpy as np

from index import mend
from index.catalog import Catalog
from index.errors import IndexDamagedError
from index.lexical import LexicalStore
from index.vectors import VectorStore

_NEAREST = 20
_SAME = 0.99  # a vector's cosine to itself, stored as half floats and searched approximately


@dataclass(frozen=True, slots=True)
class Difference:
    """Something wrong, as a clause, and the command that mends it; without one a start does."""

    what: str
    mend: str | None = "footnote doctor --repair"


def differences(catalog: Catalog, vectors: VectorStore, lexical: LexicalStore) -> list[Difference]:
    """Return what disagrees with the catalog, or is wrong in itself."""
    if wrong := catalog.check():
        return [Difference(f"the catalog is damaged ({wrong})", "footnote restore FILE --force")]
    revisions = catalog.documents.current_keys()
    found = []
    if leftovers := catalog.revisions.leftovers().all():
        what = f"{len(leftovers)} revisions are left from an interrupted change; a start mends that"
        found.append(Difference(what, None))
    if unlike := len(catalog.passages.unlike_their_text(revisions)):
        what = f"{unlike} passages in the catalog are not the text of their document"
        found.append(Difference(what, "footnote restore FILE --force"))
    clauses = _of_vectors(catalog, vectors, revisions) + _of_words(catalog, lexical, revisions)
    return found + [Difference(clause) for clause in clauses]


def _of_vectors(catalog: Catalog, vectors: VectorStore, revisions: list[int]) -> list[str]:
    expected, there = mend.expected_ids(catalog, revisions), vectors.ids()
    found = []
    if missing := len(expected - there):
        found.append(f"Chroma lacks {missing} of {len(expected)} sentences")
    if extra := len(there - expected):
        found.append(f"Chroma has {extra} sentences that the catalog has not")
    if (count := vectors.count()) != len(there):
        found.append(f"Chroma counts {count} sentences and names {len(there)}")
    if not found and (lost := _not_found(catalog, vectors, revisions)):
        found.append(f"Chroma does not find {lost} of {_NEAREST} sentences by their own vectors")
    return found


def _not_found(catalog: Catalog, vectors: VectorStore, revisions: list[int]) -> int:
    """Search for some sentences by their own vectors; return how many are not found."""
    lost = 0
    some = random.sample(revisions, min(_NEAREST, len(revisions)))
    for passages in catalog.passages.of_revisions(some):
        for passage in [p for p in passages if p.number == 0 and len(p.vectors)]:
            hits = vectors.nearest(np.asarray(passage.vectors[0]), 5)
            lost += max(hits.scores.values(), default=0.0) < _SAME
    return lost


def _of_words(catalog: Catalog, lexical: LexicalStore, revisions: list[int]) -> list[str]:
    try:
        lexical.verify()
        there = Counter(lexical.keys())
    except IndexDamagedError as error:
        return [error.message]
    expected = Counter(catalog.passages.sentence_counts(revisions).keys())
    found = []
    if missing := (expected - there).total():
        found.append(f"Tantivy lacks {missing} of {expected.total()} passages")
    if extra := (there - expected).total():
        found.append(f"Tantivy has {extra} passages that the catalog has not")
    return found
