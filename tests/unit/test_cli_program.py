import json
import subprocess
import sys

import pytest
import typer

from app.cli import main
from index.errors import NotFoundError

HEAVY = ("llama_index", "chromadb", "tantivy", "onnxruntime", "fastapi", "pydantic", "numpy")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    text = capsys.readouterr().out
    for name in ("serve", "index", "ask", "documents", "doctor", "version"):
        assert f"\n  {name} " in text


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from app.cli.main import run; run(['--help']);"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [[], ["no-such-command"], ["ask"], ["ask", "--top-k", "0", "Why?"], ["index"]],
    ids=["nothing", "unknown command", "no question", "option out of range", "no path"],
)
def test_wrong_usage_ends_in_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_day_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["ask", "--from", "2024-02-31", "Why?"]) == 2
    assert "--from" in capsys.readouterr().err


def _failing(error: BaseException) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None)

    @app.callback()
    def common(debug: bool = False) -> None:
        pass

    @app.command()
    def fail() -> None:
        raise error

    return app


def test_an_error_is_one_line_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "build", lambda: _failing(NotFoundError("There is no x. Add it.")))
    assert main.run(["fail"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "error: There is no x. Add it.\n"
    assert captured.out == ""


def test_debug_shows_where_an_error_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "build", lambda: _failing(NotFoundError("There is no x.")))
    with pytest.raises(NotFoundError):
        main.run(["--debug", "fail"])


def test_an_interruption_ends_cleanly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "build", lambda: _failing(KeyboardInterrupt()))
    assert main.run(["fail"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOOTNOTE_PORT", "many")
    assert main.run(["doctor"]) == 1
    assert "FOOTNOTE_PORT" in capsys.readouterr().err


def test_version_is_told_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["version", "--json"]) == 0
    assert {"footnote", "python", "chromadb"} <= json.loads(capsys.readouterr().out).keys()
