"""The lexical store: BM25 over passages, in Tantivy.

It is derived from the catalog and may be thrown away at any time. It stores what it is given; what
is current or allowed is for others to say. All passages share one field, each with the terms of its
own language. A question is looked for with its terms in every language that there is, those of a
language only in passages of it: what is a stem in one may be another word in the next.
"""

import json
import math
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexDamagedError, StorageError
from index.folder import discard
from index.hits import Hits
from index.lexical.analysis import ANALYSES, ENGLISH, analysis_of, terms
from index.trouble import PASS_ON, folder_trouble

if TYPE_CHECKING:
    import tantivy

    from index.catalog.passages import StoredPassage

_ANALYZER = "footnote-2"
"""Stands in the schema of an index. To be changed with the terms that ``analysis`` makes: Tantivy
opens no index of another schema, so one with other terms is made anew and never searched."""
_OTHER_SCHEMA = "schema does not match"

_OF_ANOTHER_VERSION = (
    "The words were stored by another version of Footnote. A start makes them again from the "
    "catalog, as `footnote doctor --repair` does; no document is lost."
)
_FOOTER, _MAGIC = struct.Struct("<II"), 1337
_WITH_FOOTER = (".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm", ".del")
_WRITER_BYTES = 20_000_000  # Tantivy wants 15 MB at least; more would only make fewer segments


class LexicalStore:
    """The index; ``open`` it first. Many threads may search, one at a time may write.

    Args:
        folder: where Tantivy keeps its files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._analyses: tuple[str, ...] = (ENGLISH,)

    def open(self) -> None:
        """Open the index, making it when it is missing, and read from it once.

        Raises:
            IndexDamagedError: its files cannot be read. ``clear`` and writing anew mends it.
            StorageError: its folder cannot be written.
        """
        with self._translated():
            self._connect()
            self._probe()

    def add(self, passages: "Iterable[StoredPassage]") -> None:
        """Add passages. They can be found after ``commit``."""
        import tantivy

        with self._translated():
            writer = self._writing()
            for passage in passages:
                document = tantivy.Document()
                document.add_unsigned("key", passage.key)
                document.add_unsigned("revision", passage.revision)
                analysis = analysis_of(passage.language)
                document.add_text("analysis", analysis)
                document.add_text("body", " ".join(terms(passage.text, analysis)))
                writer.add_document(document)

    def delete(self, revisions: Collection[int]) -> None:
        """Remove all passages of revisions. They are gone after ``commit``."""
        if not revisions:
            return
        with self._translated():
            # Deleting by term passes over unsigned fields without a word (tantivy-py 0.27).
            self._writing().delete_documents_by_query(self._of_revisions(revisions))

    def commit(self) -> None:
        """Make what was added and deleted last, and seen by searches from now on."""
        if self._writer is None:
            return
        with self._translated():
            self._writer.commit()
            self._index.reload()
            self._look()

    def rollback(self) -> None:
        """Forget what was added and deleted since the last commit."""
        if self._writer is not None:
            with self._translated():
                self._writer.rollback()

    @property
    def analyses(self) -> frozenset[str]:
        """The names of the analyses that the passages were made terms with (``analysis_of``)."""
        return frozenset(self._analyses)

    def weigh(self, words: Iterable[str]) -> dict[str, float]:
        """Return for each word how rare it is among the passages, as BM25 weighs it.

        A word has a stem in each language, and is in the passages that have one of them.
        """
        with self._translated():
            searcher = self._index.searcher()
            passages = searcher.num_docs
            weights: dict[str, float] = {}
            for word in words:
                found = self._passages_with(word, searcher)
                # Deleted passages count until Tantivy merges, so there may be more than there are.
                others = max(passages - found, 0)
                weights[word] = math.log(1 + (others + 0.5) / (found + 0.5))
        return weights

    def search(
        self, question: str, limit: int, *, revisions: Collection[int] | None = None
    ) -> Hits:
        """Return up to ``limit`` passages, best first, of ``revisions`` where they are given.

        Any text is a question: its words are looked for as they are, no syntax is known.
        """
        import tantivy

        with self._translated():
            query = self._asked(question)
            if query is None:
                return Hits({}, exhausted=True)
            if revisions is not None:
                allowed = tantivy.Query.const_score_query(self._of_revisions(revisions), 0.0)
                must = tantivy.Occur.Must
                query = tantivy.Query.boolean_query([(must, query), (must, allowed)])
            searcher = self._index.searcher()
            hits = searcher.search(query, limit, count=False).hits
            keys = searcher.fast_field_values("key", [address for _score, address in hits])
        scores = {int(key): hit[0] for key, hit in zip(keys, hits, strict=True) if key is not None}
        return Hits(scores, exhausted=len(hits) < limit)

    def count(self) -> int:
        """Return how many passages are stored."""
        with self._translated():
            return self._index.searcher().num_docs

    def keys(self) -> list[int]:
        """Return the keys of all passages, as often as each is stored."""
        import tantivy

        with self._translated():
            searcher = self._index.searcher()
            query = tantivy.Query.all_query()
            hits = searcher.search(query, max(1, searcher.num_docs), count=False).hits
            found = searcher.fast_field_values("key", [address for _score, address in hits])
        return [int(key) for key in found if key is not None]

    def missing(self, revisions: Collection[int]) -> set[int]:
        """Return those of the revisions of which no passage is stored."""
        with self._translated():
            searcher = self._index.searcher()
            return {
                revision
                for revision in revisions
                if not searcher.search(self._of_revisions([revision]), 1, count=False).hits
            }

    def verify(self) -> None:
        """Compare every file with the sum that Tantivy wrote at its end.

        Raises:
            IndexDamagedError: a file was changed since.
        """
        with self._translated():
            for file in sorted(self._folder.iterdir()):
                _verify_file(file)

    def clear(self) -> None:
        """Start again with an empty index, whatever state the old one is in."""
        self.close()
        with self._translated():
            discard(self._folder)
            self._connect()

    def close(self) -> None:
        """Let go of the files. What was not committed is lost. Harmless when done before."""
        writer, self._writer = self._writer, None
        self._opened = None
        if writer is not None:
            with suppress(Exception):  # an index that cannot be read may fail to close too
                writer.rollback()
                writer.wait_merging_threads()

    @property
    def _index(self) -> "tantivy.Index":
        if self._opened is None:
            raise StorageError("The index is closed.")
        return self._opened

    def _connect(self) -> None:
        import tantivy

        self._folder.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("key", fast=True)
        builder.add_unsigned_field("revision", indexed=True)
        builder.add_text_field("analysis", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("body", tokenizer_name=_ANALYZER, index_option="freq")
        schema = builder.build()
        try:
            index = tantivy.Index(schema, path=str(self._folder))
        except ValueError as error:
            if _OTHER_SCHEMA in str(error):
                raise IndexDamagedError(_OF_ANOTHER_VERSION) from error
            raise
        by_blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        index.register_tokenizer(_ANALYZER, by_blanks.build())
        index.config_reader("manual")
        index.reload()
        self._schema = schema
        self._should = tantivy.Occur.Should
        self._opened = index
        self._look()

    def _look(self) -> None:
        """See which analyses there are; without a passage, English alone."""
        searcher = self._index.searcher()
        there = [name for name in ANALYSES if searcher.doc_freq("analysis", name)]
        self._analyses = tuple(there) or (ENGLISH,)

    def _asked(self, text: str) -> "tantivy.Query | None":
        """Return a query for any of a text's terms, each in the languages that it is a term of."""
        import tantivy

        there = self._analyses
        names_of: dict[str, dict[str, None]] = {}
        for name in there:
            for term in terms(text, name):
                names_of.setdefault(term, {})[name] = None
        groups: dict[tuple[str, ...], list[str]] = {}
        for term, names in names_of.items():
            groups.setdefault(tuple(names), []).append(term)
        queries = [
            self._any_of(group, () if len(names) == len(there) else names)
            for names, group in groups.items()
        ]
        if len(queries) < 2:
            return queries[0] if queries else None
        return tantivy.Query.boolean_query([(self._should, query) for query in queries])

    def _any_of(self, group: Sequence[str], names: Sequence[str]) -> "tantivy.Query":
        """Return a query for any of some terms, in passages of these analyses if there are some."""
        import tantivy

        query = tantivy.Query.boolean_query([(self._should, self._term(term)) for term in group])
        if not names:
            return query
        of_names = tantivy.Query.term_set_query(self._schema, "analysis", list(names))
        must = tantivy.Occur.Must
        allowed = tantivy.Query.const_score_query(of_names, 0.0)
        return tantivy.Query.boolean_query([(must, query), (must, allowed)])

    def _passages_with(self, word: str, searcher: "tantivy.Searcher") -> int:
        if len(self._analyses) == 1:
            stems = terms(word, self._analyses[0])
            return searcher.doc_freq("body", stems[0]) if stems else 0
        query = self._asked(word)
        if query is None:
            return 0
        found = searcher.search(query, 1, count=True)
        return found.count or 0  # type: ignore[attr-defined]  # tantivy-py's types lack it

    def _probe(self) -> None:
        """Read through every layer once, so that damage is found now and not by a question."""
        self.count()
        self.search("the", 1)

    def _writing(self) -> "tantivy.IndexWriter":
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        return self._writer

    def _term(self, term: str) -> "tantivy.Query":
        import tantivy

        return tantivy.Query.term_query(self._schema, "body", term, index_option="freq")

    def _of_revisions(self, revisions: Collection[int]) -> "tantivy.Query":
        import tantivy

        return tantivy.Query.term_set_query(self._schema, "revision", list(revisions))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what Tantivy raises into our errors."""
        try:
            yield
        except PASS_ON:
            raise
        except BaseException as error:  # a panic in Tantivy is no Exception
            raise folder_trouble("The words", self._folder, error) from error


def _verify_file(file: Path) -> None:
    """Check a file's footer: JSON with the body's CRC-32, the JSON's length, a magic number.

    https://github.com/quickwit-oss/tantivy/blob/main/src/directory/footer.rs
    """
    data = file.read_bytes()
    if len(data) < _FOOTER.size:
        return  # a lock
    length, magic = _FOOTER.unpack(data[-_FOOTER.size :])
    if magic != _MAGIC:
        if file.suffix in _WITH_FOOTER:
            raise ValueError(f"{file.name} has lost its end")
        return
    end = len(data) - _FOOTER.size
    if zlib.crc32(data[: end - length]) != json.loads(data[end - length : end])["crc"]:
        raise ValueError(f"{file.name} was changed")
