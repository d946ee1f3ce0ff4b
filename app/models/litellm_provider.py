"""The only module that imports litellm: LlamaIndex's class for it, made safe, and embeddings.

Import it through ``app.models.factory``, which switches off what litellm does while it is imported.
Knows neither prompts nor answers.
"""

import contextlib
import logging
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import litellm
import openai
from litellm.llms.custom_httpx.async_client_cleanup import close_litellm_async_clients
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.llms.litellm import LiteLLM
from llama_index.llms.litellm.utils import from_litellm_message, to_openai_message_dicts
from pydantic import PrivateAttr, SecretStr

from app.models.base import Usage
from app.models.errors import (
    ContentFilteredError,
    CutOffError,
    EmptyReplyError,
    GarbledReplyError,
    LengthLimitError,
    ModelError,
    ModelSettingsError,
)
from app.models.failures import translate
from app.models.settings import EmbeddingSettings, LLMSettings

_NO_KEY = "none"  # the client insists on one; local servers want none


def quieten() -> None:
    """Switch off what litellm prints, logs and reports. Idempotent.

    Its debug log shows requests with their headers, and httpx logs addresses, which may hold
    credentials; we log failures ourselves, without secrets.
    """
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.disable_streaming_logging = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpcore", "aiohttp"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("httpx").setLevel(logging.WARNING)


async def warm_up() -> None:
    """Load what litellm loads at its first call, about a second; sends nothing."""
    reply = await litellm.acompletion(
        model="openai/warm-up",
        messages=[{"role": "user", "content": "."}],
        mock_response=".",
        stream=True,
    )
    async for _ in reply:
        pass


def provider_of(model: str, api_base: str | None) -> str:
    """Return litellm's name of the provider of a model.

    Raises:
        ModelSettingsError: litellm knows none, and there is no address to assume one for.
    """
    try:
        return str(litellm.get_llm_provider(model=model, api_base=api_base)[1])
    except litellm.exceptions.BadRequestError:
        if api_base is not None:
            return "openai"
    raise ModelSettingsError(
        f"{model!r} names no provider of models. Write it as provider/model, for example "
        "openai/gpt-4o-mini, or give the address of an OpenAI-compatible server as API_BASE."
    )


def price_of(model: str, api_base: str | None) -> tuple[float, float] | None:
    """Return US dollars a prompt and a completion token cost by litellm's own list, if it knows.

    Raises:
        ModelSettingsError: the model names no provider.
    """
    provider = provider_of(model, api_base)
    bare = model.removeprefix(f"{provider}/")
    for name in (model, f"{provider}/{bare}", bare):
        entry = litellm.model_cost.get(name)
        if entry and entry.get("litellm_provider") == provider:
            prices = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
            if None not in prices:
                return float(prices[0]), float(prices[1])
    return None


class FootnoteLiteLLM(LiteLLM):
    """LlamaIndex's LiteLLM, with four things put right.

    - Its key sits in a public field, and so in ``repr`` and ``to_dict``. Here it is private.
    - A consumer that stops reading leaves the connection open (measured: the server still sees it
      after two seconds). Here the stream is closed with the generator.
    - It retries on its own, blindly and for up to ten attempts of four to ten seconds, with two
      more of the openai client inside each. Here each call is one request; who calls it retries.
    - It takes the end of litellm's stream for the end of the answer. litellm makes up a ``stop``
      where the provider never sent one; here that is an answer cut off.

    Everything litellm raises comes out as a ``ModelError``, so that spans and events never see a
    provider's message.
    """

    _settings: LLMSettings = PrivateAttr()

    def __init__(self, settings: LLMSettings) -> None:
        if settings.model is None:
            raise ModelSettingsError("No model is set.")
        super().__init__(model=settings.model, max_tokens=settings.max_tokens, max_retries=1)
        self._settings = settings
        self._custom_llm_provider = provider_of(settings.model, settings.api_base)

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises the component under."""
        return "FootnoteLiteLLM"

    @property
    def metadata(self) -> LLMMetadata:
        """Say what the model is, from the settings: litellm's own table is slow and often wrong."""
        return LLMMetadata(
            context_window=self._settings.context_window,
            num_output=self.max_tokens or -1,
            is_chat_model=True,
            is_function_calling_model=False,
            model_name=self.model,
        )

    @property
    def _model_kwargs(self) -> dict[str, Any]:
        settings = self._settings
        given = {
            "temperature": settings.temperature,
            "max_tokens": settings.max_tokens,
            "api_base": settings.api_base,
        }
        return {
            "model": self.model,
            "custom_llm_provider": self._custom_llm_provider,
            "timeout": settings.timeout_s,
            "max_retries": 0,
            "drop_params": True,  # a model that takes no temperature is still a model
            **{name: value for name, value in given.items() if value is not None},
            **_key(settings.api_key, settings.api_base),
            **settings.options,
        }

    async def aclose(self) -> None:
        """Close litellm's connections, those of other models included: it keeps them together."""
        await close_litellm_async_clients()  # type: ignore[no-untyped-call]  # untyped in litellm
        # It would hand out a closed client again where a later event loop has the same id.
        _forget_clients()

    async def _achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        failure: ModelError
        try:
            reply = await litellm.acompletion(
                messages=to_openai_message_dicts(messages), **self._get_all_kwargs(**kwargs)
            )
            choice = reply.choices[0] if reply.choices else None
            if choice is None:
                failure = EmptyReplyError(detail="no choices")
            elif end := _bad_end(choice.finish_reason, choice.message.content or ""):
                failure = end
            else:
                return ChatResponse(
                    message=from_litellm_message(choice.message),
                    additional_kwargs={"usage": _usage(reply)},
                )
        except Exception as error:  # noqa: BLE001 - whatever litellm raises becomes ours
            failure = translate(error, self._settings.secrets())
        raise failure

    async def _astream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> ChatResponseAsyncGen:
        failure: ModelError
        try:
            stream = await litellm.acompletion(
                messages=to_openai_message_dicts(messages),
                stream=True,
                **self._get_all_kwargs(**kwargs),
            )
        except Exception as error:  # noqa: BLE001 - whatever litellm raises becomes ours
            failure = translate(error, self._settings.secrets())
        else:
            return self._responses(stream)
        raise failure

    async def _responses(self, stream: Any) -> AsyncGenerator[ChatResponse, None]:
        content = ""
        failure: ModelError | None = None
        try:
            async with contextlib.aclosing(stream):
                async for chunk in stream:
                    if not chunk.choices:
                        continue
                    choice = chunk.choices[0]
                    delta = choice.delta.content or ""
                    content += delta
                    yield ChatResponse(
                        message=ChatMessage(role=MessageRole.ASSISTANT, content=content),
                        delta=delta,
                    )
                    if choice.finish_reason:
                        # What litellm does after this, counting tokens for its log, is not needed.
                        failure = _bad_end(_sent_finish_reason(stream), content)
                        break
        except Exception as error:  # noqa: BLE001 - whatever litellm raises becomes ours
            failure = translate(error, self._settings.secrets())
        if failure is not None:
            raise failure


class LiteLLMEmbeddings:
    """One batch of texts to vectors, over any embeddings endpoint. Safe in several threads.

    The time limit is the same for each call: litellm keeps a client for each one it is given, and
    with it a connection (measured: a new one for each call of a limit that shrinks).
    """

    def __init__(self, settings: EmbeddingSettings) -> None:
        if settings.model is None:
            raise ModelSettingsError("No embedding model is set.")
        self._settings = settings
        self._provider = provider_of(settings.model, settings.api_base)

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text, in their order.

        Raises:
            ModelError: the endpoint gave no usable vectors in time.
        """
        settings = self._settings
        failure: ModelError
        try:
            arguments: dict[str, Any] = {
                "max_retries": 0,
                **_key(settings.api_key, settings.api_base),
                **settings.options,
            }
            reply = litellm.embedding(
                model=settings.model,
                input=list(texts),
                custom_llm_provider=self._provider,
                api_base=settings.api_base,
                timeout=settings.timeout_s,
                **arguments,
            )
            rows = sorted(reply.data, key=lambda row: int(row["index"]))
            if len(rows) == len(texts):
                return [list(map(float, row["embedding"])) for row in rows]
            failure = GarbledReplyError(detail=f"{len(rows)} vectors for {len(texts)} texts")
        except Exception as error:  # noqa: BLE001 - whatever litellm raises becomes ours
            failure = translate(error, settings.secrets())
        raise failure

    def close(self) -> None:
        """Close litellm's connections for blocking calls: it keeps them for all models together."""
        for client in list(litellm.in_memory_llm_clients_cache.cache_dict.values()):
            if isinstance(client, openai.OpenAI):
                client.close()
        _forget_clients()


def _forget_clients() -> None:
    litellm.in_memory_llm_clients_cache.flush_cache()  # type: ignore[no-untyped-call]  # untyped


def _key(secret: SecretStr | None, api_base: str | None) -> dict[str, str]:
    """Return the key argument.

    With an address of the user's own and no key, litellm would send that address the key it finds
    in the environment for the provider; a made-up one keeps it from looking.
    """
    if secret is not None:
        return {"api_key": secret.get_secret_value()}
    return {"api_key": _NO_KEY} if api_base is not None else {}


def _usage(reply: Any) -> Usage | None:
    """Return the tokens of a reply, None where the provider counted none."""
    usage = getattr(reply, "usage", None)
    prompt = getattr(usage, "prompt_tokens", None)
    completion = getattr(usage, "completion_tokens", None)
    if not (isinstance(prompt, int) and isinstance(completion, int) and prompt + completion > 0):
        return None
    return Usage(prompt, completion)


def _sent_finish_reason(stream: Any) -> str | None:
    """Return why the provider says it stopped, None when it never said."""
    reason: str | None = stream.received_finish_reason or stream.intermittent_finish_reason
    return reason


def _bad_end(finish_reason: str | None, content: str) -> ModelError | None:
    """Return what is wrong with an answer that ended for this reason."""
    if finish_reason == "content_filter":
        return ContentFilteredError()
    if finish_reason == "length":
        return LengthLimitError()
    if finish_reason is None:
        kind = CutOffError if content.strip() else EmptyReplyError
        return kind(detail="the stream ended without a finish reason")
    return None
