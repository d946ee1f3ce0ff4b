"""``footnote sync``: keeps the index in step with a folder, a feed or a sitemap.

Opens the index anew for each round, so that a watching command leaves it free in between, and goes
through a server whenever one runs.
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import AsJson, DataDir
from index.errors import FootnoteError, InvalidInputError

if TYPE_CHECKING:
    from app.api.job_models import JobLine, SyncPlan
    from app.jobs.work import SyncWork
    from app.settings import Settings

_EVERY = re.compile(r"(\d+)\s*([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_SHORTEST_S = 1


def sync(
    target: Annotated[str, typer.Argument(metavar="PATH|URL", help="Folder, file, feed, sitemap.")],
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Go on, whenever something changes.", show_default=False),
    ] = False,
    every: Annotated[
        str,
        typer.Option(metavar="TIME", help="With --watch, how often an address is asked: 30s, 10m."),
    ] = "10m",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only say what would be done.", show_default=False),
    ] = False,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty",
            help="Remove all that came from it where nothing of it is left.",
            show_default=False,
        ),
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Keep the index in step with a folder, a feed or a sitemap.

    New documents are added, changed ones replaced, and those whose file has gone are removed, if
    they came from here. A page that a feed lists no more is removed when its server says that it is
    gone.
    """
    from app.jobs.work import SyncWork
    from app.settings import Settings

    seconds = _interval(every)
    if watch and dry_run:
        raise typer.BadParameter("--watch and --dry-run exclude each other")
    settings = Settings.load(data_dir=data_dir)
    is_url = re.match(r"https?://", target, re.IGNORECASE) is not None
    work = SyncWork(
        path=None if is_url else Path(target).absolute(),
        url=target if is_url else None,
        allow_empty=allow_empty,
    )
    if dry_run:
        _show_plan(_plan(settings, work), as_json=as_json)
    elif watch:
        _keep_on(settings, work, seconds, as_json=as_json)
    elif not _round(settings, work, as_json=as_json):
        raise typer.Exit(1)


def _interval(text: str) -> float:
    match = _EVERY.fullmatch(text.strip().lower())
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if seconds < _SHORTEST_S:
        raise typer.BadParameter("--every is a time such as 30s, 10m or 2h, at least 1s")
    return seconds


def _plan(settings: "Settings", work: "SyncWork") -> "SyncPlan":
    from app.cli.opening import open_session

    with open_session(settings) as session:
        return session.plan(work)


def _round(settings: "Settings", work: "SyncWork", *, as_json: bool, on_line: bool = False) -> bool:
    """Synchronise once, print what changed, and tell whether nothing failed.

    Raises:
        FootnoteError: it could not be synchronised at all.
    """
    from app.cli.following import follow
    from app.cli.opening import open_session
    from app.cli.summary import failure

    with open_session(settings) as session:
        job = follow(session, session.synchronise(work), "Synchronising")
        results = [each for each in session.results(job.id) if each.change != "unchanged"]
    others = [failure(each) for each in results if each.change == "passed_over"]
    failed = [
        failure(each) for each in results if each.error is not None and each.change != "passed_over"
    ]
    changed: dict[str, list[str]] = {"added": [], "replaced": [], "removed": []}
    for each in results:
        if each.change in changed and each.document_id is not None:
            changed[each.change].append(each.document_id)
    is_refused = job.state == "failed" and len(failed) <= 1
    if not is_refused or any(changed.values()):
        root = work.url or str(work.path)
        _show(root, job, changed, failed, others, as_json=as_json, on_line=on_line)
    if is_refused:
        raise InvalidInputError(job.error or "It could not be synchronised.")
    return not failed and job.state == "done"


def _keep_on(settings: "Settings", work: "SyncWork", every: float, *, as_json: bool) -> None:
    """Synchronise whenever something changes, until Ctrl-C. Errors are told, and do not end it."""
    from app.cli.terminal import messages

    stop = threading.Event()
    before: list[str] = []
    messages().print(f"Watching {work.url or work.path} (Ctrl-C stops it)")
    try:
        for _ in _moments(settings, work, every, stop):
            try:
                _round(settings, work, as_json=as_json, on_line=True)
            except FootnoteError as error:
                if [error.message] != before:  # said once, not at every round
                    messages().print(f"error: {error.message}", style="red")
                before = [error.message]
            else:
                before = []
    except KeyboardInterrupt:
        stop.set()
        messages().print("Stopped.")


def _moments(
    settings: "Settings", work: "SyncWork", every: float, stop: threading.Event
) -> Iterator[None]:
    from app.sync.watching import changes_in
    from app.sync.watching import every as at_intervals
    from index.loaders import known_suffixes

    if work.path is None:
        return at_intervals(every, stop=stop)
    data_dir = settings.data_dir.resolve()
    suffixes = known_suffixes()

    def matters(path: str) -> bool:
        """Leave out what is never a document; a name without suffix may be a folder."""
        changed = Path(path)
        is_known = changed.suffix.lower() in suffixes or not changed.suffix or changed.is_dir()
        return is_known and not changed.is_relative_to(data_dir)

    return changes_in(work.path, is_relevant=matters, stop=stop)


def _show(
    root: str,
    job: "JobLine",
    changed: dict[str, list[str]],
    failed: list[dict[str, str]],
    others: list[dict[str, str]],
    *,
    as_json: bool,
    on_line: bool,
) -> None:
    """Print what became of a round; while watching, a line, and only if something happened."""
    from pydantic_core import to_json

    from app.cli.summary import counts_of, show_counts, show_failures, show_passed_over
    from app.cli.terminal import print_json

    counts = counts_of(job)
    if as_json:
        value = {"root": root, **changed, "unchanged": counts["unchanged"], "failed": failed}
        value["passed_over"] = others
        if on_line:
            typer.echo(to_json(value).decode())
        else:
            print_json(value)
        return
    if not on_line:
        show_counts(counts)
        show_passed_over(others)
    elif any(counts[name] for name in ("added", "replaced", "removed", "failed")):
        typer.echo(", ".join(f"{number} {name}" for name, number in counts.items() if number))
    show_failures(failed)


def _show_plan(plan: "SyncPlan", *, as_json: bool) -> None:
    from app.cli.summary import failure, show_failures
    from app.cli.terminal import output, print_json

    if as_json:
        print_json(plan)
        return
    console = output()
    for sign, items in (("+", plan.look), ("?", plan.ask), ("-", plan.gone)):
        for item in items:
            console.print(f"{sign} {item}")
    show_failures([failure(each) for each in plan.troubles])
    console.print(
        f"{len(plan.look)} to read (+), {len(plan.ask)} to ask for (?), {len(plan.gone)} to remove "
        f"(-), {plan.same} unchanged. Nothing was changed."
    )
