"""What a question costs, against the raw cost of its parts measured in the same run.

The parts are what no hybrid search can do without: embedding the question, asking Chroma for the
nearest ids, asking Tantivy for the best passages. They are timed question by question, in turn with
the whole, so that a machine that slows down slows both.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

import httpx
from llama_index.core.schema import QueryBundle

from app.answer.chain import AskRequest, Chain
from eval.benchmarks import squad
from eval.benchmarks.report import Report
from eval.benchmarks.server import serving
from index.library import Library
from index.model import Vector

T = TypeVar("T")

_WARM_UP = 20
_NEAREST_SENTENCES = 80  # as many as a search for eight passages asks for
_BEST_PASSAGES = 100


@dataclass(frozen=True, slots=True)
class Parts:
    """Milliseconds at the median: the raw parts of retrieval, and the whole of it."""

    embed: float
    chroma: float
    tantivy: float
    whole: float

    @property
    def sum(self) -> float:
        """What no hybrid search can do without."""
        return self.embed + self.chroma + self.tantivy


def retrieval(data: Path, library: Library, *, questions: int = 400) -> Report:
    """Time retrieval and its raw parts in process."""
    paragraphs = squad.read(data)
    texts = [q.text for p in paragraphs for q in p.questions][: questions + _WARM_UP]
    counts = library.counts()
    report = Report(
        "retrieval latency", f"{counts.passages} passages, {counts.sentences} sentences, p50"
    )
    add_parts(report, parts(library, texts))
    return report


def parts(library: Library, questions: Sequence[str]) -> Parts:
    """Time retrieval and its raw parts, in turn, question by question."""
    retriever = library.retriever(top_k=8)
    embedder = library.embedder
    spent: dict[str, list[float]] = {name: [] for name in ("embed", "chroma", "tantivy", "whole")}
    for text in questions:
        vector, took = _timed(partial(embedder.embed_query, text))
        spent["embed"].append(took)
        _, took = _timed(partial(_chroma, library, vector))
        spent["chroma"].append(took)
        _, took = _timed(partial(library.lexical.search, text, _BEST_PASSAGES))
        spent["tantivy"].append(took)
        _, took = _timed(partial(retriever.retrieve, QueryBundle(text)))
        spent["whole"].append(took)
    return Parts(**{name: median(values[_WARM_UP:]) for name, values in spent.items()})


def add_parts(report: Report, parts: Parts) -> None:
    """Add the figures of retrieval to a report."""
    report.add("embedding the question", parts.embed, "ms")
    report.add("Chroma, ids and distances only", parts.chroma, "ms")
    report.add("Tantivy", parts.tantivy, "ms")
    report.add("sum of the parts", parts.sum, "ms")
    report.add("retrieval, LlamaIndex interface included", parts.whole, "ms")
    report.add("retrieval / sum of the parts", parts.whole / parts.sum, target="<= 1.3")


def answering(data: Path, chain: Chain, *, questions: int = 300) -> Report:
    """Time whole answers in process, step by step."""
    paragraphs = squad.read(data)
    texts = [q.text for p in paragraphs for q in p.questions][: questions + _WARM_UP]
    answers = [chain.ask(AskRequest(text)) for text in texts][_WARM_UP:]
    report = Report("answering latency", f"{len(answers)} questions, in process, p50")
    for step in ("retrieve", "write", "verify", "total"):
        report.add(step, median(getattr(a.timings_ms, step) for a in answers), "ms")
    return report


def http(data: Path, library_dir: Path, *, questions: int = 300, clients: int = 8) -> Report:
    """Time ``/v1/ask`` over loopback HTTP. The data folder must not be open elsewhere."""
    paragraphs = squad.read(data)
    texts = [q.text for p in paragraphs for q in p.questions][: questions + _WARM_UP]
    report = Report("latency over HTTP", f"{len(paragraphs)} paragraphs, {questions} questions")
    with serving(library_dir) as server, httpx.Client(base_url=server.url, timeout=60) as client:

        def ask(text: str) -> float:
            response, took = _timed(lambda: client.post("/v1/ask", json={"question": text}))
            response.raise_for_status()
            return took

        took = [ask(text) for text in texts][_WARM_UP:]
        report.add("one client, p50", median(took), "ms", target="<= 40")
        report.add("one client, p95", quantiles(took, n=20)[-1], "ms")
        started = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            took = list(pool.map(ask, texts))
        report.add(
            f"{clients} clients", len(texts) / (time.perf_counter() - started), "questions/s"
        )
        report.add(f"{clients} clients, p95", quantiles(took, n=20)[-1], "ms")
    return report


def _chroma(library: Library, vector: Vector) -> object:
    return library.collection.query(
        query_embeddings=vector, n_results=_NEAREST_SENTENCES, include=["distances"]
    )


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = work()
    return result, (time.perf_counter() - started) * 1000
