"""Reads files through worker processes, which may hang, crash or be killed without harm.

Owns the workers: one is kept for the next file, started when the first one is wanted. Text and
Markdown never come here. Knows what comes back only as ``Part``; parses nothing itself.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from index.closing import Closing
from index.errors import FootnoteError, InvalidDocumentError, TooLargeError, UnavailableError
from index.loaders import wire
from index.loaders.base import Limits, Part
from index.loaders.registry import Format

_LOG = logging.getLogger(__name__)
WORKER = (sys.executable, "-m", "index.loaders.worker")
_MOST_LOST = 5  # workers that one file may cost
_START_SECONDS = 30.0  # that a worker may take to start, on a busy machine
_BYTES_PER_CHARACTER = 12  # of a character in a message, at most: an escaped pair


class Parser(Closing):
    """Parses files of the formats that are parsed apart. Use as a context manager.

    May be used from several threads: each file that is being read has a worker of its own, and one
    idle worker is kept.

    Args:
        limits: what a file may hold and cost.
        command: starts a worker.
    """

    def __init__(self, limits: Limits | None = None, command: Sequence[str] = WORKER) -> None:
        self.limits = limits or Limits()
        self._command = command
        self._lock = threading.Lock()
        self._idle: _Worker | None = None
        self._closed = False

    def parts(self, data: bytes, name: str, kind: Format) -> Iterator[Part]:
        """Yield the documents of a file as they are read, and an error for each that cannot be.

        Args:
            data: the file.
            name: how errors call it.
            kind: its format.

        Raises:
            UnavailableError: no worker can be started, or the parser is closed.
        """
        skip, lost = 0, 0
        give_up = time.monotonic() + self.limits.file_seconds
        while True:
            reading = _Reading(self.limits, name, kind, skip)
            worker = self._take()
            try:
                yield from reading.parts(worker, data, give_up)
            except _LostError as error:
                worker.kill()
                if worker.was_used and not reading.answered:
                    continue  # it had just retired
                lost += 1
                _LOG.info("a parser was lost over %s (%s): %s", name, reading.inner, error)
                yield Part(reading.inner, kind.media_types[0], None, self._told(error, reading))
                if not kind.several or reading.number is None:
                    return
                if lost >= _MOST_LOST or time.monotonic() >= give_up:
                    rest = f"{name} is not read further: too much of it cannot be parsed."
                    yield Part("", None, None, InvalidDocumentError(rest))
                    return
                skip = reading.number + 1
            except BaseException:  # whoever asked has stopped asking; what comes is of no use
                worker.kill()
                raise
            else:
                self._keep(worker)
                return

    def close(self) -> None:
        """End the worker, if there is one. Harmless when it was done before."""
        with self._lock:
            worker, self._idle, self._closed = self._idle, None, True
        if worker is not None:
            worker.kill()

    def _take(self) -> "_Worker":
        with self._lock:
            if self._closed:
                raise UnavailableError("The service is stopping; the file was not read.")
            worker, self._idle = self._idle, None
        if worker is not None and worker.is_alive:
            return worker
        if worker is not None:
            worker.kill()
        return _Worker(self._command)

    def _keep(self, worker: "_Worker") -> None:
        worker.was_used = True
        with self._lock:
            kept = self._idle is None and not self._closed
            if kept:
                self._idle = worker
        if not kept:
            worker.kill()

    def _told(self, lost: "_LostError", reading: "_Reading") -> FootnoteError:
        what = reading.inner or reading.name
        if lost.timed_out:
            return TooLargeError(
                f"{what} took longer than {self.limits.seconds:g} seconds to read and was left. "
                "Split it, or save it as text."
            )
        if lost.for_memory:
            return TooLargeError(
                f"{what} takes more than {self.limits.memory_bytes / 1024**2:,.0f} MB of memory to "
                "read. Split it, or save it as text."
            )
        return InvalidDocumentError(
            f"{what} cannot be read: the parser broke on it. It is damaged, or made to do harm. "
            "Open it in the program it is made for and save it again."
        )


class _LostError(Exception):
    """The worker ended, or was ended, before it was done."""

    def __init__(self, why: str, *, timed_out: bool = False, for_memory: bool = False) -> None:
        super().__init__(why)
        self.timed_out = timed_out
        self.for_memory = for_memory


class _Reading:
    """One request to a worker, and how far it has come."""

    def __init__(self, limits: Limits, name: str, kind: Format, skip: int) -> None:
        self.name = name
        self.inner = ""
        self.number: int | None = None
        self.answered = False
        self._limits = limits
        self._request = {
            "name": name,
            "format": kind.key,
            "skip": skip,
            "limits": asdict(limits),
        }

    def parts(self, worker: "_Worker", data: bytes, give_up: float) -> Iterator[Part]:
        """Yield what the worker brings. Raises _LostError."""
        most = self._limits.characters * _BYTES_PER_CHARACTER + (1 << 20)
        with worker.within(_START_SECONDS + self._limits.seconds):
            worker.send(self._request, data)
        start = _START_SECONDS
        while True:
            seconds = min(self._limits.seconds, max(give_up - time.monotonic(), 0.01))
            with worker.within(seconds + start):
                message = worker.receive(most)
            start, self.answered = 0.0, True
            match message.get("kind"):
                case "begin":
                    self.number, self.inner = int(message["number"]), str(message["inner"])
                case "part":
                    yield _part(message)
                case "end":
                    return
                case _:
                    raise _LostError("an unknown message")


def _part(message: dict[str, Any]) -> Part:
    try:
        return wire.to_part(message)
    except wire.BrokenFrameError as error:
        raise _LostError(str(error)) from error


class _Worker:
    """One process. Not for two threads at once."""

    def __init__(self, command: Sequence[str]) -> None:
        self.was_used = False
        self._timed_out = False
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own module, but for tests
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the process that asked
            )
        except OSError as error:
            raise UnavailableError(
                f"The process that reads documents cannot be started: {error.strerror}."
            ) from error

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def _input(self) -> BinaryIO:
        return cast("BinaryIO", self._process.stdin)

    @property
    def _output(self) -> BinaryIO:
        return cast("BinaryIO", self._process.stdout)

    def within(self, seconds: float) -> "_Watch":
        """Return a context in which the process is killed after some time."""
        return _Watch(seconds, self._expire)

    def send(self, request: dict[str, Any], data: bytes) -> None:
        try:
            wire.send(self._input, request, data)
        except (OSError, ValueError) as error:
            raise self._lost(str(error)) from error

    def receive(self, most: int) -> dict[str, Any]:
        try:
            frame = wire.receive(self._output.read, most)
        except (wire.BrokenFrameError, OSError, ValueError) as error:
            raise self._lost(str(error)) from error
        if frame is None:
            raise self._lost("it ended")
        return frame[0]

    def kill(self) -> None:
        """End the process and wait until it has gone."""
        self._process.kill()
        for stream in (self._input, self._output):
            with suppress(OSError):  # what was not sent yet cannot be
                stream.close()
        self._process.wait()

    def _expire(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _lost(self, why: str) -> _LostError:
        if self._timed_out:
            return _LostError("it took too long", timed_out=True)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.returncode
        out_of_time = hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU
        killed = hasattr(signal, "SIGKILL") and code == -signal.SIGKILL
        return _LostError(f"{why} ({code})", timed_out=out_of_time, for_memory=killed)


class _Watch:
    """Calls ``expire`` unless it is left in time."""

    def __init__(self, seconds: float, expire: Any) -> None:
        self._timer = threading.Timer(seconds, expire)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _environment() -> dict[str, str]:
    """Return what a worker needs to find its modules; no keys, no proxies, no home."""
    places = [str(Path(__file__).parents[2]), *(place for place in sys.path if place)]
    return {
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONSAFEPATH": "1",  # nothing in the current folder is a module
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
