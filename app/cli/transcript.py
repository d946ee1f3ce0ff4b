"""Keeps the answer that README.md shows the true one, over the sample corpus.

Run as ``python -m app.cli.transcript`` to write it anew; a test tells when it is stale.
"""

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from app.answer.chain import AskRequest
from app.cli.rendering import show_answer
from app.cli.samples import index_samples
from app.services import Services, build
from app.settings import Settings

README = Path(__file__).parents[2] / "README.md"
WIDTH = 84
_QUESTION = re.compile(r'footnote ask "([^"]+)"')
_BLOCK = re.compile(r"(?<=```text\n).*?(?=```)", re.DOTALL)


def with_answer(readme: str, services: Services) -> str:
    """Return the text with its block of output replaced by what the command prints now."""
    question = _QUESTION.search(readme)
    assert question is not None  # noqa: S101 - README.md has the question
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system=None, width=WIDTH, markup=False
    )
    with console.capture() as captured:
        show_answer(console, services.chain.ask(AskRequest(question[1])))
    output = captured.get().strip("\n") + "\n"
    return _BLOCK.sub(lambda _: output, readme, count=1)


def main() -> None:
    """Write the answer into README.md."""
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        build(Settings.load(data_dir=Path(folder))) as services,
    ):
        index_samples(services)
        README.write_text(with_answer(README.read_text("utf-8"), services), "utf-8")


if __name__ == "__main__":
    main()
