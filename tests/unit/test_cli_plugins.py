from collections.abc import Sequence
from importlib.metadata import EntryPoint, EntryPoints

import pytest
import typer

from app.cli import plugins

RECEIVED: list[list[str]] = []


def measure(arguments: Sequence[str]) -> int:
    """Measure something.

    This is not part of the help.
    """
    RECEIVED.append(list(arguments))
    return 3


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    class Entry(EntryPoint):
        def load(self) -> object:
            return measure

    def found(group: str) -> EntryPoints:
        assert group == plugins.GROUP
        return EntryPoints([Entry("measure", "somewhere:measure", group)])

    monkeypatch.setattr(plugins, "entry_points", found)
    app = typer.Typer(rich_markup_mode=None)
    app.callback()(lambda: None)
    plugins.register(app)
    return app


def test_a_command_gets_its_arguments_untouched_and_gives_the_status(program: typer.Typer) -> None:
    RECEIVED.clear()
    with pytest.raises(SystemExit) as end:
        program(["measure", "a.jsonl", "--help", "--x=1"])
    assert end.value.code == 3
    assert RECEIVED == [["a.jsonl", "--help", "--x=1"]]


def test_its_help_is_the_first_line_of_the_docstring(
    program: typer.Typer, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        program(["--help"])
    text = capsys.readouterr().out
    assert "Measure something." in text
    assert "not part" not in text
