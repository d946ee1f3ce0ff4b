"""Makers of answers, cases and runs, for the gate and the reports."""

from collections.abc import Callable

import pytest

from app.answer.model import Answer
from eval.cases.model import Case
from eval.results import Run
from tests.made_runs import made_answer, made_case, made_run


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    """Return a maker of answers with one citation."""
    return made_answer


@pytest.fixture
def make_case() -> Callable[..., Case]:
    """Return a maker of cases with one fact."""
    return made_case


@pytest.fixture
def make_run() -> Callable[..., Run]:
    """Return a maker of runs from scores: metric → case → value."""
    return made_run
