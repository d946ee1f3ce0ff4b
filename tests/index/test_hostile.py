"""A short run of the hostile inputs; ``scripts/hostile`` feeds all of them."""

from collections import Counter

from eval.hostile import judging
from eval.hostile.harness import Harness
from eval.hostile.inputs import inputs, sample
from eval.hostile.report import Report
from index.errors import FootnoteError, InvalidDocumentError

SEED = 1


def test_the_inputs_are_the_same_for_the_same_seed_and_have_names_of_their_own() -> None:
    first, again = inputs(SEED), inputs(SEED)
    assert [each.title for each in first] == [each.title for each in again]
    assert [each.make() for each in first[:50]] == [each.make() for each in again[:50]]
    assert [name for name, n in Counter(each.title for each in first).items() if n > 1] == []
    assert len(first) > 900


def test_hostile_inputs_of_each_group_are_refused_clearly_or_read() -> None:
    known = inputs(SEED)
    with Harness(SEED, limit_s=60) as harness:
        report = Report([(known[number], harness.feed(number)) for number in sample(SEED, 60)])
    assert len(report.rows) >= 60
    assert report.details() == ""
    outcomes = Counter(verdict.outcome for _, verdict in report.rows)
    assert min(outcomes["accepted"], outcomes["refused"]) > 10


def test_a_hang_is_seen_and_the_next_input_is_fed_all_the_same() -> None:
    places = {each.title: place for place, each in enumerate(inputs(SEED))}
    with Harness(SEED, limit_s=0.5) as harness:
        assert harness.feed(places["no content/empty as txt"]).outcome == "refused"
        assert harness.feed(places["servers/goes quiet"]).outcome == "hang"
        assert harness.feed(places["no content/empty as txt"]).outcome == "refused"


def test_an_error_that_no_reader_can_use_is_a_fault() -> None:
    assert judging.wrong_error(InvalidDocumentError("a.txt is empty.")) is None
    for error in (
        InvalidDocumentError(" "),
        InvalidDocumentError("a\x1b[31mb.txt is empty."),
        InvalidDocumentError("x" * 5_000),
        FootnoteError("something"),
    ):
        assert judging.refused(error).outcome == "crash"
