from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from app.settings import Limits

LIMITS = Limits(json_bytes=2000, document_bytes=3000, upload_bytes=5000)


@pytest.fixture
def limited(guarded: Callable[..., Any]) -> Any:
    return guarded(limits=LIMITS)


async def in_pieces(total: int) -> AsyncIterator[bytes]:
    """Yield a body without saying how long it will be."""
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    for _ in range(total // 500):
        yield b" " * 500


@pytest.mark.parametrize(
    ("path", "content_type", "size"),
    [
        ("/v1/ask", "application/json", 2500),
        ("/v1/nothing", "text/plain", 2500),
        ("/v1/documents", "application/json", 9000),
        ("/v1/documents", "multipart/form-data; boundary=b", 1_006_000),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_the_limit_is_a_413(
    limited: Any, path: str, content_type: str, size: int, announced: bool
) -> None:
    content: Any = b" " * size if announced else in_pieces(size)
    response = limited.post(path, content=content, headers={"content-type": content_type})
    if not announced and path == "/v1/nothing":  # nobody reads it, so nobody counts it
        assert response.status_code == 404
        return
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"
    assert response.headers["content-type"] == "application/problem+json"


def test_a_single_document_over_its_limit_is_refused_at_once(limited: Any) -> None:
    as_text = limited.post("/v1/documents", json={"text": "a" * 3001})
    as_file = limited.post("/v1/documents", files={"file": ("a.txt", b"a" * 3001)})
    for response in (as_text, as_file):
        assert response.status_code == 413, response.text
        assert response.json()["code"] == "too_large"
        assert "Split it" in response.json()["detail"]


def test_one_file_over_the_limit_does_not_keep_the_others_out(
    started: Callable[..., Any],
    finished_job: Callable[[Any, httpx.Response], dict[str, Any]],
) -> None:
    files = [
        ("file", ("big.txt", b"a" * 3001)),
        ("file", ("small.txt", b"The mill closed in 1987.")),
    ]
    with started(limits=LIMITS) as client:
        job = finished_job(client, client.post("/v1/documents", files=files))
    assert [r["error"] and r["error"]["code"] for r in job["results"]] == ["too_large", None]
