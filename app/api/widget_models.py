"""The bodies of what only the widget and its operator exchange: sessions, examples, ratings."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.models import Text


class WidgetSession(BaseModel):
    """What a page may carry instead of a key, for a short time."""

    token: str = Field(description="Goes into `Authorization: Bearer …`.")
    pages: str | None = Field(
        description="Goes into `?access=` of document pages; null where they need no access."
    )
    expires_in: int = Field(description="Seconds.")


class Examples(BaseModel):
    """Questions that the documents answer."""

    questions: tuple[str, ...]


class FeedbackBody(BaseModel):
    """A rating of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer_id: str = Field(pattern=r"^ans_[0-9a-f]{1,40}$", description="The answer's id.")
    rating: Literal["up", "down"] | None = Field(description="Null takes a rating back.")
    question: Annotated[Text, StringConstraints(max_length=1000)] | None = Field(
        None, description="What was asked, for the operator to read."
    )
    comment: Annotated[Text, StringConstraints(max_length=2000)] | None = Field(
        None, description="What the reader says."
    )


class FeedbackLine(BaseModel):
    """A rating that is kept."""

    model_config = ConfigDict(from_attributes=True)

    answer_id: str
    rating: Literal["up", "down"]
    question: str | None
    comment: str | None
    origin: str | None = Field(description="The page's origin, where the widget sent it.")
    created_at: dt.datetime
