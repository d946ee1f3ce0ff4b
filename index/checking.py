"""Compares the stores record by record, for ``footnote doctor``. Changes nothing.

Opening an index compares numbers and a sample (``mend.agree``); this reads everything once.
"""

import random
from collections import Counter
from dataclasses import dataclass

from index import mend
from index.catalog import Catalog
from index.catalog.packing import revision_of
from index.errors import IndexDamagedError
from index.lexical import LexicalStore
from index.vectors import VectorStore, sentence_id

_COMPARED = 100
_SAME = 0.99  # the cosine of a vector to itself, with room for half floats


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
    if wrong := unlike(catalog, vectors, revisions):
        found.append(f"{wrong} vectors in Chroma are not those of their sentences")
    return found


def doubt_vectors(catalog: Catalog, vectors: VectorStore) -> None:
    """Compare some vectors, after a process that may have died while Chroma wrote its files.

    Chroma writes several files one after the other, and does not see that they do not belong
    together.

    Raises:
        IndexDamagedError: vectors are not those of the catalog.
    """
    if wrong := unlike(catalog, vectors, catalog.documents.current_keys()):
        raise IndexDamagedError(f"{wrong} vectors are not those of their sentences.")


def unlike(catalog: Catalog, vectors: VectorStore, revisions: list[int]) -> int:
    """Return how many of some vectors are not those of the catalog; missing ones do not count."""
    some = random.sample(revisions, min(_COMPARED, len(revisions)))
    counts = catalog.passages.sentence_counts(some)
    one_of_each = {revision_of(key): key for key, count in counts.items() if count}
    passages = catalog.passages.load(list(one_of_each.values())).values()
    expected = {sentence_id(passage.key, 0): passage.vectors[0] for passage in passages}
    found = vectors.vectors(list(expected))
    return sum(float(expected[name] @ vector) < _SAME for name, vector in found.items())


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
