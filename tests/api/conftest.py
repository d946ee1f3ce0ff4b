"""An application over a real index in a temporary folder, and ways to reach it."""

import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial, partialmethod
from pathlib import Path
from typing import Any, Self

import anyio
import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from app.answer.chain import AskRequest
from app.answer.events import AnswerDone, Event, SentenceChecked, SourcesFound
from app.answer.model import Answer, AnswerSentence, Citation, Generator, NearestSource, Timings
from app.answer.threads import InThread
from app.api.application import create_app
from app.api.server import make_server
from app.services import Services, make_chain
from app.settings import Settings
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library
from index.loaders import Parser

LOCAL = "http://127.0.0.1:8000"


class AppClient:
    """Sends requests straight into an application, without a socket.

    Entered as a context manager it runs the application's lifespan too: what works in the
    background works then.
    """

    def __init__(self, app: FastAPI, address: str = "127.0.0.1") -> None:
        self._app = app
        self._transport = httpx.ASGITransport(
            app, raise_app_exceptions=False, client=(address, 123)
        )
        self._portal: BlockingPortal | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start the application."""
        self._portal = self._stack.enter_context(start_blocking_portal())
        lifespan = self._app.router.lifespan_context(self._app)
        self._stack.enter_context(self._portal.wrap_async_context_manager(lifespan))
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the application."""
        self._portal = None
        self._stack.close()

    def at(self, address: str) -> "AppClient":
        """Return a client of the same application at another address."""
        return AppClient(self._app, address)

    def request(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Send a request and return the whole response."""
        send = partial(self._send, method, path, what)
        return self._portal.call(send) if self._portal else anyio.run(send)

    async def _send(self, method: str, path: str, what: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url=LOCAL) as client:
            return await client.request(method, path, **what)

    get = partialmethod(request, "GET")
    post = partialmethod(request, "POST")
    put = partialmethod(request, "PUT")
    delete = partialmethod(request, "DELETE")


BRIDGE = "The harbour bridge reopened on 12 March 2025. The repairs took eleven months."
FERRY = "The island ferry carries 140 passengers. It leaves the old pier every two hours."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults, over a temporary data folder."""
    return Settings(data_dir=tmp_path / "data", _env_file=None)


@pytest.fixture
def services(settings: Settings, embedder: MiniLMEmbedder) -> Iterator[Services]:
    """The real parts over an empty index."""
    with Library.open(settings.data_dir, embedder=embedder) as library, Parser() as parser:
        yield Services(settings, library, make_chain(settings, library), parser=parser)


@pytest.fixture
def client(services: Services) -> Iterator[AppClient]:
    """A client of a running application, background indexing included."""
    with _client_of(services) as opened:
        yield opened


@pytest.fixture
def reader(sample_services: Services) -> AppClient:
    """A client for requests that only read; no background indexing."""
    return _client_of(sample_services)


@pytest.fixture
def started(services: Services) -> Callable[..., AppClient]:
    """Make a client, to be entered, of an application of one's own with some settings changed."""
    return partial(_client_of, services)


@pytest.fixture
def guarded(sample_services: Services) -> Callable[..., AppClient]:
    """Make a client of an application with some settings changed."""
    return partial(_client_of, sample_services)


def _client_of(services: Services, **changes: object) -> AppClient:
    changed = replace(services, settings=services.settings.model_copy(update=changes))
    return AppClient(create_app(changed))


@pytest.fixture
def client_of() -> Callable[[FastAPI], AppClient]:
    """Make a client, to be entered, of an application that a test made."""
    return AppClient


@pytest.fixture
def finished_job() -> Callable[[AppClient, httpx.Response], dict[str, Any]]:
    """Wait for the job that a request started, and return it."""
    return _finished_job


def _finished_job(client: AppClient, response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 202, response.text
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(response.headers["location"]).json()
        if job["state"] not in ("queued", "running"):
            return job
        threading.Event().wait(0.01)
    raise AssertionError("the job did not finish")


class ScriptedChain:
    """Stands in for the chain where a test decides when and how an answer comes.

    ``before`` runs in the thread of the question, before each event.
    """

    writer = None

    def __init__(self, before: Callable[[str], None] = lambda question: None) -> None:
        self.before = before
        self.closed = threading.Event()
        self.connections_closed = threading.Event()

    async def aask(self, request: AskRequest, in_thread: InThread) -> Answer:
        """Return the last event's answer."""
        async for event in self.astream(request, in_thread):
            if isinstance(event, AnswerDone):
                answer = event.answer
        return answer

    async def aclose(self) -> None:
        """Note that the connections would be closed."""
        self.connections_closed.set()

    async def astream(
        self, request: AskRequest, in_thread: InThread
    ) -> AsyncGenerator[Event, None]:
        """Yield one sentence with its citation, then the answer."""
        answer = _scripted_answer(request.question)
        before = partial(self.before, request.question)
        try:
            await in_thread(before)
            yield SourcesFound(answer.sources)
            await in_thread(before)
            yield SentenceChecked(answer.sentences[0], answer.citations, answer.answer)
            await in_thread(before)
            yield AnswerDone(answer)
        finally:
            self.closed.set()


@pytest.fixture
def over_chain(services: Services) -> Callable[[ScriptedChain], AppClient]:
    """Make a client of an application that answers with a chain of the test's."""
    return lambda chain: AppClient(create_app(replace(services, chain=chain)))


@pytest.fixture
def scripted_chain() -> type[ScriptedChain]:
    """The chain that does what a test says."""
    return ScriptedChain


def _scripted_answer(question: str) -> Answer:
    """Return an answer of one sentence."""
    common = {"document_id": "bridge", "title": "The bridge", "source": None, "published_at": None}
    return Answer(
        id="ans_0",
        status="answered",
        reason=None,
        question=question,
        answer=f"{BRIDGE[:45]} [1].",
        sentences=(AnswerSentence(text=BRIDGE[:45], citations=(1,), support="quoted"),),
        citations=(
            Citation(
                marker=1, revision="0" * 64, url=None, start=0, end=45, quote=BRIDGE[:45], **common
            ),
        ),
        conflicts=(),
        dropped=(),
        sources=(NearestSource(score=0.8, **common),),
        generator=Generator(kind="extractive"),
        timings_ms=Timings(retrieve=1, write=1, verify=1, total=3),
    )


@pytest.fixture
def serving() -> Callable[[Services], AbstractContextManager[httpx.Client]]:
    """Serve an application on a loopback port, as ``footnote serve`` does."""
    return _serving


@contextmanager
def _serving(services: Services) -> Iterator[httpx.Client]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = make_server(create_app(services), services.settings.server)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
