"""What of a text is compared to find its copies: a sample of its runs of words.

One agency's text in two outlets shares most of its runs of five words, also where headline, first
line or ending differ; two reports on the same event share next to none. Pure text; knows no store.
"""

import hashlib
import re

_WORD = re.compile(r"\w+")
_RUN = 5
_ONE_IN = 16
_MOST = 400

LEAST_SHARED = 6
"""Fewer common runs in the samples are chance; so texts under about 120 words have no copies."""

COPY_SHARE = 0.6
"""The share of the shorter text's sample that makes one text a copy of the other."""


def sample(text: str) -> tuple[int, ...]:
    """Return 64-bit hashes of about one in sixteen runs of words, chosen alike in every text.

    Of very long texts only the 400 least are kept.
    """
    words = _WORD.findall(text.casefold())
    runs = {" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}
    hashes = (_hash(run) for run in runs)
    return tuple(sorted(value for value in hashes if value % _ONE_IN == 0)[:_MOST])


def is_copy(shared: int, *samples: int) -> bool:
    """Tell whether two texts are copies, from the sizes of their samples and what these share."""
    return shared >= LEAST_SHARED and shared >= COPY_SHARE * min(samples)


def _hash(run: str) -> int:
    digest = hashlib.blake2b(run.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)  # as databases have them
