import datetime as dt

import pytest

from app.answer.values import Value, ValueKind, compatible, extract, same

PUBLISHED = dt.date(2024, 9, 27)


def dates(text: str, reference: dt.date | None = None) -> list[Value]:
    return extract(text, [ValueKind.DATE], reference=reference)


def days(text: str, reference: dt.date | None = None) -> tuple[str, str]:
    (value,) = dates(text, reference)
    return str(value.first), str(value.last)


@pytest.mark.parametrize(
    "text",
    [
        "It closed on 27 September 2024.",
        "It closed on September 27, 2024.",
        "It closed on Sept. 27th, 2024.",
        "It closed on 2024-09-27.",
        "It closed on Friday, 27 September 2024.",
        "It closed on the 27th of September 2024.",
        "It closed on 27/09/2024.",
    ],
)
def test_one_day_is_read_in_every_notation(text: str) -> None:
    assert days(text) == ("2024-09-27", "2024-09-27")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in Sept. 2025", "2025-09-01", "2025-09-30"),
        ("by the end of September 2025", "2025-09-21", "2025-09-30"),
        ("by mid-2025", "2025-05-01", "2025-08-31"),
        ("in early 2025", "2025-01-01", "2025-04-30"),
        ("in 2014", "2014-01-01", "2014-12-31"),
        ("the battle of 1066.", "1066-01-01", "1066-12-31"),
        ("in the 1970s", "1970-01-01", "1979-12-31"),
        ("in the late 1970s", "1977-01-01", "1979-12-31"),
        ("in the 10th century", "0900-01-01", "1000-12-31"),
        ("in the 10th and 11th centuries", "0900-01-01", "1100-12-31"),
        ("in the eleventh century", "1000-01-01", "1100-12-31"),
        ("in the summer of 1944", "1944-06-01", "1944-08-31"),
        ("in the winter of 1941", "1941-12-01", "1942-02-28"),
        ("in the third quarter of 2024", "2024-07-01", "2024-09-30"),
        ("from 1754 to 1763", "1754-01-01", "1763-12-31"),
        ("built in 1810-11", "1810-01-01", "1811-12-31"),
        ("built 1901\N{EN DASH}1902", "1901-01-01", "1902-12-31"),
        ("on 3-5 March 2020", "2020-03-03", "2020-03-05"),
        ("on 03/04/2020", "2020-03-04", "2020-04-03"),
        ("in AD 476", "0476-01-01", "0476-12-31"),
    ],
)
def test_partial_dates_cover_the_days_they_may_mean(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


def test_a_date_without_year_keeps_month_and_day() -> None:
    month, day = dates("It ends by September, or on May 2.")
    assert (month.text, month.month, month.day, month.first) == ("September", 9, None, None)
    assert (day.text, day.month, day.day, day.first) == ("May 2", 5, 2, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It happened last Saturday.", "2024-09-21", "2024-09-21"),
        ("They said so late Sunday.", "2024-09-22", "2024-09-22"),
        ("It starts next month.", "2024-10-01", "2024-10-31"),
        ("It was signed yesterday.", "2024-09-26", "2024-09-26"),
        ("It ends within the next 12 months.", "2024-09-27", "2025-09-27"),
        ("It began two years ago.", "2022-01-01", "2022-12-31"),
        ("It ends in September next year.", "2025-09-01", "2025-09-30"),
    ],
)
def test_relative_dates_count_from_the_day_of_publication(text: str, first: str, last: str) -> None:
    assert days(text, PUBLISHED) == (first, last)
    if "September" not in text:
        assert days(text) == ("None", "None")


def test_next_year_counts_from_an_earlier_date_of_the_sentence() -> None:
    text = "The first part ends in September 2025 and the second in September next year."
    assert [str(value.last) for value in dates(text, PUBLISHED)] == ["2025-09-30", "2026-09-30"]


@pytest.mark.parametrize(
    "text",
    [
        "They may march on.",
        "It cost $1500 and weighed 1900 tons.",
        "About 1500 soldiers came.",
        "Flight at 12:30 to gate 14.",
        "The second phase will follow.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert dates(text) == []


def test_dates_agree_at_the_coarser_precision() -> None:
    (month,), (end) = dates("in September 2025"), dates("at the end of September 2025")
    (mid,) = dates("by mid-2025")
    assert same(month, end[0])
    assert not same(mid, end[0])
    assert not compatible(mid, end[0])


def test_a_month_without_year_is_compatible_and_not_the_same() -> None:
    (open_year,), (month,), (other) = (
        dates("by September"),
        dates("in September 2025"),
        dates("in June 2025"),
    )
    assert compatible(open_year, month)
    assert not same(open_year, month)
    assert not compatible(open_year, other[0])


def test_a_date_that_cannot_be_placed_contradicts_nothing() -> None:
    (relative,), (day,) = dates("last Saturday"), dates("on 1 May 2024")
    assert compatible(relative, day)
    assert not same(relative, day)


def test_every_value_stands_at_its_offsets() -> None:
    text = "From 1754 to 1763, then mid-2025, 2,500 troops of the U.S. Army for a decade."
    values = extract(text)
    assert len(values) >= 5
    assert all(text[value.start : value.end] == value.text for value in values)
