"""Many readers at once, each with a stream of its own, over a real server."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.answer.model import Answer
from app.models.settings import LLMSettings
from app.services import Services, make_chain
from index.model import SourceDocument

READERS = 50
NAMES = [f"{first}{last}" for first in ("Al", "Bor", "Cor", "Dun", "Esk") for last in (
    "berg", "dal", "fors", "haven", "lund", "mark", "ness", "stad", "vik", "wold")]  # fmt: skip
Serving = Callable[[Services], AbstractContextManager[httpx.Client]]


def steps(number: int) -> int:
    return 113 + 7 * number


@pytest.fixture
def written(services: Services, tmp_path: Path) -> Services:
    """Fifty towers, a document each, and a model that has two sentences for each of them."""
    replies = []
    for number, name in enumerate(NAMES):
        text = (
            f"The tower of {name} has {steps(number)} steps. "
            f"It was built by the guild of {name} in {1400 + number}."
        )
        document = SourceDocument(f"tower-{number}", text, f"The tower of {name}", "Towers")
        services.library.add(document)
        reply = (
            f"The tower of {name} has {steps(number)} steps {{cite:{name}}}. "
            f"The tower of {name} was built in {1400 + number} {{cite:{name}}}."
        )
        replies.append({"match": name, "reply": reply, "chunk": 7, "delay": 0.002})
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"replies": replies}))
    settings = services.settings.model_copy(update={"llm": LLMSettings(model=f"scripted:{script}")})
    return replace(services, settings=settings, chain=make_chain(settings, services.library))


async def read(client: httpx.AsyncClient, name: str) -> list[tuple[str, Any]]:
    body = {"question": f"How many steps does the tower of {name} have?"}
    events = []
    async with client.stream(
        "POST", "/v1/ask", json=body, headers={"accept": "text/event-stream"}
    ) as response:
        assert response.status_code == 200
        event = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((event, json.loads(line.removeprefix("data: "))))
    return events


def test_fifty_streams_at_once_are_complete_and_each_is_its_own(
    written: Services, serving: Serving
) -> None:
    async def all_at_once(url: httpx.URL) -> list[list[tuple[str, Any]]]:
        limits = httpx.Limits(max_connections=READERS)
        async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
            return await asyncio.gather(*(read(client, name) for name in NAMES))

    with serving(written) as client:
        streams = asyncio.run(all_at_once(client.base_url))
    assert len(streams) == READERS
    ids = set()
    for number, (name, events) in enumerate(zip(NAMES, streams, strict=True)):
        assert [kind for kind, _ in events] == ["sources", "sentence", "sentence", "done"]
        answer = Answer.model_validate(events[-1][1])
        ids.add(answer.id)
        assert [e["sentence"]["text"] for kind, e in events if kind == "sentence"] == [
            f"The tower of {name} has {steps(number)} steps.",
            f"The tower of {name} was built in {1400 + number}.",
        ]
        assert (answer.status, answer.generator.kind) == ("answered", "model")
        assert {citation.document_id for citation in answer.citations} == {f"tower-{number}"}
        assert events[0][1]["sources"][0]["document_id"] == f"tower-{number}"
    assert len(ids) == READERS
