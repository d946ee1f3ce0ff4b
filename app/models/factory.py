"""Opens the models that the settings name. Where no model is set, nothing is loaded."""

import importlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from llama_index.core.llms import LLM

from app.models.base import ChatModel, Deadline
from app.models.chat import LlamaIndexChatModel
from app.models.errors import ModelError
from app.models.retries import Retries
from app.models.scripted import ScriptedLLM
from app.models.settings import EmbeddingSettings, LLMSettings

SCRIPTED = "scripted:"

EmbedBatch: TypeAlias = Callable[[Sequence[str]], list[list[float]]]


def open_model(settings: LLMSettings) -> ChatModel | None:
    """Return the model that writes answers, None where none is set.

    Loading litellm takes seconds and blocks; ``warm_up`` then does the rest of it.

    Raises:
        ModelSettingsError: the settings name no model that can be opened.
    """
    if settings.model is None:
        return None
    scripted = settings.model.startswith(SCRIPTED)
    name = "scripted" if scripted else settings.model
    return LlamaIndexChatModel(open_llm(settings), settings, name=name)


def open_llm(settings: LLMSettings) -> LLM:
    """Return the model as a LlamaIndex LLM. Raises like ``open_model``."""
    if settings.model and settings.model.startswith(SCRIPTED):
        return ScriptedLLM.load(Path(settings.model.removeprefix(SCRIPTED)))
    llm: LLM = load_provider().FootnoteLiteLLM(settings)
    return llm


def open_embed_batch(settings: EmbeddingSettings) -> EmbedBatch:
    """Return a function that embeds one batch of texts over an endpoint, with retries. Blocking.

    Raises:
        ModelSettingsError: the settings name no model that can be opened.
    """
    embed_once: Callable[[Sequence[str], float], list[list[float]]]
    embed_once = load_provider().LiteLLMEmbeddings(settings)
    retries = Retries(settings.max_attempts)

    def embed_batch(texts: Sequence[str]) -> list[list[float]]:
        deadline = Deadline.after(settings.timeout_s)
        attempt = 0
        while True:
            attempt += 1
            try:
                return embed_once(texts, deadline.remaining())
            except ModelError as error:
                pause = retries.pause(attempt, error, deadline)
                if pause is None:
                    raise
            time.sleep(pause)

    return embed_batch


def load_provider() -> ModuleType:
    """Import litellm, quietly, and return the module of ours that uses it.

    While it is imported litellm would fetch a list of prices and read a ``.env`` file into the
    environment of the process; both are asked off before, by the only means there is.
    https://docs.litellm.ai/docs/proxy/custom_pricing
    """
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    provider = importlib.import_module("app.models.litellm_provider")
    provider.quieten()
    return provider
