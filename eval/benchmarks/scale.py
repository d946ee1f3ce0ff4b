"""How time, memory and disk grow with the number of passages."""

import math
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx

from eval.benchmarks import generated, latency
from eval.benchmarks.report import Report
from eval.benchmarks.server import serving
from index.embedding.base import Embedder
from index.library import Library

SIZES = (1_000, 10_000, 100_000)
_QUESTIONS = 300
_WARM_UP = 20
_BATCH = 200
_PASSAGES_A_DOCUMENT = 20


def measure(embedder: Embedder, *, sizes: Sequence[int] = SIZES) -> Iterator[Report]:
    """Let one index grow to each size in turn, and measure it there, in process and served."""
    sentences = generated.pool()
    questions = generated.questions(sentences, _QUESTIONS + _WARM_UP)
    stand_in = generated.PoolEmbedder(embedder, sentences)
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        for size in sizes:
            with Library.open(data_dir, embedder=stand_in) as library:
                rate, embedding_s = _grow(library, sentences, size), 0.0
                if size == sizes[0]:
                    embedding_s = _embedding_seconds(embedder, sentences)
                counts = library.counts()
            with Library.open(data_dir, embedder=embedder) as library:
                parts = latency.parts(library, questions)
            report = Report(
                f"{counts.passages:,} passages",
                f"{counts.documents:,} documents, {counts.sentences:,} sentences",
            )
            report.add("written, embedding left out", rate, "passages/s")
            if embedding_s:
                report.add("the model alone", 1 / embedding_s, "sentences/s")
            _add_disk(report, data_dir, counts.passages)
            _add_served(report, data_dir, questions, counts.passages)
            latency.add_parts(report, parts)
            yield report


def _grow(library: Library, sentences: Sequence[str], size: int) -> float:
    """Add documents until there are ``size`` passages; return passages a second."""
    counts = library.counts()
    before, started = counts.passages, time.perf_counter()
    while counts.passages < size:
        coming = generated.documents(sentences, first=counts.documents)
        missing = math.ceil((size - counts.passages) / _PASSAGES_A_DOCUMENT)
        for outcome in library.add_many(islice(coming, min(missing, _BATCH))):
            if outcome.error is not None:
                raise RuntimeError(outcome.error.message)
        counts = library.counts()
    return (counts.passages - before) / (time.perf_counter() - started)


def _embedding_seconds(embedder: Embedder, sentences: Sequence[str], sample: int = 2_000) -> float:
    started = time.perf_counter()
    embedder.embed(sentences[:sample])
    return (time.perf_counter() - started) / sample


def _add_disk(report: Report, data_dir: Path, passages: int) -> None:
    total = 0.0
    for name in ("catalog.sqlite*", "vectors", "lexical"):
        size = sum(map(_size_of, data_dir.glob(name))) / 1e6
        total += size
        report.add(f"disk: {name.rstrip('*')}", size, "MB")
    report.add("disk for 1,000 passages", total / passages * 1000, "MB")


def _size_of(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _add_served(report: Report, data_dir: Path, questions: Sequence[str], passages: int) -> None:
    with serving(data_dir) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        report.add("process start to ready", server.ready_s, "s")
        for path in ("/v1/search", "/v1/ask"):
            ask = partial(_ask, client, path)
            spent = [ask(question) for question in questions][_WARM_UP:]
            report.add(f"{path}, p50", median(spent), "ms")
            report.add(f"{path}, p95", quantiles(spent, n=20)[-1], "ms")
        now, high = server.memory_mb()
        report.add("memory of the server", now, "MB")
        report.add("memory, highest", high, "MB")


def _ask(client: httpx.Client, path: str, question: str) -> float:
    started = time.perf_counter()
    client.post(path, json={"question": question}).raise_for_status()
    return (time.perf_counter() - started) * 1000
