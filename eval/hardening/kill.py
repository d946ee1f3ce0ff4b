"""Kills a process that writes, at random moments, and looks at what is left each time.

``python -m eval.hardening.kill --kills 1000``: each process first checks what the one before it
left, then adds, replaces, deletes, syncs a folder and makes the index with another model until it
is killed. It opens the folder without help; each document must be in its last reported state or in
one that was being written; the stores must agree to the last record; every quote must be readable.
"""

import argparse
import importlib
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from eval.hardening.notes import last_phase
from eval.hardening.victim import Directions, Place, Victim
from index.embedding.base import Embedder
from index.library import Library

_OPENING = 0.15  # the share of kills that may fall into opening and mending
_LONGEST_S = 0.5
_STUCK_S = 300.0


def main(arguments: list[str] | None = None) -> int:
    """Kill as often as asked; return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="an empty folder; a temporary one by default")
    parser.add_argument("--real", action="store_true", help="embed with the bundled model")
    options = parser.parse_args(arguments)
    for name in ("chromadb", "tantivy"):
        importlib.import_module(name)  # once, so that no fork takes seconds to load them
    make = _real() if options.real else Directions
    with tempfile.TemporaryDirectory() as temporary:
        place = Place(options.folder or Path(temporary))
        place.data.parent.mkdir(parents=True, exist_ok=True)
        place.notes.touch()
        clean, phases = run(place, options.kills, options.seed, make, 0.0 if options.real else 0.1)
    told = ", ".join(f"{count} {phase}" for phase, count in phases.most_common())
    _say(f"{options.kills} kills, {clean} clean; killed while: {told}")
    return int(clean != options.kills)


def run(
    place: Place, kills: int, seed: int, make: Callable[[str], Embedder], remakes: float
) -> tuple[int, Counter[str]]:
    """Kill; return after how many kills nothing was wrong, and what was going on at each."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    phases: Counter[str] = Counter()
    started = time.monotonic()
    for kill in range(kills):
        if not _kill_one(_life(place, seed * 1_000_000 + kill, make, remakes), place, chance):
            _say(f"kill {kill}: NOT CLEAN, see {place.data}")
            return kill, phases
        phases[last_phase(place.notes)] += 1
        if (kill + 1) % 50 == 0:
            _say(f"{kill + 1} kills, all clean, {time.monotonic() - started:.0f} s")
    return kills if _looks_well(place, seed * 1_000_000 + kills, make) else kills - 1, phases


def _life(
    place: Place, seed: int, make: Callable[[str], Embedder], remakes: float
) -> Callable[[], None]:
    return lambda: Victim(place, seed, make, remakes).live()


def _kill_one(live: Callable[[], None], place: Place, chance: random.Random) -> bool:
    """Let a process live for a random while; return whether it found nothing wrong until then."""
    before = place.notes.stat().st_ino
    child = in_child(live)
    stuck = time.monotonic() + _STUCK_S
    if chance.random() >= _OPENING:  # wait until it has looked, which makes the notes anew
        while place.notes.stat().st_ino == before and time.monotonic() < stuck:
            if os.waitpid(child, os.WNOHANG) != (0, 0):
                return False
            time.sleep(0.002)
    time.sleep(chance.uniform(0.0, _LONGEST_S))
    os.kill(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and time.monotonic() < stuck


def _looks_well(place: Place, seed: int, make: Callable[[str], Embedder]) -> bool:
    """Look at what the last kill left."""

    def look() -> None:
        victim = Victim(place, seed, make, 0.0)
        with Library.open(place.data, embedder=place.embedders(make)[0]) as library:
            victim.look(library)

    _child, status = os.waitpid(in_child(look), 0)
    return status == 0


def in_child(action: Callable[[], None]) -> int:
    """Run a function in a fork, made while there is no thread yet, and return the fork's id."""
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException:  # noqa: BLE001  # whatever it is, it must not unwind into the parent
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    return child


def _real() -> Callable[[str], Embedder]:
    from index.embedding.minilm import MiniLMEmbedder

    return lambda _name: MiniLMEmbedder()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
