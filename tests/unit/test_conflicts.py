"""What counts as disagreement, on sentences read by the real encoder and evidence selection."""

from collections.abc import Callable

from app.answer import agreement, conflicts
from app.answer.evidence.model import Evidence, Selection
from app.answer.question.model import Question

Read = Callable[..., tuple[Question, Selection]]


def values(found: tuple[Question, Selection]) -> list[str]:
    return [value for group in conflicts.find(*found) for value, _ in group.claims]


def test_two_birth_dates_of_one_name_are_shown_with_their_sources(read: Read) -> None:
    found = read(
        "When was Anna Velt born?",
        ["Anna Velt (born 4 May 1911) was a Dutch painter.", "She lived in Delft."],
        ["Anna Velt was born on 19 July 1954 in Ghent.", "She is a Belgian rower."],
    )
    (group,) = conflicts.find(*found)
    assert {value for value, _ in group.claims} == {"4 May 1911", "19 July 1954"}
    for value, evidence in group.claims:
        assert all(value in item.text for item in evidence)


def test_sources_that_agree_show_no_conflict(read: Read) -> None:
    found = read(
        "When was Anna Velt born?",
        ["Anna Velt (born 4 May 1911) was a Dutch painter."],
        ["The painter Anna Velt was born on May 4, 1911 in Delft."],
        ["Her house is now a museum that opened in 1987."],
    )
    assert values(found) == []


def test_a_date_without_year_agrees_with_the_same_month_of_a_year(read: Read) -> None:
    found = read(
        "When will the mission in Iraq end?",
        ["The mission in Iraq will end by September, an adviser said."],
        ["The mission in Iraq will end at the end of September 2025, both states announced."],
    )
    assert values(found) == []


def test_middle_and_end_of_a_year_disagree(read: Read) -> None:
    found = read(
        "When will the withdrawal from the capital be completed?",
        ["An officer expects the withdrawal from the capital to be completed by mid-2025."],
        ["The withdrawal from the capital will be completed by the end of September 2025."],
    )
    assert set(values(found)) == {"mid-2025", "the end of September 2025"}


def test_two_estimates_within_one_document_disagree(read: Read) -> None:
    found = read(
        "How many people died in the Harn flood?",
        [
            "The ministry said that 120 people died in the Harn flood.",
            "Doctors said that 300 people died in the Harn flood.",
        ],
    )
    assert set(values(found)) == {"120 people", "300 people"}


def test_stages_of_one_undertaking_do_not_contradict_each_other(read: Read) -> None:
    documents = (
        ["The initial phase of the withdrawal is scheduled for September 2025."],
        ["The second phase of the withdrawal is scheduled for September 2026."],
    )
    assert values(read("When is the withdrawal scheduled?", *documents)) == []
    assert values(read("When is the second phase scheduled?", *documents)) == []


def test_two_holders_of_one_office_disagree(read: Read) -> None:
    found = read(
        "Who is the prime minister of Iraq?",
        ["Prime Minister Mohammed Shia al-Sudani of Iraq visited Washington in April."],
        ["An adviser to Iraq's Prime Minister Mohammed Shia Al-Sudani confirmed the plan."],
        ["An adviser to Prime Minister Hussein Allawi of Iraq announced it."],
    )
    assert {v.casefold() for v in values(found)} == {"mohammed shia al-sudani", "hussein allawi"}


def test_spellings_of_one_name_do_not_disagree(read: Read) -> None:
    found = read(
        "Who is the adviser?",
        ["The adviser is Hussein Allawi."],
        ["The adviser is Hussein Alawi."],
    )
    assert values(found) == []


def test_figures_are_shown_with_what_they_count(read: Read) -> None:
    found = read(
        "What is the population of Harn?",
        ["The population of Harn was about 3,559 people at the last census."],
        ["The population of Harn was 817 people at the last census."],
    )
    assert set(values(found)) == {"about 3,559 people", "817 people"}


def test_things_of_one_class_are_compared(read: Read) -> None:
    found = read(
        "What sport is Tom Arden associated with?",
        ["Tom Arden is an American football coach.", "He played football in college."],
        ["Tom Arden is a former American football player."],
        ["Tom Arden is a Canadian ice hockey player.", "He is an ice hockey defenceman."],
        ["Tom Arden played ice hockey for Tampa."],
    )
    assert {"ice hockey", "American football"} <= {
        sport
        for value in values(found)
        for sport in ("ice hockey", "American football")
        if sport in value
    }


def test_names_side_by_side_in_a_sentence_are_a_list(read: Read) -> None:
    found = read(
        "Who directed the film Harn?",
        ["The film Harn was directed by Anna Velt and Tom Arden."],
        ["Harn is a 1990 film directed by Tom Arden."],
    )
    assert values(found) == []


def test_reasons_and_yes_or_no_are_not_compared(read: Read) -> None:
    for question in ("Why did the mission end?", "Did the mission end in 2025?"):
        found = read(question, ["The mission ended in 2025."], ["The mission ended in 2026."])
        assert values(found) == []


def grouped(found: tuple[Question, Selection]) -> list[tuple[Evidence, ...]]:
    question, selection = found
    return agreement.group(question, selection.ranked[:3], selection.ranked)


def test_sentences_that_say_the_same_become_one_with_several_sources(read: Read) -> None:
    found = read(
        "Until when will operations in Syria continue?",
        ["Military operations in Syria will continue until September 2026 under the mandate."],
        ["The coalition's military presence in Syria goes on until September 2026."],
    )
    (group,) = grouped(found)
    assert {item.passage.document_id for item in group} == {"d0", "d1"}


def test_sentences_with_other_dates_stay_apart(read: Read) -> None:
    found = read(
        "Until when will operations in Syria continue?",
        ["Military operations in Syria will continue until September 2026."],
        ["Military operations in Syria will continue until September 2027."],
    )
    assert [len(group) for group in grouped(found)] == [1, 1]


def test_a_denial_is_not_merged_with_what_it_denies(read: Read) -> None:
    found = read(
        "When will the troops leave?",
        ["The troops will leave the base in September 2025."],
        ["The troops will not leave the base in September 2025."],
    )
    assert [len(group) for group in grouped(found)] == [1, 1]


def test_sentences_with_other_figures_stay_apart(read: Read) -> None:
    found = read(
        "When did the troops leave?",
        ["In May 2020 all 2,500 troops left the base."],
        ["In May 2020 all 3,000 troops left the base."],
    )
    assert [len(group) for group in grouped(found)] == [1, 1]


def test_a_copy_within_its_own_document_is_not_cited_twice(read: Read) -> None:
    found = read(
        "When was the bridge opened?",
        ["The bridge was opened in 1932 by the king.", "The bridge was opened in 1932."],
    )
    (group,) = grouped(found)
    assert len(group) == 1


def test_near_identical_texts_of_two_outlets_are_one(read: Read) -> None:
    line = "Officials praised the new training programmes of the northern academy on Monday."
    found = read("What did officials praise?", [line], [line.replace("Officials", "Officials,")])
    (group,) = grouped(found)
    assert len(group) == 2


def test_room_that_is_left_goes_to_another_reading(read: Read) -> None:
    question, selection = read(
        "Who is the artist of the album Harn?",
        ["Harn is the third studio album by the American band Velt Five."],
        ["Harn is a 1990 album by the singer Tom Arden."],
    )
    groups = agreement.group(question, selection.ranked[:1], selection.ranked)
    assert {g[0].passage.document_id for g in groups} == {"d0", "d1"}
