"""Does a passage support a drafted sentence? Offline, in milliseconds, word by word."""

from app.answer.support.checker import check
from app.answer.support.drafted import CheckedSentence, check_drafted
from app.answer.support.model import Verdict

__all__ = ["CheckedSentence", "Verdict", "check", "check_drafted"]
