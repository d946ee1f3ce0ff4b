"""Keep the country that was asked about apart from others.

News tells the same of several countries in neighbouring sentences. A question about Syria is not
answered by what ends in Iraq, however well the other words match. Knows readings, no scores.
"""

import numpy as np
from numpy.typing import NDArray

from app.answer.evidence.features import leans_back
from app.answer.evidence.reading import Reading
from app.answer.question.lexicon import words as word_list


def elsewhere(reading: Reading) -> NDArray[np.bool_]:
    """Mark the lines that lack the country asked about, where others that could answer have it.

    A line that opens with a pronoun has the country of the line before it.
    """
    countries = word_list("country")
    columns = [n for n, term in enumerate(reading.terms) if term.asked in countries]
    if not columns:
        return np.zeros(len(reading.lines), dtype=np.bool_)
    there = np.asarray((reading.hits[:, columns] > 0).any(axis=1))
    before = np.zeros_like(there)
    before[1:] = there[:-1] & (reading.owners[1:] == reading.owners[:-1])
    there |= before & (leans_back(reading) > 0)
    giving = np.array([bool(values) for values in reading.values])
    if not (there & giving).any():
        return np.zeros(len(reading.lines), dtype=np.bool_)
    return np.asarray(~there)
