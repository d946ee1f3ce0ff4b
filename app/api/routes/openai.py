"""The OpenAI-compatible endpoints: the same answers, in the form that chat programs read."""

import secrets
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Body, Depends
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.answer import quotes
from app.answer.chain import AskRequest
from app.answer.draft import places
from app.answer.events import AnswerDone, Event, SentenceChecked
from app.answer.model import Answer, Citation, ShortAnswer, Turn
from app.api import openai_errors, problems, validation
from app.api.dependencies import InContext, in_turn, require_json, while_connected
from app.api.examples import CHAT_CHUNKS, CHAT_EXAMPLES
from app.api.openai_models import (
    MODEL,
    Annotation,
    AssistantMessage,
    ChatBody,
    ChatCompletion,
    ChatMessage,
    Choice,
    ModelCard,
    ModelList,
    UrlCitation,
    Usage,
)
from app.api.sse import EventStream, ServerEvent
from app.settings import Limits

router = APIRouter(tags=["OpenAI-compatible"], responses={"default": openai_errors.RESPONSE})
DONE: ServerEvent = (None, b"[DONE]")


@router.post(
    openai_errors.CHAT,
    summary="Ask, as a chat completion",
    response_model=ChatCompletion,
    response_description="The answer, or its chunks.",
    responses={200: {"content": {"text/event-stream": {"example": CHAT_CHUNKS}}}},
    dependencies=[Depends(require_json)],
)
async def chat_completion(
    context: InContext,
    request: Request,
    body: Annotated[ChatBody, Body(openapi_examples=CHAT_EXAMPLES)],
) -> ChatCompletion | Response:
    """Answer the last message of the user from the documents, for clients of OpenAI's API.

    Earlier messages of user and assistant are the conversation that a follow-up is understood by;
    system messages are ignored, and so are parameters that steer sampling. Each marker of the
    answer has a `url_citation` annotation that points to the document's page; the whole answer
    object is under `footnote`. With `stream` each chunk is one checked sentence.
    """
    question = question_of(body.messages, context.services.settings.limits)
    reply = Reply(str(request.base_url))
    asking, scope = context.asking, request.scope
    asking.admit(scope)
    if body.stream:
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        events = asking.events(scope, question, in_turn(context))
        return EventStream(
            partial(_chunks, events, reply, with_usage),
            on_error=partial(_error_event, request),
        )
    answer = await while_connected(request, asking.answer(scope, question, in_turn(context)))
    return reply.whole(answer)


@router.get(openai_errors.MODELS, summary="List the models")
async def models() -> ModelList:
    """Return the one model that answers here, for clients of OpenAI's API."""
    return ModelList()


@router.get(f"{openai_errors.MODELS}/{{model}}", summary="Read a model")
async def model(model: str) -> ModelCard:
    """Return the model of this name, for clients of OpenAI's API."""
    if model != MODEL:
        raise HTTPException(404, f"There is one model here: {MODEL}.")
    return ModelCard()


def question_of(messages: Sequence[ChatMessage], limits: Limits) -> AskRequest:
    """Return the question and what was said before it.

    A chat program sends all of a conversation, so of its history the newest part within the limits
    is used.

    Raises:
        RequestValidationError: there is no question, or it is over the limit.
    """
    asked = [i for i, message in enumerate(messages) if message.role == "user"]
    if not asked:
        raise RequestValidationError(
            [validation.unusable("messages", "hold no message of the user, which is the question")]
        )
    place = f"messages.{asked[-1]}.content"
    question = messages[asked[-1]].content
    if not question.strip():
        raise RequestValidationError(
            [validation.unusable(place, "is empty; ask the question in a sentence")]
        )
    if len(question) > limits.question_characters:
        raise RequestValidationError(
            [validation.too_long(place, len(question), limits.question_characters)]
        )
    return AskRequest(question, _history(messages[: asked[-1]], limits))


def _history(messages: Sequence[ChatMessage], limits: Limits) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    characters = 0
    for message in reversed(messages):
        if message.role not in ("user", "assistant") or not message.content.strip():
            continue
        characters += len(message.content)
        if len(turns) == limits.history_turns or characters > limits.history_characters:
            break
        turns.append(
            Turn(
                role="user" if message.role == "user" else "assistant",
                content=message.content,
            )
        )
    return tuple(reversed(turns))


@dataclass(slots=True)
class Reply:
    """One reply in the making: its name, its address, and the content so far.

    Args:
        base_url: where this service is reached, with a slash at its end.
    """

    base_url: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))
    content: str = ""

    def add(
        self,
        rendered: str,
        markers: Sequence[int],
        cited: Iterable[Citation],
        short: ShortAnswer | None = None,
    ) -> "Added":
        """Add a sentence to the content; return what it adds and the annotations in it.

        With the short answer, the annotation of its citation leads to it.
        """
        text = f" {rendered}" if self.content else rendered
        offset = len(self.content) + len(text) - len(rendered)
        self.content += text
        citations = {citation.marker: citation for citation in cited}
        annotations = tuple(
            self._annotation(citations[marker], offset + start, offset + end, short)
            for marker, start, end in places(rendered, markers)
        )
        return Added(text, annotations)

    def whole(self, answer: Answer) -> ChatCompletion:
        """Return a finished answer."""
        annotations: list[Annotation] = []
        for sentence, rendered in zip(answer.sentences, quotes.rendered(answer), strict=True):
            added = self.add(rendered, sentence.citations, answer.citations, answer.short)
            annotations += added.annotations
        message = AssistantMessage(
            content=answer.answer, annotations=tuple(annotations), footnote=answer
        )
        return ChatCompletion(id=self.id, created=self.created, choices=(Choice(message=message),))

    def chunk(
        self, delta: dict[str, Any], *, finish_reason: str | None = None, **more: object
    ) -> ServerEvent:
        """Return a chunk of the stream."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self._event({"choices": [choice], **more})

    def usage(self) -> ServerEvent:
        """Return the chunk that says what was used."""
        return self._event({"choices": [], "usage": Usage()})

    def _event(self, more: dict[str, object]) -> ServerEvent:
        head = {"id": self.id, "object": "chat.completion.chunk", "created": self.created}
        return None, to_json({**head, "model": MODEL, **more})

    def _annotation(
        self, citation: Citation, start: int, end: int, short: ShortAnswer | None
    ) -> Annotation:
        where: dict[str, str | int] = {
            "revision": citation.revision,
            "start": citation.start,
            "end": citation.end,
        }
        if short and short.citation == citation.marker and short.start is not None:
            where["short"] = f"{short.start}-{short.end}"
        url = f"{self.base_url}documents/{quote(citation.document_id, safe='')}?{urlencode(where)}"
        return Annotation(
            url_citation=UrlCitation(
                start_index=start, end_index=end, url=url, title=citation.title
            )
        )


@dataclass(frozen=True, slots=True)
class Added:
    """What one sentence adds to the content."""

    text: str
    annotations: tuple[Annotation, ...]


async def _chunks(
    answering: AsyncGenerator[Event, None], reply: Reply, with_usage: bool
) -> AsyncGenerator[ServerEvent, None]:
    async with aclosing(answering) as events:
        yield reply.chunk({"role": "assistant", "content": ""})
        async for event in events:
            if isinstance(event, SentenceChecked):
                added = reply.add(event.rendered, event.sentence.citations, event.citations)
                yield reply.chunk({"content": added.text, "annotations": added.annotations})
            elif isinstance(event, AnswerDone):
                if not reply.content:
                    yield reply.chunk({"content": event.answer.answer})
                yield reply.chunk({}, finish_reason="stop", footnote=event.answer)
    if with_usage:
        yield reply.usage()
    yield DONE


def _error_event(request: Request, error: Exception) -> ServerEvent:
    problem = problems.of(error, request.scope)
    problems.log_if_ours(error, problem)
    return None, to_json(openai_errors.of(problem))
