"""Readers' ratings of answers. Answers themselves are not kept; a rating names one by its id."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Engine, Row, delete, func, insert, select

from index.catalog import schema
from index.catalog.engine import aware, now, translated

Rating: TypeAlias = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One rating: of which answer, to which question, from pages of which origin."""

    answer_id: str
    rating: Rating
    question: str | None
    comment: str | None
    origin: str | None
    created_at: dt.datetime


class FeedbackStore:
    """Keeps and lists ratings. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def give(
        self,
        answer_id: str,
        rating: Rating | None,
        *,
        question: str | None = None,
        comment: str | None = None,
        origin: str | None = None,
    ) -> None:
        """Put a rating in place of an earlier one of the same answer; None takes it back."""
        table = schema.feedback
        with translated(self._engine), self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.answer_id == answer_id))
            if rating is not None:
                values = {"question": question, "comment": comment, "origin": origin}
                statement = insert(table).values(
                    answer_id=answer_id, rating=rating, created_at=now(), **values
                )
                connection.execute(statement)

    def list(self, *, offset: int = 0, limit: int = 50) -> tuple[tuple[Feedback, ...], int]:
        """Return ratings, newest first, and how many there are."""
        table = schema.feedback
        statement = select(table).order_by(table.c.created_at.desc(), table.c.answer_id)
        with translated(self._engine), self._engine.connect() as connection:
            rows = connection.execute(statement.offset(offset).limit(limit)).all()
            total = connection.execute(select(func.count()).select_from(table)).scalar_one()
        return tuple(map(_feedback, rows)), total


def _feedback(row: Row[Any]) -> Feedback:
    return Feedback(
        answer_id=row.answer_id,
        rating=row.rating,
        question=row.question,
        comment=row.comment,
        origin=row.origin,
        created_at=aware(row.created_at),
    )
