"""Which languages the bundled reader reads, and how well: measured, or close to one that was.

The reader was trained on English. In languages that share its alphabet and many of its words it
still finds the right sentence more often than the search alone; elsewhere it does not.
"""

READ = frozenset(("en", "de", "es", "fr"))
"""Measured: see the model card."""

ALIKE = frozenset(("ca", "da", "gl", "it", "nl", "no", "nb", "nn", "pt", "ro", "sv"))
"""Not measured, but near to those that were."""


def reads(language: str | None) -> bool:
    """Tell whether the reader is worth asking in a language; one that is not known counts so."""
    return language is None or language in READ or language in ALIKE
