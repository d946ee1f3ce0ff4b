"""A Footnote server in a process of its own, and what the operating system says of it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import httpx

READY_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where it serves, its process, and the seconds from its start until it was ready."""

    url: str
    process: subprocess.Popen[bytes]
    ready_s: float

    def memory_mb(self) -> tuple[float, float]:
        """Return the resident memory now and at its highest, in MB. Linux only.

        Raises:
            OSError: there is no /proc.
        """
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        now, high = (int(fields[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
        return now, high


@contextmanager
def serving(
    data_dir: Path, variables: Mapping[str, str] = MappingProxyType({})
) -> Iterator[RunningServer]:
    """Serve a data folder on a free loopback port until the block ends.

    ``variables`` are set in the server's environment besides.

    Raises:
        RuntimeError: the server did not get ready; the message holds what it printed.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "FOOTNOTE_DATA_DIR": str(data_dir),
        "FOOTNOTE_SAMPLE_CORPUS": "false",
        "FOOTNOTE_LOG_LEVEL": "warning",
        **variables,
    }
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    log = data_dir.parent / "server.log"
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)  # noqa: S603 - our own command line
    try:
        while not _ready(url):
            if process.poll() is not None or time.perf_counter() - started > READY_WITHIN_S:
                raise RuntimeError(f"The server did not get ready:\n{log.read_text('utf-8')}")
            time.sleep(0.02)
        yield RunningServer(url, process, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
