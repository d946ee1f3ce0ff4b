"""Puts checked sentences and disagreements together into the answer object."""

import secrets
import time

from app.answer import quotes
from app.answer.conflicts import ConflictGroup
from app.answer.copies import SameText
from app.answer.draft import Citations, Draft, render
from app.answer.events import SentenceChecked
from app.answer.evidence.model import Evidence
from app.answer.finding import Found
from app.answer.model import (
    Answer,
    AnswerSentence,
    Citation,
    Conflict,
    DroppedSentence,
    Generator,
    Reason,
    ShortAnswer,
    Status,
    Timings,
)


class Clock:
    """Milliseconds from step to step, and in all."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self.spent = {"retrieve": 0.0, "write": 0.0, "verify": 0.0}

    def lap(self, step: str) -> None:
        """Add the time since the last lap to a step."""
        now = time.perf_counter()
        self.spent[step] += (now - self._last) * 1000
        self._last = now

    def timings(self) -> Timings:
        """Return what was spent until now."""
        total = (time.perf_counter() - self._started) * 1000
        spent = {step: round(value, 3) for step, value in self.spent.items()}
        return Timings(**spent, total=round(total, 3))


class Assembly:
    """An answer in the making. What is added to it has been checked.

    Args:
        clock: what was spent is noted there.
        same_text: which documents carry the same text.
    """

    def __init__(self, clock: Clock, same_text: SameText | None = None) -> None:
        self._clock = clock
        self._citations = Citations(same_text)
        self._rendered: list[str] = []
        self.sentences: list[AnswerSentence] = []
        self.conflicts: list[Conflict] = []
        self.dropped: list[DroppedSentence] = []
        self.short: ShortAnswer | None = None

    def add(self, draft: Draft) -> SentenceChecked:
        """Add a sentence and return the event that shows it."""
        sentence = self._citations.sentence(draft)
        return self._show(sentence, render(sentence))

    def add_conflict(self, group: ConflictGroup) -> SentenceChecked | None:
        """Add a disagreement, and the sentence that says so unless its quotes are shown already."""
        cited = {marker for sentence in self.sentences for marker in sentence.citations}
        conflict, sentence = quotes.disagreement(group, self._citations)
        self.conflicts.append(conflict)
        written = any(sentence.support == "supported" for sentence in self.sentences)
        if written and cited.issuperset(sentence.citations):
            return None
        return self._show(sentence, quotes.render_disagreement(conflict))

    def marker_of(self, evidence: Evidence) -> int | None:
        """Return the marker under which a quote is cited already, None where it is not."""
        return self._citations.known(evidence)

    def citations(self) -> tuple[Citation, ...]:
        """Return what is cited so far, by marker."""
        return self._citations.all()

    def drop(self, text: str, why: str) -> None:
        """Record a sentence that failed its check."""
        self.dropped.append(DroppedSentence(text=text, why=why))

    def answer(
        self,
        found: Found,
        generator: Generator,
        *,
        reason: Reason | None = None,
        incomplete: bool = False,
    ) -> Answer:
        """Return the answer object; with no sentence it is a refusal for ``reason``."""
        status: Status = "answered"
        if not self.sentences:
            status, reason = "refused", reason or "draft_unsupported"
        elif incomplete:
            status = "partial"
        return Answer(
            id=f"ans_{secrets.token_hex(12)}",
            status=status,
            reason=reason,
            question=found.question.text,
            answer=" ".join(self._rendered) or quotes.REFUSAL,
            short=self.short,
            sentences=tuple(self.sentences),
            citations=self._citations.all(),
            conflicts=tuple(self.conflicts),
            dropped=tuple(self.dropped),
            sources=found.sources(),
            generator=generator,
            timings_ms=self._clock.timings(),
        )

    def _show(self, sentence: AnswerSentence, rendered: str) -> SentenceChecked:
        self.sentences.append(sentence)
        self._rendered.append(rendered)
        return SentenceChecked(sentence, self._citations.of(sentence), rendered)
