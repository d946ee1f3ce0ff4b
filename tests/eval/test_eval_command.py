"""``footnote eval``: what it prints and writes, how it exits, what it says of wrong usage."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.api.application import create_app
from app.services import Services
from eval import command
from eval.cases.loading import SHIPPED
from eval.judging import JUDGED
from eval.results import Run
from tests.loopback_model import KEY, LoopbackModel
from tests.scripted_judge import ScriptedJudge

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MakeRun = Callable[..., Run]
Evaluate = Callable[..., int]

DOCUMENT = "# The bridge\n\nThe bridge over the Veld was opened in 1932. It is 300 metres long.\n"


def line(number: int, question: str, value: str, quote: str) -> str:
    fact = {"values": [value], "evidence": [{"document": "bridge", "quote": quote}]}
    case = {
        "id": f"own-{number}",
        "kind": "fact",
        "question": question,
        "expect": "answer",
        "reference": quote,
        "facts": [fact],
    }
    return json.dumps(case) + "\n"


CASES = line(1, "When was the bridge over the Veld opened?", "1932", "opened in 1932") + line(
    2, "How long is the bridge?", "300 metres", "300 metres long"
)


@pytest.fixture
def own(tmp_path: Path) -> list[str]:
    """Options for cases and documents of one's own, reporting into tmp_path/report."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bridge.md").write_text(DOCUMENT, "utf-8")
    (tmp_path / "own.jsonl").write_text(CASES, "utf-8")
    return [
        *("--cases", str(tmp_path / "own.jsonl")),
        *("--corpus", str(tmp_path / "documents")),
        *("--out", str(tmp_path / "report")),
    ]


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where no settings file and no data folder of others is."""
    monkeypatch.chdir(tmp_path)


def stored(tmp_path: Path, name: str, run: Run) -> str:
    path = tmp_path / name
    path.write_text(run.model_dump_json(), "utf-8")
    return str(path)


def test_ones_own_cases_run_over_ones_own_documents(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["run", *own]) == 0
    out, err = capsys.readouterr()
    assert re.search(r"^completed +1\.000 .* 2/2", out, re.M)
    assert out.rstrip().endswith("passed")
    assert "report.html" in err
    run = Run.model_validate_json((tmp_path / "report" / "run.json").read_text("utf-8"))
    assert run.cases == ("own-1", "own-2")
    assert run.info.tier == "offline"
    assert {"footnote", "ragas", "python", "metrics"} <= run.info.versions.keys()
    assert run.info.prompts
    assert run.info.stamp
    assert run.info.models["embedding"]
    for name in ("report.html", "summary.md", "verdict.json", "junit.xml"):
        assert (tmp_path / "report" / name).stat().st_size > 500


def test_a_missed_threshold_exits_with_1_and_says_which(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bounds = tmp_path / "thresholds.toml"
    bounds.write_text("[offline.string_similarity]\nminimum = 1.0\n", "utf-8")
    arguments = ["run", *own, "--thresholds", str(bounds)]
    assert command.main(arguments) == 1
    out = capsys.readouterr().out
    assert "✗ string_similarity is 0." in out
    assert "at least 1 is wanted" in out
    assert command.main([*arguments, "--no-gate"]) == 0


def test_json_has_verdict_figures_and_where_the_report_lies(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["run", *own, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["passed"] is True
    assert said["gated"] is True
    assert {figure["metric"] for figure in said["figures"]} > {"mrr", "completed"}
    assert said["report"]["html"] == str(tmp_path / "report" / "report.html")


def test_a_run_becomes_the_baseline_that_the_next_is_compared_with(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["run", *own]) == 0
    assert command.main(["baseline", str(tmp_path / "report")]) == 0
    baseline = tmp_path / "baseline.json"
    assert baseline.is_file()
    assert command.main(["run", *own, "--baseline", str(baseline)]) == 0
    assert "±0" in capsys.readouterr().out
    (tmp_path / "own.jsonl").write_text(CASES.splitlines()[0] + "\n", "utf-8")
    assert command.main(["run", *own, "--baseline", str(baseline)]) == 1
    assert "1 case of the baseline is not in this run: own-2" in capsys.readouterr().out


def test_a_few_cases_to_try_are_not_gated(
    own: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["run", *own, "--limit", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["gated"] is False


def test_an_interrupted_run_goes_on_where_it_stopped(
    own: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from eval.running.local import LocalService

    ask, asked = LocalService.ask, []

    def interrupted(self: LocalService, case: Any) -> Any:
        asked.append(case.id)
        if asked == ["own-1", "own-2"]:
            raise KeyboardInterrupt
        return ask(self, case)

    monkeypatch.setattr(LocalService, "ask", interrupted)
    assert command.main(["run", *own]) == 130
    assert "--resume" in capsys.readouterr().err
    assert command.main(["run", *own, "--resume"]) == 0
    assert asked == ["own-1", "own-2", "own-2"]


def test_what_is_resumed_must_be_of_the_same_cases(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["run", *own, "--resume"]) == 2
    assert "nothing to resume" in capsys.readouterr().err
    assert command.main(["run", *own]) == 0
    (tmp_path / "own.jsonl").write_text(CASES.splitlines()[0] + "\n", "utf-8")
    assert command.main(["run", *own, "--resume"]) == 2
    assert "of other cases" in capsys.readouterr().err


def test_what_is_resumed_must_be_of_the_same_documents(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["run", *own]) == 0
    (tmp_path / "documents").rename(tmp_path / "moved")
    moved = [part.replace("documents", "moved") for part in own]
    assert command.main(["run", *moved, "--resume"]) == 2
    assert "documents" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["run", "--target", "http://127.0.0.1:9", "--out", "r"], "cannot be reached"),
        (["run", "--target", "nowhere", "--out", "r"], "no URL"),
        (["run", "--target", "http://127.0.0.1:9", "--corpus", "."], "its own documents"),
        (["run", "--cases", "missing.jsonl"], "does not exist"),
        (["run", "--tier", "perfect"], "perfect"),
        (["run", "--tier", "judge", "--out", "r"], "FOOTNOTE_JUDGE__MODEL"),
        (["run", "--limit", "0"], "--limit"),
        (["compare", "a.json"], "a.json"),
        (["draft", "missing"], "does not exist"),
        (["rum"], "rum"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(
    arguments: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == 2
    assert what in capsys.readouterr().err


def test_cases_that_cannot_be_used_are_told_by_file_and_line(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.jsonl").write_text(CASES.replace("opened in 1932", "opened in 1933"), "utf-8")
    assert command.main(["run", *own]) == 2
    assert "own.jsonl:1" in capsys.readouterr().err


def test_thresholds_are_read_before_anything_is_asked(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.toml").write_text("[offline.mmr]\nminimum = 1\n", "utf-8")
    assert command.main(["run", *own, "--thresholds", "t.toml"]) == 2
    assert "[offline.mmr]" in capsys.readouterr().err
    assert not (tmp_path / "report").exists()


def test_without_ragas_the_way_to_get_it_is_told(
    own: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "eval.ragas_bridge", raising=False)
    monkeypatch.setitem(sys.modules, "ragas", None)
    assert command.main(["run", *own]) == 2
    assert "scripts/setup --eval" in capsys.readouterr().err


def test_two_runs_are_compared_without_a_verdict(
    tmp_path: Path, make_run: MakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stored(tmp_path, "a.json", make_run({"mrr": {"a": 1.0, "b": 0.5, "c": 0.2}}))
    now = stored(tmp_path, "b.json", make_run({"mrr": {"a": 0.0, "b": 0.6, "c": 0.2}}))
    assert command.main(["compare", before, now]) == 0
    out = capsys.readouterr().out
    assert "-0.300" in out
    assert out.index("worse  a  mrr 1.000 → 0.000") < out.index("better b  mrr 0.500 → 0.600")
    assert "passed" not in out
    assert command.main(["compare", before, now, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"][0]["change"] == pytest.approx(-0.3)


def test_a_run_that_is_not_whole_can_be_compared_and_makes_no_baseline(
    tmp_path: Path, make_run: MakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = stored(tmp_path, "a.json", make_run({"mrr": {"a": None, "b": 1.0}}))
    assert command.main(["compare", broken, broken]) == 0
    assert command.main(["baseline", broken]) == 2
    assert "mrr on some cases only" in capsys.readouterr().err


def test_the_baseline_of_the_shipped_cases_is_written_where_the_gate_reads_it(
    make_run: MakeRun,
) -> None:
    names = {path.stem: "0" * 64 for path in SHIPPED.glob("*.jsonl")}
    assert command._baseline_of(names) == ROOT / "eval" / "baseline.json"
    assert command._baseline_of({"own": "0" * 64}) == Path("baseline.json")


def test_drafts_are_written_once_and_say_what_is_left_to_do(
    tmp_path: Path, own: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["draft", str(tmp_path / "documents"), "--out", "drafts.jsonl", "--count", "3"]
    assert command.main(arguments) == 0
    lines = (tmp_path / "drafts.jsonl").read_text("utf-8").splitlines()
    assert lines
    assert all(json.loads(line)["draft"] is True for line in lines)
    assert '"draft": true' in capsys.readouterr().err
    assert command.main(arguments) == 2  # nobody's edits are overwritten


@pytest.mark.parametrize("name", ["", "run", "compare", "baseline", "draft"])
def test_help_says_what_there_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*filter(None, [name]), "--help"]) == 0
    out = capsys.readouterr().out
    assert "Usage: footnote eval" in out
    if name == "run":
        for option in ("--tier", "--cases", "--corpus", "--target", "--baseline", "--no-gate"):
            assert option in out


# The judge tier


def test_the_judge_tier_adds_its_metrics_and_asks_nothing_twice(
    own: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LoopbackModel(ScriptedJudge(), key=KEY) as server:
        monkeypatch.setenv("FOOTNOTE_JUDGE__MODEL", "openai/judge")
        monkeypatch.setenv("FOOTNOTE_JUDGE__API_BASE", server.url)
        monkeypatch.setenv("FOOTNOTE_JUDGE__API_KEY", KEY)
        assert command.main(["run", *own, "--tier", "judge", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        figures = {figure["metric"]: figure for figure in said["figures"]}
        assert list(figures)[-len(JUDGED) :] == list(JUDGED)
        for name in JUDGED:
            assert figures[name]["scored"] == figures[name]["applicable"] > 0
        run = Run.model_validate_json(Path(said["report"]["run"]).read_text("utf-8"))
        assert run.info.models["judge"] == "openai/judge"
        asked = len(server.requests)
        assert asked
        assert command.main(["run", *own, "--tier", "judge", "--json"]) == 0
        assert len(server.requests) == asked


def test_a_judge_at_its_limit_closes_the_gate(
    own: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LoopbackModel(ScriptedJudge(), key=KEY) as server:
        monkeypatch.setenv("FOOTNOTE_JUDGE__MODEL", "openai/judge")
        monkeypatch.setenv("FOOTNOTE_JUDGE__API_BASE", server.url)
        monkeypatch.setenv("FOOTNOTE_JUDGE__API_KEY", KEY)
        monkeypatch.setenv("FOOTNOTE_JUDGE__MAX_CALLS", "3")
        assert command.main(["run", *own, "--tier", "judge"]) == 1
    assert re.search(r"was measured on \d of 2 cases: .* \(3 calls\)", capsys.readouterr().out)


# What CI and users start


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_gives_little_and_runs_what_exists(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"]
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+(/[\w-]+)?@v\d+", step["uses"])
        for script in re.findall(r"scripts/\w+", step.get("run", "")):
            assert (ROOT / script).is_file()
        assert "github.event" not in step.get("run", ""), "pass it through env: it is not ours"


def test_secrets_are_in_the_judge_job_alone() -> None:
    texts = {path.name: path.read_text("utf-8") for path in WORKFLOWS}
    assert [name for name, text in texts.items() if "secrets." in text] == ["evaluation.yml"]
    assert texts["evaluation.yml"].count("secrets.") == 1


def test_what_a_judge_was_paid_for_is_kept_though_the_gate_fails() -> None:
    path = ROOT / ".github" / "workflows" / "evaluation.yml"
    used = {step["uses"].partition("@")[0]: step for step in steps(path) if "uses" in step}
    assert "actions/cache" not in used, "it saves only when the job succeeds"
    restored, saved = used["actions/cache/restore"], used["actions/cache/save"]
    assert saved["if"].startswith("always()")
    assert saved["with"] == {name: restored["with"][name] for name in ("path", "key")}


def test_ci_runs_the_gate_as_a_newcomer_would() -> None:
    assert '"$root/scripts/evaluate"' in (ROOT / ".ci" / "run").read_text("utf-8")
    script = (ROOT / "scripts" / "evaluate").read_text("utf-8")
    assert ".venv/bin/footnote eval run" in script
    ignored = subprocess.run(["git", "check-ignore", "-q", "data/eval"], cwd=ROOT, check=False)
    assert ignored.returncode in (0, 128)  # 128: no checkout


def test_a_running_service_is_asked_instead(
    own: list[str], tmp_path: Path, sample_services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    import threading

    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(create_app(sample_services), port=0, log_level="critical")
    )
    started = threading.Event()
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            started.wait(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        shipped = SHIPPED / "timetable.jsonl"
        arguments = ["run", "--target", url, "--cases", str(shipped), "--out", "report"]
        assert command.main([*arguments, "--limit", "2", "--json"]) == 0
    finally:
        server.should_exit = True
        thread.join(10)
    run = Run.model_validate_json((tmp_path / "report" / "run.json").read_text("utf-8"))
    assert run.info.target == url
    assert len(run.cases) == 2
