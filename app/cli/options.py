"""The options that several commands share, so that they read the same everywhere."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON, for programs to read.", show_default=False)
]
DataDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help="Folder of the index (otherwise FOOTNOTE_DATA_DIR, otherwise data).",
    ),
]
