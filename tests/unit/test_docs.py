"""What the documents promise is there: commands, options, files, links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from app.cli import main, transcript
from app.services import Services

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:footnote|scripts/\w+)[^`\n]*)`")
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(#[^)]*)?\)")


def commands(text: str) -> Iterator[str]:
    """Yield the command lines of shell blocks and of inline code."""
    for language, block in FENCE.findall(text):
        if language == "sh":
            yield from block.replace("\\\n", " ").splitlines()
    yield from INLINE.findall(FENCE.sub("", text))


def footnote_lines() -> list[str]:
    lines = [line for path in DOCUMENTS for line in commands(path.read_text("utf-8"))]
    lines = [line.removeprefix(".venv/bin/") for line in lines]
    return sorted({line for line in lines if re.match(r"footnote\b", line)})


@pytest.mark.parametrize("line", footnote_lines())
def test_each_command_that_is_named_exists_with_its_options(line: str) -> None:
    words = shlex.split(line.replace("…", ""), comments=True)[1:]
    command = typer.main.get_command(main.build())
    while words and hasattr(command, "commands") and not words[0].startswith("-"):
        assert words[0] in command.commands, f"there is no command {words[0]}"
        command = command.commands[words.pop(0)]
    if command.context_settings.get("ignore_unknown_options"):
        return  # the arguments are another program's
    known = {option for parameter in command.params for option in parameter.opts}
    given = {word.partition("=")[0] for word in words if word.startswith("-")}
    assert given <= known | {"-h", "--help"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_each_link_and_each_script_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    missing = [link for link, _ in LINK.findall(text) if not (path.parent / link).exists()]
    missing += [
        line
        for line in commands(text)
        if line.startswith("scripts/") and not (ROOT / line.split()[0]).is_file()
    ]
    assert not missing


def test_what_the_image_copies_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    names = [name for line in copied for name in line.split()]
    assert names
    assert not [name for name in names if not (ROOT / name).exists()]
    allowed = (ROOT / ".dockerignore").read_text().split()
    assert not [name for name in names if f"!{name}" not in allowed]


def test_the_answer_in_the_readme_is_the_one_that_is_given(sample_services: Services) -> None:
    readme = transcript.README.read_text("utf-8")
    assert readme == transcript.with_answer(readme, sample_services), (
        "run python -m app.cli.transcript"
    )
