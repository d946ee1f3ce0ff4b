"""What Footnote adds to a model: time around it, many streams at once, and memory.

A scripted model answers over the sample briefs, word for word as they stand, so that what is
measured is the retrieval, the check and the transport. It needs no data of the user's.
"""

import asyncio
import json
import re
import time
from pathlib import Path
from statistics import median, quantiles

import httpx

from app import sample_corpus
from app.answer.chain import AskRequest, Chain
from app.answer.events import SentenceChecked, SourcesFound
from app.models.factory import open_model
from app.models.settings import LLMSettings
from app.services import Services, build
from app.settings import Settings
from eval.benchmarks.report import Report
from eval.benchmarks.server import serving
from prompts import Message

_STREAMS = 50
_WARM_UP = 20
_LEAST_CHARACTERS = 60
_FIRST_DELAY_S = 0.15
_WORD_DELAY_S = 0.01


def overhead(folder: Path, *, questions: int = 200) -> Report:
    """Time whole questions of a model that takes no time, in process."""
    with _opened(folder, delay=0.0) as services:
        asked = _questions(services)
        report = asyncio.run(_overhead(services.chain, asked, questions))
    return report


def first_sentence(folder: Path, *, questions: int = 40) -> Report:
    """Time how much later than the model's own first sentence the reader's comes."""
    with _opened(folder, delay=_WORD_DELAY_S) as services:
        asked = _questions(services)[:questions]
        settings = services.settings.llm
        return asyncio.run(_first_sentence(services.chain, settings, asked))


def load(folder: Path, *, questions: int = 2000) -> Report:
    """Ask a server over HTTP: fifty streams at once, then many questions; watch its memory."""
    with _opened(folder, delay=0.0) as services:
        asked = _questions(services)
        model = services.settings.llm.model or ""
    report = Report("a model under load", f"{_STREAMS} streams at once, {questions} questions")
    with serving(folder / "data", {"FOOTNOTE_LLM__MODEL": model}) as server:
        times = asyncio.run(_first_sentences(server.url, asked))
        asyncio.run(_ask_all(server.url, asked, questions // 4))
        early, _ = server.memory_mb()
        asyncio.run(_ask_all(server.url, asked, questions - questions // 4))
        late, _ = server.memory_mb()
    report.add(f"time to first sentence, {_STREAMS} streams, p50", median(times), "ms")
    report.add(f"time to first sentence, {_STREAMS} streams, p95", quantiles(times, n=20)[-1], "ms")
    report.add(f"resident after {questions // 4} questions", early, "MB")
    report.add(f"resident after {questions} questions", late, "MB")
    report.add("growth between them", late - early, "MB", target="<= 20")
    return report


def _opened(folder: Path, *, delay: float) -> Services:
    """Index the sample briefs, and open them with a model that quotes what it is asked for."""
    data_dir = folder / "data"
    with build(Settings(data_dir=data_dir, llm=LLMSettings(), _env_file=None)) as services:
        list(sample_corpus.index_once(services.library))
        sentences = _sentences(services)
    script = folder / f"script-{delay}.json"
    replies = [
        {
            "match": re.escape(f"({number})"),
            "reply": f"{sentence.rstrip('.')} {{cite:{_start(sentence)}}}.",
            "first_delay": _FIRST_DELAY_S if delay else 0,
            "delay": delay,
        }
        for number, sentence in enumerate(sentences)
    ]
    script.write_text(json.dumps({"replies": replies}), encoding="utf-8")
    llm = LLMSettings(model=f"scripted:{script}")
    return build(Settings(data_dir=data_dir, llm=llm, _env_file=None))


def _sentences(services: Services) -> list[str]:
    texts = [
        services.library.revision(document.id).text[s.start : s.end]
        for document in services.library.documents().items
        for passage in services.library.retriever(top_k=50).search(document.title)
        if passage.document_id == document.id
        for s in passage.sentences
    ]
    return [
        text
        for text in dict.fromkeys(" ".join(text.split()) for text in texts)
        if len(text) > _LEAST_CHARACTERS and text.endswith(".") and not re.search(r"[{}\[\]]", text)
    ]


def _questions(services: Services) -> list[str]:
    return [f"What of this: {text}? ({i})" for i, text in enumerate(_sentences(services))]


def _start(sentence: str) -> str:
    """Return an expression that finds the sentence; a script's may hold no braces."""
    return r"\s+".join(re.escape(word) for word in sentence.split()[:5])


async def _overhead(chain: Chain, asked: list[str], questions: int) -> Report:
    answers = [
        await chain.aask(AskRequest(asked[i % len(asked)])) for i in range(questions + _WARM_UP)
    ][_WARM_UP:]
    report = Report("overhead around a model", f"{questions} questions, in process, p50")
    for step in ("retrieve", "write", "verify"):
        report.add(step, median(getattr(a.timings_ms, step) for a in answers), "ms")
    totals = [answer.timings_ms.total for answer in answers]
    report.add("all but the model", median(totals), "ms", target="<= 60")
    report.add("all but the model, p95", quantiles(totals, n=20)[-1], "ms")
    written = sum(answer.generator.kind == "model" for answer in answers)
    report.add("answered by the model", written / len(answers), target=">= 0.9")
    return report


async def _first_sentence(chain: Chain, settings: LLMSettings, asked: list[str]) -> Report:
    model = open_model(settings)
    assert model is not None  # noqa: S101 - for the type checker
    later: list[float] = []
    for text in asked:
        started = time.perf_counter()
        async for event in chain.astream(AskRequest(text)):
            if isinstance(event, SourcesFound):
                started = time.perf_counter()
            elif isinstance(event, SentenceChecked):
                break
        else:
            continue
        shown = time.perf_counter() - started
        own, started = "", time.perf_counter()
        async for delta in model.stream([Message("system", ""), Message("user", text)]):
            own += delta
            if own.endswith(" ."):  # the script's marker stands here when there are passages
                break
        later.append((shown - (time.perf_counter() - started)) * 1000)
    report = Report(
        "time to first sentence",
        f"{len(later)} questions, after the retrieval, less the model's own first sentence",
    )
    report.add("added by Footnote, p50", median(later), "ms", target="<= 30")
    report.add("added by Footnote, p95", quantiles(later, n=20)[-1], "ms")
    return report


async def _first_sentences(url: str, asked: list[str]) -> list[float]:
    """Return the milliseconds until the first sentence of each of many streams begun at once."""

    async def one(client: httpx.AsyncClient, text: str) -> float | None:
        started = time.perf_counter()
        took: float | None = None
        headers = {"Accept": "text/event-stream"}
        async with client.stream(
            "POST", "/v1/ask", json={"question": text}, headers=headers
        ) as response:
            async for line in response.aiter_lines():
                if line == "event: sentence" and took is None:
                    took = (time.perf_counter() - started) * 1000
        return took

    async with _client(url) as client:
        for text in asked[:_WARM_UP]:
            await one(client, text)
        streams = [one(client, asked[i % len(asked)]) for i in range(_STREAMS)]
        return [took for took in await asyncio.gather(*streams) if took is not None]


async def _ask_all(url: str, asked: list[str], questions: int) -> None:
    """Ask that many questions, a few at a time."""
    waiting = iter(range(questions))

    async def worker(client: httpx.AsyncClient) -> None:
        for number in waiting:
            body = {"question": asked[number % len(asked)]}
            (await client.post("/v1/ask", json=body)).raise_for_status()

    async with _client(url) as client:
        await asyncio.gather(*(worker(client) for _ in range(4)))


def _client(url: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=_STREAMS)
    return httpx.AsyncClient(base_url=url, timeout=120, limits=limits)
