"""The script of a scripted model: which question gets which reply, or which failure.

A YAML or JSON file with ``replies``, tried from the top; the first that matches is used. In a
reply ``{question}`` stands for the question and ``{cite:REGEX}`` for the marker of the first
passage of the prompt that the expression finds, so that scripts need not know the ranking.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.models import errors
from app.models.errors import ModelError, ModelSettingsError
from prompts.quoting import parse_passages, parse_question

ERRORS: Mapping[str, type[ModelError]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ModelError)
}
"""The failures a script can name, by code."""

_CITE = re.compile(r"\{cite:([^{}]+)\}")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reply(_Frozen):
    """One scripted reply. Without ``match`` and ``system`` it answers everything."""

    match: str | None = Field(None, description="Expression the question must contain.")
    system: str | None = Field(None, description="Expression the system message must contain.")
    times: int | None = Field(None, ge=1, description="Use it this often, then pass it over.")
    reply: str = Field("", description="What the model says.")
    chunk: int | None = Field(None, ge=1, description="Characters a piece; by default a word.")
    first_delay: float = Field(0, ge=0, description="Seconds before the first piece.")
    delay: float = Field(0, ge=0, description="Seconds after each piece.")
    error: str | None = Field(None, description="Code of the failure that ends the reply.")
    retry_after: float | None = Field(None, description="Seconds the failure asks to wait.")
    hang: bool = Field(False, description="Fall silent after the reply instead of ending.")

    @model_validator(mode="after")
    def _can_be_played(self) -> Self:
        for expression in (self.match, self.system, *_CITE.findall(self.reply)):
            re.compile(expression or "")  # re.error is a ValueError's cousin: see Script.load
        if self.error is not None and self.error not in ERRORS:
            raise ValueError(f"unknown error {self.error!r}: use one of {', '.join(ERRORS)}")
        return self

    def fits(self, system: str, prompt: str) -> bool:
        """Tell whether this reply is meant for the prompt."""
        return _found(self.match, parse_question(prompt)) and _found(self.system, system)

    def pieces(self, prompt: str) -> list[str]:
        """Return the reply to a prompt in the pieces it is streamed in."""
        passages = parse_passages(prompt)

        def marker(found: re.Match[str]) -> str:
            numbers = [n for n, text in passages.items() if _found(found[1], text)]
            return f"[{numbers[0]}]" if numbers else ""

        text = _CITE.sub(marker, self.reply).replace("{question}", parse_question(prompt))
        if self.chunk is None:
            return re.findall(r"\s*\S+\s*?(?=\s|$)|\s+$", text)
        return [text[i : i + self.chunk] for i in range(0, len(text), self.chunk)]

    def failure(self) -> ModelError | None:
        """Return the failure that ends the reply, a new one each time."""
        return ERRORS[self.error](retry_after=self.retry_after) if self.error else None


class Script(_Frozen):
    """All replies of a scripted model."""

    replies: tuple[Reply, ...] = Field(min_length=1)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a script from a file.

        Raises:
            ModelSettingsError: the file cannot be read or is not a script.
        """
        try:
            return cls.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, re.error) as error:
            raise ModelSettingsError(f"The script {path} cannot be used: {error}") from error


def _found(expression: str | None, text: str) -> bool:
    return expression is None or re.search(expression, text, re.IGNORECASE | re.DOTALL) is not None
