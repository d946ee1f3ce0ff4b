"""What ``scripts/setup`` says and does on machines that lack something, without installing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts are POSIX shell")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with what the script reads, at a path with a blank in it."""
    root = tmp_path / "a checkout"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "setup", root / "scripts")
    for name in (
        "pyproject.toml",
        "requirements.lock",
        "requirements-eval.lock",
        "requirements-dev.lock",
    ):
        shutil.copy(ROOT / name, root)
    return root


def python_without(folder: Path, *refused: str) -> str:
    """Return an interpreter that fails on programs that contain one of the words."""
    script = folder / "python"
    tests = "\n".join(f"case $2 in *{word}*) exit 1;; esac" for word in refused)
    script.write_text(f'#!/bin/sh\n{tests}\nexec "{sys.executable}" "$@"\n')
    script.chmod(0o755)
    return str(script)


def setup(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(root / "scripts" / "setup"), *arguments],
        env=os.environ | environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_no_python_that_is_recent_enough_names_the_packages(checkout: Path) -> None:
    done = setup(checkout, PYTHON=python_without(checkout, "version_info"))
    assert done.returncode == 1
    assert "is not a Python 3.11 or newer" in done.stderr


def test_a_python_without_venv_names_the_package(checkout: Path) -> None:
    done = setup(checkout, PYTHON=python_without(checkout, "ensurepip", "pip"))
    assert done.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"sudo apt install python{version}-venv" in done.stderr
    assert not (checkout / ".venv" / ".setup").exists()


def test_wrong_arguments_are_wrong_usage(checkout: Path) -> None:
    done = setup(checkout, "--fast")
    assert done.returncode == 2
    assert done.stderr == "usage: scripts/setup [--eval | --dev]\n"


def test_the_turn_of_a_dead_process_is_taken_over(checkout: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    turn = checkout / ".venv" / ".setup"
    turn.mkdir(parents=True)
    (turn / "pid").write_text(str(dead.pid))
    done = setup(checkout, PYTHON=python_without(checkout, "ensurepip", "pip"))
    assert "apt install" in done.stderr
    assert not turn.exists()


def test_an_environment_that_is_up_to_date_is_left_alone(checkout: Path) -> None:
    binaries = checkout / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name in ("footnote", "python"):
        (binaries / name).symlink_to("/bin/true")
    cksum = ["cksum", "pyproject.toml", "requirements.lock"]
    sums = subprocess.run(cksum, cwd=checkout, capture_output=True, text=True)
    (checkout / ".venv" / ".run").write_text(f"{checkout.resolve()}\n{sums.stdout}")
    done = setup(checkout, PYTHON="/nowhere")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    (checkout / "requirements.lock").write_text("changed\n")
    assert setup(checkout, PYTHON="/nowhere").returncode == 1
