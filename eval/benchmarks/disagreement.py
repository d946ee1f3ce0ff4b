"""How much of what disagreeing sources say an answer shows, on RAMDocs-form data.

A line is a question with its own documents; each document has the answer that it gives, or
"unknown" (https://arxiv.org/abs/2504.13079). The product's whole chain answers each question over
its documents alone: all are in one index, and a filter keeps the questions apart.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.answer.chain import AskRequest, Chain
from app.answer.model import Answer
from app.services import make_chain
from app.settings import Settings
from eval.benchmarks.report import Report
from index.embedding.base import Embedder
from index.library import Library
from index.loaders import load_text
from index.model import Filters

_UNKNOWN = "unknown"
_NO_WORD = re.compile(r"[^\w%$]+")


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its documents by id, and the distinct answers that these give."""

    question: str
    documents: dict[str, str]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer showed: of the distinct answers, how many, and whether it told a conflict."""

    answers: int
    shown: int
    shown_in_text: int
    conflict: bool
    refused: bool


def read(path: Path) -> list[Case]:
    """Read the cases of a file.

    Raises:
        ValueError: a line has another form.
    """
    try:
        return [
            _case(number, line) for number, line in enumerate(path.read_text("utf-8").splitlines())
        ]
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is not RAMDocs-form data: {error!r}") from error


def index(library: Library, cases: list[Case]) -> None:
    """Index the documents of all cases."""
    documents = (
        load_text(text, id=id_, title="") for case in cases for id_, text in case.documents.items()
    )
    for outcome in library.add_many(documents):
        if outcome.error is not None:
            raise ValueError(f"{outcome.id}: {outcome.error}")


def measure(data: Path, embedder: Embedder) -> Report:
    """Answer every question of ``data`` over its own documents and report what answers show."""
    cases = read(data)
    with (
        TemporaryDirectory() as folder,
        Library.open(Path(folder) / "data", embedder=embedder) as library,
    ):
        index(library, cases)
        chain = make_chain(Settings(data_dir=Path(folder) / "data"), library)
        return summarise(list(outcomes(chain, cases)))


def outcomes(chain: Chain, cases: list[Case]) -> Iterator[Outcome]:
    """Ask each question over its own documents, and yield what the answer showed."""
    for case in cases:
        filters = Filters(document_ids=tuple(case.documents))
        answer = chain.ask(AskRequest(case.question, filters=filters))
        yield judge(answer, case.answers)


def judge(answer: Answer, answers: tuple[str, ...]) -> Outcome:
    """Compare an answer with the distinct answers that its documents give.

    An answer is shown when it stands, as whole words, in the answer's text, in a claim of a
    conflict or in a quote that is cited.
    """
    text = [answer.answer, *(claim.value for c in answer.conflicts for claim in c.claims)]
    quotes = [citation.quote for citation in answer.citations]
    return Outcome(
        answers=len(answers),
        shown=sum(_stands(each, [*text, *quotes]) for each in answers),
        shown_in_text=sum(_stands(each, text) for each in answers),
        conflict=bool(answer.conflicts),
        refused=answer.status == "refused",
    )


def summarise(found: list[Outcome]) -> Report:
    """Return the figures over all outcomes."""
    total = sum(outcome.answers for outcome in found)
    agreeing = [outcome for outcome in found if outcome.answers == 1]
    disagreeing = [outcome for outcome in found if outcome.answers > 1]
    report = Report("disagreement", f"{len(found)} questions, {total} distinct answers")
    report.add("distinct answers shown", sum(o.shown for o in found) / max(total, 1))
    report.add(
        "distinct answers shown in the text", sum(o.shown_in_text for o in found) / max(total, 1)
    )
    report.add("conflict told where sources disagree", _share(disagreeing))
    report.add("conflict told where all agree", _share(agreeing), target="<= 0.05")
    report.add("questions refused", sum(o.refused for o in found) / max(len(found), 1))
    return report


def _case(number: int, line: str) -> Case:
    row = json.loads(line)
    documents = row["documents"]
    given = dict.fromkeys(d["answer"] for d in documents if d["answer"] != _UNKNOWN)
    texts = {f"question-{number:04}-{place:02}": d["text"] for place, d in enumerate(documents)}
    return Case(row["question"], texts, tuple(given))


def _share(outcomes: list[Outcome]) -> float:
    return sum(outcome.conflict for outcome in outcomes) / max(len(outcomes), 1)


def _stands(answer: str, texts: list[str]) -> bool:
    wanted = _fold(answer)
    return bool(wanted.strip()) and any(wanted in _fold(text) for text in texts)


def _fold(text: str) -> str:
    return f" {_NO_WORD.sub(' ', text.lower()).strip()} "
