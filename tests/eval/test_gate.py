"""The gate: what closes it, what it says then, and what it lets through."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.evaluation import known_metrics
from eval.gate import Baseline, Threshold, Thresholds, Verdict, decide, definitions
from eval.gate.baseline import BaselineError, load_baseline, load_run
from eval.gate.intervals import Bootstrap
from eval.gate.thresholds import SHIPPED, ThresholdsError
from eval.results import Run

MakeRun = Callable[..., Run]
KNOWN = known_metrics()
TEN = [f"case-{number}" for number in range(10)]


def judged(run: Run, baseline: Baseline | Run | None = None, **bounds: dict[str, float]) -> Verdict:
    thresholds = Thresholds({name: Threshold(**bound) for name, bound in bounds.items()})
    if isinstance(baseline, Run):
        baseline = Baseline.of(baseline)
    return decide(run, thresholds, baseline, known=KNOWN)


def said(verdict: Verdict) -> dict[str | None, str]:
    assert not verdict.passed
    return {finding.metric: finding.message for finding in verdict.findings}


def ones(cases: list[str] = TEN, **other: float | None) -> dict[str, float | None]:
    return dict.fromkeys(cases, 1.0) | other


def test_a_run_that_holds_every_bound_and_fell_nowhere_passes(make_run: MakeRun) -> None:
    run = make_run({"mrr": ones(), "completed": ones()})
    verdict = judged(run, run, mrr={"minimum": 0.9, "tolerance": 0.0}, completed={"minimum": 1.0})
    assert verdict.passed
    assert not verdict.findings
    assert not verdict.notes


def test_a_missed_minimum_is_told_with_mean_interval_and_bound(make_run: MakeRun) -> None:
    run = make_run({"mrr": ones(**{"case-0": 0.0, "case-1": 0.0})})
    message = said(judged(run, mrr={"minimum": 0.9}))["mrr"]
    assert message.startswith("mrr is 0.800 (95 % interval: 0.")
    assert message.endswith("on 10 cases; at least 0.9 is wanted.")


def test_a_maximum_holds_where_lower_is_better(make_run: MakeRun) -> None:
    run = make_run({"false_conflicts": {"a": 0.0, "b": 1.0}})
    assert (
        "at most 0.1 is wanted"
        in said(judged(run, false_conflicts={"maximum": 0.1}))["false_conflicts"]
    )
    assert judged(run, false_conflicts={"maximum": 0.5}).passed


def test_a_fall_beyond_the_tolerance_fails_and_names_the_worst_cases(make_run: MakeRun) -> None:
    before = make_run({"mrr": ones()})
    now = make_run({"mrr": ones(**{"case-3": 0.0})})
    verdict = judged(now, before, mrr={"tolerance": 0.05})
    message = said(verdict)["mrr"]
    assert "fell from 1.000 to 0.900, by 0.100 (change, 95 % interval: -0.300 to +0.000)" in message
    assert "0.05 is allowed" in message
    assert "case-3 1.000 → 0.000" in message
    assert verdict.findings[0].cases == ("case-3",)


def test_a_fall_is_told_over_the_cases_that_the_metric_is_of(make_run: MakeRun) -> None:
    before = make_run({"completed": ones(), "mrr": {"case-0": 1.0, "case-1": 1.0}})
    now = make_run({"completed": ones(), "mrr": {"case-0": 1.0, "case-1": 0.0}})
    message = said(judged(now, before, mrr={"tolerance": 0.05}))["mrr"]
    assert "over 2 cases of both runs" in message


def test_an_interval_that_spans_zero_excuses_no_fall(make_run: MakeRun) -> None:
    before, now = make_run({"mrr": ones()}), make_run({"mrr": ones(**{"case-3": 0.0})})
    verdict = judged(now, before, mrr={"tolerance": 0.05})
    interval = verdict.figures[0].change_interval
    assert interval is not None
    assert interval.high >= 0
    assert not verdict.passed


def test_a_fall_within_the_tolerance_passes_and_is_noted(make_run: MakeRun) -> None:
    before, now = make_run({"mrr": ones()}), make_run({"mrr": ones(**{"case-3": 0.0})})
    verdict = judged(now, before, mrr={"tolerance": 0.1})
    assert verdict.passed
    assert "within the tolerance" in verdict.notes[0]


def test_a_rise_is_a_fall_where_lower_is_better(make_run: MakeRun) -> None:
    before = make_run({"false_conflicts": dict.fromkeys(TEN, 0.0)})
    now = make_run({"false_conflicts": dict.fromkeys(TEN, 0.0) | {"case-1": 1.0}})
    assert (
        "rose from 0.000 to 0.100"
        in said(judged(now, before, false_conflicts={"tolerance": 0}))["false_conflicts"]
    )
    assert judged(before, now, false_conflicts={"tolerance": 0}).passed


def test_one_unmeasured_case_fails_however_good_the_rest_is(make_run: MakeRun) -> None:
    run = make_run(
        {"mrr": ones(**{"case-4": None})}, reasons={("mrr", "case-4"): "the judge said nothing"}
    )
    message = said(judged(run, mrr={"minimum": 0.5}))["mrr"]
    assert message.startswith("mrr was measured on 9 of 10 cases: not on case-4.")
    assert "the judge said nothing" in message


def test_a_score_that_was_left_out_fails_like_an_unmeasured_one(make_run: MakeRun) -> None:
    run = make_run({"mrr": ones()}, applicable={"mrr": 11})
    assert "measured on 10 of 11 cases" in said(judged(run))["mrr"]


def test_a_metric_without_bound_must_be_measured_too(make_run: MakeRun) -> None:
    run = make_run({"hit_at_1": ones(a=None), "mrr": ones(a=1.0)})
    assert set(said(judged(run, mrr={"minimum": 0.5}))) == {"hit_at_1"}


def test_a_gated_metric_that_was_not_measured_at_all_fails(make_run: MakeRun) -> None:
    run = make_run({"mrr": ones(), "refusal_precision": {}})
    messages = said(judged(run, hit_at_1={"minimum": 0.1}, refusal_precision={"minimum": 0.1}))
    assert "did not measure it" in messages["hit_at_1"]
    assert "applied to no case" in messages["refusal_precision"]


def test_a_case_of_the_baseline_that_is_gone_fails(make_run: MakeRun) -> None:
    before, now = make_run({"mrr": ones()}), make_run({"mrr": ones(TEN[:-1])})
    message = said(judged(now, before, mrr={"minimum": 0.5}))[None]
    assert "1 case of the baseline is not in this run: case-9" in message


def test_a_dataset_of_the_baseline_that_is_gone_fails(make_run: MakeRun) -> None:
    before = make_run({"mrr": ones()}, datasets={"made": "f" * 64, "other": "e" * 64})
    assert "The dataset other" in said(judged(make_run({"mrr": ones()}), before))[None]


def test_new_cases_are_noted_and_count_against_the_bounds_not_the_baseline(
    make_run: MakeRun,
) -> None:
    before, now = make_run({"mrr": ones()}), make_run({"mrr": ones(new=0.0)})
    verdict = judged(now, before, mrr={"minimum": 0.9, "tolerance": 0.0})
    assert verdict.passed
    assert "1 case is not in the baseline" in verdict.notes[0]
    assert not judged(now, before, mrr={"minimum": 0.95}).passed


def test_a_changed_dataset_is_noted(make_run: MakeRun) -> None:
    before = make_run({"mrr": ones()}, datasets={"made": "0" * 64})
    verdict = judged(make_run({"mrr": ones()}), before)
    assert verdict.passed
    assert "made has changed since the baseline" in verdict.notes[0]


def test_a_case_that_raised_fails(make_run: MakeRun) -> None:
    run = make_run({"mrr": ones(**{"case-2": 0.0})}, errors={"case-2": "ValueError: no"})
    message = said(judged(run, mrr={"minimum": 0.5}))["completed"]
    assert message == "1 of 10 cases raised: case-2. The first: ValueError: no"


def test_a_run_without_cases_fails(make_run: MakeRun) -> None:
    assert "no cases" in said(judged(make_run({})))["completed"]


def test_a_case_that_was_never_asked_fails(make_run: MakeRun) -> None:
    run = make_run({"mrr": ones()})
    run = run.model_copy(update={"observations": run.observations[1:]})
    assert "case-0" in said(judged(run, mrr={"minimum": 0.5}))["completed"]


def test_a_summary_that_the_scores_do_not_bear_out_fails(make_run: MakeRun) -> None:
    run = make_run({"mrr": dict.fromkeys(TEN, 0.2)})
    flattering = run.summaries[0].model_copy(update={"mean": 0.9})
    run = run.model_copy(update={"summaries": (flattering,)})
    message = said(judged(run, mrr={"minimum": 0.1}))["mrr"]
    assert "the summary says 0.900 over 10 cases, the scores 0.200 over 10" in message


def test_a_second_score_for_a_case_fails(make_run: MakeRun) -> None:
    run = make_run({"mrr": ones()})
    run = run.model_copy(update={"scores": (*run.scores, run.scores[0])})
    assert "2 scores for case-0" in said(judged(run))["mrr"]


@pytest.mark.parametrize("name", ["metrics", "ragas", "rapidfuzz"])
def test_a_baseline_of_other_definitions_fails(make_run: MakeRun, name: str) -> None:
    run = make_run({"mrr": ones()})
    other = make_run({"mrr": ones()}, versions={**run.info.versions, name: "another"})
    assert "other definitions of the metrics" in said(judged(run, other))[None]


def test_a_baseline_by_another_judge_fails(make_run: MakeRun) -> None:
    scores = {"faithfulness": ones()}
    before = make_run(scores, tier="judge", models={"judge": "a"})
    now = make_run(scores, tier="judge", models={"judge": "b"})
    assert "a judged the baseline and b judged this run" in said(judged(now, before))[None]


def test_a_judge_run_is_compared_with_an_offline_baseline_in_offline_metrics(
    make_run: MakeRun,
) -> None:
    before = make_run({"mrr": ones()})
    now = make_run({"mrr": ones(), "faithfulness": ones()}, tier="judge", models={"judge": "b"})
    thresholds = Thresholds(
        {"mrr": Threshold(tolerance=0.0)}, {"faithfulness": Threshold(minimum=0.5, tolerance=0.1)}
    )
    assert decide(now, thresholds, Baseline.of(before), known=KNOWN).passed


def test_an_offline_run_needs_no_judged_metric_and_a_judge_run_does(make_run: MakeRun) -> None:
    thresholds = Thresholds({"mrr": Threshold(minimum=0.5)}, {"faithfulness": Threshold(minimum=1)})
    assert decide(make_run({"mrr": ones()}), thresholds, known=KNOWN).passed
    judge_run = make_run({"mrr": ones()}, tier="judge")
    assert "faithfulness" in said(decide(judge_run, thresholds, known=KNOWN))


def test_a_metric_of_the_baseline_that_is_no_longer_measured_fails(make_run: MakeRun) -> None:
    before = make_run({"mrr": ones(), "hit_at_1": ones()})
    assert "in the baseline" in said(judged(make_run({"mrr": ones()}), before))["hit_at_1"]


def test_a_gated_metric_that_the_baseline_lacks_fails(make_run: MakeRun) -> None:
    now = make_run({"mrr": ones(), "hit_at_1": ones()})
    messages = said(judged(now, make_run({"mrr": ones()}), hit_at_1={"tolerance": 0.1}))
    assert "footnote eval baseline" in messages["hit_at_1"]


def test_latency_is_judged_by_its_median(make_run: MakeRun) -> None:
    run = make_run({"latency_ms": dict.fromkeys(TEN, 10.0) | {"case-0": 10_000.0}})
    assert judged(run, latency_ms={"maximum": 20}).passed
    assert not judged(run, latency_ms={"maximum": 5}).passed


def test_cases_of_ones_own_must_at_least_be_whole(make_run: MakeRun) -> None:
    good = make_run({"citation_validity": ones(), "mrr": dict.fromkeys(TEN, 0.0)})
    assert decide(good, Thresholds.bare(good), known=KNOWN).passed
    bad = make_run({"citation_validity": ones(**{"case-1": 0.0})})
    assert "citation_validity" in said(decide(bad, Thresholds.bare(bad), known=KNOWN))


# Thresholds as a file


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "thresholds.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_thresholds_load_and_hold_the_hard_ones_at_their_bound() -> None:
    bounds = Thresholds.load(SHIPPED, KNOWN).offline
    assert bounds["citation_validity"].minimum == 1.0
    assert bounds["completed"].minimum == 1.0
    assert set(bounds) == set(KNOWN["offline"])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[offline.mmr]\nminimum = 1", r"\[offline.mmr\]: the tier knows"),
        ("[online.mrr]\nminimum = 1", "there is no tier 'online'"),
        ("[offline.faithfulness]\nminimum = 1", r"\[offline.faithfulness\]"),
        ("[offline.mrr]\nminimun = 1", "minimun"),
        ("[offline.mrr]\nmaximum = 1", "higher is better here; give a minimum"),
        ("[offline.false_conflicts]\nminimum = 1", "lower is better here; give a maximum"),
        ("[offline.mrr]", "give a minimum or a tolerance"),
        ("[offline.mrr]\ntolerance = -1", "tolerance"),
        ("[offline.mrr]\nminimum = nan", "minimum"),
        ("", "nothing could ever fail"),
        ("offline = 3", "offline"),
        ("[offline]\nmrr = 3", r"\[offline.mrr\]"),
        ("[offline", "cannot be read as TOML"),
    ],
)
def test_thresholds_that_would_gate_nothing_are_refused(
    tmp_path: Path, text: str, what: str
) -> None:
    with pytest.raises(ThresholdsError, match=what):
        Thresholds.load(written(tmp_path, text), KNOWN)


# The baseline as a file


def test_a_baseline_survives_its_file(tmp_path: Path, make_run: MakeRun) -> None:
    baseline = Baseline.of(make_run({"mrr": ones(**{"case-0": 1 / 3})}))
    path = tmp_path / "deep" / "baseline.json"
    baseline.save(path)
    assert load_baseline(path) == baseline
    assert baseline.metrics["mrr"].scores["case-0"] == 0.3333
    assert baseline.answers["case-0"].text == "It ends in May. [1]"


def test_rounding_in_the_baseline_is_no_change(make_run: MakeRun) -> None:
    run = make_run({"mrr": {"a": 1 / 3, "b": 2 / 3}})
    figure = judged(run, run, mrr={"tolerance": 0.001}).figures[0]
    assert not figure.changed


def test_a_stored_run_serves_as_a_baseline(tmp_path: Path, make_run: MakeRun) -> None:
    run = make_run({"mrr": ones()})
    path = tmp_path / "run.json"
    path.write_text(run.model_dump_json(), "utf-8")
    assert load_baseline(path) == Baseline.of(run)
    assert load_run(path) == run


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ({"scores": {"mrr": {"a": None, "b": 1.0}}}, "mrr on some cases only"),
        ({"scores": {"mrr": ones()}, "errors": {"case-0": "no"}}, "raised"),
        ({"scores": {}}, "no cases"),
    ],
)
def test_a_run_that_is_not_whole_makes_no_baseline(
    tmp_path: Path, make_run: MakeRun, fault: dict[str, Any], what: str
) -> None:
    path = tmp_path / "run.json"
    path.write_text(make_run(**fault).model_dump_json(), "utf-8")
    with pytest.raises(BaselineError, match=what):
        load_baseline(path)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 2}', json.dumps({"observations": 1})])
def test_a_file_that_is_no_baseline_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BaselineError, match=r"other\.json"):
        load_baseline(path)


# Intervals and definitions


def test_the_interval_is_the_same_each_time_and_holds_the_mean() -> None:
    values = np.array([1.0] * 80 + [0.0] * 20)
    first, second = Bootstrap(100).of_mean(values), Bootstrap(100).of_mean(values)
    assert first == second
    assert first is not None
    assert 0.7 < first.low < 0.8 < first.high < 0.9


def test_pairing_makes_the_interval_of_a_change_narrow() -> None:
    before = np.array([1.0, 0.0] * 50)
    now = before.copy()
    now[0] = 0.0
    interval = Bootstrap(100).of_change(before, now)
    assert interval is not None
    assert interval.low >= -0.04
    assert interval.high == 0


def test_what_has_no_values_has_no_interval() -> None:
    assert Bootstrap(3).of_mean(np.array([np.nan] * 3)) is None
    assert Bootstrap(0).of_mean(np.array([])) is None


def test_the_digest_of_the_definitions_follows_code_and_not_its_comments(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    file = folder / "one.py"
    file.write_text('"""Says one."""\n\n\ndef one() -> int:\n    return 1\n', "utf-8")
    first = definitions.digest(tmp_path)
    file.write_text(
        '"""Other."""\n# why\ndef one() -> int:\n    """One."""\n    return 1\n', "utf-8"
    )
    assert definitions.digest(tmp_path) == first
    file.write_text("def one() -> int:\n    return 2\n", "utf-8")
    assert definitions.digest(tmp_path) != first
