"""What the rest of the index asks of an embedding model.

Nothing here knows a model, a store or LlamaIndex.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from index.model import Matrix, Vector


class Embedder(Protocol):
    """Maps texts to unit vectors, so that a dot product is the cosine.

    ``name`` identifies the model in the index stamp: two embedders of one name must give vectors
    that can be compared. Implementations are safe to call from several threads.
    """

    @property
    def name(self) -> str:
        """The model's identity, for example ``all-MiniLM-L6-v2-int8``."""
        ...

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        ...

    def embed_query(self, text: str) -> Vector:
        """Return the unit vector of a question, shape (dimension,), float32."""
        ...

    def embed(self, texts: Sequence[str], *, between: Callable[[], None] | None = None) -> Matrix:
        """Return the unit vectors of ``texts``, in their order, shape (len(texts), dimension).

        ``between`` is called between small steps, from the threads that do the work: a caller in
        the background waits there for those who cannot.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Return the number of the model's tokens in ``text``, without special tokens."""
        ...
