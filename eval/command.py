"""``footnote eval``: run the evaluation, compare runs, make a baseline, draft cases.

Owns options, defaults, progress and exit status; the work is ``eval.evaluation``'s, the verdict
``eval.gate``'s. Exit status: 0 passed, 1 the gate failed, 2 no run was made (wrong usage, a file
that cannot be used, a service that cannot be reached), 130 interrupted.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from app.cli.options import AsJson
from index.errors import FootnoteError

if TYPE_CHECKING:
    from eval.gate import Baseline, Thresholds
    from eval.reports import Report, Written

_FAILED, _NO_RUN, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    command = typer.main.get_command(build())
    try:
        command(args=list(arguments), prog_name="footnote eval", windows_expand_args=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except FootnoteError as error:
        from app.cli.terminal import print_error

        print_error(error.message)
        return _NO_RUN
    return 0


def build() -> typer.Typer:
    """Return the group of commands."""
    app = typer.Typer(
        name="eval",
        help="Measure how faithful answers are; fail when they drift.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(lambda: None)
    app.command("run")(run)
    app.command("compare")(compare)
    app.command("baseline")(baseline)
    app.command("draft")(draft)
    return app


def run(
    tier: Annotated[
        Literal["offline", "judge"],
        typer.Option(
            help="offline needs no key and no network; judge adds metrics that the model of "
            "FOOTNOTE_JUDGE__MODEL judges."
        ),
    ] = "offline",
    cases: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            metavar="PATH",
            help="File or folder of cases (may be given again). Otherwise the shipped ones.",
        ),
    ] = None,
    corpus: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            metavar="PATH",
            help="File or folder of documents that the cases are about (may be given again); "
            "indexed into a temporary folder. Otherwise the sample corpus.",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Ask this running service, with FOOTNOTE_API_KEY if it has one, instead of one "
            "in this process.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            metavar="FOLDER",
            help="Folder of the report. Otherwise eval in the data folder.",
        ),
    ] = None,
    thresholds: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="What must be reached, as TOML. Otherwise that of the shipped cases; your own "
            "cases without it must only be whole: no error, no false citation, all measured.",
        ),
    ] = None,
    baseline_file: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="An earlier run that must not be fallen behind. Otherwise that of the shipped "
            "cases; none for your own.",
        ),
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate/--no-gate", help="Whether to exit with 1 when the gate fails.")
    ] = True,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Only the first N cases, to try; never gated."),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with an interrupted run in the same folder: what was asked is not asked "
            "again. Replies of a judge are always kept.",
            show_default=False,
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the cases, score the answers, write a report, and pass or fail.

    Exit status: 0 passed, 1 the gate failed, 2 no run was made.
    """
    from app.settings import Settings
    from eval.evaluation import Plan, evaluate
    from eval.gate import Thresholds, decide
    from eval.reports import Report, write

    if target and corpus:
        raise typer.BadParameter("a running service has its own documents", param_hint="--corpus")
    settings = Settings.load()
    folder = out or settings.data_dir / "eval"
    bounds, before = _gating(thresholds, baseline_file, shipped=not cases)
    plan = Plan(
        journal=folder / "observations.jsonl",
        cache=settings.data_dir / "eval" / "judged",
        tier=tier,
        cases=cases or (),
        corpus=corpus or (),
        target=target,
        limit=limit,
        resume=resume,
    )
    with _progress() as progress, _told_how_to_go_on():
        evaluated = evaluate(plan, settings, progress)
    if limit is not None:  # of a few cases neither bounds nor baseline say anything
        gate, bounds, before = False, Thresholds(), None
    verdict = decide(
        evaluated.run, bounds or Thresholds.bare(evaluated.run), before, known=_known()
    )
    report = Report(evaluated.run, evaluated.case_set.cases, verdict, before, gate)
    _show(report, write(report, folder), own=bounds is None, as_json=as_json)
    if gate and not verdict.passed:
        raise typer.Exit(_FAILED)


def compare(
    before: Annotated[
        Path, typer.Argument(exists=True, metavar="A.json", help="The earlier run, or a baseline.")
    ],
    now: Annotated[Path, typer.Argument(exists=True, metavar="B.json", help="The later run.")],
    as_json: AsJson = False,
) -> None:
    """Compare two runs: every metric with its change and interval, and the cases that changed.

    Judges nothing: the exit status is 0 whatever the change is.
    """
    from app.cli.terminal import output, print_json
    from eval import rendering
    from eval.gate import Thresholds, decide
    from eval.gate.baseline import load_run, load_unchecked

    later = load_run(_run_file(now))
    verdict = decide(later, Thresholds(), load_unchecked(_run_file(before)), known=_known())
    if as_json:
        print_json(verdict)
        return
    console = output()
    rendering.figures(console, verdict, compared=True)
    rendering.changes(console, verdict)
    rendering.outcome(console, verdict, gated=False)


def baseline(
    run_file: Annotated[
        Path,
        typer.Argument(exists=True, metavar="RUN.json", help="A run, or the folder of its report."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            metavar="FILE",
            help="Where to write it. Otherwise eval/baseline.json for the shipped cases in a "
            "checkout, else baseline.json.",
        ),
    ] = None,
) -> None:
    """Make a run the baseline that later ones must not fall behind."""
    from app.cli.terminal import output
    from eval.gate import Baseline
    from eval.gate.baseline import load_run, refuse_unfit

    made_from = load_run(_run_file(run_file))
    refuse_unfit(made_from)
    target = out or _baseline_of(made_from.info.datasets)
    Baseline.of(made_from).save(target)
    output().print(f"{target}: {len(made_from.cases)} cases, {len(made_from.summaries)} metrics")


def draft(
    paths: Annotated[
        list[Path],
        typer.Argument(exists=True, metavar="PATH...", help="Files and folders of documents."),
    ],
    count: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many cases to draft at most.")
    ] = 20,
    out: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, metavar="FILE", help="Where to write them. Otherwise they are printed."
        ),
    ] = None,
) -> None:
    """Draft cases from documents, for a person to edit.

    With FOOTNOTE_LLM__MODEL set a model drafts them, otherwise questions are made from sentences.
    Each is marked as a draft, and refused by a run until a person took the mark off.
    """
    from app.cli.terminal import messages
    from app.models.factory import open_model
    from app.settings import Settings
    from eval.cases.drafting import draft as drafts_of
    from eval.running import documents_of

    if out is not None and out.exists():
        raise typer.BadParameter(f"{out} is there already; it may hold work of yours")
    drafts = drafts_of(
        [document for path in paths for document in documents_of(path)],
        count=count,
        model=open_model(Settings.load().llm),
        dataset=out.stem if out else "draft",
    )
    number = 0
    with out.open("x", encoding="utf-8") if out else nullcontext(sys.stdout) as file:
        for line in drafts:
            file.write(line + "\n")
            number += 1
    where = f" in {out}" if out else ""
    messages().print(f'{number} drafts{where}. Check each, then take "draft": true off its line.')
    for reason, times in drafts.dropped.items():
        messages().print(f"dropped {times}: {reason}")


def _gating(
    thresholds: Path | None, baseline_file: Path | None, *, shipped: bool
) -> "tuple[Thresholds | None, Baseline | None]":
    """Read what the run is held against, before anything is asked."""
    from eval.gate import Thresholds
    from eval.gate.baseline import SHIPPED as SHIPPED_BASELINE
    from eval.gate.baseline import load_baseline
    from eval.gate.thresholds import SHIPPED as SHIPPED_THRESHOLDS

    if shipped:
        thresholds = thresholds or SHIPPED_THRESHOLDS
        baseline_file = baseline_file or (SHIPPED_BASELINE if SHIPPED_BASELINE.exists() else None)
    return (
        Thresholds.load(thresholds, _known()) if thresholds else None,
        load_baseline(baseline_file) if baseline_file else None,
    )


def _known() -> Any:
    from eval.evaluation import known_metrics

    return known_metrics()


def _run_file(path: Path) -> Path:
    return path / "run.json" if path.is_dir() else path


def _baseline_of(datasets: dict[str, str]) -> Path:
    from eval.cases.loading import SHIPPED as CASES
    from eval.gate.baseline import SHIPPED

    in_checkout = (SHIPPED.parents[1] / "pyproject.toml").is_file()
    is_shipped = set(datasets) == {path.stem for path in CASES.glob("*.jsonl")}
    return SHIPPED if in_checkout and is_shipped else Path("baseline.json")


def _show(report: "Report", written: "Written", *, own: bool, as_json: bool) -> None:
    from app.cli.terminal import messages, output, print_json
    from eval import rendering

    if as_json:
        paths = {name: str(getattr(written, name)) for name in written.__slots__}
        print_json({"gated": report.gated, **report.verdict.model_dump(), "report": paths})
        return
    console = output()
    rendering.figures(console, report.verdict, compared=report.baseline is not None)
    rendering.outcome(console, report.verdict, gated=report.gated)
    if own and report.gated:
        messages().print("No --thresholds: only that the run is whole was checked.")
    messages().print(f"report: {written.html}")


@contextmanager
def _progress() -> "Iterator[Callable[[str, int, int, str], None]]":
    """Yield what shows how far a run is: a bar on a terminal, else nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from app.cli.terminal import messages

    console = messages()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[remark]}", markup=False),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int, remark: str) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=None, remark="")
            bars.update(tasks[what], completed=done, total=total or None, remark=remark)

        yield show


@contextmanager
def _told_how_to_go_on() -> Iterator[None]:
    from app.cli.terminal import messages

    try:
        yield
    except KeyboardInterrupt:
        messages().print("Interrupted. Go on with the same command and --resume.")
        raise typer.Exit(_INTERRUPTED) from None
