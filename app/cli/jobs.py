"""``footnote jobs``: what was indexed and synchronised lately, and what still is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import AsJson, DataDir

if TYPE_CHECKING:
    from app.api.job_models import JobLine
    from app.cli.session import Session

Id = Annotated[str, typer.Argument(metavar="ID", help="A job's id, as the list shows it.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show.")]


def build() -> typer.Typer:
    """Return the group of commands; alone, it lists."""
    group = typer.Typer(
        help="List, show and cancel jobs: uploads, indexing, synchronisation.",
        rich_markup_mode=None,
        invoke_without_command=True,
    )
    group.callback()(_default)
    group.command("list")(list_jobs)
    group.command("show")(show)
    group.command("cancel")(cancel)
    return group


def _default(context: typer.Context, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    if context.invoked_subcommand is None:
        list_jobs(as_json=as_json, data_dir=data_dir)


def list_jobs(limit: Limit = 20, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the newest jobs."""
    from rich.table import Table

    from app.cli.terminal import messages, output, print_json

    with _session(data_dir) as session:
        jobs = session.jobs(limit)
    if as_json:
        print_json(jobs)
        return
    if not jobs:
        messages().print("There are no jobs yet. Start one with: footnote index PATH")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("id", "state", "done", "what", "result"):
        table.add_column(name)
    for job in jobs:
        done = f"{job.done}/{job.total}" if job.total is not None else str(job.done)
        table.add_row(job.id, _state(job), done, job.name or job.kind, _result(job))
    output().print(table)


def show(job_id: Id, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Show how far a job is, and why documents of it failed."""
    from app.cli.summary import counts_of, failure, show_counts, show_failures
    from app.cli.terminal import output, print_json

    with _session(data_dir) as session:
        job = session.job(job_id)
        results = list(session.results(job_id))
    if as_json:
        print_json({**job.model_dump(), "results": results})
        return
    console = output()
    console.print(f"{job.id}  {_state(job)}  {job.done}/{job.total}  {job.name or job.kind}")
    show_counts(counts_of(job))
    if job.error:
        console.print(job.error)
    show_failures([failure(result) for result in results if result.error])


def cancel(job_id: Id, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Stop a job between two documents; what is indexed stays."""
    from app.cli.terminal import print_json

    with _session(data_dir) as session:
        before = session.job(job_id)
        job = session.cancel(job_id)
    if as_json:
        print_json(job)
    elif before.state not in ("queued", "running"):
        typer.echo(f"{job_id} is over already: {job.state}.")
    else:
        typer.echo(f"{job_id}: {_state(job)}.")


def _state(job: "JobLine") -> str:
    return "stopping" if job.cancelling else job.state


def _result(job: "JobLine") -> str:
    counts = {name: number for name, number in job.counts.items() if name != "waiting"}
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()) if number)


def _session(data_dir: Path | None) -> "Session":
    from app.cli.opening import open_session
    from app.settings import Settings

    return open_session(Settings.load(data_dir=data_dir))
