"""``footnote serve``: binds the address, opens the index, indexes the samples once, and serves."""

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import logs
from app.cli.options import DataDir

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.api.server import Server
    from app.settings import ServerSettings, Settings

_BACKLOG = 2048
_TURN_S = 0.001  # of a thread, after which another may have the interpreter; 5 ms is the default


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to serve on (otherwise FOOTNOTE_HOST).")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port (otherwise FOOTNOTE_PORT); 0 picks a free one."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the HTTP API.

    By default on http://127.0.0.1:8000, for this machine only.
    """
    from app.api.exposure import check_exposure
    from app.settings import Settings, unknown_variables

    settings = Settings.load(host=host, port=port, data_dir=data_dir)
    check_exposure(settings.host, settings)
    for name, nearest in unknown_variables().items():
        meant = f" Is {nearest} meant?" if nearest else ""
        _say(f"warning: {name} is set, but there is no such setting.{meant}")
    logs.configure(settings.log_level)
    with _stopping_cleanly(), bind(settings.host, settings.port) as listener:
        url = url_of(settings.host, listener.getsockname()[1])
        _say(f"Starting Footnote on {url} ...")
        _run(settings, listener, url)


def bind(host: str, port: int) -> socket.socket:
    """Return a bound socket, so that a taken port is known before anything is opened.

    Raises:
        UnavailableError: the address cannot be had; the message says why and what to do.
    """
    from index.errors import UnavailableError

    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        if sys.platform != "win32":  # where it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except (OSError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise UnavailableError(
            f"Cannot serve on {host}, port {port}: {reason}. "
            "Choose another with --port (0 picks a free one) or --host."
        ) from error
    return listener


def url_of(host: str, port: int) -> str:
    """Return the address for a browser on this machine; every-address hosts become loopback."""
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    return f"http://{name}:{port}"


def _run(settings: "Settings", listener: socket.socket, url: str) -> None:
    from app.api.application import create_app
    from app.cli.samples import index_samples
    from app.services import build

    # A question changes threads a dozen times, and each time waits out the turn of the indexing.
    sys.setswitchinterval(_TURN_S)
    with build(settings, server_url=url) as services:
        index_samples(services)
        app = create_app(services)
        announcing_server(app, url, settings.server).run(sockets=[listener])


def announcing_server(
    app: "FastAPI", url: str, settings: "ServerSettings | None" = None
) -> "Server":
    """Return a server of ``app`` that says where it serves, once it does."""
    from app.api.server import make_server
    from app.settings import ServerSettings

    ready = partial(_say, f"Footnote is ready: {url}  (Ctrl-C stops it)")
    return make_server(app, settings or ServerSettings(), ready)


@contextmanager
def _stopping_cleanly() -> Iterator[None]:
    """Make SIGTERM end the program as its own end would: index closed, exit status 0."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(text: str) -> None:
    typer.echo(text, err=True)
