"""Hostile files in a folder: names, links, pipes, devices. Laid when it is their turn."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eval.hostile.model import Hostile, given
from eval.hostile.packages import NAMES
from eval.hostile.samples import text

_SPECIAL = (
    "pipe",
    "socket",
    "endless device",
    "link to a device",
    "link out",
    "link to itself",
    "links in a circle",
    "folder link to its parent",
    "link to nothing",
    "folder named as a file",
    "unreadable",
    "sparse",
    "grows",
    "deep folders",
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder for one input."""

    path: Path

    def lay(self, name: str) -> None:
        """Put the files of a special input there.

        Raises:
            OSError: this file system knows no such thing.
        """
        inside = self.path / "in"
        inside.mkdir()
        (self.path / "outside.txt").write_bytes(b"secret: root:x:0:0")
        (inside / "ok.txt").write_bytes(text())
        target = inside / "bad.txt"
        match name:
            case "pipe":
                os.mkfifo(target)
            case "socket":
                os.mknod(target, stat.S_IFSOCK | 0o600)
            case "endless device" | "link to a device":
                target.symlink_to("/dev/zero")
            case "link out":
                target.symlink_to(self.path / "outside.txt")
            case "link to itself":
                target.symlink_to(target)
            case "links in a circle":
                (inside / "a.txt").symlink_to(inside / "b.txt")
                (inside / "b.txt").symlink_to(inside / "a.txt")
            case "folder link to its parent":
                (inside / "sub").symlink_to(inside)
            case "link to nothing":
                target.symlink_to(inside / "nothing.txt")
            case "folder named as a file":
                target.mkdir()
            case "unreadable":
                target.write_bytes(text())
                target.chmod(0)
            case "sparse":
                with target.open("wb") as file:
                    file.truncate(1 << 40)
            case "grows":
                target.write_bytes(b"a")
                os.truncate(target, 30_000_000)
            case "deep folders":
                deep = inside.joinpath(*["d"] * 400)
                deep.mkdir(parents=True)
                (deep / "bad.txt").write_bytes(text())

    def name(self, filename: str) -> None:
        """Put a file with a hostile name there, as far as file systems know such names."""
        inside = self.path / "in"
        inside.mkdir()
        raw = os.fsencode(filename.replace("/", "_").replace("\x00", "_"))[-250:] or b"_"
        with suppress(OSError):
            Path(os.fsdecode(os.fsencode(inside) + b"/" + raw)).write_bytes(text())


def folders(seed: int) -> Iterator[Hostile]:
    """Make folders. The seed changes nothing."""
    for name in _SPECIAL:
        yield Hostile("folders", name, given(b""), "path", filename=name, never="root:")
    for name, filename in {**NAMES, "no UTF-8": "a\udcff\udcfe.txt"}.items():
        yield Hostile("file names", name, given(b""), "path", filename=filename)
        yield Hostile("file names", f"sent as {name}", text, filename=filename)
