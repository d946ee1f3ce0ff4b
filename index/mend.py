"""Brings the vector and the lexical store into agreement with the catalog, which is the truth.

Runs when an index is opened, before each write that follows a failed one, and on request. Nothing
is embedded again: the catalog has the vectors.
"""

import heapq
import logging
import random
import time
from collections.abc import Sequence

from index.catalog import Catalog
from index.catalog.packing import number_of, passage_key, revision_of
from index.language import detect_surely
from index.lexical import LexicalStore
from index.vectors import VectorStore, sentence_id

_LOG = logging.getLogger(__name__)
_SAMPLE = 16
_TELL_EVERY_S = 10.0


def settle(catalog: Catalog, vectors: VectorStore, lexical: LexicalStore) -> None:
    """Undo or finish every change that was interrupted."""
    lexical.rollback()
    leftovers = catalog.revisions.leftovers()
    if not leftovers.all():
        return
    _LOG.warning(
        "Mending an interrupted change: %d revisions were begun, %d replaced, %d deleted.",
        len(leftovers.pending),
        len(leftovers.superseded),
        len(leftovers.deleted),
    )
    retire(catalog, vectors, lexical, leftovers.superseded)
    purge(catalog, vectors, lexical, leftovers.pending + leftovers.deleted)


def retire(
    catalog: Catalog, vectors: VectorStore, lexical: LexicalStore, revisions: tuple[int, ...]
) -> None:
    """Take superseded revisions out of the stores; their texts stay in the catalog."""
    if revisions:
        _forget(catalog, vectors, lexical, revisions)
        catalog.revisions.archive(revisions)


def purge(
    catalog: Catalog, vectors: VectorStore, lexical: LexicalStore, revisions: tuple[int, ...]
) -> None:
    """Take deleted revisions, and those that never became current, out of everything."""
    if revisions:
        _forget(catalog, vectors, lexical, revisions)
        catalog.revisions.purge(revisions)


def _forget(
    catalog: Catalog, vectors: VectorStore, lexical: LexicalStore, revisions: tuple[int, ...]
) -> None:
    # The catalog's passages go last: until then they tell what there is to delete.
    vectors.delete(catalog.passages.sentence_counts(revisions))
    lexical.delete(revisions)
    lexical.commit()


def agree(catalog: Catalog, vectors: VectorStore, lexical: LexicalStore) -> None:
    """Compare the stores with the catalog; where one differs, mend the derived one.

    Compares the numbers of records and looks some records up, the newest among them, because a
    store that was put back from elsewhere may have as many as there should be. What escapes this is
    found by ``checking``. Call after ``settle``.
    """
    counts = catalog.documents.counts()
    sample = _sample(catalog)
    if (found := vectors.count()) != counts.sentences:
        _LOG.warning("The catalog has %d sentences, Chroma %d.", counts.sentences, found)
        complete_vectors(catalog, vectors, catalog.documents.current_keys())
    elif lacking := vectors.missing([sentence_id(key, 0) for key in sample]):
        _LOG.warning("Chroma lacks sentences, %s for one.", min(lacking))
        complete_vectors(catalog, vectors, catalog.documents.current_keys())
    if (found := lexical.count()) != counts.passages:
        _LOG.warning("The catalog has %d passages, Tantivy %d.", counts.passages, found)
        fill_lexical(catalog, lexical)
    elif lexical.missing({revision_of(key) for key in sample}):
        _LOG.warning("Tantivy lacks documents.")
        fill_lexical(catalog, lexical)


def _sample(catalog: Catalog) -> list[int]:
    """Return the first passages of the newest revisions, and of some others."""
    keys = catalog.live.all()
    newest = heapq.nlargest(_SAMPLE, keys)
    some = random.sample(keys, min(_SAMPLE, len(keys)))
    counts = catalog.passages.sentence_counts(sorted({*newest, *some}))
    return [key for key, count in counts.items() if count and number_of(key) == 0]


def expected_ids(catalog: Catalog, revisions: Sequence[int]) -> set[str]:
    """Return the ids that the vector store has when it has these revisions and nothing else."""
    return {
        sentence_id(key, position)
        for key, count in catalog.passages.sentence_counts(revisions).items()
        for position in range(count)
    }


def complete_vectors(catalog: Catalog, vectors: VectorStore, revisions: Sequence[int]) -> None:
    """Add the vectors of these revisions that are missing, and remove all others."""
    found = vectors.ids()
    if not found:
        vectors.clear()  # what is left of lost files goes too
    expected = expected_ids(catalog, revisions)
    vectors.delete_ids(iter(found - expected))
    missing = {_passage_of(name) for name in expected - found}
    of_missing = sorted({key for key, _number in missing})
    wanted = {passage_key(*each) for each in missing}
    for passages in catalog.passages.of_revisions(of_missing):
        vectors.add([passage for passage in passages if passage.key in wanted])


def _passage_of(name: str) -> tuple[int, int]:
    revision, number, _position = name.split(":")
    return int(revision), int(number)


def complete_lexical(catalog: Catalog, lexical: LexicalStore, revisions: Sequence[int]) -> None:
    """Make the lexical store anew with these revisions, unless it has just them."""
    counts = catalog.passages.sentence_counts(revisions)
    if sorted(lexical.keys()) != sorted(counts):
        _fill_lexical(catalog, lexical, revisions)


def fill(catalog: Catalog, vectors: VectorStore, lexical: LexicalStore) -> None:
    """Make both stores anew."""
    fill_vectors(catalog, vectors)
    fill_lexical(catalog, lexical)
    settle(catalog, vectors, lexical)


def fill_vectors(catalog: Catalog, vectors: VectorStore) -> None:
    """Make the vector store anew."""
    vectors.clear()
    total, done, told = catalog.documents.counts().sentences, 0, time.monotonic()
    for passages in catalog.passages.of_revisions(catalog.documents.current_keys()):
        vectors.add(passages)
        done += sum(len(passage.sentences) for passage in passages)
        if time.monotonic() - told > _TELL_EVERY_S:
            _LOG.warning("%d of %d vectors are written again.", done, total)
            told = time.monotonic()


def fill_lexical(catalog: Catalog, lexical: LexicalStore) -> None:
    """Make the lexical store anew."""
    _fill_lexical(catalog, lexical, catalog.documents.current_keys())


def _fill_lexical(catalog: Catalog, lexical: LexicalStore, revisions: Sequence[int]) -> None:
    _detect_languages(catalog, revisions)
    lexical.clear()
    for passages in catalog.passages.of_revisions(revisions):
        lexical.add(passages)
    lexical.commit()


def _detect_languages(catalog: Catalog, revisions: Sequence[int]) -> None:
    """Find the languages of documents that were stored before languages were detected.

    Only here, since their words are analysed by it: a language found later would not be that of
    the terms that are stored.
    """
    texts = catalog.revisions.without_language(revisions)
    found = {key: code for key, text in texts if (code := detect_surely(text)) is not None}
    if found:
        catalog.revisions.set_detected(found)
        catalog.passages.forget()
