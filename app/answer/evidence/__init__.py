"""Evidence selection: which sentences answer a question, and whether any does."""

from app.answer.evidence.model import Evidence, Selection
from app.answer.evidence.selection import REFUSE_BELOW, select

__all__ = ["REFUSE_BELOW", "Evidence", "Selection", "select"]
