"""What the reader is calibrated on: the project's own fields, and examples made by rule."""

import json
import random
import re
from pathlib import Path

import pytest

from training import claims, negatives

FIELDS = sorted(
    path for path in (Path(__file__).parents[2] / "training/data").iterdir() if path.is_dir()
)


@pytest.mark.parametrize("field", FIELDS, ids=lambda path: path.name)
def test_each_expected_answer_stands_in_the_document_it_is_expected_in(field: Path) -> None:
    rows = [json.loads(line) for line in (field / "questions.jsonl").read_text().splitlines()]
    assert len({row["question"] for row in rows}) == len(rows)
    for row in rows:
        if row["answerable"]:
            text = (field / "documents" / f"{row['doc']}.md").read_text()
            assert re.search(row["expect"], text, re.IGNORECASE), row["id"]
        else:
            assert not row["expect"]


def test_a_changed_question_differs_and_keeps_its_answer_out() -> None:
    random.seed(3)
    text = (
        "Mira Holt designed the Vesper Bridge in 1931. Tomas Greer built the Korrin Mill in 1840."
    )
    row = {
        "question": "When did Mira Holt design the Vesper Bridge?",
        "context": text,
        "answerable": True,
        "answers": [{"text": "1931", "start": text.index("1931")}],
    }
    changed = {negatives.changed(row) for _ in range(40)} - {None}
    assert changed
    assert all(question != row["question"] for question in changed)
    assert not any("1931" in str(question) for question in changed)


def test_a_restated_question_stands_before_the_answer_and_shifts_it() -> None:
    random.seed(4)
    text = "It rained. The bridge opens in May."
    span = (text.index("in May"), text.index("in May") + 6)
    made, moved = negatives.with_restatement("When does the bridge open?", text, span)
    assert moved is not None
    assert made[moved[0] : moved[1]] == "in May"
    assert len(made) > len(text)


def test_made_up_claims_have_every_label_and_end_as_sentences() -> None:
    random.seed(5)
    pairs = list(claims.framed(300))
    assert {label for _, _, label in pairs} >= {"supported", "contradicted", "not_enough"}
    assert all(claim.endswith(".") and evidence.endswith(".") for evidence, claim, _ in pairs)


def test_an_altered_sentence_is_another_one() -> None:
    random.seed(6)
    altered = claims.altered("The bridge is 420 metres long and opened before 1931.")
    assert altered is not None
    assert altered[0] != "The bridge is 420 metres long and opened before 1931."
    assert altered[1] in ("contradicted", "not_supported")
