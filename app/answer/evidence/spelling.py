"""Words of a question that the passages spell another way: a slip, or a transliteration.

Knows words only. Common English words are left alone: ``form`` is no slip of ``from``.
"""

from collections.abc import Iterable

from app.answer.question.words import Token, known


def closest(token: Token, vocabulary: Iterable[str], *, proper: bool) -> str | None:
    """Return the root of ``vocabulary`` that ``token`` may be a misspelling of, or None.

    One edit is allowed from five letters on, two from nine; a name must keep its first letter.
    """
    word = token.root
    if len(token.lower) < 5 or not word.isalpha() or (known(token.lower) and not proper):
        return None
    allowed = 1 if len(word) < 9 else 2
    sound = _sound(word)
    best: tuple[int, str] | None = None
    for other in vocabulary:
        if abs(len(other) - len(word)) > allowed + 1 or len(other) < 4 or not other.isalpha():
            continue
        if proper and other[0] != word[0]:
            continue
        apart = distance(sound, _sound(other), allowed)
        if apart <= allowed and (best is None or (apart, other) < best):
            best = (apart, other)
    return best[1] if best else None


def _sound(word: str) -> str:
    """Write what sounds alike alike, and doubled letters once."""
    plain = word.replace("ph", "f").replace("ck", "k")
    return "".join(c for place, c in enumerate(plain) if place == 0 or plain[place - 1] != c)


def distance(a: str, b: str, limit: int) -> int:
    """Return the edits (insert, delete, replace, swap of neighbours) from ``a`` to ``b``.

    Counting stops above ``limit``: optimal string alignment, row by row.
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    two_back: list[int] = []
    back = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(back[j] + 1, row[j - 1] + 1, back[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, two_back[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        two_back, back = back, row
    return back[-1]
