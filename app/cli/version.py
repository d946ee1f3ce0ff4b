"""``footnote version``: what is running."""

import platform
from importlib import metadata

import typer

from app.cli.options import AsJson


def installed(package: str = "footnote") -> str:
    """Return the version of an installed package, or that it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def version(as_json: AsJson = False) -> None:
    """Show the versions in use."""
    versions = {"footnote": installed(), "python": platform.python_version()}
    for package in ("llama-index-core", "chromadb", "tantivy", "onnxruntime"):
        versions[package] = installed(package)
    if as_json:
        from app.cli.terminal import print_json

        print_json(versions)
        return
    for name, number in versions.items():
        typer.echo(f"{name} {number}")
