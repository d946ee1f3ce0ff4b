"""The judge: a chat model of ours, with what its replies depend on and what they cost.

Opens it from the settings. Knows neither ragas nor how replies are read.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.models.base import Completion, Deadline
from app.models.factory import SCRIPTED, load_provider, open_model
from app.models.settings import JudgeSettings
from index.errors import InvalidInputError
from prompts import Message

_MILLION = 1_000_000


class JudgeSettingsError(InvalidInputError):
    """There is no judge, or a limit that cannot be held."""

    code = "invalid_judge_settings"


class Completing(Protocol):
    """A chat model that tells what its replies took; ``LlamaIndexChatModel`` is one."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    async def completion(
        self, messages: Sequence[Message], *, deadline: Deadline | None = None
    ) -> Completion:
        """Return the whole reply, or raise ModelError."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """A model that judges.

    Attributes:
        chat: the model itself.
        identity: what a reply depends on besides the prompt; part of the key in the cache, where
            only a sha-256 of it goes.
        price: US dollars a prompt and a reply token, None where unknown.
    """

    chat: Completing
    identity: str
    price: tuple[float, float] | None = None


def open_judge(settings: JudgeSettings) -> JudgeModel:
    """Return the model that the section ``judge`` of the settings names. Loads litellm.

    Raises:
        JudgeSettingsError: it names none, or limits a cost that nobody can know.
        ModelSettingsError: it names one that cannot be opened.
    """
    chat = open_model(settings)
    if chat is None:
        raise JudgeSettingsError(
            "No judge is set: give FOOTNOTE_JUDGE__MODEL, and _API_BASE and _API_KEY as the model "
            "needs them, or run the offline tier."
        )
    price = _price(settings)
    if settings.max_cost_usd is not None and price is None:
        raise JudgeSettingsError(
            f"What {settings.model} costs is not known, so FOOTNOTE_JUDGE__MAX_COST_USD cannot be "
            "kept: give FOOTNOTE_JUDGE__INPUT_PRICE and __OUTPUT_PRICE, or limit "
            "FOOTNOTE_JUDGE__MAX_TOTAL_TOKENS instead."
        )
    return JudgeModel(chat, _identity(settings), price)


def _price(settings: JudgeSettings) -> tuple[float, float] | None:
    if settings.input_price is not None and settings.output_price is not None:
        return settings.input_price / _MILLION, settings.output_price / _MILLION
    if settings.model is None or settings.model.startswith(SCRIPTED):
        return None
    price: tuple[float, float] | None = load_provider().price_of(settings.model, settings.api_base)
    return price


def _identity(settings: JudgeSettings) -> str:
    secrets = settings.secrets()
    options = {
        name: value
        for name, value in settings.options.items()
        if value not in secrets and name not in ("headers", "extra_headers")
    }
    parts = {
        "model": settings.model,
        "api_base": settings.api_base,
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "options": options,
    }
    return json.dumps(parts, sort_keys=True)
