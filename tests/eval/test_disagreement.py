"""What the disagreement benchmark counts, and that it runs over the whole chain."""

import json
from pathlib import Path

import pytest

from eval.benchmarks import disagreement
from eval.benchmarks.disagreement import Outcome
from index.embedding.minilm import MiniLMEmbedder

_BORN = "When was Anna Velt born?"


def _line(question: str, *documents: tuple[str, str]) -> str:
    rows = [{"text": text, "type": "correct", "answer": answer} for text, answer in documents]
    return json.dumps({"question": question, "documents": rows})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    lines = [
        _line(
            _BORN,
            ("Anna Velt was born on 4 May 1911 in Delft, where she painted.", "4 May 1911"),
            ("The rower Anna Velt was born on 19 July 1954 in Ghent.", "19 July 1954"),
            ("Many people visit the old town in summer.", "unknown"),
        ),
        _line(_BORN, ("Anna Velt was born on 4 May 1911 in Delft.", "4 May 1911")),
    ]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_a_case_holds_the_distinct_answers_without_unknown(data: Path) -> None:
    first, second = disagreement.read(data)
    assert first.answers == ("4 May 1911", "19 July 1954")
    assert second.answers == ("4 May 1911",)
    assert not set(first.documents) & set(second.documents)


def test_the_whole_chain_answers_each_question_over_its_own_documents(
    data: Path, embedder: MiniLMEmbedder
) -> None:
    report = disagreement.measure(data, embedder)
    figures = {figure.name: figure.value for figure in report.figures}
    assert figures["distinct answers shown"] == 1.0
    assert figures["conflict told where sources disagree"] == 1.0
    assert figures["conflict told where all agree"] == 0.0


def test_a_wrong_conflict_misses_the_target() -> None:
    outcome = Outcome(answers=1, shown=1, shown_in_text=1, conflict=True, refused=False)
    figures = disagreement.summarise([outcome]).figures
    assert [figure.met for figure in figures if figure.target] == [False]


def test_data_of_another_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"text": "no question"}\n', "utf-8")
    with pytest.raises(ValueError, match="not RAMDocs-form data"):
        disagreement.read(path)
