import pytest

from app.answer.values import ValueKind, extract, same_name


def names(text: str) -> list[str]:
    return [value.text for value in extract(text, [ValueKind.NAME])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prime Minister Ali al-Karim spoke.", ["Ali al-Karim"]),
        ("Lt. Gen. Qassem Soleimani led it.", ["Qassem Soleimani"]),
        ("The Iraqi Prime Minister Nouri al-Maliki left.", ["Iraqi", "Nouri al-Maliki"]),
        ("US President Joe Biden met J. K. Rowling.", ["US", "Joe Biden", "J. K. Rowling"]),
        ("It told the Iraqi News Agency (INA).", ["Iraqi News Agency", "INA"]),
        ("It was Iran's Quds Force.", ["Iran", "Quds Force"]),
        ("Officials praised José García.", ["José García"]),
        ("Experts say so. Training goes on.", []),
        ("Baghdad agreed.", ["Baghdad"]),
        ("The base at Ain al-Asad closed.", ["Ain al-Asad"]),
        ("A Boeing 747 landed in May 2020.", ["Boeing 747"]),
        (
            "The University of Chicago and Carl Smith agreed.",
            ["University of Chicago", "Carl Smith"],
        ),
        ("It is the U.S. position.", ["U.S."]),
        ("Владимир Орлов said so.", ["Владимир Орлов"]),
        ("Ludwig van Beethoven lived in Bonn.", ["Ludwig van Beethoven", "Bonn"]),
        ("In March, General Motors grew.", ["General Motors"]),
    ],
)
def test_names_are_found_without_titles(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Allawi", "Alawi"),
        ("Hussein Allawi", "Hussein Alawi"),
        ("Irbil", "Erbil"),
        ("Arbil", "Erbil"),
        ("al-Sudani", "Al-Sudani"),
        ("al-Sudani", "Sudani"),
        ("al-Sudani", "Mohammed Shia Al-Sudani"),
        ("Mohammed Shia' al-Sudani", "Muhammad Shia al-Sudani"),
        ("Ain al-Asad", "Ayn al-Assad"),
        ("Daesh", "ISIS"),
        ("ISIL", "Islamic State"),
        ("US", "U.S."),
        ("U.S.", "the United States"),
        ("UN", "United Nations"),
        ("UK", "United Kingdom"),
        ("Türkiye", "Turkey"),
        ("Zoltán Korda", "Zoltan Korda"),
        ("J. Smith", "John Smith"),
        ("Trump", "Donald Trump"),
        ("Prime Minister Allawi", "Allawi"),
        ("INA", "Iraqi News Agency"),
    ],
)
def test_variant_spellings_are_one_name(a: str, b: str) -> None:
    assert same_name(a, b)
    assert same_name(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Iran", "Iraq"),
        ("Austria", "Australia"),
        ("Georgia", "George"),
        ("Mali", "Malta"),
        ("Niger", "Nigeria"),
        ("Donald Trump", "Melania Trump"),
        ("George Bush", "George Bush Sr."),
        ("George W. Bush", "George H. W. Bush"),
        ("Sudan", "Sudani"),
        ("Sudan", "South Sudan"),
        ("York", "New York"),
        ("Iraq", "Bank of Iraq"),
        ("Hasan", "Hussein"),
        ("Lee", "Li"),
        ("US", "us"),
        ("Allawi", "al-Sudani"),
    ],
)
def test_similar_names_stay_apart(a: str, b: str) -> None:
    assert not same_name(a, b)
    assert not same_name(b, a)
