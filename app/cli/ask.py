"""``footnote ask``: one question, its answer and the sources it quotes."""

import datetime as dt
from typing import Annotated

import typer

from app.cli.options import AsJson, DataDir

_DAY = ["%Y-%m-%d"]


def ask(
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="The question; quotes are optional.")
    ],
    document: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this document (may be given again)."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this publisher (may be given again)."),
    ] = None,
    published_from: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=_DAY, metavar="DAY", help="Published on this day or later."),
    ] = None,
    published_to: Annotated[
        dt.datetime | None,
        typer.Option("--to", formats=_DAY, metavar="DAY", help="Published on this day or earlier."),
    ] = None,
    top_k: Annotated[
        int | None, typer.Option(min=1, max=50, help="Passages to answer from.")
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Ask a question and read the answer with its quotes."""
    from app.cli.opening import open_session
    from app.cli.rendering import show_answer
    from app.cli.terminal import output, print_json
    from app.settings import Settings
    from index.model import Filters

    settings = Settings.load(data_dir=data_dir)
    filters = Filters(
        document_ids=tuple(document or ()),
        sources=tuple(source or ()),
        published_from=published_from.date() if published_from else None,
        published_to=published_to.date() if published_to else None,
    )
    with open_session(settings, samples=True) as session:
        answer = session.ask(" ".join(question), filters, top_k)
    if as_json:
        print_json(answer)
    else:
        show_answer(output(), answer)
