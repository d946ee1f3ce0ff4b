"""An embedder over any embeddings endpoint.

Owns batches, their order, and the check of what comes back. How a batch reaches a provider, and
what is tried again, is the business of the function it is given: nothing here knows HTTP.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from index.errors import UnavailableError
from index.model import Matrix, Vector


class EndpointEmbedder:
    """Embeds by asking a function, one batch at a time, several batches side by side.

    Args:
        embed_batch: returns one vector for each text, in their order; retries are its own. Called
            from several threads. Raises UnavailableError when it has given up.
        model: the model's name; with it the index stamp tells one model's vectors from another's.
        dimension: the length of the vectors; found by embedding a word when it is not given.
        batch_size: most texts in one call.
        concurrency: most calls under way at the same time.
        count_tokens: counts a text's tokens; by default estimated as four characters each.

    Raises:
        UnavailableError: the dimension was not given and the endpoint does not answer.
    """

    def __init__(
        self,
        embed_batch: Callable[[Sequence[str]], Sequence[Sequence[float]]],
        *,
        model: str,
        dimension: int | None = None,
        batch_size: int = 64,
        concurrency: int = 4,
        count_tokens: Callable[[str], int] | None = None,
    ) -> None:
        self.name = f"endpoint:{model}"
        self._embed_batch = embed_batch
        self._batch_size = batch_size
        self._concurrency = concurrency
        self._count_tokens = count_tokens or _estimate_tokens
        self.dimension = dimension or len(_only(embed_batch(["dimension"])))

    def embed_query(self, text: str) -> Vector:
        """Return the unit vector of a question, shape (dimension,)."""
        vector: Vector = self._checked(self._embed_batch([text]), 1)[0]
        return vector

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        """Return the unit vectors of ``texts`` in their order, shape (len(texts), dimension).

        ``between`` is called before each batch.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Of like length, so that a server that pads wastes little.
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]), reverse=True)
        batches = [order[i : i + self._batch_size] for i in range(0, len(order), self._batch_size)]

        def fill(rows: Sequence[int]) -> None:
            if between is not None:
                between()
            answer = self._embed_batch([texts[row] for row in rows])
            vectors[rows] = self._checked(answer, len(rows))

        _run_all(fill, batches, self._concurrency)
        return vectors

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens in ``text``, as exactly as the given counter knows it."""
        return self._count_tokens(text)

    def _checked(self, rows: Sequence[Sequence[float]], expected: int) -> Matrix:
        """Return rows as a matrix of unit vectors, or say what is wrong with them."""
        try:
            matrix: Matrix = np.array(rows, dtype=np.float32)
        except (TypeError, ValueError):
            matrix = np.empty((0, 0), dtype=np.float32)
        if matrix.shape != (expected, self.dimension):
            lengths = sorted({len(row) for row in rows})
            raise UnavailableError(
                f"{self.name} gave {len(rows)} vectors of length "
                f"{' and '.join(map(str, lengths)) or 'none'} for {expected} texts; vectors of "
                f"length {self.dimension} were expected. Check the model and its dimension."
            )
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise UnavailableError(f"{self.name} gave a vector without direction (zeros or NaN).")
        matrix /= lengths
        return matrix


def _run_all(
    work: Callable[[Sequence[int]], None], batches: Iterable[Sequence[int]], threads: int
) -> None:
    """Do all batches; after a failure no further one is begun."""
    batches = list(batches)
    if len(batches) < 2 or threads == 1:
        for batch in batches:
            work(batch)
        return
    pool = ThreadPoolExecutor(min(threads, len(batches)), thread_name_prefix="embed")
    try:
        for future in [pool.submit(work, batch) for batch in batches]:
            future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _only(rows: Sequence[Sequence[float]]) -> Sequence[float]:
    if len(rows) != 1 or not rows[0]:
        raise UnavailableError("The embeddings endpoint gave no vector for a word.")
    return rows[0]


def _estimate_tokens(text: str) -> int:
    return -(-len(text) // 4)
