"""A model behind a real HTTP server on loopback that speaks the OpenAI protocol, failures included.

Support for tests of everything that calls a model by HTTP. The server runs on a thread of its own
and answers each request with the next scripted reply; the last one is repeated. It writes HTTP by
hand, because its purpose is to break it: it hangs, cuts, garbles and drips on demand.
"""

import asyncio
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

KEY = "sk-loopback-1234567890abcdef"
"""The key a server with ``keys`` accepts by default in tests."""


@dataclass(frozen=True, slots=True)
class Text:
    """Answer with text, streamed in ``chunks`` (by default, words) when the client streams.

    ``finish_reason`` None leaves it out, as a server does that died politely. ``thinking`` is sent
    before the text as ``reasoning_content``.
    """

    text: str
    chunks: Sequence[str] = ()
    first_delay: float = 0.0
    delay: float = 0.0
    finish_reason: str | None = "stop"
    thinking: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Answer with an HTTP error. ``body`` replaces the protocol's error object."""

    status: int
    message: str = "scripted failure"
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Hang:
    """Fall silent: before the headers, or after ``after`` chunks of a stream."""

    after: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection: before the headers, or after ``after`` chunks of a stream."""

    after: int | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """Send these bytes as the body of a 200 answer, or as the data of the stream's events."""

    body: bytes
    before: Sequence[str] = ()


Reply: TypeAlias = Text | Failure | Hang | Cut | Raw
Scripted: TypeAlias = Reply | Callable[[dict[str, Any]], Reply]
"""A reply, or what makes one from the request's body."""


@dataclass(slots=True)
class Request:
    """What a client sent, and what became of its connection."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    arrived: float = field(default_factory=time.monotonic)
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when the client closed the connection before the reply was complete."""


class LoopbackModel:
    """The server. Use as a context manager: it serves inside the block.

    Args:
        replies: Scripted replies to chat completions, in order; the last one is repeated.
        key: When given, requests without it as a bearer token are answered with 401.
        dimension: Length of the embeddings.
        largest_batch: Most texts an embedding request may have; more are answered with 400.
    """

    def __init__(
        self,
        *replies: Scripted,
        key: str | None = None,
        dimension: int = 8,
        largest_batch: int = 2048,
    ) -> None:
        self.replies: list[Scripted] = list(replies) or [Text("Hello.")]
        self.requests: list[Request] = []
        self.connections = 0
        self.key = key
        self.dimension = dimension
        self.largest_batch = largest_batch
        self.port = 0
        self._served = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base URL a client is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread.start()
        server = self._call(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self._server: asyncio.Server = server
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving and close every connection."""

        async def stop() -> None:
            self._server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

        self._call(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def wait_until_left(self, seconds: float) -> bool:
        """Return whether every client closes its connections in that time."""

        async def left() -> bool:
            if not self._open:
                return True
            _, waiting = await asyncio.wait(self._open, timeout=seconds)
            return not waiting

        return bool(self._call(left()))

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def _next(self, body: dict[str, Any]) -> Reply:
        reply = self.replies[min(self._served, len(self.replies) - 1)]
        self._served += 1
        return reply(body) if callable(reply) else reply

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer):
                    pass
        except asyncio.CancelledError:
            pass  # the server stops
        finally:
            self._open.discard(task)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; return whether the connection stays open."""
        request = await _read(reader)
        if request is None:
            return False
        self.requests.append(request)
        work = asyncio.create_task(self._answer(request, writer))
        gone = asyncio.create_task(reader.read(1))  # b"" when the client closes; never pipelines
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                request.gone.set()
                return False
            return work.result()
        except ConnectionError:
            request.gone.set()
            return False
        finally:
            for task in (work, gone):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                    await task

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            given = request.headers.get("authorization", "")
            failure = Failure(401, f"Incorrect API key provided: {given}.", "invalid_api_key")
            return await _send_failure(writer, failure)
        if request.path == "/v1/models":
            return await _send_json(writer, {"object": "list", "data": [_MODEL]})
        if request.path not in ("/v1/chat/completions", "/v1/embeddings"):
            return await _send_failure(writer, Failure(404, f"no {request.path} here"))
        reply = self._next(request.body)
        if isinstance(reply, Failure):
            return await _send_failure(writer, reply)
        if isinstance(reply, Hang) and reply.after is None:
            await asyncio.Event().wait()
        if isinstance(reply, Cut) and reply.after is None:
            return False
        if request.path == "/v1/embeddings":
            return await self._embed(request, writer)
        if request.body.get("stream"):
            return await _send_stream(writer, reply, str(request.body.get("model")))
        return await _send_whole(writer, reply, str(request.body.get("model")))

    async def _embed(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        texts = request.body["input"]
        texts = [texts] if isinstance(texts, str) else texts
        if len(texts) > self.largest_batch:
            return await _send_failure(writer, Failure(400, "batch too large"))
        rows = [
            {"object": "embedding", "index": i, "embedding": embedding(text, self.dimension)}
            for i, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        model = request.body.get("model")
        # Out of order, as the protocol allows: the index counts.
        body = {"object": "list", "model": model, "data": rows[::-1], "usage": usage}
        return await _send_json(writer, body)


_MODEL = {"id": "loopback", "object": "model", "created": 0, "owned_by": "tests"}
_REASONS = {200: "OK", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


def embedding(text: str, dimension: int) -> list[float]:
    """Return the vector the server gives a text: not of unit length, the same each time."""
    digest = hashlib.shake_128(text.encode()).digest(dimension)
    return [byte / 16 - 8 for byte in digest]


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, json.loads(body) if body else {})


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes, headers: dict[str, str]
) -> bool:
    reason = _REASONS.get(status, "Scripted")
    lines = [f"HTTP/1.1 {status} {reason}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()
    return True


async def _send_json(
    writer: asyncio.StreamWriter,
    body: object,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> bool:
    headers = {"content-type": "application/json", **(headers or {})}
    return await _send(writer, status, json.dumps(body).encode(), headers)


async def _send_failure(writer: asyncio.StreamWriter, failure: Failure) -> bool:
    if failure.body is not None:
        return await _send(writer, failure.status, failure.body, failure.headers)
    error = {"message": failure.message, "type": "scripted", "param": None, "code": failure.code}
    return await _send_json(writer, {"error": error}, failure.status, failure.headers)


async def _send_whole(writer: asyncio.StreamWriter, reply: Reply, model: str) -> bool:
    if isinstance(reply, Raw):
        return await _send(writer, 200, reply.body, {"content-type": "application/json"})
    if not isinstance(reply, Text):
        raise TypeError(f"{reply} needs a client that streams")
    await asyncio.sleep(reply.first_delay)
    message: dict[str, object] = {"role": "assistant", "content": reply.text}
    if reply.thinking:
        message["reasoning_content"] = "".join(reply.thinking)
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    body = {"id": "c1", "object": "chat.completion", "created": 1, "model": model}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return await _send_json(writer, {**body, "choices": [choice], "usage": usage})


async def _send_stream(writer: asyncio.StreamWriter, reply: Reply, model: str) -> bool:
    """Send server-sent events in HTTP chunks, so that a client can tell an end from a cut."""
    head = (
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    writer.write(head.encode())
    event = _event_maker(model)
    async for data in _events(reply, event):
        payload = b"data: " + data + b"\n\n"
        writer.write(b"%x\r\n%b\r\n" % (len(payload), payload))
        await writer.drain()
    if isinstance(reply, Cut):
        return False
    if isinstance(reply, Hang):
        await asyncio.Event().wait()
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


async def _events(reply: Reply, event: Callable[..., bytes]) -> AsyncIterator[bytes]:
    yield event({"role": "assistant", "content": ""})
    if isinstance(reply, Raw):
        for word in reply.before:
            yield event({"content": word})
        yield reply.body
    elif isinstance(reply, Hang | Cut):
        for number in range(reply.after or 0):
            yield event({"content": f"word{number} "})
        return
    elif isinstance(reply, Text):
        await asyncio.sleep(reply.first_delay)
        for thought in reply.thinking:
            yield event({"reasoning_content": thought})
        for chunk in reply.chunks or _words(reply.text):
            yield event({"content": chunk})
            if reply.delay:
                await asyncio.sleep(reply.delay)
        if reply.finish_reason is None:
            return
        yield event({}, reply.finish_reason)
    yield b"[DONE]"


def _event_maker(model: str) -> Callable[..., bytes]:
    def event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        body = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": model}
        return json.dumps({**body, "choices": [choice]}).encode()

    return event


def _words(text: str) -> list[str]:
    return [f"{word} " for word in text.split(" ")[:-1]] + text.split(" ")[-1:]
