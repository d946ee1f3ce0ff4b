"""Datasets are read whole or refused with all that is wrong, by file and line."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from app.answer.model import Turn
from app.services import Services
from eval.cases.loading import SHIPPED, CaseError, CaseSet, load, schema
from eval.cases.model import Kind
from eval.metrics.facts import says
from index.errors import InvalidInputError, NotFoundError
from index.model import Filters

TEXT = "The bridge opened in May 1932.\nIt was closed\n twice. It was closed for good in 2001.\n"
HARBOUR = "The harbour is older than the bridge. It dates from 1790."
QUOTE = {"document": "bridge", "quote": "opened in May 1932"}
CASE: dict[str, Any] = {
    "id": "bridges-001",
    "kind": "date",
    "question": "When did the bridge open?",
    "expect": "answer",
    "reference": "In May 1932.",
    "facts": [{"values": ["May 1932"], "evidence": [QUOTE]}],
}
REFUSAL = {
    "id": "bridges-002",
    "kind": "near-miss",
    "question": "What did the bridge cost?",
    "expect": "refusal",
}


def text_of(document_id: str) -> str:
    texts = {"bridge": TEXT, "harbour": HARBOUR}
    if document_id not in texts:
        raise NotFoundError(f"There is no document {document_id}.")
    return texts[document_id]


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a dataset of lines given as objects, texts or bytes."""

    def written(*lines: object, name: str = "bridges.jsonl") -> Path:
        data = b"".join(
            line if isinstance(line, bytes) else _text(line).encode() + b"\n" for line in lines
        )
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def _text(line: object) -> str:
    return line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)


def problems(*paths: Path) -> list[str]:
    with pytest.raises(CaseError) as caught:
        load(paths, text_of)
    return [problem.replace(f"{paths[0].parent}/", "") for problem in caught.value.problems]


def test_a_case_has_its_quotes_with_their_offsets(write: Write) -> None:
    (case,) = load([write(CASE)], text_of).cases
    (gold,) = case.gold
    assert (case.id, case.dataset, case.kind, case.expect) == (
        "bridges-001",
        "bridges",
        "date",
        "answer",
    )
    assert TEXT[gold.start : gold.end] == gold.quote == "opened in May 1932"
    assert case.facts[0].values == ("May 1932",)
    assert case.filters == Filters()


def test_history_filters_and_conflicts_are_read(write: Write) -> None:
    line = CASE | {
        "kind": "conflict",
        "history": [{"role": "user", "content": "Is there a bridge?"}],
        "filters": {"document_ids": ["bridge"], "published_from": "2024-09-27"},
        "facts": [
            *CASE["facts"],
            {"values": ["2001"], "evidence": [{"document": "bridge", "quote": "good in 2001"}]},
        ],
        "conflicts": ["May 1932", "2001"],
        "note": "for people",
    }
    (case,) = load([write(line)], text_of).cases
    assert case.history == (Turn(role="user", content="Is there a bridge?"),)
    assert case.filters == Filters(("bridge",), published_from=dt.date(2024, 9, 27))
    assert case.conflicts == ("May 1932", "2001")


def test_white_space_in_a_quote_may_differ_and_offsets_are_exact(write: Write) -> None:
    line = json.loads(json.dumps(CASE).replace("opened in May 1932", "was closed twice"))
    (gold,) = load([write(line)], text_of).cases[0].gold
    assert gold.quote == TEXT[gold.start : gold.end] == "was closed\n twice"


def test_an_occurrence_says_which_of_several_places_is_meant(write: Write) -> None:
    line = _with_quote(quote="It was closed", occurrence=2)
    (gold,) = load([write(line)], text_of).cases[0].gold
    assert gold.start == TEXT.rindex("It was closed")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ({"quote": "It was closed"}, "stands 2 times in bridge"),
        ({"quote": "It was closed", "occurrence": 3}, "so it has no occurrence 3"),
        ({"quote": "opened in June 1932"}, "does not stand in bridge; the nearest there is “The "),
        ({"quote": "quantum chromodynamics"}, "“quantum chromodynamics” does not stand in bridge"),
        ({"document": "tunnel"}, "there is no document tunnel in the corpus"),
    ],
)
def test_a_quote_that_names_no_one_place_is_told(
    write: Write, quote: dict[str, object], expected: str
) -> None:
    (problem,) = problems(write(_with_quote(**quote)))
    assert problem.startswith("bridges.jsonl:1: ")
    assert expected in problem


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"facts": []}, "needs facts"),
        ({"reference": None}, "needs a reference"),
        ({"expect": "refusal"}, "a date case expects an answer"),
        ({"kind": "near-miss"}, "expects a refusal"),
        ({"kind": "attack", "expect": "refusal"}, "must have no facts"),
        ({"kind": "conflict"}, "needs conflicts"),
        ({"kind": "comparison"}, "from at least two documents"),
        ({"kind": "follow-up"}, "needs history"),
        ({"kind": "facts"}, "kind: "),
        ({"conflicts": ["May 1932"]}, "at least two different"),
        ({"conflicts": ["May 1932", "2001"]}, "no fact has the conflicting value “2001”"),
        ({"filters": {"document_ids": ["harbour"]}}, "leave out the evidence's document bridge"),
        ({"filters": {"document_ids": ["bridge", "tunnel"]}}, "name tunnel, which is not in the"),
        ({"filters": {"published_from": "2024-13-01"}}, "filters.published_from: "),
        ({"filters": {"source": ["X"]}}, "unknown field filters.source; did you mean sources?"),
        ({"refrence": "x"}, "unknown field refrence; did you mean reference?"),
        ({"question": " \n"}, "question: must not be blank"),
        ({"question": "When?\0"}, "question: holds a NUL character"),
        ({"history": [{"role": "user", "content": ""}]}, "blank turn"),
        ({"id": "Bridges 1"}, "id: "),
        ({"facts": [{"values": [], "evidence": [QUOTE]}]}, "facts.0.values: "),
        ({"facts": [{"values": ["x"], "evidence": []}]}, "facts.0.evidence: "),
        ({"facts": [{"values": ["x"], "evidence": [QUOTE, QUOTE]}]}, "the same quote twice"),
        ({"draft": True}, 'check its question, facts and quotes, then delete "draft": true'),
    ],
)
def test_what_cannot_stand_in_a_line_is_told(
    write: Write, change: dict[str, object], expected: str
) -> None:
    told = problems(write(CASE | change))
    assert all(problem.startswith("bridges.jsonl:1: ") for problem in told)
    assert any(expected in problem for problem in told), told


def test_every_problem_of_every_file_is_told_at_once(write: Write) -> None:
    first = write(CASE, CASE | {"question": "Really?"}, '{"id": ')
    second = write(REFUSAL | {"id": "bridges-001"}, CASE | {"id": "x"}, name="more.jsonl")
    assert problems(first, second) == [
        "bridges.jsonl:2: the id bridges-001 stands at bridges.jsonl:1 already",
        "bridges.jsonl:3: not JSON: EOF while parsing a value at column 7",
        "more.jsonl:1: the id bridges-001 stands at bridges.jsonl:1 already",
        "more.jsonl:2: the question, asked the same way, stands at bridges.jsonl:1 already",
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\n", ":1: blank line"),
        (b"[]\n", ":1: the line must be an object"),
        (b'{"id": "a", "id": "b"}\n', ":1: the field id stands twice"),
        (b'{"id": "caf\xe9"}\n', ":1: not UTF-8 at byte 12"),
        (b"[" * 60_000 + b"\n", ":1: not JSON"),
        (b'"' + b"x" * 70_000 + b'"\n', ":1: longer than 64 KiB"),
        (b'{"question": "\\ud800"}\n', ":1: not JSON"),
        (b"\xef\xbb\xbf{}\n", ":1: starts with a byte order mark"),
        ("{}\n".encode("utf-16"), ": UTF-16; save the file as UTF-8"),
        (b"", ": the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(write: Write, raw: bytes, expected: str) -> None:
    (problem,) = problems(write(raw))
    assert expected in problem


def test_windows_line_ends_and_line_separators_in_strings_are_read(write: Write) -> None:
    question = "When did\u2028the bridge open?"
    path = write(_text(CASE | {"question": question}).encode() + b"\r\n")
    assert load([path], text_of).cases[0].question == question


def test_paths_that_hold_no_cases_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    missing = problems(tmp_path / "missing.jsonl", tmp_path / "cases.csv", tmp_path / "empty")
    assert "missing.jsonl: cannot be read (No such file or directory)" in missing
    assert any("not a folder, nor a .jsonl file" in problem for problem in missing)
    assert any("no *.jsonl file" in problem for problem in missing)
    with pytest.raises(CaseError, match="no path given"):
        load([], text_of)


def test_a_file_named_twice_is_read_once_and_two_of_one_name_are_refused(
    write: Write, tmp_path: Path
) -> None:
    path = write(CASE)
    assert len(load([path, tmp_path], text_of).cases) == 1
    (tmp_path / "other").mkdir()
    other = write(REFUSAL, name="other/bridges.jsonl")
    (problem,) = problems(path, other)
    assert "a dataset named bridges was read before" in problem


def test_the_error_is_the_callers_and_says_how_many_problems_there_are(write: Write) -> None:
    with pytest.raises(InvalidInputError, match="2 problems in the evaluation cases:\n") as caught:
        load([write("{", "{")], text_of)
    assert caught.value.code == "invalid_cases"


def test_trouble_in_reaching_the_corpus_is_not_taken_for_a_problem_of_a_case(write: Write) -> None:
    def unreachable(document_id: str) -> str:
        raise ConnectionError(document_id)

    with pytest.raises(ConnectionError):
        load([write(CASE)], unreachable)


def _with_quote(**quote: object) -> dict[str, object]:
    return CASE | {"facts": [{"values": ["May 1932"], "evidence": [QUOTE | quote]}]}


@pytest.fixture(scope="module")
def shipped(sample_services: Services) -> CaseSet:
    return load([SHIPPED], lambda document: sample_services.library.revision(document).text)


def test_the_shipped_datasets_load_and_have_cases_of_every_kind(shipped: CaseSet) -> None:
    kinds = Counter(case.kind for case in shipped.cases)
    assert len(shipped.cases) >= 130
    assert set(kinds) == set(get_args(Kind))
    assert min(kinds.values()) >= 8
    assert shipped.datasets.keys() == {path.stem for path in SHIPPED.glob("*.jsonl")}
    assert all(case.id.startswith(f"{case.dataset}-") for case in shipped.cases)


def test_each_shipped_quote_says_its_fact(shipped: CaseSet) -> None:
    """But for one, which points to its place with "there"."""
    silent = [
        gold.quote
        for case in shipped.cases
        for fact in case.facts
        for gold in fact.evidence
        if not any(_said(value) in _said(gold.quote) for value in fact.values)
    ]
    assert [quote.split()[-1] for quote in silent] == ["there"]


def _said(text: str) -> str:
    return " ".join(text.split()).casefold()


def test_the_published_schema_is_the_one_that_is_read() -> None:
    assert json.loads((SHIPPED / "schema.json").read_text("utf-8")) == schema(), (
        "write it anew: python -m eval.cases"
    )


def test_each_shipped_reference_says_all_its_facts(shipped: CaseSet) -> None:
    silent = [
        (case.id, fact.values)
        for case in shipped.cases
        for fact in case.facts
        if not any(says(case.reference or "", value) for value in fact.values)
    ]
    assert silent == []
