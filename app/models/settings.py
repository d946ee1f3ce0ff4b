"""Which model writes and which model embeds, and how long each may take."""

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, model_validator

_SECRET_NAME = re.compile("key|token|secret|password|credential", re.IGNORECASE)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = None
    api_base: str | None = None
    api_key: SecretStr | None = None

    options: dict[str, JsonValue] = {}

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be shown: the key, and what the options hold of the kind."""
        found = [self.api_key.get_secret_value()] if self.api_key else []
        for name, value in self.options.items():
            if isinstance(value, dict) and name in ("headers", "extra_headers"):
                found += [text for text in value.values() if isinstance(text, str)]
            elif isinstance(value, str) and _SECRET_NAME.search(name):
                found.append(value)
        return tuple(found)

    @model_validator(mode="before")
    @classmethod
    def _empty_means_none(cls, values: object) -> object:
        if isinstance(values, dict):
            return {name: None if value == "" else value for name, value in values.items()}
        return values

    @model_validator(mode="after")
    def _needs_a_model(self) -> Self:
        if self.model is None and (self.api_base or self.api_key):
            raise ValueError("MODEL is missing: an address or a key alone names no model")
        return self


class LLMSettings(_Section):
    """The model that writes answers. Without ``model`` answers are made of quotes."""

    model: str | None = Field(
        None,
        description=(
            "Chat model, as litellm names it: `gpt-4o-mini`, `anthropic/claude-…`, "
            "`ollama_chat/…`, `azure/…`. With an address and a name litellm does not know, an "
            "OpenAI-compatible server is assumed; write `openai/NAME` to be sure. "
            "`scripted:PATH` answers from a script. Empty means answers are made of quotes."
        ),
    )
    api_base: str | None = Field(
        None, repr=False, description="Address of the model's server, usually ending in `/v1`."
    )
    api_key: SecretStr | None = Field(
        None,
        description=(
            "Key for the model. Without it litellm looks for the provider's own variable, "
            "but never sends that to the address given here."
        ),
    )
    timeout_s: float = Field(
        60, gt=0, description="Seconds a whole answer may take, retries included."
    )
    first_token_s: float = Field(
        30,
        gt=0,
        description="Seconds to wait for the first sign of an answer before trying once more.",
    )
    stall_s: float = Field(
        20, gt=0, description="Seconds an answer may fall silent before it counts as cut off."
    )
    max_attempts: int = Field(
        3, ge=1, le=10, description="Most attempts at one answer; 1 never tries again."
    )
    temperature: float | None = Field(
        0, ge=0, le=2, description="Sampling temperature. Empty leaves it to the provider."
    )
    max_tokens: int | None = Field(
        None, ge=1, description="Longest answer in tokens. Empty leaves it to the provider."
    )
    context_window: int = Field(
        8192, ge=512, description="Tokens the model can read, as told to LlamaIndex components."
    )
    options: dict[str, JsonValue] = Field(
        default_factory=dict,
        repr=False,
        description=(
            "Further litellm options, as a JSON object: `num_ctx` for Ollama, `api_version` for "
            "Azure, `extra_headers`, `reasoning_effort` …"
        ),
    )


class VerifySettings(LLMSettings):
    """The model that judges sentences. Without ``model`` our own check is the only one."""

    model: str | None = Field(
        None,
        description=(
            "Chat model that judges each written sentence against its quotes, after it passed "
            "Footnote's own check; named as `FOOTNOTE_LLM__MODEL` is. It can only take sentences "
            "away. Empty means Footnote's own check alone."
        ),
    )
    timeout_s: float = Field(
        10, gt=0, description="Seconds one verdict may take, within those of the whole answer."
    )
    required: bool = Field(
        False, description="Drop sentences that it gave no verdict on, for example when it fails."
    )


class JudgeSettings(LLMSettings):
    """The model that judges answers in an evaluation, and what that may take."""

    model: str | None = Field(
        None,
        description=(
            "Chat model that judges answers in `footnote eval run --tier judge`; named as "
            "`FOOTNOTE_LLM__MODEL` is. Take another one than the one that writes."
        ),
    )
    timeout_s: float = Field(
        180, gt=0, description="Seconds one verdict may take, retries included."
    )
    first_token_s: float = Field(
        90, gt=0, description="Seconds to wait for one reply before trying once more."
    )
    max_attempts: int = Field(
        5, ge=1, le=10, description="Most attempts at one reply; 1 never tries again."
    )
    max_tokens: int | None = Field(
        4096, ge=1, description="Longest reply in tokens. Empty leaves it to the provider."
    )
    concurrency: int = Field(4, ge=1, le=64, description="Verdicts asked for at the same time.")
    total_s: float = Field(
        3600, gt=0, description="Seconds all verdicts together may take; then the rest is left out."
    )
    max_calls: int = Field(
        20_000, ge=0, description="Most calls of one evaluation; then the rest is left out."
    )
    max_total_tokens: int | None = Field(
        None, ge=0, description="Most tokens of one evaluation. Empty means no limit."
    )
    max_cost_usd: float | None = Field(
        None,
        ge=0,
        description=(
            "Most US dollars one evaluation may cost, by the two prices below, or by litellm's "
            "list where they are empty. Empty means no limit."
        ),
    )
    input_price: float | None = Field(
        None, ge=0, description="US dollars for a million prompt tokens."
    )
    output_price: float | None = Field(
        None, ge=0, description="US dollars for a million reply tokens."
    )

    @model_validator(mode="after")
    def _prices_go_together(self) -> Self:
        if (self.input_price is None) != (self.output_price is None):
            raise ValueError("INPUT_PRICE and OUTPUT_PRICE are given together or not at all")
        return self


class EmbeddingSettings(_Section):
    """The model that embeds. Without ``model`` the bundled one does."""

    model: str | None = Field(
        None,
        description=(
            "Embedding model, as litellm names it. Empty means the bundled one. "
            "Another model needs the documents indexed again."
        ),
    )
    api_base: str | None = Field(None, repr=False, description="Address of the model's server.")
    api_key: SecretStr | None = Field(None, description="Key for the embedding model.")
    dimension: int | None = Field(
        None, ge=1, description="Length of its vectors. Empty asks the model when starting."
    )
    batch_size: int = Field(64, ge=1, le=2048, description="Texts sent in one request.")
    concurrency: int = Field(4, ge=1, le=32, description="Requests under way at the same time.")
    timeout_s: float = Field(
        30, gt=0, description="Seconds a request may take; after them none is sent again."
    )
    max_attempts: int = Field(5, ge=1, le=10, description="Most attempts at one request.")
    options: dict[str, JsonValue] = Field(
        default_factory=dict, repr=False, description="Further litellm options, as a JSON object."
    )
