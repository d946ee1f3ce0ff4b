"""What is installed: locks that agree with what is declared, scripts that parse, a whole wheel."""

import re
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
SCRIPTS = sorted([*(ROOT / "scripts").iterdir(), ROOT / ".ci" / "run"])


def pins(lock: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / lock).read_text("utf-8"), re.M))


def declared(*groups: str) -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += [line for line in project["dependency-groups"][group] if isinstance(line, str)]
    return map(Requirement, lines)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_locked_has_hashes(lock: str) -> None:
    entries = re.split(r"^(?=[\w])", (ROOT / lock).read_text("utf-8"), flags=re.M)
    assert not [entry.split()[0] for entry in entries[1:] if "--hash=sha256:" not in entry]


@pytest.mark.parametrize(
    ("lock", "groups"), [(LOCKS[0], ("build",)), (LOCKS[1], ("build", "dev"))], ids=LOCKS
)
def test_a_lock_holds_what_is_declared(lock: str, groups: tuple[str, ...]) -> None:
    locked: dict[str, list[str]] = {}
    for name, version in pins(lock):
        locked.setdefault(name, []).append(version)
    for wanted in declared(*groups):
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        assert name in locked, f"run scripts/lock: {name} is not in {lock}"
        assert all(wanted.specifier.contains(version) for version in locked[name]), (
            f"run scripts/lock: {lock} has {name} {locked[name]}"
        )


def test_tests_run_with_what_is_served() -> None:
    assert pins(LOCKS[0]) <= pins(LOCKS[1])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_executable_and_parses(script: Path) -> None:
    if script.suffix == ".py":
        compile(script.read_text("utf-8"), script.name, "exec")
        return
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    assert script.stat().st_mode & 0o111
    subprocess.run(["/bin/sh", "-n", script], check=True)


def test_the_wheel_holds_model_samples_and_data_files(tmp_path: Path) -> None:
    builders = pytest.importorskip("hatchling.builders.wheel")
    wheel = next(builders.WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    here = {path.name for path in (ROOT / "corpus").glob("*.md")}
    assert {name.removeprefix("app/_corpus/") for name in names if "_corpus/" in name} >= here
    for package in ("app", "index", "prompts"):
        files = [path for path in (ROOT / package).rglob("*") if path.is_file()]
        wanted = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
        assert not wanted - names
