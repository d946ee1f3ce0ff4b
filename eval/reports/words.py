"""How reports name and write things: what each metric means in a line, figures, facts of a run."""

import datetime as dt

from eval.gate import Figure, Interval
from eval.metrics import ABOUT
from eval.results import Run, RunInfo

MEANINGS = {
    **ABOUT,
    "faithfulness": "Share of the answer's statements that the passages imply, judged.",
    "answer_relevancy": "How much the answer is about the question, judged.",
    "context_precision": "How far useful passages come before useless ones, judged.",
    "context_recall": "Share of the reference that the passages hold, judged.",
    "factual_correctness": "Agreement of the answer's claims with the reference, judged.",
    "noise_sensitivity": "Share of wrong statements that passages led to, judged.",
}
_DASH = "–"


def value(figure: float | None, metric: str = "") -> str:
    """Write a score or a mean."""
    if figure is None:
        return "not measured"
    return f"{figure:,.1f} ms" if metric == "latency_ms" else f"{figure:.3f}"


def short(figure: float | None, metric: str = "") -> str:
    """Write a score where little room is."""
    if figure is None:
        return "?"
    return f"{figure:,.0f}" if metric == "latency_ms" else f"{figure:.2f}"


def change(figure: Figure) -> str:
    """Write the change since the baseline, with its sign; a dash where there is none."""
    if figure.change is None:
        return _DASH
    if abs(figure.change) < 5e-4:
        return "±0"
    return f"{figure.change:+,.1f} ms" if figure.metric == "latency_ms" else f"{figure.change:+.3f}"


def interval(of: Interval | None, metric: str = "", *, signed: bool = False) -> str:
    """Write an interval; nothing where there is none."""
    if of is None:
        return _DASH
    form = ",.1f" if metric == "latency_ms" else ".3f"
    sign = "+" if signed else ""
    return f"{of.low:{sign}{form}} to {of.high:{sign}{form}}"


def bound(figure: Figure) -> str:
    """Write the minimum or maximum of a metric; a dash where it has none."""
    unit = " ms" if figure.metric == "latency_ms" else ""
    if figure.minimum is not None:
        return f"≥ {figure.minimum:g}{unit}"
    return _DASH if figure.maximum is None else f"≤ {figure.maximum:g}{unit}"


def wanted(figure: Figure) -> str:
    """Write the bound of a metric and its tolerance; a dash where it has neither."""
    parts = [] if bound(figure) == _DASH else [bound(figure)]
    if figure.tolerance is not None:
        parts.append(f"tolerance {figure.tolerance:g}")
    return ", ".join(parts) or _DASH


def facts(run: Run) -> list[tuple[str, str]]:
    """Return what a reader must know of a run, as names and values."""
    info = run.info
    rows = [
        ("started", f"{info.started_at:%Y-%m-%d %H:%M:%S %Z}".strip()),
        ("took", f"{info.seconds:.1f} s"),
        ("tier", info.tier),
        ("service", info.target or "in process"),
        ("index stamp", info.stamp or "not told"),
    ]
    rows += [(f"{role} model", model or _no_model(role)) for role, model in info.models.items()]
    rows += [(f"prompt {name}", sha) for name, sha in info.prompts.items()]
    rows += [(f"version of {name}", version) for name, version in info.versions.items()]
    rows += [(f"dataset {name}", f"sha-256 {sha[:16]}") for name, sha in info.datasets.items()]
    return rows


def moment(when: dt.datetime) -> str:
    """Write a day and a time as people do."""
    return f"{when.day} {when:%B %Y, %H:%M %Z}".strip()


def headline(info: RunInfo, cases: int) -> str:
    """Return one line about a run."""
    model = info.models.get("answer")
    answers = f"answers by {model}" if model else "answers in quotes"
    where = info.target or "in process"
    noun = "case" if cases == 1 else "cases"
    return f"{cases} {noun}, {info.tier} tier, {where}, {answers}, {info.seconds:.1f} s"


def _no_model(role: str) -> str:
    return {"answer": "none: answers are quotes", "judge": "none"}.get(role, "none, or not told")
