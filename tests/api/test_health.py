"""Whether the service is ready: cheap to ask, for anyone may."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from app.api.readiness import ReadinessCheck
from app.services import Services
from app.settings import Limits
from index.errors import StorageError, UnavailableError


class CountingEmbedder:
    """Stands for an endpoint that charges for each call."""

    def __init__(self, embedder: Any) -> None:
        self.calls = 0
        self._embedder = embedder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def embed_query(self, text: str) -> Any:
        self.calls += 1
        return self._embedder.embed_query(text)


def test_being_ready_costs_no_embedding(sample_services: Services, guarded: Any) -> None:
    library = sample_services.library
    counting = CountingEmbedder(library.embedder)
    library.embedder = counting  # type: ignore[assignment]  # counts what would be charged
    try:
        client = guarded()
        for _ in range(3):
            assert client.get("/readyz").json() == {
                "status": "ready",
                "checks": {"catalog": "ok", "search": "ok", "disk": "ok"},
            }
        assert counting.calls == 0
    finally:
        library.embedder = counting._embedder


def test_however_many_ask_it_is_looked_once_in_a_while() -> None:
    now, looks = 0.0, 0

    def check() -> None:
        nonlocal looks
        looks += 1

    ready = ReadinessCheck({"catalog": check}, seconds=5, clock=lambda: now)

    async def many() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(200):
                tasks.start_soon(ready.look)

    anyio.run(many)
    assert looks == 1
    now = 4.9
    anyio.run(many)
    assert looks == 1
    now = 5.0
    anyio.run(many)
    assert looks == 2


@pytest.mark.parametrize(
    ("raised", "error"), [(StorageError("gone"), StorageError), (OSError("x"), UnavailableError)]
)
def test_a_failure_is_kept_as_long(raised: Exception, error: type[Exception]) -> None:
    looks = 0

    def check() -> None:
        nonlocal looks
        looks += 1
        raise raised

    ready = ReadinessCheck({"catalog": check}, clock=lambda: 0.0)
    for _ in range(3):
        with pytest.raises(error):
            anyio.run(ready.look)
    assert looks == 1


def test_a_full_disk_is_not_ready_and_takes_no_documents(started: Callable[..., Any]) -> None:
    with started(limits=Limits(free_bytes=10**18)) as client:
        not_ready = client.get("/readyz")
        assert not_ready.status_code == 503
        assert "space" in not_ready.json()["detail"]
        body = {"text": "The mill closed in 1987."}
        for refused in (
            client.post("/v1/documents", json=body),
            client.put("/v1/documents/mill", json=body),
            client.post("/v1/documents", files={"file": ("mill.txt", b"The mill closed.")}),
            client.post("/v1/syncs", json={"url": "https://news.example/feed.xml"}),
        ):
            assert refused.status_code == 503, refused.text
            assert refused.json()["code"] == "storage_error"
        assert client.get("/v1/jobs").json()["total"] == 0
