"""What holds for the browser files without a browser: types, and text that stays text."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from app.answer.model import Reason

APP = Path(__file__).parents[2] / "app"
SCRIPTS = sorted([*APP.glob("widget/**/*.js"), *APP.glob("pages/*.js")])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_text_never_becomes_markup_or_code(script: Path) -> None:
    text = script.read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc", text
    )
    assert text.startswith("/**\n"), "a module says what it owns"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(script: Path) -> None:
    addresses = re.findall(r"https?://[^\s\"'`)]+", script.read_text("utf-8"))
    assert set(addresses) <= {
        "http://www.w3.org/2000/svg",
        "https://html.spec.whatwg.org/multipage/server-sent-events.html",
    }


def test_the_texts_of_both_languages_have_the_same_names() -> None:
    text = (APP / "widget" / "widget" / "texts.js").read_text("utf-8")
    tables = [set(re.findall(r"^  (\w+):", part, re.M)) for part in text.split("const ")[1:3]]
    assert tables[0] == tables[1]
    assert len(tables[0]) > 40


def test_each_reason_of_a_refusal_has_a_text() -> None:
    text = (APP / "widget" / "widget" / "texts.js").read_text("utf-8")
    for reason in get_args(Reason):
        assert text.count(f"  refused_{reason}:") == 2, reason


def test_types_are_right() -> None:
    compiler = shutil.which("tsc")
    if compiler is None:
        pytest.skip("no tsc here; npm install --global typescript")
    checked = subprocess.run(
        [compiler, "-p", str(APP / "widget" / "tsconfig.json")], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
