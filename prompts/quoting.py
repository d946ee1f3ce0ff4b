"""How prompts quote texts so that no text can end its own quotation, and how to read that back.

Knows the shape of the marks that the templates write; a test keeps the two together.
"""

import hashlib
import re
from collections.abc import Iterable


def boundary(texts: Iterable[str]) -> str:
    """Return a code of eight hex digits that stands in none of the texts.

    It is made from the texts themselves, so a prompt is the same for the same input, and an author
    would need to know all the other texts to foresee it. That it is absent is checked all the same.
    """
    joined = "\0".join(texts)
    code = hashlib.sha256(joined.encode()).hexdigest()[:8]
    while code in joined.lower():
        code = hashlib.sha256(code.encode()).hexdigest()[:8]
    return code


def parse_question(prompt: str) -> str:
    """Return the question that a rendered user message asks, or all of it where it has no such."""
    found = re.findall(r"<question-([0-9a-f]{8})>\n(.*?)\n</question-\1>", prompt, re.DOTALL)
    return str(found[-1][1]) if found else prompt


def parse_passages(prompt: str) -> dict[int, str]:
    """Return the passages of a rendered user message by their numbers."""
    found = re.findall(
        r'<passage-([0-9a-f]{8}) number="(\d+)">\n(.*?)\n</passage-\1>', prompt, re.DOTALL
    )
    return {int(number): text for _, number, text in found}
