"""Does a passage support a drafted sentence? Offline, in milliseconds, word by word."""

from app.answer.support.checker import check
from app.answer.support.model import Verdict

__all__ = ["Verdict", "check"]
