"""The process that parses files for another one: ``python -m index.loaders.worker``.

Takes files on its standard input and gives documents on its standard output, one request after the
other. It gives itself limits on memory and time, writes no files, opens no connections, starts no
programs, and ends when nothing comes for a while or the other side is gone.
"""

import os
import select
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO

from index.loaders import wire
from index.loaders.base import Limits
from index.loaders.registry import format_named
from index.loaders.unpacking import leaves

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.startfile",
    "pty.spawn",
    "ftplib.",
    "http.client.",
    "smtplib.",
    "urllib.Request",
)
_MOST_IN_CORE = 0.6  # of the memory limit: beyond it a fresh process goes on


class ForbiddenError(RuntimeError):
    """A parser tried what no parser needs."""


def main() -> None:
    """Answer requests until there are no more."""
    stream_in = os.fdopen(os.dup(0), "rb", buffering=0)
    stream_out = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):  # a library that prints must not break the frames
        os.dup2(nothing, standard)
    sys.addaudithook(_refuse)
    answer_all(stream_in, stream_out)


def answer_all(stream_in: BinaryIO, stream_out: BinaryIO) -> None:
    """Answer requests until the other side is gone, is idle, or too much memory is held."""
    idle: float | None = None
    while idle is None or select.select([stream_in], [], [], idle)[0]:
        frame = wire.receive(lambda size: _exactly(stream_in, size), sys.maxsize)
        if frame is None:
            return
        request, data = frame
        limits = _limits(request["limits"])
        idle = limits.idle_seconds
        _restrict(limits)
        for message in answers(request, data, limits):
            wire.send(stream_out, message)
        wire.send(stream_out, {"kind": "end"})
        if _held() > limits.memory_bytes * _MOST_IN_CORE:
            return


def answers(request: dict[str, Any], data: bytes, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield a message at the beginning of each step, and one for each document it brings.

    Steps before ``request["skip"]`` were dealt with by a worker that is no more.
    """
    kind = format_named(request["format"])
    for number, leaf in enumerate(leaves(data, request["name"], kind, limits)):
        if number < request["skip"]:
            continue
        yield {"kind": "begin", "number": number, "inner": leaf.inner}
        for part in leaf.parts():
            yield {"kind": "part", **wire.from_part(part)}


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise ForbiddenError(f"{event} in a process that only parses")


def _restrict(limits: Limits) -> None:
    """Set what the operating system holds this process to, as far as it can."""
    try:
        import resource
    except ImportError:  # not on this platform
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.file_seconds) + 1
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(which: int, value: int) -> None:
    import resource
    from contextlib import suppress

    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with suppress(ValueError, OSError):  # the platform does not know it
        resource.setrlimit(which, (value, hard))


def _held() -> int:
    """Return the most bytes this process ever held; 0 where that is not known."""
    try:
        # Linux counts into ru_maxrss what the process that started this one held at that moment.
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _limits(values: dict[str, Any]) -> Limits:
    return Limits(**{each.name: values[each.name] for each in fields(Limits)})


def _exactly(stream: BinaryIO, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = stream.read(min(size - len(parts), 1 << 20))
        if not part:
            break
        parts += part
    return bytes(parts)


if __name__ == "__main__":
    main()
