"""Opens the models that the settings name. Where no model is set, nothing is loaded."""

import asyncio
import importlib
import os
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

from llama_index.core.llms import LLM

from app.models.chat import LlamaIndexChatModel
from app.models.embeddings import RetryingEmbeddings
from app.models.scripted import ScriptedLLM
from app.models.settings import EmbeddingSettings, LLMSettings

SCRIPTED = "scripted:"

_PROVIDER = "app.models.litellm_provider"


def open_model(settings: LLMSettings) -> LlamaIndexChatModel | None:
    """Return the model that writes answers, None where none is set.

    Blocks for seconds when litellm is loaded for the first time.

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


def open_embed_batch(settings: EmbeddingSettings) -> RetryingEmbeddings:
    """Return a function that embeds a batch of texts over an endpoint. Loads litellm.

    Raises:
        ModelSettingsError: the settings name no model that can be opened.
    """
    return RetryingEmbeddings(load_provider().LiteLLMEmbeddings(settings), settings)


def load_provider() -> ModuleType:
    """Import litellm, quietly, warm it up, and return the module of ours that uses it.

    While it is imported litellm would fetch a list of prices and read a ``.env`` file into the
    environment of the process; both are asked off before, by the only means there is.
    https://docs.litellm.ai/docs/proxy/custom_pricing
    """
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    if _PROVIDER not in sys.modules:
        with warnings.catch_warnings():
            # Its types make pydantic warn, while they are imported and when they are first used.
            warnings.simplefilter("ignore")
            provider = importlib.import_module(_PROVIDER)
            provider.quieten()
            with ThreadPoolExecutor(1) as pool:  # an event loop may be running on this thread
                pool.submit(asyncio.run, provider.warm_up()).result()
    return sys.modules[_PROVIDER]
