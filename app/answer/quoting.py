"""Answers by quoting: selects evidence, drafts quotes, checks each against the stored text."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from app.answer import conflicts, evidence, quotes
from app.answer.assembly import Assembly, Clock
from app.answer.conflicts import ConflictGroup
from app.answer.copies import SameText
from app.answer.evidence.model import Evidence, Selection
from app.answer.finding import Found
from app.answer.model import Answer, DroppedSentence, Generator, Reason
from app.answer.verify import QuoteVerifier

EXTRACTIVE = Generator(kind="extractive")


class Quoter:
    """Answers without a model. Blocking.

    Args:
        verifier: checks each quote before it is shown.
        refuse_below: least estimate that the sources answer; None means the measured default.
        is_empty: tells whether there is any document at all, asked only when nothing was found.
        same_text: which documents carry the same text.
    """

    def __init__(
        self,
        verifier: QuoteVerifier,
        *,
        refuse_below: float | None = None,
        is_empty: Callable[[], bool] = lambda: False,
        same_text: SameText | None = None,
    ) -> None:
        self.refuse_below = evidence.REFUSE_BELOW if refuse_below is None else refuse_below
        self.verifier = verifier
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
        selection = select(found)
        refusal = self.refusal(selection)
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
        clock.lap("verify")
        return assembly.answer(found, EXTRACTIVE, reason=reason)

    def disagreements(self, found: Found) -> list[ConflictGroup]:
        """Return the checked disagreements of the sources about what is asked."""
        selection = select(found)
        if self.refusal(selection) is not None:
            return []
        groups = conflicts.find(found.question, selection)
        verified = self.verifier.verify(quotes.quoted_evidence([], groups)).verified
        return checked_groups(groups, verified)

    def refusal(self, selection: Selection) -> Reason | None:
        """Return why the evidence does not answer; None when it does."""
        if not selection.ranked:
            return "no_documents" if self._is_empty() else "no_evidence"
        if not selection.chosen or selection.answerable < self.refuse_below:
            return "weak_evidence"
        return None

    def _check(self, items: Sequence[Evidence], assembly: Assembly) -> tuple[Evidence, ...]:
        verification = self.verifier.verify(items)
        for item, why in verification.failed:
            assembly.drop(item.text, why)
        return verification.verified


def select(found: Found) -> Selection:
    """Return the evidence in what was found."""
    return evidence.select(found.question, found.vector, found.passages)


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
