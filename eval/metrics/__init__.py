"""The offline metrics: what each measures, the scores of a case, and the figures of a run.

Each family has a module of pure functions from a case and what was observed to a value and its
reason. ``eval.ragas_bridge`` runs them as ragas metrics; importing this imports no ragas.
"""

from eval.metrics.offline import ABOUT, DIRECTION, OFFLINE
from eval.metrics.scoring import score, score_all
from eval.metrics.summary import summarise

__all__ = ["ABOUT", "DIRECTION", "OFFLINE", "score", "score_all", "summarise"]
