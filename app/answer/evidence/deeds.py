"""Whether a sentence says what the question says was done, and of the same thing.

Works on a reading and a row. What follows from it is for ``doubts`` and ``vetoes`` to say.
"""

import re

import numpy as np
from numpy.typing import NDArray

from app.answer.evidence.reading import Array, Reading
from app.answer.question.deeds import main_verb, undergoer
from app.answer.question.lexicon import words as word_list
from app.answer.question.model import AnswerKind
from app.answer.question.words import tokens

_SAID = 0.6
_LIFESPAN = re.compile(r"\([^()]{0,12}\d{3,4}\s*[–—-]\s*[^()\d]{0,3}\d{2,4}\)")


def verb_column(reading: Reading) -> int | None:
    """Return the column of the question's main verb, if it has one that tells something."""
    verb = main_verb(reading.question.text)
    return None if verb is None else _column(reading, verb.lower)


def subject_column(reading: Reading) -> int | None:
    """Return the column of the noun right before a passive verb: what was adopted."""
    verb = main_verb(reading.question.text)
    noun = None if verb is None else undergoer(reading.question.text, verb)
    return None if noun is None else _column(reading, noun.lower)


def said(reading: Reading, row: int) -> Array:
    """Return how near a sentence, or the one it leans on, comes to each term.

    A sentence leans on the one before when a pronoun opens it.
    """
    line = reading.lines[row]
    near = reading.alike[row]
    opens = bool(line.tokens) and line.tokens[0].lower in word_list("pronoun")
    if opens and line.position > 0:
        near = np.maximum(near, reading.alike[row - 1])
    return np.asarray(near)


def undone(reading: Reading) -> NDArray[np.bool_]:
    """Mark the lines that lack the question's verb, where another that gives a value says it."""
    nothing = np.zeros(len(reading.lines), dtype=np.bool_)
    column = verb_column(reading)
    if column is None or reading.question.kind not in (AnswerKind.DATE, AnswerKind.NUMBER):
        return nothing
    done = np.array([said(reading, row)[column] >= _SAID for row in range(len(reading.lines))])
    giving = np.array([bool(values) for values in reading.values])
    return np.asarray(~done) if (done & giving).any() else nothing


def tells_life(reading: Reading, row: int) -> bool:
    """Whether a birth or a death is asked for and the sentence gives the years of a life."""
    verb = main_verb(reading.question.text)
    lives = verb is not None and verb.lower in word_list("biography")
    return lives and _LIFESPAN.search(reading.lines[row].text) is not None


def speaks(reading: Reading, row: int) -> bool:
    """Whether a sentence quotes or reports: speech is asked for only where there is some."""
    line = reading.lines[row]
    stems = {token.stem for word in word_list("speech") for token in tokens(word)}
    return any(mark in line.text for mark in '“”"‘') or any(t.stem in stems for t in line.tokens)


def asks_for_speech(reading: Reading) -> bool:
    """Whether ``what did X say``, or think, is asked."""
    words = [token.lower for token in tokens(reading.question.text)]
    return (
        words[:1] == ["what"]
        and any(word in word_list("report_verb") for word in words[2:])
        and words[1] in ("did", "does", "do", "has", "have")
    )


def _column(reading: Reading, asked: str) -> int | None:
    found = (column for column, term in enumerate(reading.terms) if term.asked == asked)
    return next(found, None)
