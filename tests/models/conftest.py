"""Models behind a loopback server, reached through the real litellm."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import pytest

from app.models.base import ChatModel
from app.models.factory import load_provider, open_model
from app.models.settings import LLMSettings
from prompts import Message
from tests.loopback_model import KEY, LoopbackModel

T = TypeVar("T")

MESSAGES = [Message("system", "Be brief."), Message("user", "When does it end?")]


@pytest.fixture(scope="session")
def provider() -> Any:
    """The module that uses litellm, loaded and warm."""
    return load_provider()


@pytest.fixture
def use(provider: Any) -> Callable[..., Any]:
    """Return a function that runs a coroutine with a model of a server and closes it after."""

    def run(
        server: LoopbackModel, work: Callable[[ChatModel], Awaitable[T]], **settings: object
    ) -> T:
        async def main() -> T:
            async with opened(server, **settings) as model:
                return await work(model)

        return asyncio.run(main())

    return run


@contextlib.asynccontextmanager
async def opened(server: LoopbackModel, **settings: object) -> AsyncIterator[ChatModel]:
    """Open a model of the server; short limits unless others are given."""
    defaults = {
        "model": "openai/loopback",
        "api_base": server.url,
        "api_key": KEY,
        "timeout_s": 5,
        "max_attempts": 1,
    }
    model = open_model(LLMSettings.model_validate({**defaults, **settings}))
    assert model is not None
    try:
        yield model
    finally:
        await model.aclose()


async def heard(model: ChatModel, said: list[str]) -> None:
    """Stream the reply into ``said``."""
    async for delta in model.stream(MESSAGES):
        said.append(delta)
