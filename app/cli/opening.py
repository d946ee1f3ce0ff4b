"""Which way a command takes: into the data folder, or through the server that holds it.

A data folder belongs to one process. When a server has it, the commands go through that server and
print the same. That way loads neither stores nor model, so it is quick.
"""

from pathlib import Path

from app.cli.session import Session
from app.local_access import token_of
from app.settings import Settings
from index.errors import ConflictError, DataFolderBusyError
from index.lock import holder


def open_session(settings: Settings, *, samples: bool = False) -> Session:
    """Return a way to the index: through the server that holds the data folder, or into it.

    Args:
        settings: say where the data folder is.
        samples: index the sample corpus if this is the first start, as a server does.

    Raises:
        StorageError: the index cannot be opened; the message says what to do.
    """
    if server := server_of(settings.data_dir):
        return _remote(server, settings)
    from app.cli.local import LocalSession

    try:
        session = LocalSession(settings)
    except DataFolderBusyError:
        if server := server_of(settings.data_dir):  # it started meanwhile
            return _remote(server, settings)
        raise
    if samples:
        session.index_samples()
    return session


def refuse_if_served(settings: Settings, what: str) -> None:
    """Stop what only works on a data folder that no server holds.

    Raises:
        ConflictError: a server holds it.
    """
    if server := server_of(settings.data_dir):
        raise ConflictError(
            f"{what} needs the data folder for itself. Stop the server on {server}."
        )


def server_of(data_dir: Path) -> str | None:
    """Return the address of the server that holds a data folder, None when there is none."""
    held_by = holder(data_dir)
    return held_by.url if held_by else None


def _remote(server: str, settings: Settings) -> Session:
    from app.cli.remote import RemoteSession

    key = settings.api_key.get_secret_value() if settings.api_key else None
    return RemoteSession(server, key=key, local_access=token_of(settings.data_dir))
