"""Reading questions: what is asked for, and a follow-up completed from what went before."""

from app.answer.question.analysis import analyse
from app.answer.question.followup import standalone

__all__ = ["analyse", "standalone"]
