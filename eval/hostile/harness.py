"""Has inputs fed by a process of their own, and ends it where one hangs."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from eval.hostile.model import Verdict
from index.closing import Closing

_STARTING_S = 120.0


class Harness(Closing):
    """Feeds inputs by number; a hang or a death of the process is a verdict. Close it.

    Args:
        seed: of the inputs.
        limit_s: what takes longer is a hang.
    """

    def __init__(self, seed: int, *, limit_s: float) -> None:
        self._seed = seed
        self._limit_s = limit_s
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def close(self) -> None:
        """End the process."""
        self._end()

    def feed(self, number: int) -> Verdict:
        """Return what became of an input."""
        fresh = self._process is None
        process = self._process or self._start()
        assert process.stdin is not None  # noqa: S101  # it is a pipe
        limit_s = self._limit_s + (_STARTING_S if fresh else 0)
        try:
            process.stdin.write(f"{number}\n")
            process.stdin.flush()
            line = self._lines.get(timeout=limit_s)
        except queue.Empty:
            self._end()
            return Verdict("hang", limit_s, f"no verdict within {limit_s:g} seconds")
        except OSError:
            line = ""
        if line:
            return Verdict(**json.loads(line))
        code = process.wait()
        self._end()
        return Verdict("crash", 0, f"the process ended ({code})")

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", "eval.hostile.feeding", str(self._seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        lines = self._lines = queue.SimpleQueue()
        threading.Thread(target=_read, args=(self._process, lines), daemon=True).start()
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None


def _read(process: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str]") -> None:
    for line in _until_closed(process):
        lines.put(line)
    lines.put("")  # it has ended


def _until_closed(process: "subprocess.Popen[str]") -> Iterator[str]:
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    try:
        yield from process.stdout
    except ValueError:
        return  # closed by the one who ended it
