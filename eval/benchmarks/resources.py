"""Start-up against the bare imports it cannot avoid, and the memory of a serving process."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import httpx

from eval.benchmarks import squad
from eval.benchmarks.report import Report
from eval.benchmarks.server import serving

_BARE = "import llama_index.core, chromadb"


def startup(data_dir: Path, *, runs: int = 5) -> Report:
    """Measure the time until ready, in turn with the bare imports of the frameworks."""
    bare: list[float] = []
    ready: list[float] = []
    for _ in range(runs + 1):  # the first pair warms the file cache
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", _BARE], check=True)  # noqa: S603
        bare.append(time.perf_counter() - started)
        with serving(data_dir) as server:
            ready.append(server.ready_s)
    ratios = [ready_s / bare_s for ready_s, bare_s in zip(ready[1:], bare[1:], strict=True)]
    report = Report("start-up", f"median of {runs} pairs, an index that exists")
    report.add("bare import of llama_index.core and chromadb", median(bare[1:]), "s")
    report.add("process start to ready", median(ready[1:]), "s")
    report.add("ratio", median(ratios), target="<= 1.3")
    return report


def memory(data: Path, library_dir: Path, *, questions: int = 500) -> Report:
    """Measure the resident memory of a server after it answered questions.

    ``library_dir`` holds the index of ``data`` and must not be open elsewhere.
    """
    paragraphs = squad.read(data)
    texts = [q.text for p in paragraphs for q in p.questions][:questions]
    with serving(library_dir) as server, httpx.Client(base_url=server.url) as client:
        before, _ = server.memory_mb()
        for text in texts:
            client.post("/v1/ask", json={"question": text}).raise_for_status()
        after, high = server.memory_mb()
    report = Report("memory", f"{len(paragraphs)} paragraphs, after {len(texts)} questions")
    report.add("resident when ready", before, "MB")
    report.add("resident after the questions", after, "MB", target="<= 600")
    report.add("highest", high, "MB")
    return report
