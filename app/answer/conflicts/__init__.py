"""Where sources give different values for what is asked: the values, each with its evidence."""

from app.answer.conflicts.finding import find
from app.answer.conflicts.model import ConflictGroup

__all__ = ["ConflictGroup", "find"]
