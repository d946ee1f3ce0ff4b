"""Brings the vector and the lexical store into agreement with the catalog, which is the truth.

Runs when an index is opened, before each write that follows a failed one, and on request. Nothing
is embedded again: the catalog has the vectors.
"""

import logging

from index.catalog import Catalog
from index.catalog.packing import passage_key
from index.lexical import LexicalStore
from index.vectors import VectorStore, sentence_id

_LOG = logging.getLogger(__name__)


def settle(catalog: Catalog, vectors: VectorStore, lexical: LexicalStore) -> None:
    """Undo or finish every change that was interrupted."""
    lexical.rollback()
    leftovers = catalog.revisions.leftovers()
    if not leftovers.all():
        return
    _LOG.warning("Mending the index after an interrupted change: %s.", leftovers)
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
    """Compare the number of records in the three stores; where they differ, mend the derived one.

    Call after ``settle``: it takes every passage in the catalog for a current one.
    """
    counts = catalog.documents.counts()
    if (found := vectors.count()) != counts.sentences:
        _LOG.warning("The catalog has %d sentences, Chroma %d.", counts.sentences, found)
        _mend_vectors(catalog, vectors)
    if (found := lexical.count()) != counts.passages:
        _LOG.warning("The catalog has %d passages, Tantivy %d.", counts.passages, found)
        fill_lexical(catalog, lexical)


def _mend_vectors(catalog: Catalog, vectors: VectorStore) -> None:
    revisions = catalog.documents.current_keys()
    expected = {
        sentence_id(key, position)
        for key, count in catalog.passages.sentence_counts(revisions).items()
        for position in range(count)
    }
    found = vectors.ids()
    vectors.delete_ids(iter(found - expected))
    missing = {_passage_of(name) for name in expected - found}
    of_missing = sorted({key for key, _number in missing})
    wanted = {passage_key(*each) for each in missing}
    for passages in catalog.passages.of_revisions(of_missing):
        vectors.add([passage for passage in passages if passage.key in wanted])


def _passage_of(name: str) -> tuple[int, int]:
    revision, number, _position = name.split(":")
    return int(revision), int(number)


def fill_vectors(catalog: Catalog, vectors: VectorStore) -> None:
    """Make the vector store anew."""
    vectors.clear()
    for passages in catalog.passages.of_revisions(catalog.documents.current_keys()):
        vectors.add(passages)


def fill_lexical(catalog: Catalog, lexical: LexicalStore) -> None:
    """Make the lexical store anew."""
    lexical.clear()
    for passages in catalog.passages.of_revisions(catalog.documents.current_keys()):
        lexical.add(passages)
    lexical.commit()
