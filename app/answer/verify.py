"""The check that every quote stands, character for character, in the stored text it points into.

Owns nothing but the comparison: it reads revisions through the index and knows neither how a quote
was chosen nor how it will be shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from app.answer.evidence.model import Evidence
from index.errors import NotFoundError

ReadSpan: TypeAlias = Callable[[str, str, int, int], str]
"""(document id, revision sha, start, end) to the text there; raises NotFoundError."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The evidence whose quotes hold, in order, and for the rest why each does not."""

    verified: tuple[Evidence, ...]
    failed: tuple[tuple[Evidence, str], ...]


class QuoteVerifier:
    """Compares quotes with the stored revisions, whatever retriever brought them."""

    def __init__(self, read_span: ReadSpan) -> None:
        self._read_span = read_span

    def verify(self, evidence: Iterable[Evidence]) -> Verification:
        """Split evidence into what stands at its offsets and what does not."""
        verified: list[Evidence] = []
        failed: list[tuple[Evidence, str]] = []
        for item in evidence:
            why = self._fault(item)
            if why is None:
                verified.append(item)
            else:
                failed.append((item, why))
        return Verification(tuple(verified), tuple(failed))

    def _fault(self, item: Evidence) -> str | None:
        if not item.text or item.end - item.start != len(item.text):
            return "the offsets do not have the length of the quote"
        passage = item.passage
        try:
            stored = self._read_span(passage.document_id, passage.revision, item.start, item.end)
        except NotFoundError:
            return "the revision it quotes is not stored"
        return None if stored == item.text else "the stored text at its offsets is another"
