"""A real Chromium against a real server: where it is found, how it is started, what it looks at.

REQUIRE_TEST_BROWSER names the program, or says ``required`` where a missing one is a failure.
"""

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app import sample_corpus
from app.answer.chain import AskRequest
from app.answer.events import AnswerDone, Event, SentenceChecked, SourcesFound
from app.answer.model import (
    Answer,
    AnswerSentence,
    Citation,
    Claim,
    Conflict,
    DroppedSentence,
    Generator,
    NearestSource,
    Timings,
)
from app.answer.threads import InThread
from app.api.application import create_app
from app.services import Services, make_chain
from app.settings import Settings, WidgetSettings
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WANTED = os.environ.get("REQUIRE_TEST_BROWSER", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")


def _program() -> str | None:
    names = PROGRAMS if WANTED in ("", "required") else (WANTED,)
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The browser, for one module: its driver keeps an event loop in the thread of the tests."""
    program = _program()
    if program is None:
        problem = "no Chromium here; on Debian or Ubuntu: apt install chromium"
        if WANTED:
            pytest.fail(problem)
        pytest.skip(problem)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page in a fresh profile. What it logs as an error fails the test, unless expected."""
    contexts = []
    errors: list[str] = []

    def open_one(url: str, *, expects_errors: bool = False, **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if not expects_errors:
            page.on("console", lambda entry: entry.type == "error" and errors.append(entry.text))
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


@dataclass
class Script:
    """A chain whose answers a test writes, one sentence after the other."""

    writer: None = None  # no model is asked
    sentences: int = 3
    pause_s: float = 0.0
    waits_after: int | None = None
    breaks_after: int | None = None
    refuses: bool = False
    conflict: bool = False
    by_model: bool = False
    asked: list[AskRequest] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    async def astream(
        self, request: AskRequest, in_thread: InThread
    ) -> AsyncGenerator[Event, None]:
        """Yield the sources, the sentences, the answer."""
        self.asked.append(request)
        answer = self.answer(request.question)
        self.closed.clear()
        try:
            yield SourcesFound(answer.sources)
            for number, sentence in enumerate(answer.sentences, start=1):
                await anyio.sleep(self.pause_s)
                cited = tuple(c for c in answer.citations if c.marker in sentence.citations)
                yield SentenceChecked(sentence, cited, sentence.text)
                if number == self.breaks_after:
                    raise RuntimeError("the model fell over")
                if number == self.waits_after:
                    await in_thread(lambda: self.go_on.wait(20))
            yield AnswerDone(answer)
        finally:
            self.closed.set()

    def answer(self, question: str) -> Answer:
        """Return the answer to any question."""
        common = {"title": "The harbour bridge", "source": "Harbour Gazette"}
        texts = [
            f"Sentence {n} of the answer tells of the bridge." for n in range(1, self.sentences + 1)
        ]
        if self.refuses:
            texts = []
        citations = tuple(
            Citation(
                marker=number,
                document_id=f"bridge-{number}",
                revision="0" * 64,
                url="https://gazette.example/bridge" if number == 1 else None,
                published_at="2025-03-14" if number % 2 else None,
                start=10 * number,
                end=10 * number + 9,
                quote=f"Quote {number} with <b>markup</b> & “marks”.",
                **common,
            )
            for number in range(1, len(texts) + 1)
        )
        sentences = tuple(
            AnswerSentence(
                text=text, citations=(n,), support="supported" if self.by_model else "quoted"
            )
            for n, text in enumerate(texts, start=1)
        )
        return Answer(
            id=f"ans_{len(self.asked):024x}",
            status="refused" if self.refuses else "answered",
            reason="weak_evidence" if self.refuses else None,
            question=question,
            answer=" ".join(f"{s.text[:-1]} [{s.citations[0]}]." for s in sentences)
            or "The sources do not answer this question.",
            sentences=sentences,
            citations=citations,
            conflicts=(
                Conflict(
                    claims=(
                        Claim(value="mid-2025", citations=(1,)),
                        Claim(value="the end of September 2025", citations=(2,)),
                    )
                ),
            )
            if self.conflict
            else (),
            dropped=(
                DroppedSentence(text="The bridge has 3,000 rivets.", why="3,000 is not in it"),
            )
            if self.by_model
            else (),
            sources=(
                NearestSource(document_id="bridge-1", published_at="2025-03-14", score=1, **common),
            ),
            generator=Generator(
                kind="model" if self.by_model else "extractive",
                model="some-model" if self.by_model else None,
            ),
            timings_ms=Timings(retrieve=1.25, write=1, verify=1, total=3.25),
        )

    async def aclose(self) -> None:
        """Close nothing."""

    def quote(self, request: AskRequest) -> Answer:
        """Answer nothing, so that no example is offered."""
        return self.answer(request.question).model_copy(update={"status": "refused"})


@dataclass
class Site:
    """A running service."""

    url: str
    services: Services
    stop: Callable[[], None]


@contextmanager
def _serving(services: Services) -> Iterator[Site]:
    with _listening(create_app(services)) as (address, stop):
        yield Site(address, services, stop)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    assert condition()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait until a condition holds."""
    return _until


@pytest.fixture(scope="module")
def sample_site(sample_services: Services) -> Iterator[Site]:
    """The service over the sample corpus, for tests that only read."""
    with _serving(sample_services) as site:
        yield site


@pytest.fixture
def own_site(tmp_path: Path, embedder: MiniLMEmbedder) -> Iterator[Callable[..., Site]]:
    """Serve a data folder of the test's own, with settings of its own."""
    with contextlib.ExitStack() as stack:

        def serve(*, samples: bool = False, **changes: Any) -> Site:
            settings = Settings(data_dir=tmp_path / "data", _env_file=None, **changes)
            library = stack.enter_context(Library.open(settings.data_dir, embedder=embedder))
            if samples:
                assert all(o.error is None for o in sample_corpus.index_once(library))
            services = Services(settings, library, make_chain(settings, library))
            return stack.enter_context(_serving(services))

        yield serve


@pytest.fixture
def scripted(sample_services: Services) -> Iterator[Callable[..., tuple[Site, Script]]]:
    """Serve answers that a test writes."""
    with contextlib.ExitStack() as stack:

        def serve(origins: tuple[str, ...] = (), **what: Any) -> tuple[Site, Script]:
            script = Script(**what)
            widget = WidgetSettings(
                origins=origins,
                questions_per_minute=10_000,
                address_per_minute=10_000,
                sessions_per_minute=10_000,
            )
            settings = sample_services.settings.model_copy(update={"widget": widget})
            services = replace(sample_services, settings=settings, chain=script)  # type: ignore[arg-type]
            stack.callback(script.go_on.set)
            return stack.enter_context(_serving(services)), script

        yield serve


@pytest.fixture
def host_page() -> Iterator[Callable[..., str]]:
    """Serve a page of somebody else's, and return its address."""
    with contextlib.ExitStack() as stack:

        def serve(body: Callable[[], str], policy: Callable[[], str]) -> str:
            async def answer(request: object) -> HTMLResponse:
                head = '<!doctype html><html lang="en"><title>Host</title>'
                icon = '<link rel="icon" href="data:,">'
                headers = {"Content-Security-Policy": policy()} if policy() else {}
                return HTMLResponse(head + icon + body(), headers=headers)

            app = Starlette(routes=[Route("/", answer)])
            address, _ = stack.enter_context(_listening(app))
            return address

        yield serve


@contextmanager
def _listening(app: Any) -> Iterator[tuple[str, Callable[[], None]]]:
    """Serve an application on a loopback port; yield its address and a way to cut it off."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    _until(lambda: server.started)

    def stop() -> None:
        server.should_exit = server.force_exit = True
        thread.join(20)
        listener.close()

    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", stop
    finally:
        stop()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe-core."""
    from importlib.resources import files

    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture
def serious_findings(axe_source: str) -> Callable[[Any], list[str]]:
    """Run axe-core on a page and return what is serious or critical."""

    def find(page: Any) -> list[str]:
        page.evaluate(axe_source)  # not a script element: our pages' policy forbids those
        found = page.evaluate("() => axe.run(document)")
        return [
            f"{item['id']}: {[node['target'] for node in item['nodes']]}"
            for item in found["violations"]
            if item["impact"] in ("serious", "critical")
        ]

    return find
