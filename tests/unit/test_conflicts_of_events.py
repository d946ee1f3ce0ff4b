"""Which values are rivals: of one place, stage and time, not the dates of what was said."""

import datetime as dt
from collections.abc import Callable

import pytest

from app.answer import agreement, conflicts
from app.answer.evidence.model import Selection
from app.answer.question.model import Question

Read = Callable[..., tuple[Question, Selection]]


def values(found: tuple[Question, Selection]) -> set[str]:
    return {value for group in conflicts.find(*found) for value, _ in group.claims}


def test_a_later_stage_borrows_nothing(read: Read) -> None:
    found = read(
        "When will the brigade leave Tarn?",
        [
            "The brigade has begun preparations to leave Tarn.",
            "The second phase of the plan, in the north, is to be completed by mid-2032.",
        ],
        ["The brigade will leave Tarn by the end of October 2031, both governments agreed."],
    )
    assert values(found) == set()


def test_the_date_of_an_agreement_is_not_that_of_what_was_agreed(read: Read) -> None:
    found = read(
        "When will the mission in Kenya end?",
        ["The mission in Kenya will end in June 2031, a joint statement of May 2030 says."],
        ["In May 2030 the two states agreed on a timeline to end the mission in Kenya."],
        ["Nairobi set a timeline in May 2030 to conclude the mission in Kenya."],
    )
    assert values(found) == set()


def test_what_ends_in_another_country_is_no_rival(read: Read) -> None:
    documents = (
        ["The mission in Kenya will end in June 2031."],
        ["The mission in Uganda will end in June 2032."],
    )
    assert values(read("When will the mission in Uganda end?", *documents)) == set()
    assert values(read("When will the mission end?", *documents)) == set()


def test_vague_and_precise_dates_agree(read: Read) -> None:
    for other in ("by June", "in June 2031", "on 28 June 2031", "by the end of June 2031"):
        found = read(
            "When will the mission in Kenya end?",
            [f"The mission in Kenya will end {other}, an adviser said."],
            ["The mission in Kenya will end at the end of June 2031."],
        )
        assert values(found) == set(), other


def test_next_year_counts_from_the_year_before_it(read: Read) -> None:
    found = read(
        "When will the withdrawal from Kenya be completed?",
        ["The withdrawal from Kenya starts in June 2031 and is to be completed by June next year."],
        ["The withdrawal from Kenya is to be completed by June 2032."],
    )
    assert values(found) == set()


def test_a_range_and_a_round_figure_agree_with_what_they_hold(read: Read) -> None:
    for other in ("about 2,500", "2,500", "between 2,000 and 3,000"):
        found = read(
            "How many soldiers are at the base?",
            [f"There are {other} soldiers at the base."],
            ["There are 2,510 soldiers at the base."]
            if "about" in other or "between" in other
            else ["There are 2500 soldiers at the base."],
        )
        assert values(found) == set(), other


def test_a_range_is_shown_whole_beside_a_figure_outside_it(read: Read) -> None:
    found = read(
        "How many soldiers are at the base?",
        ["There are between 2,000 and 3,000 soldiers at the base."],
        ["There are 4,510 soldiers at the base."],
    )
    assert values(found) == {"between 2,000 and 3,000 soldiers", "4,510 soldiers"}


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [(2019, 2019, True), (2019, 2023, False)],
)
def test_figures_of_one_year_conflict_and_of_two_do_not(
    read: Read, first: int, second: int, told: bool
) -> None:
    found = read(
        "How many ships called at Harn harbour?",
        [f"In {first}, 4,120 ships called at Harn harbour."],
        [f"In {second}, 5,310 ships called at Harn harbour."],
    )
    assert values(found) == ({"4,120 ships", "5,310 ships"} if told else set())


def test_an_older_and_a_newer_figure_of_the_same_thing_conflict(read: Read) -> None:
    question, selection = read(
        "How many berths does Harn harbour have?",
        ["Harn harbour has 12 berths for large ships."],
        ["Harn harbour has 19 berths for large ships."],
        dates=[dt.date(2019, 3, 4), dt.date(2023, 6, 7)],
    )
    (group,) = conflicts.find(question, selection)
    dated = {value: items[0].passage.published_at for value, items in group.claims}
    assert dated == {"12 berths": dt.date(2019, 3, 4), "19 berths": dt.date(2023, 6, 7)}


def test_who_serves_the_holder_of_an_office_does_not_hold_it(read: Read) -> None:
    for line in (
        "Tom Arden, who advises Prime Minister Anna Velt, spoke in Kenya.",
        "An aide to Prime Minister Anna Velt, Tom Arden told reporters in Kenya.",
        "The prime minister's adviser Tom Arden spoke for Anna Velt in Kenya.",
        "Tom Arden, an adviser to Prime Minister Anna Velt, spoke in Kenya.",
    ):
        found = read(
            "Who is the prime minister of Kenya?",
            [line],
            ["Prime Minister Anna Velt of Kenya opened the bridge."],
        )
        assert values(found) == set(), line


def test_a_holder_named_outright_is_a_rival(read: Read) -> None:
    for line in (
        "The report gives the prime minister's name as Tom Arden.",
        "An adviser to Prime Minister Tom Arden announced the end of the plan in Kenya.",
    ):
        found = read(
            "Who is the prime minister of Kenya?",
            ["The plan of Kenya is ready, an adviser has announced.", line],
            ["Prime Minister Anna Velt of Kenya opened the bridge."],
        )
        assert values(found) == {"Anna Velt", "Tom Arden"}, line


def test_a_place_beside_the_one_asked_about_is_no_rival(read: Read) -> None:
    found = read(
        "Which province is the Orm airbase in?",
        ["Troops leave the capital Lund and the Orm airbase in the western Skane province."],
        ["The Orm airbase, in the province of Skane, was handed over."],
        ["The mission worked in Lund and at the Orm airbase."],
    )
    assert values(found) == set()


def test_a_relative_date_is_shown_as_the_day_it_means(read: Read) -> None:
    found = read(
        "When will the brigade leave Tarn?",
        ["The brigade will leave Tarn by next month, an adviser said."],
        ["The brigade will leave Tarn by the end of October 2031, both governments agreed."],
        dates=[dt.date(2031, 5, 4), dt.date(2031, 5, 6)],
    )
    assert values(found) == {"June 2031", "the end of October 2031"}


def test_sentences_about_two_countries_are_not_one(read: Read) -> None:
    question, selection = read(
        "When does the Uganda phase end?",
        ["Operations in Uganda will continue until June 2032 under the plan."],
        ["The second phase of the mission in Kenya will end in June 2032 under the plan."],
        ["Forces stay in Uganda until June 2032."],
    )
    groups = agreement.group(question, selection.chosen, selection.ranked)
    first = next(g for g in groups if any(item.passage.document_id == "d0" for item in g))
    assert all("Uganda" in item.text for item in first)


def test_of_sentences_that_agree_the_one_with_the_year_is_quoted(read: Read) -> None:
    question, selection = read(
        "When will the mission in Kenya end?",
        ["The mission in Kenya will end by June, an adviser said."],
        ["The mission in Kenya will end by the end of June 2031."],
    )
    (group,) = agreement.group(question, selection.chosen, selection.ranked)
    assert [item.passage.document_id for item in group] == ["d1", "d0"]


def test_the_day_something_was_said_merges_nothing(read: Read) -> None:
    question, selection = read(
        "When will the brigade leave Tarn?",
        ["A paper reported last Saturday that the brigade was preparing to leave Tarn."],
        ["The brigade will leave Tarn by the end of October 2031."],
    )
    groups = agreement.group(question, selection.ranked, selection.ranked)
    assert [len(group) for group in groups] == [1, 1]


def test_a_whole_cannot_end_before_its_later_stage(read: Read) -> None:
    found = read(
        "When does the mission in Kenya end?",
        ["The mission in Kenya ends by the end of June 2031, both states say."],
        ["The second phase of ending the mission in Kenya is set for June 2032."],
    )
    assert values(found) == {"the end of June 2031", "June 2032"}


def test_an_earlier_stage_and_one_elsewhere_contradict_no_end(read: Read) -> None:
    whole = ["The mission in Kenya ends by the end of June 2032, both states say."]
    for other in (
        "The first phase of ending the mission in Kenya is set for June 2031.",
        "The second phase of the mission in Uganda is to end in June 2033, Kenya says.",
    ):
        assert values(read("When does the mission in Kenya end?", whole, [other])) == set()


def test_a_date_until_which_something_lasts_is_not_its_start(read: Read) -> None:
    found = read(
        "When was the Tarn alliance set up?",
        ["The Tarn alliance was set up in May 2021."],
        ["The Tarn alliance, set up against raiders, keeps ships at sea until May 2031."],
    )
    assert values(found) == set()


def test_within_a_span_of_many_months_is_no_other_date(read: Read) -> None:
    found = read(
        "When does the mission in Kenya end?",
        ["The mission in Kenya ends in the coming 12 months, the states said."],
        ["The mission in Kenya ends in June 2031."],
        dates=[dt.date(2030, 6, 20)],
    )
    assert values(found) == set()
