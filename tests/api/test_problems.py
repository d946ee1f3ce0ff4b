import ast
import importlib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from app.api import problems
from index.errors import FootnoteError

SCOPE = {"path": "/v1/ask", "state": {"request_id": "r1"}}


ROOT = Path(__file__).parents[2]


def every_error() -> Iterator[type[FootnoteError]]:
    """Yield each error class that the sources define, whether or not anything imported it yet."""
    bases: dict[tuple[str, str], set[str]] = {}
    for path in [*ROOT.glob("app/**/*.py"), *ROOT.glob("index/**/*.py")]:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                bases[module, node.name] = {b.id for b in node.bases if isinstance(b, ast.Name)}
    names = {"FootnoteError"}
    while more := {n for (_, n), of in bases.items() if of & names} - names:
        names |= more
    for module, name in bases:
        if name in names:
            yield getattr(importlib.import_module(module), name)


def test_every_error_class_has_a_status() -> None:
    found = set(every_error())
    assert len(found) >= 13
    # A class of its own tree has an entry; elsewhere an entry may stand for a whole family.
    families = {kind for kind in problems.STATUSES if kind.__module__ != "index.errors"}
    missing = [
        kind.__name__ for kind in found - set(problems.STATUSES) if not families & set(kind.__mro__)
    ]
    assert missing == []


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in problems.STATUSES]
    assert len(codes) == len(set(codes))


def test_codes_that_two_tables_share_have_one_status() -> None:
    by_code = {kind.code: status for kind, (status, _) in problems.STATUSES.items()}
    for status, (code, _) in problems.PROTOCOL_CODES.items():
        assert by_code.get(code, status) == status


@pytest.mark.parametrize("kind", problems.STATUSES)
def test_problem_of_an_error_has_its_code_and_message(kind: type[FootnoteError]) -> None:
    problem = problems.of(kind("What is wrong and what to do."), SCOPE)
    assert problem.code == kind.code
    assert problem.retryable == kind.retryable
    assert problem.instance == "/v1/ask"
    assert problem.request_id == "r1"
    if problem.status != HTTPStatus.INTERNAL_SERVER_ERROR:
        assert problem.detail == "What is wrong and what to do."


def test_members_of_a_family_have_its_status_and_their_own_code() -> None:
    rows = {row["code"]: row for row in problems.catalogue()}
    for kind in every_error():
        assert rows[kind.code]["status"] == problems.status_of(kind)[0]
        assert rows[kind.code]["retryable"] == kind.retryable


def test_an_error_without_a_class_of_its_own_takes_its_ancestor() -> None:
    class NewError(problems.TooLargeError):
        code = "new"

    assert problems.status_of(NewError) == problems.STATUSES[problems.TooLargeError]


def test_unknown_error_tells_nothing_of_itself() -> None:
    problem = problems.of(RuntimeError("password=hunter2 in /srv/secret"), SCOPE)
    assert problem.status == 500
    assert "hunter2" not in problem.model_dump_json()


def test_retryable_problems_say_when() -> None:
    problem = problems.of(problems.UnavailableError("Busy."), SCOPE)
    assert problems.response(problem).headers["retry-after"] == "5"


def test_unknown_path_is_a_problem(reader: Any) -> None:
    response = reader.get("/v1/nothing")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "unknown_path"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/v1/ask", "POST"),
        ("PATCH", "/v1/documents", "GET, POST"),
        ("POST", "/v1/documents/x", "DELETE, GET, PUT"),
        ("OPTIONS", "/v1/ask", "POST"),
    ],
)
def test_wrong_method_is_told_all_right_ones(
    reader: Any, method: str, path: str, allow: str
) -> None:
    response = reader.request(method, path)
    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"
    assert response.headers["allow"] == allow


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": ',
        b'{"question": "\xff"}',
        b"[" * 100_000,
        b'{"top_k": 1' + b"0" * 5000 + b"}",
    ],
)
def test_unreadable_json_is_a_400(reader: Any, body: bytes) -> None:
    response = reader.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_json"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_json_is_a_415(reader: Any, content_type: str) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = reader.post("/v1/ask", content=b'{"question": "x"}', headers=headers)
    assert response.status_code == 415
    assert response.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({}, "question", "required"),
        ({"question": 5}, "question", "valid string"),
        ({"question": ""}, "question", "empty"),
        ({"question": " \n\t"}, "question", "empty"),
        ({"question": "x" * 1001}, "question", "1,001 characters; at most 1,000"),
        ({"question": "a\x00b"}, "question", "NUL"),
        ({"question": "x", "topk": 3}, "topk", "not a field"),
        ({"question": "x", "top_k": 0}, "top_k", "greater than or equal to 1"),
        ({"question": "x", "top_k": 51}, "top_k", "less than or equal to 50"),
        ({"question": "x", "top_k": "many"}, "top_k", "integer"),
        (
            {"question": "x", "filters": {"published_from": "soon"}},
            "filters.published_from",
            "date",
        ),
        ({"question": "x", "filters": {"source": "a"}}, "filters.source", "not a field"),
        (
            {
                "question": "x",
                "filters": {"published_from": "2025-02-01", "published_to": "2025-01-01"},
            },
            "filters",
            "after published_to",
        ),
        (
            {"question": "x", "history": [{"role": "system", "content": ""}]},
            "history.0.role",
            "user",
        ),
        (
            {"question": "x", "history": [{"role": "user", "content": ""}] * 21},
            "history",
            "21 turns",
        ),
        (
            {"question": "x", "history": [{"role": "user", "content": "y" * 20_001}]},
            "history",
            "20,001 characters",
        ),
        ([], "body", "JSON object"),
        ("x", "body", "JSON object"),
    ],
)
def test_a_bad_field_is_named_with_what_to_do(
    reader: Any, body: object, field: str, says: str
) -> None:
    response = reader.post("/v1/ask", json=body)
    assert response.status_code == 422, response.text
    problem = response.json()
    assert problem["code"] == "invalid_request"
    assert problem["errors"][0]["field"] == field
    assert says in problem["errors"][0]["message"]
    assert problem["errors"][0]["message"] in problem["detail"]


@pytest.mark.parametrize("field", ["question", "filters.sources.0", "history"])
def test_half_a_character_is_refused(reader: Any, field: str) -> None:
    half = "\\ud800"
    bodies = {
        "question": f'{{"question": "{half}"}}',
        "filters.sources.0": f'{{"question": "x", "filters": {{"sources": ["{half}"]}}}}',
        "history": f'{{"question": "x", "history": [{{"role": "user", "content": "{half}"}}]}}',
    }
    headers = {"content-type": "application/json"}
    response = reader.post("/v1/ask", content=bodies[field], headers=headers)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


def test_a_bad_query_parameter_is_named(reader: Any) -> None:
    problem = reader.get("/v1/documents?limit=0").json()
    assert problem["errors"] == [
        {
            "field": "limit",
            "location": "query",
            "message": "must be greater than or equal to 1",
        }
    ]


def test_input_is_not_echoed(reader: Any) -> None:
    response = reader.post("/v1/ask", json={"question": {"secret": "hunter2"}})
    assert "hunter2" not in response.text
