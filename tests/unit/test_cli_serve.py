import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.cli import main
from app.cli.serve import url_of

SERVE = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--data-dir"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, list[str]]]:
    """A server on its first start: where it serves, its folder, what it said until it was ready."""
    folder = tmp_path_factory.mktemp("serve") / "data"
    with subprocess.Popen([*SERVE, str(folder)], stderr=subprocess.PIPE, text=True) as process:
        said: list[str] = []
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if "ready" in line:
                break
        url = said[-1].split()[3]
        yield url, folder, said
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_the_first_start_says_what_it_does_and_where_it_serves(
    served: tuple[str, Path, list[str]],
) -> None:
    url, _, said = served
    assert said == [
        f"Starting Footnote on {url} ...\n",
        "Indexing the sample corpus (first start only) ...\n",
        "Indexed 5 sample documents.\n",
        f"Footnote is ready: {url}  (Ctrl-C stops it)\n",
    ]


def test_it_answers_where_it_says(served: tuple[str, Path, list[str]]) -> None:
    question = {"question": "When does the Syria phase end?"}
    answer = httpx.post(f"{served[0]}/v1/ask", json=question, timeout=30).json()
    assert answer["status"] == "answered"
    assert "September 2026" in answer["answer"]


def test_a_second_server_on_the_folder_is_refused_with_the_address_of_the_first(
    served: tuple[str, Path, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    url, folder, _ = served
    assert main.run(["serve", "--port", "0", "--data-dir", str(folder)]) == 1
    assert url in capsys.readouterr().err


def test_a_taken_port_is_told_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main.run(["serve", "--port", port, "--data-dir", str(tmp_path / "data")]) == 1
    assert f"port {port}" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_serving_others_without_a_key_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["serve", "--host", "0.0.0.0", "--data-dir", str(tmp_path / "data")]  # noqa: S104
    assert main.run(arguments) == 1
    assert "FOOTNOTE_API_KEY" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - nothing is bound here
def test_a_key_that_could_be_guessed_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    host: str,
) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEY", "k")
    assert main.run(["serve", "--host", host, "--data-dir", str(tmp_path / "data")]) == 1
    said = capsys.readouterr().err
    assert "FOOTNOTE_API_KEY could be guessed" in said
    assert "token_urlsafe" in said
    assert not (tmp_path / "data").exists()


def test_variables_that_no_setting_reads_are_named_with_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEYS", "secret")
    monkeypatch.setenv("FOOTNOTE_XYZZY", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("FOOTNOTE_ALLOWED_HOST=docs.example\nOTHER=1\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        main.run(["serve", "--port", port, "--data-dir", str(tmp_path / "data")])
    said = capsys.readouterr().err
    assert "FOOTNOTE_API_KEYS is set, but there is no such setting. Is FOOTNOTE_API_KEY" in said
    assert "FOOTNOTE_ALLOWED_HOST is set, but there is no such setting. Is FOOTNOTE_A" in said
    assert "FOOTNOTE_XYZZY is set, but there is no such setting.\n" in said
    assert "OTHER" not in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - a listener's own address
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_the_address_that_is_shown_can_be_opened(host: str, url: str) -> None:
    assert url_of(host, 80) == url
