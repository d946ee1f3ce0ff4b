"""What a question takes while documents are being indexed, against the same questions before."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

from eval.benchmarks import squad
from eval.benchmarks.report import Report
from eval.benchmarks.server import serving

_WARM_UP = 20
_FILES = 100
_PARAGRAPHS_A_FILE = 10
_POLL_S = 0.2


def while_indexing(data: Path, library_dir: Path, *, questions: int = 300) -> Report:
    """Ask one question after the other, first idle, then while documents come in without end.

    ``library_dir`` holds the index of ``data`` and must not be open elsewhere.
    """
    paragraphs = squad.read(data)
    texts = [q.text for p in paragraphs for q in p.questions][: questions + _WARM_UP]
    with serving(library_dir) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        idle = _ask_all(client, texts)
        before = _documents(client)
        with _incoming(server.url, [p.text for p in paragraphs]):
            started = time.perf_counter()
            busy = _ask_all(client, texts)
            rate = (_documents(client) - before) / (time.perf_counter() - started)
    report = Report("questions while indexing", f"{len(idle)} questions, one client, over HTTP")
    for name, spent in (("idle", idle), ("while indexing", busy)):
        report.add(f"{name}, p50", median(spent), "ms")
        report.add(f"{name}, p95", _p95(spent), "ms")
    report.add("p95 while indexing / idle", _p95(busy) / _p95(idle), target="<= 2")
    report.add("indexed meanwhile", rate * _PARAGRAPHS_A_FILE, "paragraphs/s")
    return report


def _ask_all(client: httpx.Client, texts: Sequence[str]) -> list[float]:
    spent = []
    for text in texts:
        started = time.perf_counter()
        client.post("/v1/ask", json={"question": text}).raise_for_status()
        spent.append((time.perf_counter() - started) * 1000)
    return spent[_WARM_UP:]


def _p95(spent: Sequence[float]) -> float:
    return quantiles(spent, n=20)[-1]


def _documents(client: httpx.Client) -> int:
    return int(client.get("/v1/documents", params={"limit": 1}).raise_for_status().json()["total"])


@contextmanager
def _incoming(url: str, texts: Sequence[str]) -> Iterator[None]:
    """Send uploads until the block ends, the next one when the last one is indexed."""
    stop = threading.Event()

    def send() -> None:
        with httpx.Client(base_url=url, timeout=60) as client:
            for files in _uploads(texts):
                job = client.post("/v1/documents", files=files).raise_for_status().json()
                while _is_running(client, job["id"]):
                    if stop.wait(_POLL_S):
                        return

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        stop.set()
        sender.join()


def _uploads(texts: Sequence[str]) -> Iterator[list[tuple[str, tuple[str, bytes]]]]:
    """Yield uploads of files that the index does not have yet, without end."""
    number = 0
    while True:
        files = []
        for _ in range(_FILES):
            first = number * _PARAGRAPHS_A_FILE
            parts = [texts[(first + i) % len(texts)] for i in range(_PARAGRAPHS_A_FILE)]
            name = f"incoming-{number}.txt"
            files.append(
                ("file", (name, f"Report {number}.\n\n".encode() + "\n\n".join(parts).encode()))
            )
            number += 1
        yield files


def _is_running(client: httpx.Client, job: str) -> bool:
    state = client.get(f"/v1/jobs/{job}").raise_for_status().json()["state"]
    return state in ("queued", "running")
