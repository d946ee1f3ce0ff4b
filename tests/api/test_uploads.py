"""Bodies that carry documents cost disk, and little of it, instead of memory."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import httpx
from starlette.datastructures import UploadFile
from starlette.requests import Request

from app.api.application import create_app
from app.api.uploads import is_large, read_body, read_form
from app.services import Services


def request(*chunks: bytes, content_type: str) -> Request:
    """Return a request with a body in pieces."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    coming = iter(messages)

    async def receive() -> Any:
        return next(coming)

    headers = [(b"content-type", content_type.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def test_of_a_file_over_the_limit_no_more_is_kept_than_shows_it() -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n'
    sent = request(
        head % b"big.txt",
        *[b"x" * 50_000] * 100,
        b"\r\n" + head % b"small.txt" + b"small\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )

    async def sizes() -> list[tuple[str | None, int | None]]:
        async with anyio.create_task_group():
            form = await read_form(sent, most_file_bytes=1000)
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        found = [(file.filename, file.size) for file in files]
        await form.close()
        return found

    assert anyio.run(sizes) == [("big.txt", 1001), ("small.txt", 5)]


def test_a_large_body_waits_on_disk() -> None:
    async def read(*chunks: bytes) -> tuple[bool, bool, int]:
        file = await read_body(request(*chunks, content_type="application/json"))
        content = await file.read()
        on_disk = bool(file.file._rolled)  # type: ignore[attr-defined]
        await file.close()
        return is_large(file), on_disk, len(content)

    assert anyio.run(read, b"{}") == (False, False, 2)
    assert anyio.run(read, *[b" " * 500_000] * 5) == (True, True, 2_500_000)


def test_large_documents_as_json_are_read_one_at_a_time(
    services: Services, client_of: Callable[..., Any]
) -> None:
    text = "The mill in Oldtown closed in 1987. " * 80_000
    body = b'{"id": "mill", "text": "' + text.encode() + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for place in range(0, len(body), 65_536):
            yield body[place : place + 65_536]

    async def send_all() -> set[int]:
        app = create_app(services)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000"
        ) as sender:
            headers = {"content-type": "application/json"}
            sent = [
                sender.post("/v1/documents", content=pieces(), headers=headers) for _ in range(8)
            ]
            return {answer.status_code for answer in await asyncio.gather(*sent)}

    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        assert asyncio.run(send_all()) == {202}
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 8 * len(body)
