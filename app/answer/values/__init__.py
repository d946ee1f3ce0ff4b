"""Values that answers are made of: dates, numbers, names, found in text and compared safely."""

from app.answer.values.compare import compatible, same
from app.answer.values.extract import extract
from app.answer.values.model import Value, ValueKind
from app.answer.values.spelling import same_name

__all__ = ["Value", "ValueKind", "compatible", "extract", "same", "same_name"]
