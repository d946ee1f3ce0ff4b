"""``footnote index``: files, folders and pages in, a summary of what became of each out."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.options import AsJson, DataDir
from index.errors import InvalidInputError, StorageError

if TYPE_CHECKING:
    from app.cli.session import Session
    from app.cli.summary import Summary


def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", exists=True, help="Files and folders of documents."),
    ] = None,
    urls: Annotated[
        list[str] | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="A page to fetch, or a feed or sitemap whose pages are fetched; may be repeated.",
        ),
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
        str | None, typer.Option("--id", metavar="ID", help="Id of the one document given.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the one document given.")] = None,
    source: Annotated[str | None, typer.Option(help="Publisher of what is given.")] = None,
    link: Annotated[
        str | None, typer.Option(metavar="URL", help="Where readers find the one file given.")
    ] = None,
    published: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DAY", help="Day of publication of the one document."
        ),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Index files, folders of documents, and pages of the web.

    New documents are added, changed ones replaced, the rest left as they are. To remove what has
    gone as well, and to keep a folder or a feed in step, use: footnote sync
    """
    from app.cli.opening import open_session
    from app.cli.rebuild import rebuild as rebuild_index
    from app.cli.summary import Summary
    from app.settings import Settings

    given, urls = _outermost(paths or []), urls or []
    if not given and not urls and not rebuild:
        raise typer.BadParameter("say what to index: footnote index PATH... or --url URL")
    single = {"id": document_id, "title": title, "url": link}
    single["published_at"] = published.date().isoformat() if published else None
    if any(single.values()) and _number(given, urls) != 1:
        raise typer.BadParameter("--id, --title, --link and --published are for one document")
    if link and urls:
        raise typer.BadParameter("--link is for a file; a page has its own address")
    details = {name: value for name, value in (single | {"source": source}).items() if value}

    settings = Settings.load(data_dir=data_dir)
    if rebuild:
        rebuild_index(settings, quiet=as_json)
    summary = Summary()
    if given or urls:
        try:
            with open_session(settings) as session:
                _add(session, given, urls, details, summary)
        finally:  # an error in the middle neither undoes nor hides what was stored before
            if summary.total:
                summary.show(as_json=as_json)
    elif as_json:
        summary.show(as_json=True)
    if summary.failed:
        raise typer.Exit(1)


def _outermost(paths: list[Path]) -> list[Path]:
    """Return the paths, each once, without those that lie in a folder that is given too.

    Raises:
        InvalidInputError: a folder has no file that can be read, or a path is no text.
    """
    from index.loaders import known_suffixes, listed
    from index.loaders.files import is_storable, not_text, shown
    from index.loaders.unread import told

    kept: dict[Path, Path] = {}
    folders = {path.resolve() for path in paths if path.is_dir()}
    for path in paths:
        resolved = path.resolve()
        if not is_storable(str(resolved)):
            raise not_text(str(path))
        if not any(folder in resolved.parents for folder in folders):
            kept.setdefault(resolved, path)
    for path in kept.values():
        files, others = listed(path)
        if path.is_dir() and not files:
            held = f" It has {told(shown(file.name) for file in others)}" if others else ""
            raise InvalidInputError(
                f"{path} has no files that can be indexed. These are read: "
                f"{', '.join(known_suffixes())}.{held}"
            )
    return list(kept.values())


def _number(paths: list[Path], urls: list[str]) -> int:
    """Return how many files and pages are given."""
    from index.loaders import discover

    return len(urls) + sum(len(discover(path)) for path in paths)


def _add(
    session: "Session",
    paths: list[Path],
    urls: list[str],
    details: dict[str, Any],
    summary: "Summary",
) -> None:
    from app.cli.following import follow
    from app.jobs.work import Details, FetchWork, PathWork

    stated = Details.model_validate(details)
    batches: list[list[PathWork | FetchWork]] = []
    if paths:
        batches.append([PathWork(path=path.absolute(), details=stated) for path in paths])
    batches += [[FetchWork(url=url, details=stated)] for url in urls]
    for batch in batches:
        job = follow(session, session.add(batch), "Indexing")
        places = [path if path.is_dir() else path.parent for path in paths]
        for result in session.results(job.id):
            place = places[result.position] if isinstance(batch[0], PathWork) else None
            summary.note(result, place)
        was_cut_short = job.counts.get("cancelled") or job.counts.get("waiting")
        if job.state == "failed" and (was_cut_short or not summary.failed):
            raise StorageError(job.error or "Nothing could be indexed.")
