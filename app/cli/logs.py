"""What a serving process logs, and how: one line an event, on standard error."""

import logging

from app.plain import escaped

_OURS = ("app", "footnote", "index")


class PlainFormatter(logging.Formatter):
    """Writes what a message holds, and lets none of it command the terminal that shows the log."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line; a traceback below it keeps its lines."""
        return escaped(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """Return a record's own line."""
        return super().formatMessage(record).replace("\n", "\\n")


def configure(level: str) -> None:
    """Log our own events from ``level`` (such as ``info``) on, and what libraries warn of."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())
