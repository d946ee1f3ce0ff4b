"""``footnote backup`` and ``footnote restore``: the index as one file, and back.

A backup is taken from the catalog's file, also while a server holds the data folder; the work is
``index.backup``'s.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import AsJson, DataDir
from index.errors import FootnoteError

if TYPE_CHECKING:
    from app.settings import Settings
    from index.archive import Manifest

_MEGABYTE = 1_000_000


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace a file that is there.", show_default=False)
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Copy the index into one file; a server may go on meanwhile.

    The file holds every document and the secrets of the sessions: keep it as safe as the data
    folder.
    """
    from app.cli.terminal import print_json
    from app.cli.version import installed
    from app.settings import Settings
    from index.backup import back_up

    settings = Settings.load(data_dir=data_dir)
    with _progress() as progress:
        manifest = back_up(
            settings.data_dir,
            file,
            footnote=installed(),
            catalog_url=_catalog_url(settings),
            overwrite=force,
            progress=progress,
        )
    if as_json:
        print_json({"file": str(file), **asdict(manifest)})
        return
    size = file.stat().st_size / _MEGABYTE
    typer.echo(f"Backed up {_described(manifest)} to {file} ({size:.1f} MB), and verified it.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` made.")],
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Replace the index that is in the data folder.", show_default=False
        ),
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Put a backup into the data folder.

    Vectors and words are made from it; nothing is embedded. No server may hold the folder.
    """
    from app.cli.terminal import messages, print_json
    from app.settings import Settings
    from index.backup import restore as put_back

    settings = Settings.load(data_dir=data_dir)
    with _progress() as progress:
        manifest = put_back(
            file,
            settings.data_dir,
            catalog_url=_catalog_url(settings),
            chroma_url=settings.chroma_url,
            force=force,
            progress=progress,
        )
    note = _mismatch(settings, manifest)
    if as_json:
        print_json({"data_dir": str(settings.data_dir), **asdict(manifest), "note": note})
        return
    typer.echo(f"Restored {_described(manifest)} of {manifest.created_at} to {settings.data_dir}.")
    if note:
        messages().print(note)


def _mismatch(settings: "Settings", manifest: "Manifest") -> str | None:
    """Say what to do where the settings name another embedding model than the backup's."""
    from app.services import open_embedder
    from index.segment import PASSAGE_MAKER
    from index.stamp import stamp_of

    try:
        wanted = str(stamp_of(open_embedder(settings.embedding), PASSAGE_MAKER))
    except FootnoteError as error:
        return f"Whether the embedding model is that of the backup is not known: {error.message}"
    if manifest.stamp in (None, wanted):
        return None
    return (
        f"The index was made with {manifest.stamp}, and the settings have {wanted}: set the "
        "embedding model back, or run `footnote index --rebuild`."
    )


def _described(manifest: "Manifest") -> str:
    return "1 document" if manifest.documents == 1 else f"{manifest.documents} documents"


def _catalog_url(settings: "Settings") -> str | None:
    return settings.catalog_url.get_secret_value() if settings.catalog_url else None


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None], None]]:
    from app.cli.progress import bar

    with bar(quantity=False) as progress:
        task = progress.add_task("", total=None)

        def tell(what: str, done: int, total: int | None) -> None:
            progress.update(task, description=what, completed=done, total=total)

        yield tell
