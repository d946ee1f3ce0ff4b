"""Normalised text to passages and sentences, with offsets that hold.

What is quoted is always ``text[start:end]``, exactly as written, Markdown included. Headings,
bylines, datelines, captions and notices are no sentences, so they never become evidence; the
nearest heading goes with its passages as context.
"""

from collections.abc import Callable

from index.model import Passage
from index.segment.blocks import blocks
from index.segment.passages import passages
from index.segment.roles import sections

PASSAGE_MAKER = "3"
"""The version of the rules. The index stamp carries it; a change means indexing again."""


def segment(text: str, *, count_tokens: Callable[[str], int]) -> list[Passage]:
    """Return the passages of a normalised text, in order and without overlap.

    Args:
        text: The text, as ``index.loaders.normalise`` returns it.
        count_tokens: Counts the embedding model's tokens in a text, without special tokens.
    """
    return passages(text, sections(text, blocks(text)), count_tokens)
