"""Feeds inputs into the loaders and the fetcher, in a process that a harness can end.

Run as ``python -m eval.hostile.feeding SEED``: takes the number of an input on each line of its
standard input, gives a verdict on each line of its standard output.
"""

import contextlib
import json
import os
import socket
import stat
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, replace
from ipaddress import ip_network
from pathlib import Path
from typing import TextIO

from eval.hostile import judging
from eval.hostile.folders import Folder
from eval.hostile.inputs import inputs
from eval.hostile.model import Hostile, Verdict
from eval.hostile.site import Answer, Site, redirect, site
from index.errors import FootnoteError, ForbiddenAddressError
from index.fetching import Fetched, Fetcher, FetchLimits, entries, kind
from index.loaders import Limits, Parser, discover, pieces_of_bytes, pieces_of_path

LIMITS = Limits(seconds=10, file_seconds=20, memory_bytes=1024**3)
"""Tighter than what a service has, so that a run takes minutes."""

_FETCH = FetchLimits(
    max_bytes=20_000_000, connect_s=3, stall_s=2, total_s=8, pause_s=0, entries=500, sitemaps=5
)


class Feeder:
    """Feeds one input after the other; see ``judging`` for what counts as what. Close it."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._parser = self._stack.enter_context(Parser(LIMITS))
        self._site = self._stack.enter_context(site())
        self._inside = self._stack.enter_context(site("127.0.0.2"))
        self._fetcher = self._stack.enter_context(
            Fetcher(_FETCH, allowed=[ip_network("127.0.0.1/32")], resolver=_no_names)
        )

    def close(self) -> None:
        """End the parser and the servers."""
        self._site.stopping.set()
        self._inside.stopping.set()
        self._stack.close()

    def feed(self, hostile: Hostile) -> Verdict:
        """Return what becomes of an input."""
        began = time.monotonic()
        try:
            verdict = self._fed(hostile)
        except FootnoteError as error:
            verdict = judging.refused(error)
        except Exception:  # noqa: BLE001  # this is what is looked for
            verdict = judging.crash(traceback.format_exc(limit=-3).strip())
        if hostile.must_be_refused and verdict.outcome == "accepted":
            verdict = judging.crash("taken, though it must not be")
        return replace(verdict, seconds=time.monotonic() - began)

    def _fed(self, hostile: Hostile) -> Verdict:
        match hostile.way:
            case "path":
                return self._path(hostile)
            case "list":
                return self._list(hostile)
            case "url":
                return self._url(hostile.make().decode("utf-8", "surrogatepass"))
            case "redirect":
                return self._redirect(hostile.make().decode())
            case "server":
                return self._server(hostile)
            case _:
                return judging.of_pieces(
                    hostile,
                    pieces_of_bytes(
                        hostile.make(),
                        filename=hostile.filename,
                        media_type=hostile.media_type,
                        parser=self._parser,
                    ),
                )

    def _path(self, hostile: Hostile) -> Verdict:
        with tempfile.TemporaryDirectory() as name:
            folder = Folder(Path(name))
            if hostile.group == "folders":
                folder.lay(hostile.filename)
            else:
                folder.name(hostile.filename)
            inside = folder.path / "in"
            files = discover(inside)
            pieces = (p for f in files for p in pieces_of_path(f, inside, parser=self._parser))
            verdict = judging.of_pieces(hostile, pieces)
            _unlock(inside)
            if not files and verdict.outcome == "crash":
                return Verdict("refused", 0, "passed over: no document is seen there", "unseen")
            return verdict

    def _list(self, hostile: Hostile) -> Verdict:
        page = Fetched("http://news.example/list", 200, "text/xml", hostile.make())
        if kind(page) == "document":
            return judging.of_pieces(
                hostile,
                pieces_of_bytes(page.body, filename="list.xml", parser=self._parser),
            )
        found = list(entries(page, self._fetcher))
        good = [entry for entry in found if entry.error is None]
        for entry in good:
            if not entry.url.startswith(("http://", "https://")) or (
                hostile.never and hostile.never in entry.url
            ):
                return judging.crash(f"an entry that is none: {entry.url[:100]!a}")
        for entry in found:
            if entry.error is not None and (wrong := judging.wrong_error(entry.error)):
                return judging.crash(wrong)
        errors = [entry.error for entry in found if entry.error is not None]
        if not good and errors:
            return judging.refused(errors[0])
        return Verdict("accepted", 0, f"{len(good)} entries")

    def _url(self, url: str) -> Verdict:
        page = self._fetcher.get(url)
        return Verdict("accepted", 0, page.url)

    def _redirect(self, host: str) -> Verdict:
        self._site.answers["/"] = redirect(f"http://{_wire(host)}:{self._inside.port}/secret")
        before = len(self._inside.requests)
        try:
            self._fetcher.get(self._site.url())
        except ForbiddenAddressError as error:
            if len(self._inside.requests) == before:
                return judging.refused(error)
        return judging.crash("the server inside was reached")

    def _server(self, hostile: Hostile) -> Verdict:
        served = self._site
        data = hostile.make()
        drips = {
            "drips a header": b"HTTP/1.1 200 OK\r\nA: ",
            "drips a body": b"HTTP/1.1 200 OK\r\n\r\n",
        }
        if hostile.name in drips:
            served.answers["/"] = lambda connection: _drip(served, connection, drips[hostile.name])
        elif hostile.name == "goes quiet":
            served.answers["/"] = _quiet(served)
        else:
            served.answers["/"] = data
        page = self._fetcher.get(served.url())
        return Verdict("accepted", 0, f"{len(page.body):,} bytes")


def main(seed: int, numbers: TextIO, verdicts: TextIO) -> None:
    """Feed the inputs that are asked for by number, until nobody asks."""
    known = inputs(seed)
    feeder = Feeder()
    for line in numbers:
        verdict = feeder.feed(known[int(line)])
        verdicts.write(json.dumps(asdict(verdict)) + "\n")
        verdicts.flush()
    feeder.close()


def _no_names(host: str) -> list[str]:
    raise OSError(f"{host} is not looked up in this run")


def _wire(host: str) -> str:
    """Return a host as it stands in a Location header, which is bytes."""
    return host.encode().decode("latin-1")


def _drip(served: Site, connection: socket.socket, first: bytes) -> None:
    connection.sendall(first)
    while not served.stopping.wait(0.05):
        connection.sendall(b"a")


def _quiet(served: Site) -> Answer:
    def wait(connection: socket.socket) -> None:
        served.stopping.wait(10)

    return wait


def _unlock(folder: Path) -> None:
    """Make a folder removable again."""
    for path in folder.iterdir():
        if stat.S_IMODE(path.lstat().st_mode) == 0:
            path.chmod(0o600)


if __name__ == "__main__":
    # A library that prints must not end up among the verdicts.
    with os.fdopen(os.dup(1), "w") as out:
        os.dup2(2, 1)
        main(int(sys.argv[1]), sys.stdin, out)
