"""What a serving process logs, and how: one line an event, on standard error."""

import logging

_OURS = ("app", "footnote", "index")


def configure(level: str) -> None:
    """Log our own events from ``level`` (such as ``info``) on, and what libraries warn of."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())
