"""How passages are addressed and packed: keys, sentence offsets and vectors as bytes.

Pure functions. A passage's key is its revision's key and its number in one integer, so that ids in
the other stores need no look-up.
"""

from collections.abc import Sequence

import numpy as np

from index.model import Matrix, Sentence

_NUMBER_BITS = 20
MAX_PASSAGES = 1 << _NUMBER_BITS
"""More passages than this a revision cannot have (about 600 million characters)."""


def passage_key(revision: int, number: int) -> int:
    """Return the key of passage ``number`` of a revision."""
    return revision << _NUMBER_BITS | number


def revision_of(key: int) -> int:
    """Return the key of the revision that a passage belongs to."""
    return key >> _NUMBER_BITS


def number_of(key: int) -> int:
    """Return a passage's number in its revision."""
    return key & (MAX_PASSAGES - 1)


def pack_spans(sentences: Sequence[Sentence]) -> bytes:
    """Return sentence offsets as little-endian 32-bit integers, start and end by turns."""
    return np.array([(s.start, s.end) for s in sentences], dtype="<i4").tobytes()


def unpack_spans(packed: bytes) -> tuple[Sentence, ...]:
    """Return the sentences that ``pack_spans`` packed."""
    values: list[int] = np.frombuffer(packed, dtype="<i4").tolist()
    return tuple(map(Sentence, values[::2], values[1::2]))


def pack_vectors(vectors: Matrix) -> bytes:
    """Return vectors as little-endian half floats: 768 bytes each, cosines off by 1e-4 at most."""
    return vectors.astype("<f2").tobytes()


def unpack_vectors(packed: bytes, sentences: int) -> Matrix:
    """Return the vectors, shape (sentences, dimension), float32."""
    return np.frombuffer(packed, dtype="<f2").astype(np.float32).reshape(sentences, -1)
