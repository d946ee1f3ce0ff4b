"""What all tests share: no network but loopback, and the real parts over temporary folders."""

import ipaddress
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import sample_corpus
from app.reading.bundled import BundledReader
from app.services import Services, make_chain
from app.settings import Settings
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library


class OutsideCallError(AssertionError):
    """Something tried to reach an address that is not loopback."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: they may differ from run to run, as what gzip writes does."""
    return argname if isinstance(val, bytes) else None


def _refuse_outside_calls(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a str is a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return
    try:
        loopback = ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        loopback = False
    if not loopback and host not in ("0.0.0.0", "::"):  # noqa: S104 - a listener's own address
        raise OutsideCallError(f"{event} to {host}")


sys.addaudithook(_refuse_outside_calls)


@pytest.fixture(scope="session")
def embedder() -> MiniLMEmbedder:
    """The bundled model, loaded once."""
    return MiniLMEmbedder()


@pytest.fixture(scope="session")
def reader() -> Iterator[BundledReader]:
    """The bundled reader, loaded once."""
    opened = BundledReader()
    yield opened
    opened.close()


@pytest.fixture
def library(tmp_path: Path, embedder: MiniLMEmbedder) -> Iterator[Library]:
    """An empty index."""
    with Library.open(tmp_path / "data", embedder=embedder) as opened:
        yield opened


@pytest.fixture(scope="session")
def sample_services(
    tmp_path_factory: pytest.TempPathFactory, embedder: MiniLMEmbedder
) -> Iterator[Services]:
    """The services over the sample corpus, for tests that only read."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("sample"), _env_file=None)
    with Library.open(settings.data_dir, embedder=embedder) as opened:
        assert all(outcome.error is None for outcome in sample_corpus.index_once(opened))
        yield Services(settings, opened, make_chain(settings, opened))
