"""Reads stored passages with their text and sentence vectors, and keeps the ones used last.

A passage never changes under its key, so what is kept cannot be stale; whether its revision is
still current is for the caller to ask (``live``).
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, bindparam, func, select

from index.catalog import schema
from index.catalog.engine import translated
from index.catalog.packing import number_of, revision_of, unpack_spans, unpack_vectors
from index.coverage import word_starts
from index.model import Matrix, RetrievedPassage, Sentence, pages_between

_PASSAGES, _REVISIONS = schema.passages, schema.revisions
CACHE_BYTES = 32 * 2**20
"""Room for about 1,500 passages of five sentences, their word starts included."""


@dataclass(frozen=True, eq=False)
class StoredPassage:
    """A passage as it is stored, with what its revision says. Offsets count in the revision."""

    key: int
    document_id: str
    sha: str
    title: str
    source: str | None
    url: str | None
    published_at: dt.date | None
    language: str | None
    start: int
    end: int
    text: str
    heading: str | None
    page_starts: tuple[tuple[int, int], ...]
    sentences: tuple[Sentence, ...]
    vectors: Matrix

    @property
    def revision(self) -> int:
        """The key of the revision it belongs to."""
        return revision_of(self.key)

    @property
    def number(self) -> int:
        """Its number in the revision."""
        return number_of(self.key)

    def sentence_starts(self, position: int) -> frozenset[str]:
        """Return the word starts of the sentence at ``position``; found once."""
        starts = self._starts.get(position)
        if starts is None:
            sentence = self.sentences[position]
            text = self.text[sentence.start - self.start : sentence.end - self.start]
            starts = self._starts[position] = word_starts(text, self.language)
        return starts

    @cached_property
    def _starts(self) -> dict[int, frozenset[str]]:
        return {}

    def scored(self, score: float, similarity: float, lexical: float) -> RetrievedPassage:
        """Return the passage as a search found it."""
        return RetrievedPassage(
            document_id=self.document_id,
            revision=self.sha,
            number=self.number,
            title=self.title,
            source=self.source,
            url=self.url,
            published_at=self.published_at,
            language=self.language,
            start=self.start,
            end=self.end,
            text=self.text,
            heading=self.heading,
            sentences=self.sentences,
            vectors=self.vectors,
            score=score,
            similarity=similarity,
            lexical=lexical,
            page_starts=self.page_starts,
        )

    @cached_property
    def size(self) -> int:
        """About how many bytes it takes in memory."""
        return 1000 + self.vectors.nbytes + 12 * len(self.text) + 900 * len(self.sentences)


_SELECT = select(
    _PASSAGES.c.key,
    _REVISIONS.c.document_id,
    _REVISIONS.c.sha,
    _REVISIONS.c.title,
    _REVISIONS.c.source,
    _REVISIONS.c.url,
    _REVISIONS.c.published_at,
    _REVISIONS.c.language,
    _PASSAGES.c.start,
    _PASSAGES.c.end,
    _PASSAGES.c.text,
    _PASSAGES.c.heading,
    _REVISIONS.c.pages,
    _PASSAGES.c.spans,
    _PASSAGES.c.vectors,
).join_from(_PASSAGES, _REVISIONS, _PASSAGES.c.revision == _REVISIONS.c.key)
_AT_A_TIME = 16
_NAMES = tuple(f"key_{place}" for place in range(_AT_A_TIME))
# A list of fixed length is compiled once; one of any length, anew for each search.
_BY_KEY = _SELECT.where(_PASSAGES.c.key.in_([bindparam(name, type_=BigInteger) for name in _NAMES]))


class Passages:
    """Reads passages. Safe to use from several threads.

    Args:
        engine: the catalog's database.
        cache_bytes: how much of what was read last is kept in memory.
    """

    def __init__(self, engine: Engine, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._engine = engine
        self._cache: OrderedDict[int, StoredPassage] = OrderedDict()
        self._lock = threading.Lock()
        self._room = cache_bytes

    def load(self, keys: Collection[int]) -> dict[int, StoredPassage]:
        """Return the passages of ``keys`` that exist, with one read at most."""
        found: dict[int, StoredPassage] = {}
        missing: list[int] = []
        with self._lock:
            for key in keys:
                passage = self._cache.get(key)
                if passage is None:
                    missing.append(key)
                else:
                    self._cache.move_to_end(key)
                    found[key] = passage
        if missing:
            with translated(self._engine), self._engine.connect() as connection:
                read = [_passage(row) for row in _rows(connection, missing)]
            found.update((passage.key, passage) for passage in read)
            self._keep(read)
        return found

    def of_revisions(
        self, revisions: Sequence[int], *, batch: int = 200
    ) -> Iterator[list[StoredPassage]]:
        """Yield all passages of ``revisions``, some at a time, without keeping them in memory."""
        for first in range(0, len(revisions), batch):
            wanted = list(revisions[first : first + batch])
            statement = _SELECT.where(_PASSAGES.c.revision.in_(wanted)).order_by(_PASSAGES.c.key)
            with translated(self._engine), self._engine.connect() as connection:
                rows = connection.execute(statement)
                for part in rows.partitions(500):
                    yield [_passage(tuple(row)) for row in part]

    def forget(self) -> None:
        """Drop what is kept in memory, after a change of what revisions say of their passages."""
        with self._lock:
            self._room += sum(passage.size for passage in self._cache.values())
            self._cache.clear()

    def sentence_counts(self, revisions: Sequence[int]) -> dict[int, int]:
        """Return how many sentences each passage of ``revisions`` has, by passage key."""
        counts: dict[int, int] = {}
        for first in range(0, len(revisions), 500):
            wanted = list(revisions[first : first + 500])
            statement = select(_PASSAGES.c.key, _PASSAGES.c.spans).where(
                _PASSAGES.c.revision.in_(wanted)
            )
            with translated(self._engine), self._engine.connect() as connection:
                for key, spans in connection.execute(statement):
                    counts[key] = len(spans) // 8
        return counts

    def unlike_their_text(self, revisions: Sequence[int]) -> list[int]:
        """Return the keys of passages that are not what their revision says between the offsets."""
        part = func.substr(
            _REVISIONS.c.text, _PASSAGES.c.start + 1, _PASSAGES.c.end - _PASSAGES.c.start
        )
        unlike = select(_PASSAGES.c.key).join_from(
            _PASSAGES, _REVISIONS, _PASSAGES.c.revision == _REVISIONS.c.key
        )
        unlike = unlike.where(part != _PASSAGES.c.text)
        keys: list[int] = []
        for first in range(0, len(revisions), 500):
            wanted = _PASSAGES.c.revision.in_(list(revisions[first : first + 500]))
            with translated(self._engine), self._engine.connect() as connection:
                keys += connection.execute(unlike.where(wanted)).scalars()
        return keys

    def _keep(self, passages: Sequence[StoredPassage]) -> None:
        with self._lock:
            for passage in passages:
                if passage.key not in self._cache:
                    self._cache[passage.key] = passage
                    self._room -= passage.size
            while self._room < 0 and self._cache:
                _key, dropped = self._cache.popitem(last=False)
                self._room += dropped.size


def _rows(connection: Connection, keys: Sequence[int]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(keys), _AT_A_TIME):
        part = keys[first : first + _AT_A_TIME]
        filled = (*part, *[part[0]] * (_AT_A_TIME - len(part)))
        for row in connection.execute(_BY_KEY, dict(zip(_NAMES, filled, strict=True))):
            yield tuple(row)


def _passage(row: Sequence[Any]) -> StoredPassage:
    """Make a passage of a row of ``_SELECT``, whose columns stand in the order of the fields."""
    *values, pages, spans, vectors = row
    sentences = unpack_spans(spans)
    first, last = sentences[0].start, sentences[-1].end
    values += [pages_between(pages or (), first, last), sentences]
    values += [unpack_vectors(vectors, len(sentences))]
    return StoredPassage(*values)
