"""``footnote keys``: the secrets of an installation."""

import typer

from app.cli.options import DataDir


def build() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(
        help="Renew the secrets that a data folder keeps.",
        rich_markup_mode=None,
        no_args_is_help=True,
    )
    group.callback()(_group)
    group.command("rotate-sessions")(rotate_sessions)
    return group


def _group() -> None:
    """Make this a group although it has one command."""


def rotate_sessions(data_dir: DataDir = None) -> None:
    """End all sessions of the embedded chat by renewing the secret that signs them.

    Pages open new ones by themselves. Do it when somebody may have read the data folder or a
    backup.
    """
    from app.cli.opening import open_session
    from app.cli.terminal import messages
    from app.settings import Settings

    with open_session(Settings.load(data_dir=data_dir)) as session:
        session.rotate_sessions()
    messages().print("All sessions of the chat have ended.")
