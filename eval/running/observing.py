"""Puts each case to a service and keeps what came of it. A case that raises is kept as such."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from eval.cases.loading import CaseSet
from eval.cases.model import Case
from eval.results import Observation
from eval.running.service import Service
from index.errors import FootnoteError

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many cases are done, and how many there are."""

SEARCHED = 8
"""Passages that a search is asked for: as many as a question is answered from by default."""


def observe(
    case_set: CaseSet, service: Service, *, progress: Progress | None = None
) -> list[Observation]:
    """Return one observation for each case, in their order; whatever a case raises is in its own.

    One question at a time, so that the seconds are those of a question alone.
    """
    observations = []
    for done, case in enumerate(case_set.cases, start=1):
        observations.append(_observed(case, service))
        if progress is not None:
            progress(done, len(case_set.cases))
    return observations


def _observed(case: Case, service: Service) -> Observation:
    try:
        answer, seconds = service.ask(case)
        # What a follow-up asks for stands in the completed question alone.
        passages = service.search(replace(case, question=answer.question, history=()), SEARCHED)
        spans = tuple(
            service.read_span(c.document_id, c.revision, c.start, c.end) for c in answer.citations
        )
    except Exception as error:  # noqa: BLE001 - the failure is the result of this case
        return Observation(case_id=case.id, error=_told(error))
    return Observation(
        case_id=case.id, answer=answer, spans=spans, passages=passages, seconds=seconds
    )


def _told(error: Exception) -> str:
    code = error.code if isinstance(error, FootnoteError) else type(error).__name__
    return f"{code}: {error}"
