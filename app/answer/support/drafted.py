"""The check of a sentence as a model drafted it: markup off, markers to passages, then support.

Owns what happens before a sentence can be checked; nothing it lets through carries markup, and
nothing it lets through cites what was not given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.answer.drafting import DraftedSentence
from app.answer.support.checker import Embed, check
from app.answer.support.model import Verdict
from app.answer.support.plain import NotPlainError, plain
from index.model import RetrievedPassage

NO_SOURCE = "it cites no source"
NOT_A_CLAIM = "it is a question, not an answer"


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A drafted sentence as it may be shown, or was dropped: plain text and verdict."""

    text: str
    verdict: Verdict


def check_drafted(
    drafted: DraftedSentence, given: Sequence[RetrievedPassage], embed: Embed
) -> CheckedSentence:
    """Check one drafted sentence.

    A sentence without any marker is dropped. One whose markers name the wrong passage, or none
    that was given, is cited anew where a given passage supports it.

    Args:
        drafted: The sentence with the numbers of its markers.
        given: The passages that the model saw, in the order of their numbers, from 1.
        embed: ``Embedder.embed``.
    """
    try:
        text = plain(drafted.text, [passage.url or "" for passage in given])
    except NotPlainError as error:
        return CheckedSentence(drafted.text, Verdict("dropped", why=str(error)))
    if not drafted.markers:
        return CheckedSentence(text, Verdict("dropped", why=NO_SOURCE))
    if text.rstrip("\"'”’)").endswith(("?", "\u061f", "\uff1f")):
        return CheckedSentence(text, Verdict("dropped", why=NOT_A_CLAIM))
    cited = [given[marker - 1] for marker in drafted.markers if 1 <= marker <= len(given)]
    return CheckedSentence(text, check(text, cited, given, embed))
