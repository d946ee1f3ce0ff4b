from pathlib import Path

import pytest

from app.cli import configuration
from app.settings import variable_names


def test_the_document_is_what_would_be_written() -> None:
    assert configuration.DOCUMENT.read_text("utf-8") == configuration.render(), (
        "run python -m app.cli.configuration"
    )


@pytest.mark.parametrize("name", variable_names())
def test_every_variable_is_described(name: str) -> None:
    assert f"`{name}`" in configuration.render() or f"`{name}__" in configuration.render()


def test_the_check_tells_a_stale_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(configuration, "DOCUMENT", tmp_path / "configuration.md")
    assert configuration.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert configuration.main([]) == 0
    assert configuration.main(["--check"]) == 0
