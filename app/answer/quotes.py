"""The words of an answer made of quotes, of a refusal, and of a disagreement.

Which evidence is chosen, what agrees and what conflicts is decided by ``evidence``, ``agreement``
and ``conflicts``.
"""

from collections.abc import Iterable, Sequence

from app.answer import agreement
from app.answer.conflicts import ConflictGroup
from app.answer.draft import Citations, Draft, render, render_markers
from app.answer.evidence.model import Evidence, Selection
from app.answer.model import Answer, AnswerSentence, Conflict
from app.answer.question.model import Question

REFUSAL = "The sources do not answer this question."
"""What a refused answer says; the prompt for models uses the same sentence."""


def write(question: Question, selection: Selection) -> list[Draft]:
    """Draft one sentence for each group of agreeing evidence."""
    groups = agreement.group(question, selection.chosen, selection.ranked)
    return [Draft(group[0].text, group, "quoted") for group in groups]


def disagreement(group: ConflictGroup, citations: Citations) -> tuple[Conflict, AnswerSentence]:
    """Return a conflict with its markers and the sentence that says so."""
    claims = tuple(citations.claim(value, evidence) for value, evidence in group.claims)
    conflict = Conflict(claims=claims)
    return conflict, _sentence_of(conflict)


def render_disagreement(conflict: Conflict) -> str:
    """Write the sentence of ``disagreement`` with each marker beside the value it backs."""
    sides = _enumerate(f"{c.value} {render_markers(c.citations)}" for c in conflict.claims)
    return f"The sources disagree: {sides}."


def rendered(answer: Answer) -> list[str]:
    """Return each sentence of an answer with its markers, as it stands in ``answer.answer``."""
    disagreements = {
        (said.text, said.citations): render_disagreement(conflict)
        for conflict in answer.conflicts
        for said in [_sentence_of(conflict)]
    }
    return [
        disagreements.get((sentence.text, sentence.citations)) or render(sentence)
        for sentence in answer.sentences
    ]


def _sentence_of(conflict: Conflict) -> AnswerSentence:
    """Return the sentence that says a disagreement, without its markers."""
    markers = dict.fromkeys(marker for claim in conflict.claims for marker in claim.citations)
    text = f"The sources disagree: {_enumerate(claim.value for claim in conflict.claims)}."
    return AnswerSentence(text=text, citations=tuple(markers), support="supported")


def _enumerate(values: Iterable[str]) -> str:
    *first, last = values
    return f"{', '.join(first)} or {last}" if first else last


def quoted_evidence(drafts: Sequence[Draft], groups: Sequence[ConflictGroup]) -> list[Evidence]:
    """Return all evidence that the answer would cite."""
    evidence = [item for draft in drafts for item in draft.evidence]
    evidence += [item for group in groups for _, items in group.claims for item in items]
    return list(dict.fromkeys(evidence))
