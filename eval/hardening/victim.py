"""The process that is killed: it looks at what its predecessor left, then writes until it dies.

Everything it does goes through the doors that users have: the library, the sync of a folder, and
the making of an index with another model.
"""

import random
import re
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from app.sync.doing import Sync
from app.sync.folders import Folder
from eval.hardening.notes import ABSENT, Notes, possible
from index import remake
from index.embedding.base import Embedder
from index.errors import NotFoundError
from index.library import Library
from index.loaders import Parser
from index.model import Matrix, SourceDocument, Vector

_ADDED = tuple(f"d{number}" for number in range(12))
_SYNCED = tuple(f"s{number}" for number in range(8))


class Directions:
    """Gives each word a direction; so fast that the kills fall into the writing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dimension = 32

    def embed_query(self, text: str) -> Vector:
        """Return the vector of one text."""
        vector: Vector = self.embed([text])[0]
        return vector

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        """Return the sums of the words' directions, a row a text, of unit length."""
        rows = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(f"{self.name}{word}".encode()) % self.dimension] += 1
        matrix: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return matrix

    def count_tokens(self, text: str) -> int:
        """Return the number of words."""
        return len(text.split())


class Place:
    """Where a run keeps its index, its folder of documents and its notes."""

    def __init__(self, root: Path) -> None:
        self.data = root / "data"
        self.documents = root / "documents"
        self.notes = root / "notes.txt"

    def embedders(self, make: Callable[[str], Embedder]) -> tuple[Embedder, Embedder]:
        """Return the model that the index was made with, and another one."""
        first, second = make("one"), make("two")
        return (second, first) if self._stamp().startswith("two/") else (first, second)

    def _stamp(self) -> str:
        catalog = self.data / "catalog.sqlite"
        if not catalog.exists():
            return ""
        with closing(sqlite3.connect(catalog)) as connection:
            try:
                found = connection.execute("SELECT value FROM facts WHERE name = 'stamp'")
                return str(*found.fetchone() or [""]).strip('"')
            except sqlite3.OperationalError:  # killed before there was a table
                return ""


def text_of(name: str, version: int) -> str:
    """Return the text that a version of a document has; the number of sentences varies."""
    chance = random.Random(f"{name}/{version}")  # noqa: S311  # no secret
    return " ".join(
        f"Version {version} of story {name} says that {chance.randint(2, 9999)} boats left."
        for _sentence in range(chance.randint(1, 40))
    )


class Victim:
    """One life. ``live`` does not return.

    Args:
        place: where to work.
        seed: decides what is done; also makes the versions, so it must grow from life to life.
        make: makes an embedding model of a name.
        remakes: how often, of 1, the life begins with making the index with another model.
    """

    def __init__(
        self, place: Place, seed: int, make: Callable[[str], Embedder], remakes: float
    ) -> None:
        self._place = place
        self._chance = random.Random(seed)  # noqa: S311  # no secret
        self._version = seed * 100_000
        self._make = make
        self._remakes = remakes
        self._notes = Notes(place.notes)

    def live(self) -> None:
        """Look, then write without end."""
        embedder, other = self._place.embedders(self._make)
        self._notes.phase("opening")
        with Library.open(self._place.data, embedder=embedder) as library:
            self.look(library)
            if self._chance.random() >= self._remakes:
                self._write(library)
            self._notes.phase("remaking")  # beside the index that is open and answers
            remake.prepare(self._place.data, embedder=other)
        self._notes.phase("switching")
        with Library.open(self._place.data, embedder=other) as library:
            self._write(library)

    def _write(self, library: Library) -> None:
        with Parser() as parser:
            while True:
                action = self._chance.choice((self._add, self._add, self._delete, self._sync))
                action(library, parser)

    def look(self, library: Library) -> None:
        """Compare what is there with what may be there. Raises AssertionError."""
        shown = {d.id: library.revision(d.id).text for d in library.documents(limit=1000).items}
        settled: dict[str, int] = {}
        for name, versions in possible(self._place.notes).items():
            texts = {text_of(name, v) if v else None: v for v in versions}
            _require(shown.get(name) in texts, f"{name} is none of {versions}")
            settled[name] = texts[shown.get(name)]
        _require(shown.keys() <= settled.keys(), f"{shown.keys() - settled.keys()} came of nothing")
        wrong = [difference.what for difference in library.differences()]
        _require(not wrong, "; ".join(wrong))
        for name in shown:
            for revision in library.revisions(name):
                end = len(revision.text)
                span = library.read_span(name, revision.sha, 0, end)
                _require(span == revision.text and end > 0, f"{name} cannot be read")
            found = library.retriever(top_k=50).search(f"version {settled[name]} of story {name}")
            _require(any(p.document_id == name for p in found), f"{name} is not found")
        found = library.retriever(top_k=1000).search("boats left")
        for each in found:
            quote = library.read_span(each.document_id, each.revision, each.start, each.end)
            _require(quote == each.text and quote in shown[each.document_id], "a quote is not one")
        _require({p.document_id for p in found} == shown.keys(), "a search misses documents")
        keys = [(p.document_id, p.number) for p in found]
        _require(len(set(keys)) == len(keys), "a passage is found twice")
        files = self._files()
        # The next sync brings in what the files say, though nothing was reported of them.
        self._notes.settle(settled, {n: _version_of(files.get(n)) for n in _SYNCED})

    def _add(self, library: Library, _parser: Parser) -> None:
        self._notes.phase("adding")
        self._version += 1
        names = self._chance.sample(_ADDED, self._chance.randint(1, len(_ADDED)))
        for name in names:
            self._notes.begin(name, self._version)
        documents = [SourceDocument(n, text_of(n, self._version), title=n) for n in names]
        for outcome in library.add_many(documents):
            _require(outcome.error is None, str(outcome.error))
            self._notes.end(outcome.id, self._version)

    def _delete(self, library: Library, _parser: Parser) -> None:
        self._notes.phase("deleting")
        name = self._chance.choice(_ADDED)
        try:
            library.summary(name)
        except NotFoundError:
            return
        self._notes.begin(name, ABSENT)
        library.delete(name)
        self._notes.end(name, ABSENT)

    def _sync(self, library: Library, parser: Parser) -> None:
        """Change some files, then bring the index in step: afterwards it has just these."""
        self._notes.phase("syncing")
        self._version += 1
        folder = self._place.documents
        folder.mkdir(exist_ok=True)
        for name in self._chance.sample(_SYNCED, self._chance.randint(1, len(_SYNCED))):
            file = folder / f"{name}.txt"
            if file.exists() and self._chance.random() < 0.4:
                self._notes.begin(name, ABSENT)
                file.unlink()
                continue
            self._notes.begin(name, self._version)
            part = file.with_suffix(".part")
            part.write_text(text_of(name, self._version), "utf-8")
            part.replace(file)
        source = Folder(
            folder, parser=parser, data_dir=self._place.data, max_bytes=10**6, allow_empty=True
        )
        sync = Sync(library, source)
        for step in sync.run(sync.plan()):
            _require(step.error is None, f"{step.name}: {step.error}")
        held = self._files()
        for name in _SYNCED:
            self._notes.end(name, _version_of(held.get(name)))
            try:
                there = library.revision(name).text
            except NotFoundError:
                there = None
            _require(there == held.get(name), f"{name} is not as its file is")

    def _files(self) -> dict[str, str]:
        return {file.stem: file.read_text("utf-8") for file in self._place.documents.glob("*.txt")}


def _version_of(text: str | None) -> int:
    return int(text.split()[1]) if text else ABSENT


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)
