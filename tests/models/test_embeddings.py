"""Embeddings over an endpoint: HTTP on loopback, the real litellm, our embedder on top."""

import asyncio
import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from app.models import errors
from app.models.embeddings import RetryingEmbeddings
from app.models.factory import open_embed_batch
from app.models.settings import EmbeddingSettings
from index.embedding.base import Embedder
from index.embedding.endpoint import EndpointEmbedder
from index.errors import UnavailableError
from tests.loopback_model import KEY, Cut, Failure, Hang, LoopbackModel, Text, embedding

FINE = Text("")


@pytest.fixture
def batch_of(provider: Any) -> Iterator[Callable[..., RetryingEmbeddings]]:
    opened: list[RetryingEmbeddings] = []

    def open_batch(server: LoopbackModel, **settings: object) -> RetryingEmbeddings:
        values = {"model": "openai/loopback", "api_base": server.url, "api_key": KEY, **settings}
        opened.append(open_embed_batch(EmbeddingSettings.model_validate(values)))
        return opened[-1]

    yield open_batch
    for embeddings in opened:
        embeddings.close()
    # litellm's blocking calls make an event loop for the main thread and leave it open.
    with warnings.catch_warnings(), contextlib.suppress(RuntimeError):
        warnings.simplefilter("ignore", DeprecationWarning)
        asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)


def unit(text: str, dimension: int = 8) -> np.ndarray[Any, Any]:
    vector = np.array(embedding(text, dimension), dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_vectors_come_in_the_order_of_the_texts_and_of_unit_length(batch_of: Any) -> None:
    texts = [f"text {'x' * (number % 7)} {number}" for number in range(50)]
    with LoopbackModel(FINE, key=KEY) as server:
        embedder: Embedder = EndpointEmbedder(batch_of(server), model="m", batch_size=8)
        vectors = embedder.embed(texts)
        query = embedder.embed_query("a question")
    assert embedder.dimension == 8
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, [unit(text) for text in texts], atol=1e-6)
    np.testing.assert_allclose(query, unit("a question"), atol=1e-6)
    assert len(server.requests) == 1 + 7 + 1
    assert max(len(request.body["input"]) for request in server.requests) == 8


def test_batches_share_connections(batch_of: Any) -> None:
    with LoopbackModel(FINE) as server:
        embed_batch = batch_of(server)
        for _ in range(5):
            embed_batch(["a"])
        assert server.connections == 1


def test_nothing_is_asked_for_nothing(batch_of: Any) -> None:
    with LoopbackModel(FINE) as server:
        embedder = EndpointEmbedder(batch_of(server), model="m", dimension=8)
        assert embedder.embed([]).shape == (0, 8)
    assert server.requests == []


def test_the_name_for_the_stamp_carries_the_model() -> None:
    embedder = EndpointEmbedder(lambda texts: [[1.0]] * len(texts), model="openai/small")
    assert embedder.name == "endpoint:openai/small"
    assert embedder.count_tokens("four char") == 3


@pytest.mark.parametrize(
    "reply",
    [Failure(503), Failure(429, headers={"retry-after": "0"}), Cut()],
    ids=["503", "429", "cut"],
)
def test_a_batch_that_fails_is_sent_again(batch_of: Any, reply: Any) -> None:
    with LoopbackModel(reply, FINE) as server:
        assert len(batch_of(server)(["a", "b"])) == 2
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Failure(401, f"wrong key {KEY}"), errors.ModelKeyError),
        (Failure(404), errors.ModelRequestError),
        (Failure(503), errors.ModelFailedError),
        (Hang(), errors.ModelTimeoutError),
    ],
    ids=["401", "404", "503", "hang"],
)
def test_a_batch_that_keeps_failing_is_an_error_of_ours(
    batch_of: Any, reply: Any, kind: type[errors.ModelError]
) -> None:
    with LoopbackModel(reply) as server, pytest.raises(kind) as caught:
        batch_of(server, max_attempts=2, timeout_s=1)(["a"])
    assert KEY not in str(vars(caught.value))
    assert caught.value.__context__ is None


def test_no_further_batch_is_begun_after_a_failure(batch_of: Any) -> None:
    with LoopbackModel(Failure(401)) as server:
        embedder = EndpointEmbedder(
            batch_of(server), model="m", dimension=8, batch_size=1, concurrency=2
        )
        with pytest.raises(errors.ModelKeyError):
            embedder.embed([str(number) for number in range(100)])
    assert len(server.requests) < 50


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([[1.0, 2.0]], "1 vectors of length 2 for 2 texts"),
        ([[1.0, 2.0], [1.0]], "length 1 and 2"),
        ([[1.0], [1.0]], "length 1 "),
        ([[0.0, 0.0], [1.0, 0.0]], "without direction"),
        ([[float("nan"), 0.0], [1.0, 0.0]], "without direction"),
    ],
)
def test_vectors_that_cannot_be_right_are_refused(
    rows: Sequence[Sequence[float]], complaint: str
) -> None:
    embedder = EndpointEmbedder(lambda texts: rows, model="m", dimension=2)
    with pytest.raises(UnavailableError, match=complaint):
        embedder.embed(["a", "b"])


def test_an_endpoint_without_a_vector_for_the_probe_is_refused() -> None:
    with pytest.raises(UnavailableError, match="no vector"):
        EndpointEmbedder(lambda texts: [], model="m")
