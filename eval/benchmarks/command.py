"""The benchmarks' command line: which to run, on which data, and how to print what they found."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.status import Status

from app.services import make_chain
from app.settings import Settings
from eval.benchmarks import (
    contention,
    disagreement,
    indexing,
    latency,
    model,
    quality,
    resources,
    scale,
    squad,
)
from eval.benchmarks.report import Report
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library

_SQUAD = ("quality", "latency", "indexing", "contention", "memory")


def run(arguments: Sequence[str]) -> int:
    """Run the benchmarks that were asked for; 0 when every target was met, else 1."""
    parser = _parser()
    options = parser.parse_args(list(arguments))
    console = Console(file=sys.stdout)
    status = Console(file=sys.stderr)
    reports: list[Report] = []
    try:
        for report in _reports(options, status):
            reports.append(report)
            if options.json:
                console.file.write(report.to_json() + "\n")
                console.file.flush()
            else:
                report.print(console)
    except (OSError, ValueError, RuntimeError) as error:
        parser.error(str(error))
    return 0 if all(figure.met is not False for r in reports for figure in r.figures) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="footnote bench",
        description="Measure Footnote on data files of your own, in temporary data folders.",
    )
    parser.add_argument(
        "benchmark",
        choices=("all", *_SQUAD, "disagreement", "model", "startup", "scale"),
        help=(
            "quality, latency, indexing, contention and memory want --squad; disagreement wants "
            "--ramdocs; "
            "model, startup and scale want no data; scale takes half an hour and is not in all"
        ),
    )
    parser.add_argument("--squad", type=Path, metavar="FILE", help="SQuAD-form data")
    parser.add_argument("--ramdocs", type=Path, metavar="FILE", help="RAMDocs-form data")
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        metavar="PASSAGES",
        default=scale.SIZES,
        help="sizes that scale measures, ascending",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object a benchmark")
    return parser


def _reports(options: argparse.Namespace, console: Console) -> Iterator[Report]:
    wanted = options.benchmark
    if wanted in ("all", *_SQUAD):
        yield from _squad_reports(wanted, _file(options.squad, "--squad"), console)
    if wanted in ("all", "disagreement"):
        data = _file(options.ramdocs, "--ramdocs")
        with _working(console, "disagreement"):
            report = disagreement.measure(data, MiniLMEmbedder())
        yield report
    if wanted in ("all", "model"):
        with TemporaryDirectory() as folder:
            for measure in (model.overhead, model.first_sentence, model.load):
                with _working(console, "around a model"):
                    report = measure(Path(folder))
                yield report
    if wanted == "scale":
        for report in scale.measure(MiniLMEmbedder(), sizes=options.sizes):
            yield report
    if wanted in ("all", "startup"):
        with TemporaryDirectory() as folder, _working(console, "start-up"):
            report = resources.startup(Path(folder) / "data")
        yield report


def _squad_reports(wanted: str, data: Path, console: Console) -> Iterator[Report]:
    embedder = MiniLMEmbedder()
    if wanted in ("all", "indexing"):
        with _working(console, "indexing"):
            report = indexing.rate(data, embedder)
        yield report
    if wanted == "indexing":
        return
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        with Library.open(data_dir, embedder=embedder) as library:
            with _working(console, "preparing the index"):
                squad.index(library, squad.read(data))
            steps: dict[str, list[Callable[[], Report]]] = {
                "quality": [
                    lambda: quality.retrieval(data, library),
                    lambda: quality.evidence(data, library),
                    lambda: quality.refusal(data, library),
                ],
                "latency": [
                    lambda: latency.retrieval(data, library),
                    lambda: latency.answering(data, make_chain(Settings(), library)),
                ],
            }
            for name, functions in steps.items():
                if wanted in ("all", name):
                    for function in functions:
                        with _working(console, name):
                            report = function()
                        yield report
        if wanted in ("all", "latency"):
            with _working(console, "latency over HTTP"):
                report = latency.http(data, data_dir)
            yield report
        if wanted in ("all", "contention"):
            with _working(console, "questions while indexing"):
                report = contention.while_indexing(data, data_dir)
            yield report
        if wanted in ("all", "memory"):
            with _working(console, "memory"):
                report = resources.memory(data, data_dir)
            yield report


@contextmanager
def _working(console: Console, what: str) -> Iterator[Status]:
    with console.status(f"measuring: {what}") as status:
        yield status


def _file(path: Path | None, option: str) -> Path:
    if path is None:
        raise ValueError(f"this benchmark needs {option} FILE")
    if not path.is_file():
        raise ValueError(f"{path} is not a file")
    return path
