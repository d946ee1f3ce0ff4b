"""A digest of how the metrics are computed: only figures that mean the same are compared.

It is made from the sources of the metrics: comments, docstrings and blank lines do not count, so it
changes exactly when code does. It does not depend on the version of Python that reads them.
"""

import ast
import hashlib
from pathlib import Path

_EVAL = Path(__file__).parents[1]
_SOURCES = ("metrics", "ragas_bridge/offline.py")
KEY = "metrics"
"""Under this name the digest stands among a run's versions."""


def digest(root: Path = _EVAL) -> str:
    """Return the digest of all metrics' code under ``root``."""
    files = [file for name in _SOURCES for file in _python_files(root / name)]
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(root).as_posix()}\n".encode())
        total.update(code_of(file.read_text("utf-8")).encode())
    return total.hexdigest()[:16]


def code_of(source: str) -> str:
    """Return the lines of a module that are neither comment nor docstring nor blank."""
    described = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = (
        line.rstrip()
        for number, line in enumerate(source.splitlines(), 1)
        if number not in described
    )
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


def _python_files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.is_file() else []
