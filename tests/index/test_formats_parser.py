"""The worker that parses: killed when it hangs, replaced when it breaks, kept out of trouble."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import InvalidDocumentError, TooLargeError, UnavailableError
from index.loaders import Limits, Parser, Piece, pieces_of_bytes
from index.loaders.parsing import WORKER
from tests.made_files import archive, mail, pdf

HTML = b"<html><body>"
MAIL = mail("The ferry did not sail on Monday.")
FAKE = """
import sys, os, time
from index.loaders import wire
from index.loaders.worker import _exactly
stream = os.fdopen(0, "rb", buffering=0)
out = os.fdopen(1, "wb")
while True:
    request, data = wire.receive(lambda size: _exactly(stream, size), sys.maxsize)
    {body}
"""


def fake(body: str) -> list[str]:
    """Return the command of a worker that does something else."""
    return [sys.executable, "-c", FAKE.replace("{body}", body)]


def read(parser: Parser, data: bytes = MAIL, name: str = "letter.eml") -> list[Piece]:
    return list(pieces_of_bytes(data, filename=name, parser=parser))


@pytest.fixture
def parser() -> Iterator[Parser]:
    with Parser(Limits(seconds=30)) as opened:
        yield opened


def _pid(parser: Parser) -> int:
    worker = parser._idle
    assert worker is not None
    return worker._process.pid


def test_no_worker_is_started_before_one_is_wanted(parser: Parser) -> None:
    assert parser._idle is None
    read(parser, b"Plain words.", "a.txt")
    read(parser, b"# Markdown\n\nPlain words.", "a.md")
    assert parser._idle is None


def test_one_worker_serves_many_files(parser: Parser) -> None:
    read(parser)
    first = _pid(parser)
    for _ in range(3):
        assert read(parser)[0].document is not None
    assert _pid(parser) == first


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, little is known of other processes")
def test_a_worker_is_kept_however_much_memory_the_process_holds_that_started_it() -> None:
    code = (
        "from tests.index.test_formats_parser import _pid, read, Limits, Parser\n"
        "held = b'x' * (450 * 1024**2)\n"
        "with Parser(Limits(seconds=30, memory_bytes=600 * 1024**2)) as parser:\n"
        "    pids = [(read(parser), _pid(parser))[1] for _ in range(3)]\n"
        "assert len(set(pids)) == 1, pids"
    )
    subprocess.run([sys.executable, "-c", code], timeout=60, check=True)


def test_a_worker_that_held_much_memory_is_not_kept() -> None:
    with Parser(Limits(seconds=30, memory_bytes=600 * 1024**2)) as parser:
        many = b"<p>" + b"<b>x</b>" * 300_000
        read(parser, HTML + many, "page.html")
        first = parser._idle
        assert read(parser)[0].document is not None
        assert parser._idle is not first


def test_two_files_can_be_read_side_by_side(parser: Parser) -> None:
    data = archive({"a.eml": MAIL, "b.eml": MAIL})
    one = pieces_of_bytes(data, filename="1.zip", parser=parser)
    two = pieces_of_bytes(data, filename="2.zip", parser=parser)
    assert all(a.document and b.document for a, b in zip(one, two, strict=True))


def test_a_worker_that_has_died_is_replaced_unseen(parser: Parser) -> None:
    read(parser)
    os.kill(_pid(parser), signal.SIGKILL)
    assert read(parser)[0].document is not None


def test_an_idle_worker_ends_by_itself() -> None:
    with Parser(Limits(idle_seconds=0.05)) as parser:
        read(parser)
        worker = parser._idle
        assert worker is not None
        assert worker._process.wait(10) == 0
        assert read(parser)[0].document is not None


def test_leaving_off_in_the_middle_ends_the_worker(parser: Parser) -> None:
    data = archive({"a.eml": MAIL, "b.eml": MAIL})
    pieces = pieces_of_bytes(data, filename="1.zip", parser=parser)
    assert next(pieces).document is not None
    pieces.close()  # type: ignore[attr-defined]  # a generator
    assert parser._idle is None
    assert read(parser)[0].document is not None


def test_a_worker_that_hangs_is_killed_and_told_of() -> None:
    hang = 'wire.send(out, {"kind": "begin", "number": 0, "inner": ""}); time.sleep(600)'
    with Parser(Limits(seconds=0.2), fake(hang)) as parser:
        started = time.monotonic()
        (piece,) = read(parser, HTML, "page.html")
        assert time.monotonic() - started < 20
    assert isinstance(piece.error, TooLargeError)
    assert "longer than 0.2 seconds" in piece.error.message


@pytest.mark.parametrize(
    "body",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), 11)",
        'out.write(b"garbage that is no frame at all"); out.flush()',
        'out.write((2**31).to_bytes(4, "big")); out.flush()',
        'wire.send(out, {"kind": "part", "inner": "", "loaded": {"text": 5}})',
        'wire.send(out, {"kind": "part", "inner": "", "loaded": {"text": "x", "pages": "y"}})',
        'wire.send(out, {"kind": "nonsense"})',
        'wire.send(out, ["no", "object"])',
    ],
)
def test_a_worker_that_breaks_is_an_error_of_that_document(body: str) -> None:
    with Parser(Limits(seconds=20), fake(body)) as parser:
        (piece,) = read(parser)
    assert isinstance(piece.error, InvalidDocumentError)
    assert "the parser broke on it" in piece.error.message


def test_a_worker_killed_for_its_memory_is_told_as_such() -> None:
    with Parser(Limits(seconds=20), fake("os.kill(os.getpid(), 9)")) as parser:
        (piece,) = read(parser)
    assert "more than 2,048 MB of memory" in str(piece.error)


def test_the_rest_of_an_archive_is_read_after_a_crash() -> None:
    crash = """
    for number, name in enumerate(["a.eml", "bad.eml", "c.eml"]):
        if number < request["skip"]: continue
        wire.send(out, {"kind": "begin", "number": number, "inner": name})
        if name == "bad.eml": os._exit(1)
        error = {"code": "invalid_document", "message": name}
        wire.send(out, {"kind": "part", "inner": name, "media_type": None, "error": error})
    wire.send(out, {"kind": "end"})
    """.strip()
    with Parser(Limits(seconds=20), fake(crash)) as parser:
        pieces = read(parser, archive({"a.eml": MAIL}), "all.zip")
    assert [piece.name for piece in pieces] == [f"all.zip#{n}.eml" for n in ("a", "bad", "c")]
    assert "broke" in str(pieces[1].error)


def test_a_file_that_breaks_worker_after_worker_is_given_up() -> None:
    crash = (
        'wire.send(out, {"kind": "begin", "number": request["skip"], "inner": "x"}); os._exit(1)'
    )
    with Parser(Limits(seconds=20), fake(crash)) as parser:
        pieces = read(parser, archive({"a.eml": MAIL}), "all.zip")
    assert len(pieces) == 6
    assert "not read further" in str(pieces[-1].error)


def test_a_worker_that_cannot_be_started_is_told() -> None:
    with Parser(command=["/no/such/program"]) as parser, pytest.raises(UnavailableError):
        read(parser)


def test_a_closed_parser_reads_nothing(parser: Parser) -> None:
    read(parser)
    pid = _pid(parser)
    parser.close()
    parser.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(UnavailableError):
        read(parser)


def test_memory_is_limited() -> None:
    many = b"<p>" + b"<b>x</b>" * 2_000_000
    with Parser(Limits(seconds=60, memory_bytes=300 * 1024**2)) as parser:
        (piece,) = read(parser, HTML + many, "page.html")
        assert isinstance(piece.error, (TooLargeError, InvalidDocumentError))
        assert read(parser)[0].document is not None


def test_processor_time_is_limited_where_nobody_watches() -> None:
    code = (
        "from index.loaders import worker, Limits\n"
        "worker._restrict(Limits(file_seconds=0))\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == -signal.SIGXCPU


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        f"import os; os.execv({sys.executable!r}, ['python'])",
    ],
)
def test_a_worker_may_not_reach_out(deed: str) -> None:
    code = (
        "import sys\nfrom index.loaders import worker\nsys.addaudithook(worker._refuse)\n"
        f"try:\n    {deed}\nexcept worker.ForbiddenError:\n    sys.exit(42)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 42


def test_a_worker_writes_no_files(tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    code = (
        "from index.loaders import worker, Limits\nworker._restrict(Limits())\n"
        f"open({str(file)!r}, 'w').write('x' * 10)"
    )
    subprocess.run([sys.executable, "-c", code], timeout=60, check=False, stderr=subprocess.DEVNULL)
    assert not file.exists() or file.stat().st_size == 0


def test_a_worker_knows_no_secrets_and_imports_nothing_from_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_LLM__API_KEY", "secret")
    with Parser(Limits(seconds=30)) as parser:
        assert read(parser, pdf([["The ferry sails."]]), "a.pdf")[0].document is not None
        environment = Path(f"/proc/{_pid(parser)}/environ")
        if environment.exists():
            assert b"secret" not in environment.read_bytes()


def test_the_command_names_our_module() -> None:
    assert WORKER[1:] == ("-m", "index.loaders.worker")
