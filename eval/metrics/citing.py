"""Metrics of citations: whether quotes stand where they are said to, and what they are worth."""

from app.answer.model import Citation
from eval.cases.model import Gold
from eval.metrics.backing import backed
from eval.metrics.facts import facts_of, said_by
from eval.metrics.model import Measured, Metric, Subject, every_case, no_case, to_be_answered
from eval.metrics.statements import Statement, misplaced


def validity(subject: Subject) -> Measured:
    """Score 1 when every citation holds and markers agree both ways, else 0.

    A citation holds when its quote is, character for character, what the stored revision has at its
    offsets, read apart from the answer. Markers agree when each citation has its own, each is used
    by a sentence or a side of a disagreement, none is used that has no citation, and the answer's
    text shows each where its sentence has it.
    """
    fault = _false_quote(subject) or _stray_marker(subject) or misplaced(subject.answer)
    if fault is not None:
        return Measured(0.0, fault)
    if subject.refused:
        return Measured(1.0, "refused, with nothing to cite")
    return Measured(1.0, f"all {len(subject.answer.citations)} quotes stand at their offsets")


def precision(subject: Subject) -> Measured:
    """Score the share of citations that are right (citation precision of ALCE, against gold).

    ALCE (https://arxiv.org/abs/2305.14627, section 4) counts a citation of a sentence as precise
    when the sentence is supported and the citation alone supports it or cannot be left out. With
    gold evidence at hand this can be told more strictly, and needs no model. A citation of a
    statement is right when

    - the statement says a fact of the case, and the citation overlaps a gold quote of that fact or
      its stored text says that fact; or
    - the statement says no fact of the case by itself ("It will end then."), and the citation
      overlaps a gold quote of the case and its stored text backs the statement.

    The score is over all pairs of a statement and one of its citations; 0 when there are none, as
    where the service refuses.
    """
    pairs = [(s, marker) for s in subject.statements for marker in s.markers]
    if not pairs:
        return Measured(0.0, "refused" if subject.refused else "cites nothing")
    wrong = [(s, marker) for s, marker in pairs if not _is_right(subject, s, marker)]
    value = 1 - len(wrong) / len(pairs)
    if not wrong:
        return Measured(value, f"all {len(pairs)} citations are right")
    statement, marker = wrong[0]
    return Measured(
        value, f"{len(wrong)} of {len(pairs)} are not, first [{marker}] of “{statement.text}”"
    )


def recall(subject: Subject) -> Measured:
    """Score the share of statements that their citations back (citation recall of ALCE).

    A statement counts when the stored texts of its citations, all together, back it
    (``eval.metrics.backing``) and, where it says a fact of the case, one of them overlaps a gold
    quote of that fact or says it. No statement scores 0, as in ALCE: so does a refusal where an
    answer was due.
    """
    if not subject.statements:
        return Measured(0.0, "refused" if subject.refused else "says nothing")
    bare = [s for s in subject.statements if not _is_recalled(subject, s)]
    return _share(subject, bare, "backed by their citations")


def support(subject: Subject) -> Measured:
    """Score the share of statements that the stored texts of their own citations back.

    Also scored where the service should have refused, as long as it says anything.
    """
    bare = [s for s in subject.statements if not backed(subject, s, s.markers)]
    return _share(subject, bare, "supported")


def says_something(subject: Subject) -> bool:
    """Hold for answers that say something."""
    return bool(subject.statements)


def overlaps(gold: Gold, document_id: str, start: int, end: int) -> bool:
    """Tell whether a span has a part of a gold quote."""
    return gold.document_id == document_id and start < gold.end and gold.start < end


def _share(subject: Subject, bare: list[Statement], what: str) -> Measured:
    total = len(subject.statements)
    if not bare:
        return Measured(1.0, f"all {total} statements are {what}")
    return Measured(
        1 - len(bare) / total, f"{len(bare)} of {total} are not {what}, first “{bare[0].text}”"
    )


def _false_quote(subject: Subject) -> str | None:
    if not subject.answer.citations and subject.statements:
        return "it says something and cites nothing"
    spans = zip(subject.answer.citations, subject.observation.spans, strict=True)
    for citation, span in spans:
        if span is None:
            return f"[{citation.marker}]: nothing is stored at {_place(citation)}"
        if span != citation.quote:
            return f"[{citation.marker}]: {_place(citation)} has “{span}”, not the quote"
    return None


def _stray_marker(subject: Subject) -> str | None:
    markers = [citation.marker for citation in subject.answer.citations]
    used = {marker for sentence in subject.answer.sentences for marker in sentence.citations}
    used |= {marker for statement in subject.statements for marker in statement.markers}
    if len(set(markers)) < len(markers):
        return "two citations have one marker"
    if unknown := used - set(markers):
        return f"[{min(unknown)}] has no citation"
    if unused := set(markers) - used:
        return f"[{min(unused)}] is cited by no sentence"
    return None


def _is_recalled(subject: Subject, statement: Statement) -> bool:
    if not backed(subject, statement, statement.markers):
        return False
    facts = said_by(statement.text, subject.case)
    shown = [_shown(subject, subject.citations[m]) for m in statement.markers]
    return not facts or any(facts & cited for cited in shown)


def _is_right(subject: Subject, statement: Statement, marker: int) -> bool:
    citation = subject.citations.get(marker)
    if citation is None or not subject.stored[marker]:
        return False
    facts = said_by(statement.text, subject.case)
    if facts:
        return bool(facts & _shown(subject, citation))
    is_gold = any(_overlaps(gold, citation) for gold in subject.case.gold)
    return is_gold and backed(subject, statement, [marker])


def _shown(subject: Subject, citation: Citation) -> frozenset[int]:
    """Return which facts of the case a citation shows: by its place, or by what stands there."""
    said = said_by(subject.stored[citation.marker], subject.case, citation.published_at)
    gold = {
        number
        for number, fact in enumerate(facts_of(subject.case))
        if any(_overlaps(gold, citation) for gold in fact.evidence)
    }
    return said | gold


def _overlaps(gold: Gold, citation: Citation) -> bool:
    return overlaps(gold, citation.document_id, citation.start, citation.end)


def _place(citation: Citation) -> str:
    return f"{citation.document_id} {citation.start}-{citation.end}"


METRICS = (
    Metric(
        "citation_validity",
        "Every quote is what the stored source has at its offsets, and every marker is in its "
        "place.",
        every_case,
        validity,
        binary=True,
    ),
    Metric(
        "citation_precision",
        "Share of citations that show what their statement says, against gold evidence.",
        to_be_answered,
        precision,
    ),
    Metric(
        "citation_recall",
        "Share of statements that their citations back, against gold evidence.",
        to_be_answered,
        recall,
    ),
)
SUPPORT = Metric(
    "sentence_support",
    "Share of statements that their own citations support, wrong answers included.",
    no_case,
    support,
    arises=says_something,
)
