"""``footnote index``: files and folders in, a summary of what became of each out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.options import AsJson, DataDir
from index.errors import ConflictError, FootnoteError, InvalidInputError

if TYPE_CHECKING:
    from app.cli.session import Session
    from index.model import SourceDocument


@dataclass(frozen=True, slots=True)
class Found:
    """A file to index and the folder that its id is relative to."""

    path: Path
    root: Path


@dataclass(slots=True)
class Summary:
    """The ids of what was added, replaced or unchanged, and what failed with the reason."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many files were dealt with."""
        return sum(
            len(getattr(self, name)) for name in ("added", "replaced", "unchanged", "failed")
        )

    def fail(self, path: Path | str, error: FootnoteError) -> None:
        """Record a file that could not be indexed."""
        self.failed.append({"path": str(path), "code": error.code, "reason": error.message})


def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", exists=True, help="Files and folders of documents."),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Make the index anew from the stored texts first.",
            show_default=False,
        ),
    ] = False,
    document_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Id of the one file given.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the one file given.")] = None,
    source: Annotated[str | None, typer.Option(help="Publisher of what is given.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the one file given.")] = None,
    published: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Day of publication of the file."),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Index files and folders of documents.

    New documents are added, changed ones replaced, the rest left as they are.
    """
    from app.cli.opening import open_session
    from app.cli.rebuild import rebuild as rebuild_index
    from app.cli.terminal import print_json
    from app.settings import Settings

    if not paths and not rebuild:
        raise typer.BadParameter("say what to index: footnote index PATH...")
    found = list(discover(paths or []))
    day = published.date() if published else None
    details: dict[str, Any] = {"id": document_id, "title": title, "url": url, "published_at": day}
    if any(details.values()) and len(found) != 1:
        raise typer.BadParameter("--id, --title, --url and --published are for one file")
    details = {name: value for name, value in (details | {"source": source}).items() if value}

    settings = Settings.load(data_dir=data_dir)
    if rebuild:
        rebuild_index(settings, quiet=as_json)
    summary = Summary()
    if found:
        try:
            with open_session(settings) as session:
                _add(session, found, details, summary)
        finally:  # an error in the middle neither undoes nor hides what was stored before
            if summary.total:
                _report(summary, as_json=as_json)
    elif as_json:
        print_json(summary)
    if summary.failed:
        raise typer.Exit(1)


def discover(paths: list[Path]) -> Iterator[Found]:
    """Yield the files to index, each once.

    Raises:
        InvalidInputError: a folder has no file that can be read.
    """
    from index.loaders import discover as files_of

    seen: set[Path] = set()
    for path in paths:
        files = files_of(path) if path.is_dir() else [path]
        if not files:
            raise InvalidInputError(
                f"{path} has no files that can be indexed: text (.txt) and Markdown (.md) are read."
            )
        root = path if path.is_dir() else path.parent
        for file in files:
            resolved = file.resolve()
            if resolved not in seen:
                seen.add(resolved)
                yield Found(file, root)


def _add(session: "Session", found: list[Found], details: dict[str, Any], summary: Summary) -> None:
    from app.cli.progress import bar

    paths: dict[str, Path] = {}
    with bar() as progress:
        task = progress.add_task("Indexing", total=len(found))

        def load() -> "Iterator[SourceDocument]":
            for item in found:
                progress.update(task, description=item.path.name)
                try:
                    yield _load(item, details, paths)
                except FootnoteError as error:
                    summary.fail(item.path, error)
                    progress.advance(task)

        for outcome in session.add(load()):
            if outcome.change is None:
                error = outcome.error or FootnoteError("not indexed")
                summary.fail(paths[outcome.document_id], error)
            else:
                getattr(summary, outcome.change).append(outcome.document_id)
            progress.advance(task)


def _load(item: Found, details: dict[str, Any], paths: dict[str, Path]) -> "SourceDocument":
    from index.loaders import load_path

    document = replace(load_path(item.path, item.root), **details)
    if document.id in paths:
        raise ConflictError(
            f"It would have the id {document.id}, which {paths[document.id]} has. Rename one of "
            "the two, or index it alone with --id."
        )
    paths[document.id] = item.path
    return document


def _report(summary: Summary, *, as_json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from app.cli.terminal import messages, output, print_json

    if as_json:
        print_json(summary)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name in ("added", "replaced", "unchanged", "failed"):
        number = len(getattr(summary, name))
        style = "bold red" if name == "failed" and number else "bold" if number else "dim"
        table.add_row(Text(name, style=style), Text(str(number), style=style, justify="right"))
    output().print(table)
    for failure in summary.failed:
        line = Text.assemble(("failed ", "red"), failure["path"], ": ", failure["reason"])
        messages().print(line)
