"""A second opinion: a model judges each sentence that passed our own check against its quotes.

It can only take sentences away. Where it fails, or says nothing that can be read, our own verdict
stands, unless the settings want every sentence judged. Knows no provider.
"""

import json
import logging
import re
from typing import Literal, TypeAlias

from pydantic import BaseModel, ValidationError, field_validator

from app.answer.draft import Draft
from app.models.base import ChatModel, Deadline
from app.models.errors import ModelError
from prompts import Prompts

LOG = logging.getLogger("footnote.answer")
MOST_REASON_CHARACTERS = 200
UNJUDGED = "the model that checks sentences gave no verdict"

Word: TypeAlias = Literal["supported", "unsupported"]
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_BARE = re.compile(r"\W*(supported|unsupported|not supported)\b\W*(.*)", re.IGNORECASE | re.DOTALL)


class Opinion(BaseModel):
    """What the judge says of a sentence."""

    verdict: Word
    reason: str = ""

    @field_validator("verdict", mode="before")
    @classmethod
    def _in_any_case(cls, verdict: object) -> object:
        return verdict.strip().lower() if isinstance(verdict, str) else verdict


class Judge:
    """Judges sentences with a model.

    Args:
        model: gives the verdicts.
        prompts: what it is told.
        timeout_s: most seconds one verdict may take.
        required: whether a sentence without a verdict is dropped.
    """

    def __init__(
        self, model: ChatModel, prompts: Prompts, *, timeout_s: float, required: bool = False
    ) -> None:
        self.name = model.name
        self.prompt = prompts.verify_sha
        self._model = model
        self._prompts = prompts
        self._timeout_s = timeout_s
        self._required = required

    def hearing(self, deadline: Deadline) -> "Hearing":
        """Return what judges the sentences of one answer, done by the deadline."""
        return Hearing(self, deadline)

    async def opinion(self, draft: Draft, deadline: Deadline) -> Opinion | None:
        """Return the verdict on a sentence, None when the reply is none.

        Raises:
            ModelError: there is no reply.
        """
        messages = self._prompts.verify(draft.text, draft.evidence)
        limit = Deadline.after(min(self._timeout_s, deadline.remaining()))
        return parse(await self._model.complete(messages, deadline=limit))

    def without_opinion(self) -> str | None:
        """Return why a sentence that was not judged is dropped, None when it is not."""
        return UNJUDGED if self._required else None

    async def aclose(self) -> None:
        """Close the model's connections."""
        await self._model.aclose()


class Hearing:
    """One answer's sentences before the judge. When it fails once, it is not waited for again."""

    def __init__(self, judge: Judge, deadline: Deadline) -> None:
        self._judge = judge
        self._deadline = deadline
        self._failed = False

    async def objection(self, draft: Draft) -> str | None:
        """Return why a sentence must not be shown, None when it may."""
        if self._failed:
            return self._judge.without_opinion()
        try:
            opinion = await self._judge.opinion(draft, self._deadline)
        except ModelError as error:
            LOG.warning("The judge failed (%s): %s", error.code, error.detail or error.message)
            self._failed = True
            return self._judge.without_opinion()
        if opinion is None:
            LOG.warning("The judge gave no verdict that can be read")
            return self._judge.without_opinion()
        if opinion.verdict == "supported":
            return None
        reason = " ".join(opinion.reason.split())[:MOST_REASON_CHARACTERS]
        return f"{self._judge.name} finds it unsupported" + (f": {reason}" if reason else "")


def parse(reply: str) -> Opinion | None:
    """Return the opinion in a reply: a JSON object, or the word with or without a reason."""
    if found := _OBJECT.search(reply):
        try:
            return Opinion.model_validate(json.loads(found.group()))
        except (ValueError, ValidationError, RecursionError):
            return None
    if bare := _BARE.fullmatch(reply):
        supported = bare[1].lower() == "supported"
        return Opinion(verdict="supported" if supported else "unsupported", reason=bare[2])
    return None
