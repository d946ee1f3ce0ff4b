"""The short answer: the few words of a cited quote that answer, or yes or no.

Shows words only where the reader is sure of them, and only as they stand in a quote that has been
checked. Widens what the reader marked to the whole of a date, a figure or a name.
"""

from collections.abc import Collection, Sequence

from app.answer.assembly import Assembly
from app.answer.evidence import calibration
from app.answer.evidence.model import Evidence, Selection
from app.answer.model import ShortAnswer
from app.answer.question.model import AnswerKind, Question
from app.answer.question.statement import statement_of
from app.answer.values import ValueKind, extract
from app.reading.base import Reader, Text

LONGEST = 120
"""Characters; longer spans are the sentence again, which stands below anyway."""

_SAYS_YES, _SAYS_NO = 0.65, 0.75
"""The least chance at which a text supports or contradicts the statement of a yes/no question."""

_ECHO = 0.25
"""What the question itself, taken for a claim, must at least have of the same verdict: a statement
that was badly put together is found out so."""

_DECIDING = 3
_WHOLE = (ValueKind.DATE, ValueKind.DURATION, ValueKind.NUMBER)


def of_quotes(
    question: Question,
    selection: Selection,
    good: Collection[Evidence],
    assembly: Assembly,
    reader: Reader | None,
) -> ShortAnswer | None:
    """Return the short answer of an answer made of quotes, None where the reader is unsure.

    Args:
        question: The standalone question.
        selection: The evidence; the best of it that is cited gives the words.
        good: The evidence whose quotes were checked.
        assembly: What the answer cites so far.
        reader: Decides yes/no questions.
    """
    cited = [
        (evidence, marker)
        for evidence in selection.ranked
        if evidence in good and (marker := assembly.marker_of(evidence)) is not None
    ]
    if reader is None or not cited:
        return None
    if question.kind is AnswerKind.YES_NO:
        return _yes_or_no(question, cited, reader)
    evidence, marker = cited[0]
    return of_evidence(evidence, marker)


def of_evidence(evidence: Evidence, marker: int) -> ShortAnswer | None:
    """Return the words that answer in one cited quote, None where they are not sure."""
    span = evidence.span
    if span is None or span.chance < calibration.threshold("short"):
        return None
    start, end = widened(evidence.text, span.start, span.end)
    if not 0 < end - start <= LONGEST:
        return None
    return ShortAnswer(
        text=evidence.text[start:end],
        citation=marker,
        start=evidence.start + start,
        end=evidence.start + end,
    )


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span with the whole of each date or figure that it cuts: 2026, September 2026."""
    for value in extract(text, _WHOLE):
        if value.start < end and value.end > start:
            start, end = min(start, value.start), max(end, value.end)
    return start, end


def _yes_or_no(
    question: Question, cited: Sequence[tuple[Evidence, int]], reader: Reader
) -> ShortAnswer | None:
    """Return yes or no with the quote that decides; None where no quote decides or two disagree."""
    claim = statement_of(question.text)
    if claim is None:
        return None
    deciding = cited[:_DECIDING]
    texts = [Text(evidence.text) for evidence, _marker in deciding]
    statement, question_itself = reader.check(claim, texts), reader.check(question.text, texts)
    found: dict[str, int] = {}
    for (_evidence, marker), verdict, echo in zip(
        deciding, statement, question_itself, strict=True
    ):
        if verdict.supported >= _SAYS_YES and echo.supported >= 2 * _ECHO:
            found.setdefault("yes", marker)
        if verdict.contradicted >= _SAYS_NO and echo.contradicted >= _ECHO:
            found.setdefault("no", marker)
    if len(found) != 1:
        return None  # nothing decides, or sources disagree
    ((text, marker),) = found.items()
    return ShortAnswer(text=text, citation=marker)
