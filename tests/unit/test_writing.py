"""What a reader gets when a model writes, over the sample briefs; the model does as it is told."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial

import pytest

from app.answer.chain import AskRequest, Chain
from app.answer.events import AnswerDone, Event, SentenceChecked
from app.answer.finding import Finder
from app.answer.model import Answer, Turn
from app.answer.quotes import REFUSAL
from app.answer.support import check_drafted
from app.answer.writing import Writer
from app.models.base import Deadline
from app.models.errors import (
    ContextTooLongError,
    CutOffError,
    ModelError,
    ModelKeyError,
    ModelTimeoutError,
)
from app.services import Services
from prompts import Message, Prompts

QUESTION = "When do the coalition's operations in Syria end?"
TRUE = "Coalition operations in Syria last until September 2026 [1]."
FALSE = "Coalition operations in Syria last until March 2031 [1]."

Script = Sequence[str | ModelError | asyncio.Event]


class ToldModel:
    """Streams one script a call; an Event in a script is waited for."""

    name = "told"

    def __init__(self, *scripts: Script) -> None:
        self.prompts: list[Sequence[Message]] = []
        self.closed = 0
        self._scripts = list(scripts)

    async def stream(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> AsyncGenerator[str, None]:
        self.prompts.append(messages)
        try:
            for step in self._scripts.pop(0):
                if isinstance(step, ModelError):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.closed += 1

    async def complete(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> str:
        return "".join([piece async for piece in self.stream(messages, deadline=deadline)])

    async def warm_up(self) -> None: ...

    async def aclose(self) -> None: ...


@pytest.fixture
def chain_of(sample_services: Services) -> Callable[[ToldModel], Chain]:
    library = sample_services.library
    finder = Finder(
        embedder=library.embedder,
        retriever=lambda top_k, filters: library.retriever(top_k=top_k, filters=filters),
        passages_of=library.passages_of,
        top_k=8,
    )
    quoter = sample_services.chain.quoter

    def make(model: ToldModel) -> Chain:
        checking = partial(check_drafted, embed=library.embedder.embed)
        return Chain(
            finder,
            quoter,
            Writer(model, Prompts.load(), checking, quoter.verifier, timeout_s=30),
        )

    return make


@pytest.fixture
def written(chain_of: Callable[[ToldModel], Chain]) -> Callable[..., Answer]:
    def ask(*scripts: Script, history: tuple[Turn, ...] = ()) -> Answer:
        chain = chain_of(ToldModel(*scripts))
        return asyncio.run(chain.aask(AskRequest(QUESTION, history=history)))

    return ask


async def events_of(chain: Chain) -> list[Event]:
    return [event async for event in chain.astream(AskRequest(QUESTION))]


def test_a_supported_sentence_is_shown_with_the_exact_quote_behind_it(
    written: Callable[..., Answer], sample_services: Services
) -> None:
    answer = written([TRUE])
    assert (answer.status, answer.generator.kind) == ("answered", "model")
    assert answer.generator.prompt == Prompts.load().answer_sha
    assert answer.sentences[0].text == "Coalition operations in Syria last until September 2026."
    for citation in answer.citations:
        span = sample_services.library.read_span(
            citation.document_id, citation.revision, citation.start, citation.end
        )
        assert span == citation.quote
    assert "September 2026" in answer.citations[0].quote


def test_an_unsupported_sentence_is_left_out_and_listed_with_the_reason(
    written: Callable[..., Answer],
) -> None:
    answer = written([f"{TRUE} {FALSE}"])
    assert answer.status == "partial"
    assert "2031" not in answer.answer
    assert [d.text for d in answer.dropped] == [FALSE.replace(" [1]", "")]
    assert answer.dropped[0].why


def test_a_draft_of_which_nothing_holds_is_replaced_by_quotes(
    written: Callable[..., Answer],
) -> None:
    answer = written([FALSE])
    assert (answer.generator.kind, answer.reason) == ("extractive", "draft_unsupported")
    assert "September 2026" in answer.answer
    assert answer.dropped


@pytest.mark.parametrize("error", [ModelTimeoutError(), ModelKeyError()])
def test_a_model_that_fails_is_replaced_by_quotes(
    written: Callable[..., Answer], error: ModelError
) -> None:
    answer = written([error])
    assert (answer.generator.kind, answer.reason) == ("extractive", "model_unavailable")
    assert "September 2026" in answer.answer


def test_a_draft_that_broke_off_is_asked_for_once_more(written: Callable[..., Answer]) -> None:
    answer = written([TRUE, CutOffError()], [TRUE])
    assert (answer.status, answer.generator.kind) == ("answered", "model")


def test_a_draft_that_keeps_breaking_off_is_replaced_by_quotes(
    written: Callable[..., Answer],
) -> None:
    answer = written([TRUE, CutOffError()], [TRUE, CutOffError()])
    assert (answer.generator.kind, answer.reason) == ("extractive", "model_unavailable")


def test_what_a_reader_has_seen_stays_when_the_draft_breaks_off(
    chain_of: Callable[[ToldModel], Chain],
) -> None:
    events = asyncio.run(events_of(chain_of(ToldModel([f"{TRUE} And", CutOffError()]))))
    shown = [event.sentence for event in events if isinstance(event, SentenceChecked)]
    assert isinstance(events[-1], AnswerDone)
    answer = events[-1].answer
    assert answer.sentences == tuple(shown)
    assert (answer.status, answer.reason) == ("partial", "model_unavailable")


def test_the_model_may_say_that_the_sources_do_not_answer(
    written: Callable[..., Answer],
) -> None:
    answer = written([REFUSAL])
    assert (answer.status, answer.reason, answer.answer) == ("refused", "no_evidence", REFUSAL)
    assert answer.sources


def test_too_long_a_prompt_is_sent_again_with_fewer_passages(
    chain_of: Callable[[ToldModel], Chain],
) -> None:
    model = ToldModel([ContextTooLongError()], [TRUE])
    answer = asyncio.run(chain_of(model).aask(AskRequest(QUESTION)))
    assert answer.generator.kind == "model"
    first, second = (prompt[-1].content for prompt in model.prompts)
    assert len(second) < len(first)


def test_a_sentence_is_shown_while_the_model_is_still_silent_after_it(
    chain_of: Callable[[ToldModel], Chain],
) -> None:
    async def first_sentence() -> None:
        go_on = asyncio.Event()
        chain = chain_of(ToldModel([TRUE, go_on, f" {FALSE}"]))
        async for event in chain.astream(AskRequest(QUESTION)):
            if isinstance(event, SentenceChecked):
                go_on.set()  # the model says no more before the first sentence was shown

    asyncio.run(asyncio.wait_for(first_sentence(), 20))


def test_leaving_the_stream_stops_the_model(chain_of: Callable[[ToldModel], Chain]) -> None:
    async def leave() -> int:
        model = ToldModel([TRUE, asyncio.Event()])
        events = chain_of(model).astream(AskRequest(QUESTION))
        async for event in events:
            if isinstance(event, SentenceChecked):
                break
        await events.aclose()
        return model.closed

    assert asyncio.run(asyncio.wait_for(leave(), 20)) == 1


def test_a_repeated_sentence_is_shown_once(written: Callable[..., Answer]) -> None:
    assert len(written([f"{TRUE} {TRUE}"]).sentences) == 1


def test_an_invented_marker_never_reaches_the_reader(written: Callable[..., Answer]) -> None:
    answer = written([TRUE.replace("[1]", "[99]")])
    assert "[99]" not in answer.answer
    assert {c.marker for c in answer.citations} == set(range(1, len(answer.citations) + 1))


HISTORY = (
    Turn(role="user", content="What is the coalition?"),
    Turn(role="assistant", content="A military alliance against Daesh."),
)


def test_the_model_completes_a_follow_up_question(written: Callable[..., Answer]) -> None:
    completed = "When do operations of the coalition in Syria end?"
    assert written([completed], [TRUE], history=HISTORY).question == completed


def test_a_follow_up_is_completed_offline_when_the_model_fails(
    written: Callable[..., Answer],
) -> None:
    answer = written([ModelTimeoutError()], [TRUE], history=HISTORY)
    assert answer.question
    assert answer.generator.kind == "model"
