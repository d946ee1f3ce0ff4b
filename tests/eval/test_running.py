"""Asking a service the questions of cases, in this process and over a real socket."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from app import sample_corpus
from app.answer.model import Answer, Turn
from app.api.application import create_app
from app.api.models import FoundPassage
from app.services import Services
from app.settings import Limits, Settings
from eval.cases.loading import CaseSet, load
from eval.cases.model import Case
from eval.metrics import score_all, summarise
from eval.results import Observation
from eval.running import in_process, observe, remote
from eval.running.local import LocalService
from index.embedding.minilm import MiniLMEmbedder
from index.errors import (
    InvalidDocumentError,
    InvalidInputError,
    NotFoundError,
    StorageError,
    UnavailableError,
)

DATASETS = Path(__file__).parents[2] / "eval" / "datasets"
SETTINGS = Settings(_env_file=None)
CASE = Case("a-1", "a", "fact", "When does the Syria phase end?", "answer")


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """Serve an application on a loopback port, as ``footnote serve`` does."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(services), log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


@pytest.fixture(scope="module")
def shipped() -> CaseSet:
    """Cases of every kind, some with a history and some with filters."""
    folder = sample_corpus.folder()
    with in_process([folder], SETTINGS) as service:
        cases = load([DATASETS], service.text_of)
    chosen = {case.kind: case for case in cases.cases}
    filtered = [case for case in cases.cases if case.filters.sources][:2]
    return CaseSet((*chosen.values(), *(c for c in filtered if c not in chosen.values())), {})


def test_a_running_service_gives_the_figures_of_one_in_process(
    shipped: CaseSet, sample_services: Services, embedder: MiniLMEmbedder
) -> None:
    with in_process(None, SETTINGS) as service:
        here = observe(shipped, service)
    with serving(sample_services) as url, remote(url) as service:
        there = observe(shipped, service)
        assert service.info.target == url
        assert service.info.versions["footnote"] != "unknown"
    assert [same(one) for one in here] == [same(one) for one in there]
    figures = [
        {
            summary.metric: summary
            for summary in summarise(
                shipped.cases, score_all(shipped.cases, observations, embedder=embedder)
            )
            if summary.metric != "latency_ms"
        }
        for observations in (here, there)
    ]
    assert figures[0] == figures[1]


def same(observation: Observation) -> Observation:
    """Leave out what differs from one run to the next."""
    assert observation.answer is not None, observation.error
    fixed = {"id": "ans", "timings_ms": None}
    return observation.model_copy(
        update={"answer": observation.answer.model_copy(update=fixed), "seconds": 0.0}
    )


def test_spans_are_read_from_the_stored_text(sample_services: Services) -> None:
    (observation,) = observe(CaseSet((CASE,), {}), LocalService(sample_services))
    assert observation.answer is not None
    assert observation.answer.citations
    assert observation.spans == tuple(one.quote for one in observation.answer.citations)
    assert observation.seconds > 0
    assert len(observation.passages) == 8


def test_a_case_that_raises_is_kept_and_the_rest_go_on(sample_services: Services) -> None:
    class Failing(LocalService):
        def ask(self, case: Case) -> tuple[Answer, float]:
            if case.id == "a-2":
                raise StorageError("The disk is full.")
            return super().ask(case)

    cases = CaseSet(tuple(replace(CASE, id=f"a-{n}") for n in (1, 2, 3)), {})
    seen: list[tuple[int, int]] = []
    observations = observe(
        cases, Failing(sample_services), progress=lambda done, total: seen.append((done, total))
    )
    assert [one.case_id for one in observations] == ["a-1", "a-2", "a-3"]
    assert [one.error for one in observations] == [None, "storage_error: The disk is full.", None]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_follow_up_is_searched_by_its_completed_question(sample_services: Services) -> None:
    searched: list[str] = []

    class Listening(LocalService):
        def search(self, case: Case, top_k: int) -> tuple[FoundPassage, ...]:
            searched.append(case.question)
            return super().search(case, top_k)

    history = (Turn(role="user", content="When does the Syria phase end?"),)
    observe(
        CaseSet((replace(CASE, question="And in Iraq?", history=history),), {}),
        Listening(sample_services),
    )
    assert searched != ["And in Iraq?"]


def test_the_corpus_of_a_user_is_indexed_apart_from_their_data(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "ferry.md").write_text("# Ferry\n\nThe ferry carries 140 passengers.\n")
    data = tmp_path / "data"
    settings = SETTINGS.model_copy(
        update={"data_dir": data, "catalog_url": SecretStr("sqlite:////nowhere/at/all.sqlite")}
    )
    with in_process([notes], settings) as service:
        assert "140 passengers" in service.text_of("ferry")
        answer, _ = service.ask(replace(CASE, question="How many passengers does it carry?"))
        assert service.read_span("ferry", answer.citations[0].revision, 9, 19) == "The ferry "
        assert service.read_span("ferry", answer.citations[0].revision, 9, 9000) is None
        assert service.read_span("ferry", "0" * 64, 9, 19) is None
        with pytest.raises(NotFoundError):
            service.text_of("bridge")
        assert service.info.models == {
            "answer": None,
            "verify": None,
            "embedding": "all-MiniLM-L6-v2-int8",
        }
        assert len(service.info.prompts["answer"]) == 64
    assert not data.exists()


def test_a_corpus_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError), in_process([tmp_path / "nothing"], SETTINGS):
        pass
    with pytest.raises(InvalidDocumentError, match="no file"), in_process([tmp_path], SETTINGS):
        pass
    (tmp_path / "good.md").write_text("The ferry carries 140 passengers.")
    (tmp_path / "blank.md").write_text(" ")
    with pytest.raises(InvalidDocumentError, match=r"blank\.md"), in_process([tmp_path], SETTINGS):
        pass


def test_a_question_over_the_limit_raises_both_ways(sample_services: Services) -> None:
    limited = replace(
        sample_services,
        settings=SETTINGS.model_copy(update={"limits": Limits(question_characters=10)}),
    )
    (here,) = observe(CaseSet((CASE,), {}), LocalService(limited))
    with serving(limited) as url, remote(url) as service:
        (there,) = observe(CaseSet((CASE,), {}), service)
    assert here.error
    assert there.error
    assert here.error.startswith("invalid_")
    assert there.error.startswith("invalid_")


def test_the_key_of_a_service_is_sent_and_a_wrong_one_is_told(sample_services: Services) -> None:
    guarded = replace(
        sample_services, settings=SETTINGS.model_copy(update={"api_key": SecretStr("open")})
    )
    with serving(guarded) as url:
        with remote(url, "open") as service:
            assert service.text_of("two-stage-withdrawal")
            with pytest.raises(NotFoundError):
                service.text_of("no/such document")
        for key in (None, "wrong"):
            with pytest.raises(InvalidInputError, match="FOOTNOTE_API_KEY"), remote(url, key):
                pass


def _refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("connection refused", request=request)


def _hang(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("", request=request)


@pytest.mark.parametrize(
    ("handler", "why"),
    [
        (_refuse, "cannot be reached"),
        (_hang, "did not answer /v1/documents in 5 s"),
        (lambda request: httpx.Response(200, text="<html>"), "is not Footnote"),
        (lambda request: httpx.Response(502, text="<html>"), "answered 502"),
        (lambda request: httpx.Response(503, json={"detail": "Not ready."}), "Not ready"),
    ],
)
def test_a_service_that_takes_no_question_is_told_at_once(
    handler: Callable[[httpx.Request], httpx.Response], why: str
) -> None:
    transport = httpx.MockTransport(handler)
    target = remote("http://127.0.0.1:1/", timeout_s=5, transport=transport)
    with pytest.raises(UnavailableError, match=why), target:
        pass


def test_what_is_no_url_is_told() -> None:
    with pytest.raises(InvalidInputError, match="localhost:8000"), remote("localhost:8000"):
        pass


def test_a_reply_that_is_not_understood_is_that_cases_error() -> None:
    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"items": [], "answer": 1, "info": {"version": "9"}})

    with remote("http://127.0.0.1:1", transport=httpx.MockTransport(reply)) as service:
        (observation,) = observe(CaseSet((CASE,), {}), service)
        assert service.info.versions == {"footnote": "9"}
    assert observation.error
    assert "does not understand" in observation.error
