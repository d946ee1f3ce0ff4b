from typing import Any

import pytest

FEEDBACK = "/v1/feedback"


def given(client: Any) -> str:
    """Return the id of an answer."""
    return str(client.post("/v1/ask", json={"question": "When does the mill close?"}).json()["id"])


def rate(client: Any, answer_id: str = "ans_0a", **fields: Any) -> Any:
    return client.post(FEEDBACK, json={"answer_id": answer_id, "rating": "up", **fields})


def test_a_rating_is_kept_and_listed_the_newest_first(client: Any) -> None:
    first, second = given(client), given(client)
    assert rate(client, first, question="When?", comment="Good.").status_code == 204
    assert rate(client, second, rating="down").status_code == 204
    page = client.get(FEEDBACK).json()
    assert page["total"] == 2
    assert [line["answer_id"] for line in page["items"]] == [second, first]
    assert page["items"][1]["question"] == "When?"
    assert page["items"][1]["comment"] == "Good."
    assert page["items"][1]["origin"] is None
    assert page["items"][1]["created_at"]


def test_a_later_rating_replaces_and_null_takes_back(client: Any) -> None:
    answer = given(client)
    rate(client, answer)
    rate(client, answer, rating="down")
    assert [line["rating"] for line in client.get(FEEDBACK).json()["items"]] == ["down"]
    rate(client, answer, rating=None)
    assert client.get(FEEDBACK).json()["total"] == 0


def test_an_answer_that_was_never_given_cannot_be_rated(client: Any) -> None:
    answer = given(client)
    assert rate(client, answer).status_code == 204
    refused = rate(client, f"ans_{int(answer[4:], 16) ^ 1:040x}")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert rate(client, "ans_0123456789abcdef").status_code == 404
    assert client.get(FEEDBACK).json()["total"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"answer_id": "x"},
        {"answer_id": "ans_" + "0" * 41},
        {"rating": "sideways"},
        {"comment": "x" * 2001},
        {"comment": "\x00"},
        {"stars": 5},
    ],
)
def test_what_cannot_be_a_rating_is_refused(client: Any, fields: dict[str, Any]) -> None:
    refused = rate(client, **fields)
    assert refused.status_code == 422
    assert client.get(FEEDBACK).json()["total"] == 0
