from typing import Any

import pytest

FEEDBACK = "/v1/feedback"


def rate(client: Any, **fields: Any) -> Any:
    return client.post(FEEDBACK, json={"answer_id": "ans_0a", "rating": "up", **fields})


def test_a_rating_is_kept_and_listed_the_newest_first(client: Any) -> None:
    assert rate(client, question="When?", comment="Good.").status_code == 204
    assert rate(client, answer_id="ans_0b", rating="down").status_code == 204
    page = client.get(FEEDBACK).json()
    assert page["total"] == 2
    assert [line["answer_id"] for line in page["items"]] == ["ans_0b", "ans_0a"]
    assert page["items"][1]["question"] == "When?"
    assert page["items"][1]["comment"] == "Good."
    assert page["items"][1]["origin"] is None
    assert page["items"][1]["created_at"]


def test_a_later_rating_replaces_and_null_takes_back(client: Any) -> None:
    rate(client)
    rate(client, rating="down")
    assert [line["rating"] for line in client.get(FEEDBACK).json()["items"]] == ["down"]
    rate(client, rating=None)
    assert client.get(FEEDBACK).json()["total"] == 0


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
