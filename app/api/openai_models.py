"""The bodies of the OpenAI-compatible endpoints.

https://platform.openai.com/docs/api-reference/chat. Parameters that steer a model's sampling are
accepted and ignored, as chat programs send them unasked; what would change what an answer is, and
cannot be had here, is refused.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
)

from app.answer.model import Answer
from app.api.validation import whole_characters

MODEL = "footnote"
Role: TypeAlias = Literal["system", "developer", "user", "assistant", "tool", "function"]


def _text_of(content: object) -> object:
    """Return the text of a message's content: a string, or the text parts of a list."""
    if content is None:
        return ""
    if not isinstance(content, list):
        return content
    texts = []
    for part in content:
        if not isinstance(part, dict) or part.get("type") not in ("text", "refusal"):
            raise ValueError("may hold parts of the type text only")
        text = part.get(part["type"])
        if not isinstance(text, str):
            raise ValueError("has a text part without text")
        texts.append(text)
    return "\n".join(texts)


_PARTS = {"type": "array", "items": {"type": "object", "required": ["type"]}}
Content: TypeAlias = Annotated[
    str,
    BeforeValidator(_text_of),
    AfterValidator(whole_characters),
    WithJsonSchema({"anyOf": [{"type": "string"}, _PARTS, {"type": "null"}]}),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ChatMessage(_Request):
    """One message of the conversation."""

    role: Role
    content: Content = Field("", description="Text, or a list of parts of the type `text`.")


class StreamOptions(_Request):
    """What a stream says besides."""

    include_usage: bool | None = None


class ResponseFormat(_Request):
    """The form that the answer is wanted in."""

    type: str = "text"


class ChatBody(_Request):
    """A conversation whose last message of the user is the question."""

    messages: tuple[ChatMessage, ...] = Field(
        min_length=1, description="Oldest first. System messages are ignored."
    )
    model: str | None = Field(None, description="Anything; `footnote` answers.")
    stream: bool | None = Field(None, description="Whether to send chunks as they are made.")
    stream_options: StreamOptions | None = None
    n: int | None = Field(None, description="1: a question has one answer.")
    response_format: ResponseFormat | None = Field(None, description="`text` only.")
    tools: tuple[Any, ...] | None = Field(None, description="None; an empty list will do.")
    functions: tuple[Any, ...] | None = Field(None, description="None; an empty list will do.")

    @field_validator("n")
    @classmethod
    def _one_answer(cls, n: int | None) -> int | None:
        if n not in (None, 1):
            raise ValueError("must be 1: a question has one answer")
        return n

    @field_validator("response_format")
    @classmethod
    def _plain_text(cls, wanted: ResponseFormat | None) -> ResponseFormat | None:
        if wanted is not None and wanted.type != "text":
            raise ValueError(
                "must be text: answers are sentences with markers; the answer object under "
                "footnote is JSON"
            )
        return wanted

    @field_validator("tools", "functions")
    @classmethod
    def _no_tools(cls, given: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
        if given:
            raise ValueError("must be left out or empty: answers come from the documents alone")
        return given


class UrlCitation(BaseModel):
    """Where a marker stands in the content, and the page that shows its quote."""

    start_index: int = Field(description="Offset of the marker, in Unicode code points.")
    end_index: int = Field(description="Offset after the marker.")
    url: str = Field(description="The document's page here, with the quote marked.")
    title: str


class Annotation(BaseModel):
    """A citation in OpenAI's form."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AssistantMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="The answer with its markers; a refusal is one, too.")
    refusal: None = None
    annotations: tuple[Annotation, ...] = Field(description="One for each marker in the content.")
    footnote: Answer = Field(description="The whole answer object.")


class Choice(BaseModel):
    """The one answer."""

    index: Literal[0] = 0
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Zeros: what a model behind this service used is not counted here."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class ChatCompletion(BaseModel):
    """An answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Seconds since 1970.")
    model: str = MODEL
    choices: tuple[Choice]
    usage: Usage = Usage()


class ModelCard(BaseModel):
    """A model that can be named in a request."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = Field(0, description="Seconds since 1970; not known, so zero.")
    owned_by: str = "footnote"


class ModelList(BaseModel):
    """The models: one."""

    object: Literal["list"] = "list"
    data: tuple[ModelCard, ...] = (ModelCard(),)
