"""Drafted sentences and how they become the answer's sentences, markers and citations.

Owns the numbering: markers count from 1 in the order in which the answer first uses them, and one
quote has one marker however often it is cited.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.answer.copies import SameText, repeats, same_texts
from app.answer.evidence.model import Evidence
from app.answer.model import AnswerSentence, Citation, Claim, Quote

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
    """Hands out markers and keeps the citation behind each.

    Args:
        same_text: which documents carry the same text.
    """

    def __init__(self, same_text: SameText | None = None) -> None:
        self._markers: dict[tuple[str, str, int, int], int] = {}
        self._citations: list[Citation] = []
        self._same_text = same_text

    def marker(self, evidence: Evidence) -> int:
        """Return the marker of this quote, a new one when it was not cited before."""
        key = _key(evidence)
        if key not in self._markers:
            self._markers[key] = len(self._citations) + 1
            self._citations.append(Citation(marker=self._markers[key], **_quote(evidence)))
        return self._markers[key]

    def known(self, evidence: Evidence) -> int | None:
        """Return the marker of a quote that is cited already, None where it is not."""
        return self._markers.get(_key(evidence))

    def markers(self, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        """Return the markers of several quotes, each once, in their order.

        A quote that repeats the text of another of them has no marker of its own: it goes with
        that one, as a copy.
        """
        items = list(evidence)
        same = same_texts(items, self._same_text)
        cited: list[Evidence] = []
        for item in items:
            first = next((other for other in cited if repeats(item, other, same)), None)
            if first is None or _key(item) in self._markers:
                cited.append(item)
            else:
                self._add_copy(self.marker(first), item)
        return tuple(dict.fromkeys(self.marker(item) for item in cited))

    def _add_copy(self, marker: int, evidence: Evidence) -> None:
        self._markers[_key(evidence)] = marker
        citation = self._citations[marker - 1]
        copies = (*citation.copies, Quote(**_quote(evidence)))
        self._citations[marker - 1] = citation.model_copy(update={"copies": copies})

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


def _key(evidence: Evidence) -> tuple[str, str, int, int]:
    passage = evidence.passage
    return passage.document_id, passage.revision, evidence.start, evidence.end


def _quote(evidence: Evidence) -> dict[str, Any]:
    passage = evidence.passage
    return {
        "document_id": passage.document_id,
        "revision": passage.revision,
        "title": passage.title,
        "source": passage.source,
        "url": passage.url,
        "published_at": passage.published_at,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.text,
        "page": passage.page_at(evidence.start),
    }


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
