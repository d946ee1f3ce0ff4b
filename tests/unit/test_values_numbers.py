import pytest

from app.answer.values import Value, ValueKind, compatible, extract, same


def numbers(text: str) -> list[Value]:
    return extract(text, [ValueKind.NUMBER, ValueKind.DURATION])


def only(text: str) -> Value:
    (value,) = numbers(text)
    return value


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("some 2,500 troops stay", 2500, "troop"),
        ("2500 troops stay", 2500, "troop"),
        ("two critical locations", 2, "location"),
        ("a dozen ships", 12, "ship"),
        ("89 partner states and institutions", 89, "state"),
        ("4.3 million people", 4_300_000, "person"),
        ("two hundred and fifty men", 250, "man"),
        ("twenty-five women", 25, "woman"),
        ("12 % of it", 12, "%"),
        ("45 percent of it", 45, "%"),
        ("US$ 5 million was paid", 5_000_000, "usd"),
        ("20 million dollars", 20_000_000, "usd"),
        ("€3.5bn was paid", 3.5e9, "eur"),
        ("two-thirds of them", 2 / 3, "fraction"),
        ("the 21st regiment", 21, "ordinal"),
        ("the third regiment", 3, "ordinal"),
        ("an engine of 996 cc", 996, "cc"),
    ],
)
def test_a_number_has_amount_and_what_it_counts(text: str, amount: float, unit: str) -> None:
    value = only(text)
    assert (value.kind, value.amount, value.unit) == (
        ValueKind.NUMBER,
        pytest.approx(amount),
        unit,
    )


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("in 12 months", 12, "month"),
        ("a 12-month plan", 12, "month"),
        ("over nine months", 9, "month"),
        ("it took a decade", 1, "decade"),
        ("a median age of 45.7 years", 45.7, "year"),
        ("1½ hours later", 1.5, "hour"),
    ],
)
def test_a_span_of_time_is_a_duration(text: str, amount: float, unit: str) -> None:
    value = only(text)
    assert (value.kind, value.amount, value.unit) == (ValueKind.DURATION, amount, unit)


def test_a_span_of_time_is_a_number_where_only_numbers_are_asked_for() -> None:
    (value,) = extract("it took nine months", [ValueKind.NUMBER])
    assert (value.kind, value.amount, value.unit) == (ValueKind.NUMBER, 9, "month")


@pytest.mark.parametrize(
    "text",
    [
        "F-16 jets flew",
        "The Boeing 747 landed",
        "He rode Apollo 11 home",
        "in 2014",
        "It is true [13] and [ 14 ].",
        "at 12:30 sharp",
        "one of them",
        "a house",
    ],
)
def test_years_and_figures_inside_names_are_no_numbers(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize(
    "text", ["about 90 men", "approximately 90 men", "more than 90 men", "up to 90 men", "~90 men"]
)
def test_round_figures_are_marked(text: str) -> None:
    assert only(text).approximate


def test_dozens_have_no_amount() -> None:
    value = only("dozens of graves")
    assert (value.amount, value.unit, value.approximate) == (None, "grave", True)


def test_numbers_compare_by_amount_and_thing() -> None:
    exact, plain, rounded = only("2,500 troops"), only("2500 troops"), only("about 2,510 troops")
    assert same(exact, plain)
    assert same(exact, rounded)
    assert not same(exact, only("2,510 troops"))
    assert not same(exact, only("2,500 tanks"))
    assert not compatible(exact, only("3,000 troops"))


def test_durations_compare_across_units() -> None:
    assert same(only("12 months"), only("one year"))
    assert same(only("a decade"), only("ten years"))
    assert not same(only("12 months"), only("nine months"))
