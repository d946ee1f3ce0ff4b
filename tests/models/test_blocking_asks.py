"""Questions of callers without an event loop, through the real litellm, one after another."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from app.answer.chain import AskRequest, Chain
from app.models.settings import LLMSettings
from app.services import Services, make_chain
from tests.loopback_model import KEY, Hang, LoopbackModel, Text

QUESTION = AskRequest("When do the coalition's operations in Syria end?")
TRUE = Text("Coalition operations in Syria last until September 2026 [1].")
Opened = Callable[[LoopbackModel], AbstractContextManager[Chain]]


@pytest.fixture
def chain_of(provider: Any, sample_services: Services) -> Opened:
    @contextmanager
    def opened(server: LoopbackModel) -> Iterator[Chain]:
        llm = LLMSettings(model="openai/loopback", api_base=server.url, api_key=KEY)
        settings = sample_services.settings.model_copy(update={"llm": llm})
        chain = make_chain(settings, sample_services.library)
        try:
            yield chain
        finally:
            chain.close()

    return opened


def test_one_question_after_another_is_written_over_kept_connections(chain_of: Opened) -> None:
    with LoopbackModel(TRUE, key=KEY) as server:
        with chain_of(server) as chain:
            answers = [chain.ask(QUESTION) for _ in range(20)]
            # One goes back to the pool a moment after its answer, so a second may be opened.
            assert server.connections < 20
        assert server.wait_until_left(10)
    assert {answer.generator.kind for answer in answers} == {"model"}
    assert len({answer.answer for answer in answers}) == 1


def test_questions_of_several_threads_are_answered_side_by_side(chain_of: Opened) -> None:
    with LoopbackModel(TRUE) as server, chain_of(server) as chain, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(chain.ask, [QUESTION] * 24))
    assert {answer.generator.kind for answer in answers} == {"model"}


def test_a_chain_that_was_closed_can_be_asked_again(chain_of: Opened) -> None:
    with LoopbackModel(TRUE) as server:
        for _ in range(3):
            with chain_of(server) as chain:
                assert chain.ask(QUESTION).generator.kind == "model"
                chain.close()
                assert chain.ask(QUESTION).generator.kind == "model"
        assert server.wait_until_left(10)


def test_closing_stops_the_thread_and_what_still_runs(chain_of: Opened) -> None:
    before = set(threading.enumerate())
    with (
        LoopbackModel(Hang()) as server,
        chain_of(server) as chain,
        ThreadPoolExecutor(1) as pool,
    ):
        asking = pool.submit(chain.ask, QUESTION)
        while not server.requests:
            threading.Event().wait(0.01)
        chain.close()
        assert wait([asking], 10).done
        assert server.requests[0].gone.wait(10)
    assert not [t for t in set(threading.enumerate()) - before if t.name == "footnote-loop"]


def test_a_chain_without_a_model_starts_no_loop(sample_services: Services) -> None:
    before = set(threading.enumerate())
    chain = make_chain(sample_services.settings, sample_services.library)
    chain.ask(QUESTION)
    assert not [t for t in set(threading.enumerate()) - before if t.name == "footnote-loop"]
    chain.close()
