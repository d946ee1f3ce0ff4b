"""``footnote index --rebuild``: the stores made again, or an index with another embedding model.

With the model that made the index, vectors and words are written again from the catalog. With
another, a new index is made beside the one that answers, also while a server holds the folder.
"""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.settings import Settings


def rebuild(settings: "Settings", *, quiet: bool) -> None:
    """Make the index anew.

    Raises:
        ConflictError: a server holds the folder and works with the model that is set already.
        StorageError: the stores cannot be written; the present index is as it was.
    """
    from app.cli.opening import refuse_if_served, server_of
    from app.cli.progress import bar
    from app.services import open_library, prepare_remake

    with bar() as progress:
        task = progress.add_task("Rebuilding", total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        needed = prepare_remake(settings, advance)
        if needed and (server := server_of(settings.data_dir)):
            _say(
                f"The new index is ready beside the one that the server on {server} answers from. "
                "Start that server again with the new settings: it switches then.",
                quiet=quiet,
            )
            return
        refuse_if_served(settings, "A rebuild")
        with open_library(settings, repair=not needed) as library:
            counts = library.counts()
    _say(f"Rebuilt: {counts.documents} documents, {counts.sentences} sentences.", quiet=quiet)


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        typer.echo(text)
