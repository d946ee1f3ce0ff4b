"""A model that answers from a script: for tests, demos, and trying the service without a provider.

A LlamaIndex ``CustomLLM``, so that it takes the same way through the house as any other.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from pydantic import PrivateAttr

from app.models.errors import ModelRequestError, ModelTimeoutError
from app.models.script import Reply, Script


class ScriptedLLM(CustomLLM):
    """Plays a script. Safe for several conversations at once on one event loop.

    Args:
        script: what it says.
    """

    _script: Script = PrivateAttr()
    _used: Counter[int] = PrivateAttr(default_factory=Counter)

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script

    @classmethod
    def load(cls, path: Path) -> "ScriptedLLM":
        """Return the model that plays the script in a file. Raises ModelSettingsError."""
        return cls(Script.load(path))

    @classmethod
    def class_name(cls) -> str:
        """Return the name LlamaIndex serialises the component under."""
        return "FootnoteScriptedLLM"

    @property
    def metadata(self) -> LLMMetadata:
        """Say what the model is."""
        return LLMMetadata(model_name="scripted", is_chat_model=True)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """Return the whole reply. Blocking."""
        text = "".join(response.delta or "" for response in self._play(prompt))
        return CompletionResponse(text=text)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        """Return the reply in pieces. Blocking."""
        return self._play(prompt)

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Return the whole reply."""
        text = "".join([response.delta or "" async for response in self._aplay(messages)])
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text))

    @llm_chat_callback()
    async def astream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> ChatResponseAsyncGen:
        """Return the reply in pieces."""
        return self._aplay(messages)

    def _play(self, prompt: str) -> CompletionResponseGen:
        reply = self._choose(prompt, prompt)
        time.sleep(reply.first_delay)
        text = ""
        for piece in reply.pieces(prompt):
            text += piece
            yield CompletionResponse(text=text, delta=piece)
            time.sleep(reply.delay)
        if reply.hang:
            raise ModelTimeoutError  # nobody could stop a thread that hangs
        if failure := reply.failure():
            raise failure

    async def _aplay(self, messages: Sequence[ChatMessage]) -> ChatResponseAsyncGen:
        prompt = messages[-1].content or ""
        system = "\n".join(m.content or "" for m in messages if m.role == MessageRole.SYSTEM)
        reply = self._choose(system, prompt)
        await asyncio.sleep(reply.first_delay)
        text = ""
        for piece in reply.pieces(prompt):
            text += piece
            message = ChatMessage(role=MessageRole.ASSISTANT, content=text)
            yield ChatResponse(message=message, delta=piece)
            if reply.delay:
                await asyncio.sleep(reply.delay)
        if reply.hang:
            await asyncio.Event().wait()
        if failure := reply.failure():
            raise failure

    def _choose(self, system: str, prompt: str) -> Reply:
        for number, reply in enumerate(self._script.replies):
            spent = reply.times is not None and self._used[number] >= reply.times
            if not spent and reply.fits(system, prompt):
                self._used[number] += 1
                return reply
        raise ModelRequestError("The script has no reply to this question.")
