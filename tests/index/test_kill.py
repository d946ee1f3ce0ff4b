"""A process that is killed at a random moment leaves every document wholly old or wholly new.

``python -m eval.hardening.kill --kills 1000`` kills as often as asked; the suite kills a few times.
"""

import os
import subprocess
import sys
from pathlib import Path

import index


def test_killed_process_leaves_every_document_wholly_old_or_wholly_new(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval.hardening.kill", "--kills", "8"]
    environment = {**os.environ, "PYTHONPATH": str(Path(index.__file__).parents[1])}
    done = subprocess.run(
        [*command, "--folder", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 kills, 8 clean" in done.stdout
