"""Questions: answered as one object, or as a stream of checked sentences."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Body, Depends
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.answer.chain import AskRequest
from app.answer.events import AnswerDone, Event, SentenceChecked, SourcesFound
from app.answer.model import Answer
from app.api import access, problems, validation
from app.api.dependencies import InContext, in_turn, require_json, while_connected
from app.api.examples import ANSWER_EVENTS, ASK_EXAMPLES
from app.api.models import AskBody, FoundPassage, SearchBody, SearchResult
from app.api.sse import EventStream, ServerEvent
from app.settings import Limits

if TYPE_CHECKING:
    from app.services import Services

router = APIRouter(prefix="/v1", tags=["Questions"], dependencies=[Depends(require_json)])
EVENT_STREAM = "text/event-stream"


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=Answer,
    response_description="The answer object, or its events.",
    responses={200: {"content": {EVENT_STREAM: {"example": ANSWER_EVENTS}}}},
)
async def ask(
    context: InContext,
    request: Request,
    body: Annotated[AskBody, Body(openapi_examples=ASK_EXAMPLES)],
) -> Answer | Response:
    """Answer a question from the indexed documents, every sentence backed by an exact quote.

    The answer is `answered`, `partial` or `refused`; a refusal has a reason and names the nearest
    sources. With `Accept: text/event-stream` the answer comes as server-sent events: `sources`,
    then `sentence` for each checked sentence, then `done` with the whole answer object; or `error`
    with problem details. Lines that start with a colon are heartbeats.
    """
    access.check_search(access.caller_of(request.scope), body)
    check_limits(body, context.services.settings.limits)
    question = AskRequest(body.question, body.history, body.filters.to_filters(), body.top_k)
    asking, scope = context.asking, request.scope
    asking.admit(scope)
    if wants_events(request):
        return EventStream(
            partial(_events, asking.events(scope, question, in_turn(context))),
            on_error=partial(_error_event, request),
        )
    return await while_connected(request, asking.answer(scope, question, in_turn(context)))


@router.post("/search", summary="Find passages")
async def search(context: InContext, request: Request, body: SearchBody) -> SearchResult:
    """Return the passages that are nearest to a question, best first, without an answer."""
    check_limits(body, context.services.settings.limits)
    with context.asking.place():
        search = in_turn(context)(partial(_search, context.services, body))
        return await while_connected(request, search)


def _search(services: "Services", body: SearchBody) -> SearchResult:
    retriever = services.library.retriever(
        top_k=body.top_k or services.settings.retrieval.top_k, filters=body.filters.to_filters()
    )
    found = retriever.search(body.question)
    return SearchResult.model_construct(passages=tuple(map(FoundPassage.of, found)))


def check_limits(body: SearchBody, limits: Limits) -> None:
    """Check what the settings limit.

    Raises:
        RequestValidationError: over a limit, or the question is blank.
    """
    errors = []
    if not body.question.strip():
        errors.append(validation.unusable("question", "is empty; ask it in a sentence"))
    if len(body.question) > limits.question_characters:
        errors.append(
            validation.too_long("question", len(body.question), limits.question_characters)
        )
    history = body.history if isinstance(body, AskBody) else ()
    if len(history) > limits.history_turns:
        errors.append(validation.too_long("history", len(history), limits.history_turns, "turns"))
    characters = sum(len(turn.content) for turn in history)
    if characters > limits.history_characters:
        errors.append(validation.too_long("history", characters, limits.history_characters))
    if errors:
        raise RequestValidationError(errors)


def wants_events(request: Request) -> bool:
    """Tell whether the client asked for an event stream."""
    for part in request.headers.get("accept", "").split(","):
        media_type, _, parameters = part.partition(";")
        if media_type.strip().lower() == EVENT_STREAM:
            return parameters.replace(" ", "") not in ("q=0", "q=0.0")
    return False


async def _events(answering: AsyncGenerator[Event, None]) -> AsyncGenerator[ServerEvent, None]:
    async with aclosing(answering) as events:
        async for event in events:
            yield _server_event(event)


def _server_event(event: Event) -> ServerEvent:
    match event:
        case SourcesFound():
            return "sources", to_json({"sources": event.sources})
        case SentenceChecked():
            return "sentence", to_json({"sentence": event.sentence, "citations": event.citations})
        case AnswerDone():
            return "done", to_json(event.answer)


def _error_event(request: Request, error: Exception) -> ServerEvent:
    problem = problems.of(error, request.scope)
    problems.log_if_ours(error, problem)
    return "error", to_json(problem, exclude_none=True)
