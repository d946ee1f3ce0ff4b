"""``footnote documents``: list, show and delete what is indexed."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import AsJson, DataDir

if TYPE_CHECKING:
    from app.api.models import DocumentLine
    from app.cli.session import Session

Id = Annotated[str, typer.Argument(metavar="ID", help="A document's id, as the list shows it.")]


def build() -> typer.Typer:
    """Return the group of commands; alone, it lists."""
    group = typer.Typer(
        help="List, show and delete documents.",
        rich_markup_mode=None,
        invoke_without_command=True,
    )
    group.callback()(_default)
    group.command("list")(list_documents)
    group.command("show")(show)
    group.command("delete")(delete)
    return group


def _default(context: typer.Context, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    if context.invoked_subcommand is None:
        list_documents(as_json=as_json, data_dir=data_dir)


def list_documents(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List all documents with publisher, date and size."""
    from rich.table import Table
    from rich.text import Text

    from app.cli.terminal import messages, output, print_json

    with _session(data_dir) as session:
        documents = session.documents()
    if as_json:
        print_json(documents)
        return
    if not documents:
        messages().print("Nothing is indexed yet. Add documents with: footnote index PATH")
        return
    console = output()
    if console.is_terminal:
        for item in documents:
            console.print(Text.assemble((item.id, "bold cyan"), f"  {item.title}"))
            console.print(Text(f"    {_facts(item)}", style="dim"))
        return
    table = Table(box=None, pad_edge=False)
    for name in ("id", "title", "source", "published", "passages"):
        table.add_column(name)
    for item in documents:
        day = item.published_at.isoformat() if item.published_at else ""
        table.add_row(item.id, item.title, item.source or "", day, str(item.passages))
    console.print(table)


def _facts(item: "DocumentLine") -> str:
    from app.cli.rendering import long_date

    passages = f"{item.passages} passage{'' if item.passages == 1 else 's'}"
    return ", ".join(filter(None, (item.source, long_date(item.published_at), passages)))


def _dated(day: dt.date | None, where: str | None) -> str:
    from app.cli.rendering import long_date

    return f"{long_date(day)} ({where})" if day and where else long_date(day)


def _told(language: str | None, where: str | None) -> str | None:
    return f"{language} ({where})" if language and where else language


def show(document_id: Id, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Show what is known about a document, and its text."""
    from rich.text import Text

    from app.cli.terminal import output, print_json

    with _session(data_dir) as session:
        document = session.document(document_id)
    if as_json:
        print_json(document)
        return
    facts = {
        "id": document.id,
        "source": document.source,
        "url": document.url,
        "language": _told(document.language, document.provenance.get("language")),
        "author": document.provenance.get("author"),
        "published": _dated(document.published_at, document.provenance.get("published_at")),
        "file made": document.provenance.get("file_created"),
        "format": document.media_type,
        "pages": str(len(document.pages)) if document.pages else None,
        "same text": ", ".join(document.copies),
        "revision": f"{document.revision[:12]}, {len(document.revisions)} kept",
    }
    console = output()
    console.print(Text(document.title, style="bold"))
    for name, value in facts.items():
        if value:
            console.print(Text.assemble((f"{name + ':':<11}", "dim"), value))
    console.print()
    console.print(Text(document.text), soft_wrap=True)


def delete(
    document_id: Id,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Delete a document with all its revisions."""
    from app.cli.terminal import print_json

    with _session(data_dir) as session:
        session.delete(document_id)
    if as_json:
        print_json({"deleted": document_id})
    else:
        typer.echo(f"Deleted {document_id}.")


def _session(data_dir: Path | None) -> "Session":
    from app.cli.opening import open_session
    from app.settings import Settings

    return open_session(Settings.load(data_dir=data_dir))
