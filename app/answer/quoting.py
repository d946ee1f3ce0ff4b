"""Answers by quoting: selects evidence, drafts quotes, checks each against the stored text."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from app.answer import conflicts, evidence, quotes
from app.answer import short as shorts
from app.answer.assembly import Assembly, Clock
from app.answer.conflicts import ConflictGroup
from app.answer.copies import SameText
from app.answer.evidence.model import Evidence, Selection
from app.answer.finding import Found
from app.answer.model import Answer, DroppedSentence, Generator, Reason
from app.answer.question.orders import orders_invention
from app.answer.verify import QuoteVerifier
from app.reading.base import Reader

EXTRACTIVE = Generator(kind="extractive")


class Quoter:
    """Answers without a model. Blocking.

    Args:
        verifier: checks each quote before it is shown.
        reader: reads the passages; without one, the search alone decides what is quoted.
        refuse_below: least estimate that the sources answer; None means what was measured.
        is_empty: tells whether there is any document at all, asked only when nothing was found.
        same_text: which documents carry the same text.
    """

    def __init__(
        self,
        verifier: QuoteVerifier,
        *,
        reader: Reader | None = None,
        refuse_below: float | None = None,
        is_empty: Callable[[], bool] = lambda: False,
        same_text: SameText | None = None,
    ) -> None:
        self.refuse_below = refuse_below
        self.verifier = verifier
        self.reader = reader
        self.same_text = same_text
        self._is_empty = is_empty

    def answer(
        self,
        found: Found,
        clock: Clock,
        *,
        reason: Reason | None = None,
        dropped: Sequence[DroppedSentence] = (),
    ) -> Answer:
        """Answer from what was found.

        ``reason`` says why quotes stand in for a model's prose, ``dropped`` what was left of it.
        """
        assembly = Assembly(clock, self.same_text)
        assembly.dropped.extend(dropped)
        selection = self.select(found)
        refusal = self.refusal(found, selection)
        if refusal is not None:
            clock.lap("write")
            return assembly.answer(found, EXTRACTIVE, reason=reason or refusal)
        drafts = quotes.write(found.question, selection)
        groups = conflicts.find(found.question, selection)
        clock.lap("write")
        good = self._check(quotes.quoted_evidence(drafts, groups), assembly)
        for draft in drafts:
            if draft.evidence[0] in good:
                assembly.add(replace(draft, evidence=only(draft.evidence, good)))
        for group in checked_groups(groups, good):
            assembly.add_conflict(group)
        assembly.short = shorts.of_quotes(found.question, selection, good, assembly, self.reader)
        clock.lap("verify")
        return assembly.answer(found, EXTRACTIVE, reason=reason)

    def select(self, found: Found) -> Selection:
        """Return the evidence in what was found."""
        return evidence.select(found.question, found.vector, found.passages, self.reader)

    def close(self) -> None:
        """Let go of the reader's threads."""
        if self.reader is not None:
            self.reader.close()

    def complete(self, found: Found, assembly: Assembly) -> None:
        """Add the disagreements and the short answer to what a model wrote."""
        selection = self.select(found)
        if self.refusal(found, selection) is not None:
            return
        groups = conflicts.find(found.question, selection)
        verified = self.verifier.verify(quotes.quoted_evidence([], groups)).verified
        for group in checked_groups(groups, verified):
            assembly.add_conflict(group)
        # What a written sentence cites has been checked already.
        assembly.short = shorts.of_quotes(
            found.question, selection, selection.ranked, assembly, self.reader
        )

    def refusal(self, found: Found, selection: Selection) -> Reason | None:
        """Return why the evidence does not answer; None when it does."""
        if not selection.ranked:
            return "no_documents" if self._is_empty() else "no_evidence"
        if _in_other_languages(found):
            return "language"
        least = selection.least if self.refuse_below is None else self.refuse_below
        if not selection.chosen or selection.answerable < least:
            return "weak_evidence"
        if orders_invention(found.question.text):
            return "weak_evidence"
        return None

    def _check(self, items: Sequence[Evidence], assembly: Assembly) -> tuple[Evidence, ...]:
        verification = self.verifier.verify(items)
        for item, why in verification.failed:
            assembly.drop(item.text, why)
        return verification.verified


def _in_other_languages(found: Found) -> bool:
    """Tell whether the question is surely in a language that none of the passages is in."""
    asked = found.question.language
    given = {passage.language for passage in found.passages}
    return asked is not None and None not in given and asked not in given


def checked_groups(
    groups: Sequence[ConflictGroup], good: Collection[Evidence]
) -> list[ConflictGroup]:
    """Return what is left of disagreements when only ``good`` evidence counts."""
    checked = []
    for group in groups:
        claims = tuple((value, only(items, good)) for value, items in group.claims)
        kept = tuple((value, items) for value, items in claims if items)
        if len(kept) > 1:
            checked.append(ConflictGroup(kept))
    return checked


def only(items: Sequence[Evidence], good: Collection[Evidence]) -> tuple[Evidence, ...]:
    """Return the items that are among ``good``."""
    return tuple(item for item in items if item in good)
