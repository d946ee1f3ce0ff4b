"""Evidence selection: which sentences answer a question, and whether any does."""

from app.answer.evidence.model import Evidence, Selection, Span
from app.answer.evidence.selection import select

__all__ = ["Evidence", "Selection", "Span", "select"]
