"""Drafted sentences and how they become the answer's sentences, markers and citations.

Owns the numbering: markers count from 1 in the order in which the answer first uses them, and one
quote has one marker however often it is cited.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.answer.evidence.model import Evidence
from app.answer.model import AnswerSentence, Citation, Claim

_FINAL_PUNCTUATION = re.compile(r"[.!?…؟。]+$")
_BLANKS = re.compile(r"\s+")
_MARKER = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence to be shown, the evidence behind it, and how that backs it."""

    text: str
    evidence: tuple[Evidence, ...]
    support: Literal["quoted", "supported"]


class Citations:
    """Hands out markers and keeps the citation behind each."""

    def __init__(self) -> None:
        self._markers: dict[tuple[str, str, int, int], int] = {}
        self._citations: list[Citation] = []

    def marker(self, evidence: Evidence) -> int:
        """Return the marker of this quote, a new one when it was not cited before."""
        passage = evidence.passage
        key = (passage.document_id, passage.revision, evidence.start, evidence.end)
        if key not in self._markers:
            self._markers[key] = len(self._citations) + 1
            self._citations.append(
                Citation(
                    marker=self._markers[key],
                    document_id=passage.document_id,
                    revision=passage.revision,
                    title=passage.title,
                    source=passage.source,
                    url=passage.url,
                    published_at=passage.published_at,
                    start=evidence.start,
                    end=evidence.end,
                    quote=evidence.text,
                )
            )
        return self._markers[key]

    def markers(self, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        """Return the markers of several quotes, each once, in their order."""
        return tuple(dict.fromkeys(self.marker(item) for item in evidence))

    def sentence(self, draft: Draft) -> AnswerSentence:
        """Return the draft as a sentence of the answer."""
        return AnswerSentence(
            text=_BLANKS.sub(" ", draft.text).strip(),
            citations=self.markers(draft.evidence),
            support=draft.support,
        )

    def claim(self, value: str, evidence: Iterable[Evidence]) -> Claim:
        """Return one side of a disagreement."""
        return Claim(value=value, citations=self.markers(evidence))

    def of(self, sentence: AnswerSentence) -> tuple[Citation, ...]:
        """Return the citations of a sentence."""
        return tuple(self._citations[marker - 1] for marker in sentence.citations)

    def all(self) -> tuple[Citation, ...]:
        """Return every citation, by marker."""
        return tuple(self._citations)


def render_markers(markers: Iterable[int]) -> str:
    """Write markers the way answers show them: ``[1][2]``."""
    return "".join(f"[{marker}]" for marker in markers)


def places(rendered: str, markers: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return marker, start and end of each marker in a rendered sentence, in code points.

    Where the markers stand together at the end, as ``render`` writes them, only these count:
    a quoted sentence may have numbers in brackets of its own.
    """
    block = render_markers(markers)
    start = rendered.rfind(block)
    together = start >= 0 and not _WORD.search(rendered, start + len(block))
    first = start if together else 0
    return [
        (int(found[1]), found.start(), found.end())
        for found in _MARKER.finditer(rendered, first)
        if int(found[1]) in markers
    ]


def render(sentence: AnswerSentence) -> str:
    """Write a sentence as the answer shows it, its markers before its full stop."""
    markers = render_markers(sentence.citations)
    if not markers:
        return sentence.text
    match = _FINAL_PUNCTUATION.search(sentence.text)
    body, stop = (sentence.text[: match.start()], match.group()) if match else (sentence.text, "")
    return f"{body} {markers}{stop}"
