import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loaders import normalise


@pytest.mark.parametrize(
    ("given_text", "normal"),
    [
        ("a\r\nb\rc\u2028d\x0ce", "a\nb\nc\nd\ne"),
        ("\ufeffa\ufeffb", "ab"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("co\xadoperate\u200b now", "cooperate now"),
        ("e\u0301", "\xe9"),
        ("one  \n\t\ntwo\t", "one\n\ntwo"),
        ("\n\n  one\n", "one"),
        ("10\xa0000", "10 000"),
        ("a\ud800b", "a\ufffdb"),
        (
            "\u0645\u06cc\u200c\u062e",
            "\u0645\u06cc\u200c\u062e",
        ),  # the joiner changes how letters are written
        ("a\tb", "a\tb"),
    ],
)
def test_what_no_reader_sees_is_removed(given_text: str, normal: str) -> None:
    assert normalise(given_text) == normal


@given(st.text())
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")
    assert all(line == line.rstrip(" \t") for line in once.split("\n"))
