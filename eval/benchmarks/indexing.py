"""How fast documents are indexed, against the raw embedding throughput of the same sentences."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.benchmarks import squad
from eval.benchmarks.report import Report
from index.embedding.base import Embedder
from index.library import Library
from index.segment import segment


def rate(data: Path, embedder: Embedder, *, runs: int = 3) -> Report:
    """Index everything into new folders, in turn with embedding the same sentences alone."""
    paragraphs = squad.read(data)
    sentences = [
        p.text[sentence.start : sentence.end]
        for p in paragraphs
        for passage in segment(p.text, count_tokens=embedder.count_tokens)
        for sentence in passage.sentences
    ]
    raw: list[float] = []
    whole: list[float] = []
    embedder.embed(sentences[:64])
    for _ in range(runs):
        started = time.perf_counter()
        embedder.embed(sentences)
        raw.append(len(sentences) / (time.perf_counter() - started))
        with (
            TemporaryDirectory() as folder,
            Library.open(Path(folder) / "data", embedder=embedder) as library,
        ):
            started = time.perf_counter()
            squad.index(library, paragraphs)
            whole.append(len(sentences) / (time.perf_counter() - started))
    report = Report("indexing", f"{len(paragraphs)} documents, {len(sentences)} sentences")
    report.add("raw embedding", max(raw), "sentences/s")
    report.add("indexing", max(whole), "sentences/s")
    report.add("indexing / raw embedding", max(whole) / max(raw), target=">= 0.8")
    return report
