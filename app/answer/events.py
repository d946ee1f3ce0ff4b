"""What happens while an answer is made, in order: sources, checked sentences, the whole answer."""

from dataclasses import dataclass
from typing import TypeAlias

from app.answer.model import Answer, AnswerSentence, Citation, NearestSource


@dataclass(frozen=True, slots=True)
class SourcesFound:
    """The search is done; these are the nearest sources, best first."""

    sources: tuple[NearestSource, ...]


@dataclass(frozen=True, slots=True)
class SentenceChecked:
    """One sentence passed its check; ``citations`` are those it cites.

    ``rendered`` is the sentence with its markers: these, with blanks between, are the answer.
    """

    sentence: AnswerSentence
    citations: tuple[Citation, ...]
    rendered: str


@dataclass(frozen=True, slots=True)
class AnswerDone:
    """The whole answer object; always the last event."""

    answer: Answer


Event: TypeAlias = SourcesFound | SentenceChecked | AnswerDone
