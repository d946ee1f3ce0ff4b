"""Embeddings over an endpoint, with retries: the function that ``index`` embeds through.

Owns when a batch is sent again. Knows neither litellm nor what the texts are.
"""

import itertools
import time
from collections.abc import Sequence
from typing import Protocol

from app.models.base import Deadline
from app.models.errors import ModelError
from app.models.retries import Retries
from app.models.settings import EmbeddingSettings


class Embeddings(Protocol):
    """Sends one batch to a provider, once."""

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text. Raises ModelError."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class RetryingEmbeddings:
    """Sends a batch until it is answered, within the settings' limits. Blocking, thread-safe.

    Args:
        embeddings: sends a batch once.
        settings: the number of attempts, and the seconds after which none is begun.
    """

    def __init__(self, embeddings: Embeddings, settings: EmbeddingSettings) -> None:
        self._embeddings = embeddings
        self._timeout_s = settings.timeout_s
        self._retries = Retries(settings.max_attempts)

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text, in their order.

        Raises:
            ModelError: the endpoint gave no usable vectors.
        """
        deadline = Deadline.after(self._timeout_s)
        for attempt in itertools.count(1):
            try:
                return self._embeddings(texts)
            except ModelError as error:
                pause = self._retries.pause(attempt, error, deadline)
                if pause is None:
                    raise
            time.sleep(pause)
        raise AssertionError("the attempts end with vectors or an error")

    def close(self) -> None:
        """Close the connections."""
        self._embeddings.close()
