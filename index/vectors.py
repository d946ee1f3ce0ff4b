"""The vector store: one vector for each sentence, in Chroma. The only module that imports chromadb.

It stores what it is given and finds the nearest; what is current or allowed is for others to say.
A sentence's id is ``revision:passage:sentence``, so a search asks for ids alone, which is several
times faster than asking for text. Each record also carries a LlamaIndex node, in metadata and not
as a Chroma document (whose full-text index would make writing six times slower), so that
LlamaIndex's ``ChromaVectorStore`` can read the collection.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from index.catalog.packing import number_of, passage_key, revision_of
from index.catalog.passages import StoredPassage
from index.errors import FootnoteError, StorageError, UnavailableError
from index.folder import discard
from index.hits import Hits
from index.model import Matrix, Vector
from index.right_of_way import RightOfWay
from index.trouble import PASS_ON, folder_trouble

if TYPE_CHECKING:
    from chromadb import Collection

_COLLECTION = "sentences"
_CONFIGURATION = {"hnsw": {"space": "cosine"}}
_DELETE_BATCH = 5000
_PART = 512
_SMALL_PART = 16  # takes about 20 ms; in large parts three times as many a second are stored


class VectorStore:
    """The collection; ``open`` it first. Many threads may search, one at a time may write.

    Args:
        folder: where an embedded Chroma keeps its files.
        url: a Chroma server to use in its stead.
        generation: tells the collections of one server apart (``index.folder``).
    """

    def __init__(self, folder: Path, *, url: str | None = None, generation: int = 0) -> None:
        self._folder = folder
        self._url = url
        self._name = f"{_COLLECTION}-{generation}" if url and generation else _COLLECTION
        self._client: Any = None  # chromadb's annotations leave out close()
        self._opened: Collection | None = None

    def open(self) -> None:
        """Open the collection, making it when it is missing, and read from it once.

        Raises:
            IndexDamagedError: its files cannot be read.
            StorageError: its folder cannot be written.
            UnavailableError: the Chroma server cannot be reached.
        """
        try:
            with self._translated():
                self._connect()
                self._probe()
        except BaseException:
            self.close()
            raise

    def add(
        self,
        passages: Sequence[StoredPassage],
        right_of_way: RightOfWay | None = None,
    ) -> None:
        """Store the sentences of passages; those that are there already are written over.

        Chroma lets no other thread of the process run while it writes, so what is written at a time
        is little when readers are about, who are given ``right_of_way`` before each part.
        """
        ids: list[str] = []
        metadatas: list[dict[str, Any]] = []
        for passage in passages:
            for position in range(len(passage.sentences)):
                ids.append(f"{passage.revision}:{passage.number}:{position}")
                metadatas.append(_metadata(passage, position, ids[-1]))
        if not ids:
            return
        vectors: Matrix = np.concatenate([passage.vectors for passage in passages])
        with self._translated():
            first = 0
            while first < len(ids):
                size = self._batch_size
                if right_of_way is not None:
                    right_of_way.give()
                    size = min(size, _SMALL_PART if right_of_way.claimed_lately else _PART)
                part = slice(first, first + size)
                self.collection.upsert(
                    ids=ids[part],
                    embeddings=vectors[part],
                    metadatas=metadatas[part],  # type: ignore[arg-type]  # list is invariant
                )
                first += size

    def nearest(
        self, vector: Vector, limit: int, *, revisions: Sequence[int] | None = None
    ) -> Hits:
        """Return the passages of the ``limit`` nearest sentences, with their nearest's cosine.

        Asking for few ``revisions`` is exact and takes time in proportion to their sentences.
        """
        where: Any = None
        if revisions is not None:
            where = {"revision": {"$in": list(revisions)}}
        with self._translated():
            found = self.collection.query(
                query_embeddings=vector, n_results=limit, where=where, include=["distances"]
            )
        ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        best: dict[str, float] = {}
        for name, distance in zip(ids, distances, strict=True):
            best.setdefault(name[: name.rindex(":")], 1.0 - distance)
        scores: dict[int, float] = {}
        for name, similarity in best.items():
            revision, number = name.split(":")
            scores[passage_key(int(revision), int(number))] = similarity
        return Hits(scores, exhausted=len(ids) < limit)

    def delete(self, sentence_counts: dict[int, int]) -> None:
        """Remove the sentences of passages: passage keys and how many sentences each has."""
        self.delete_ids(
            sentence_id(key, position)
            for key, count in sentence_counts.items()
            for position in range(count)
        )

    def delete_ids(self, ids: Iterator[str]) -> None:
        """Remove sentences by their ids; unknown ones are passed over."""
        wanted = list(ids)
        with self._translated():
            size = min(_DELETE_BATCH, self._batch_size)
            for first in range(0, len(wanted), size):
                self.collection.delete(ids=wanted[first : first + size])

    def count(self) -> int:
        """Return how many sentences are stored."""
        with self._translated():
            return self.collection.count()

    def ids(self) -> set[str]:
        """Return the ids of all sentences."""
        with self._translated():
            return set(self.collection.get(include=[])["ids"])

    def missing(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that are not stored."""
        if not ids:
            return set()
        with self._translated():
            return set(ids) - set(self.collection.get(ids=list(ids), include=[])["ids"])

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """Return the vectors of those of the ids that are stored, of unit length."""
        if not ids:
            return {}
        with self._translated():
            found = self.collection.get(ids=list(ids), include=["embeddings"])
        if not found["ids"]:
            return {}
        rows = np.asarray(found["embeddings"], dtype=np.float32).reshape(len(found["ids"]), -1)
        lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return dict(zip(found["ids"], rows / lengths, strict=True))

    def clear(self) -> None:
        """Start again with an empty collection, whatever state the old one is in."""
        if self._url is None:
            self.close()
            with self._translated():
                discard(self._folder)
        else:
            with self._translated():
                if self._client is None:
                    self._connect()
                self._delete_collection()
        with self._translated():
            self._connect()

    def destroy(self) -> None:
        """Throw the collection away for good."""
        with self._translated():
            if self._url is None:
                self.close()
                discard(self._folder)
            else:
                self._connect()
                self._delete_collection()
                self.close()

    def _delete_collection(self) -> None:
        from chromadb.errors import NotFoundError

        with suppress(ValueError, KeyError, NotFoundError):
            self._client.delete_collection(self._name)

    @property
    def collection(self) -> "Collection":
        """The Chroma collection, for a LlamaIndex ``ChromaVectorStore``."""
        if self._opened is None:
            raise StorageError("The index is closed.")
        return self._opened

    @property
    def _batch_size(self) -> int:
        return int(self._client.get_max_batch_size())

    def close(self) -> None:
        """Let go of the files. Harmless when it was done before."""
        self._opened = None
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # a client of damaged files may fail to close them too
                client.close()

    def _connect(self) -> None:
        import chromadb  # takes seconds: only a process that opens an index waits for it
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._client is None and self._url is None:
            try:
                self._client = chromadb.PersistentClient(str(self._folder), settings=settings)
            except BaseException:
                _forget_failed_client(str(self._folder))
                raise
        elif self._client is None:
            address = urlsplit(self._url)
            self._client = chromadb.HttpClient(
                host=str(address.hostname),
                port=address.port or (443 if address.scheme == "https" else 8000),
                ssl=address.scheme == "https",
                settings=settings,
            )
        self._opened = self._client.get_or_create_collection(
            self._name,
            embedding_function=None,
            configuration=_CONFIGURATION,
        )

    def _probe(self) -> None:
        """Read through every layer once, so that damage is found now and not by a question."""
        found = self.collection.get(limit=1, include=["embeddings"])
        vectors = found["embeddings"]
        if vectors is not None and len(vectors):
            self.collection.query(
                query_embeddings=np.asarray(vectors[0], dtype=np.float32),
                n_results=1,
                include=["distances"],
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what Chroma raises into our errors."""
        try:
            yield
        except PASS_ON:
            raise
        except BaseException as error:  # a panic in Chroma's Rust core is no Exception
            raise self._translation(error) from error

    def _translation(self, error: BaseException) -> FootnoteError:
        if self._url is None:
            return folder_trouble("The vectors", self._folder, error)
        cause = " ".join(str(error).split()) or type(error).__name__
        return UnavailableError(
            f"The Chroma server at {self._url} failed ({cause}). Check that it runs and that "
            "FOOTNOTE_CHROMA_URL is right."
        )


def _forget_failed_client(folder: str) -> None:
    """Let a folder be opened again in this process after it could not be.

    Chroma 1.5 keeps what it began to open, by folder, and hands it out again half made.
    """
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(folder, None)


def sentence_id(key: int, position: int) -> str:
    """Return the id of a sentence: its passage's key taken apart, and its place."""
    return f"{revision_of(key)}:{number_of(key)}:{position}"


def _metadata(passage: StoredPassage, position: int, name: str) -> dict[str, Any]:
    """Return a record's metadata: keys to filter by, and the sentence as a LlamaIndex node."""
    sentence = passage.sentences[position]
    keys: dict[str, Any] = {"document_id": passage.document_id, "revision": passage.revision}
    shown = {"title": passage.title, "source": passage.source, "url": passage.url}
    if passage.source is not None:
        keys["source"] = passage.source
    if passage.published_at is not None:
        keys["published_at"] = shown["published_at"] = passage.published_at.isoformat()
    node = {
        "id_": name,
        "text": passage.text[sentence.start - passage.start : sentence.end - passage.start],
        "start_char_idx": sentence.start,
        "end_char_idx": sentence.end,
        "metadata": {
            "document_id": passage.document_id,
            "revision": passage.sha,
            **{key: value for key, value in shown.items() if value is not None},
        },
        "relationships": {"1": {"node_id": passage.document_id, "node_type": "4"}},
    }
    content = json.dumps(node, ensure_ascii=False)
    return {**keys, "_node_type": "TextNode", "_node_content": content}
