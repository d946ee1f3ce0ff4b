"""Texts of others are shown, and obeyed nowhere: on terminals, in logs, in pages."""

import io
import json
import logging

import pytest

from app.cli import terminal
from app.cli.logs import PlainFormatter
from app.models.redaction import scrub
from app.plain import escaped, plain

CLEARS = "\x1b[2J\x1b]0;owned\x07"
REVERSED = "invoice\u202efdp.exe"


def test_what_commands_is_shown_and_overrides_are_left_out() -> None:
    assert "\x1b" not in plain(CLEARS)
    assert plain(CLEARS).endswith("]0;owned\N{REPLACEMENT CHARACTER}")
    assert plain(REVERSED) == "invoicefdp.exe"
    assert plain("line\n\ttab, «é», عربي\u200f") == "line\n\ttab, «é», عربي\u200f"
    assert plain("\x9b31m") == "\N{REPLACEMENT CHARACTER}31m"
    assert escaped("a\x1b\u202e") == "a\\u001b\\u202e"


def test_no_console_of_ours_lets_a_text_command_it() -> None:
    from rich.table import Table
    from rich.text import Text

    console = terminal.PlainConsole(file=io.StringIO(), force_terminal=True, width=80)
    table = Table("a")
    table.add_row(f"question {CLEARS}")
    console.print(Text(f"title {CLEARS} {REVERSED}", style="bold"), table)
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b[1m" in written  # our own style
    assert "\x1b[2J" not in written
    assert "\x1b]0" not in written
    assert "\u202e" not in written


def test_json_is_safe_to_look_at_and_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"title": CLEARS + REVERSED + "\x9b31m"}
    terminal.print_json(value)
    written = capsys.readouterr().out
    assert not {"\x1b", "\u202e", "\x9b"} & set(written)
    assert json.loads(written) == value


def test_a_log_line_is_one_line_and_commands_nothing() -> None:
    record = logging.LogRecord(
        "footnote", logging.WARNING, "", 1, "the model said %s", (f"{CLEARS}\nforged",), None
    )
    line = PlainFormatter("%(levelname)s %(message)s").format(record)
    assert "\x1b" not in line
    assert "\n" not in line
    assert line.startswith("WARNING the model said \\u001b[2J")


def test_what_a_provider_said_commands_nothing() -> None:
    assert "\x1b" not in scrub(f"400: {CLEARS}")


def test_both_consoles_of_the_commands_are_such() -> None:
    assert isinstance(terminal.output(), terminal.PlainConsole)
    assert isinstance(terminal.messages(), terminal.PlainConsole)
