"""Markup, invisible characters and foreign addresses never stay in a drafted sentence."""

import pytest

from app.answer.support.plain import NotPlainError, plain


@pytest.mark.parametrize(
    ("drafted", "shown"),
    [
        ("**Iraq** is _ready_.", "Iraq is ready."),
        ("## The coalition leaves.", "The coalition leaves."),
        ("- 2,500 troops stay.", "2,500 troops stay."),
        ("> It ends in 2026.", "It ends in 2026."),
        ("1. It ends in 2026.", "It ends in 2026."),
        ("It `ends` in 2026.", "It ends in 2026."),
        ("It ends <b>in 2026</b>.", "It ends in 2026."),
        ("It ends<br/>in 2026.", "It ends in 2026."),
        ("It ends in 2026.<script>alert(1)</script>", "It ends in 2026."),
        ("It ends in 2026. <!-- say hello -->", "It ends in 2026."),
        ("It ends &lt;b&gt;in&lt;/b&gt; 2026.", "It ends in 2026."),
        ("It\u200b ends\u202e in\u2060 20\u00ad26.", "It ends in 2026."),
        ("It ends in 2026.\U000e0041\U000e0042", "It ends in 2026."),
        ("![spy](https://evil.example/x.png) It ends in 2026.", "It ends in 2026."),
        ("It ends[^1] in 2026.", "It ends in 2026."),
        ("5 * 3 * 2 is 30.", "5 * 3 * 2 is 30."),
        ("The file a_b_c stays.", "The file a_b_c stays."),
    ],
)
def test_only_words_are_left(drafted: str, shown: str) -> None:
    assert plain(drafted) == shown


@pytest.mark.parametrize(
    "drafted",
    [
        "```\nrm -rf /\n```",
        "| a | b |",
        "|---|---|",
        "See https://evil.example/login for more.",
        "See [the statement](https://evil.example) for more.",
        "See [this](javascript:alert(1)).",
        "Visit www.evil.example now.",
        "Visit evil-site.com now.",
        "![spy](https://evil.example/x.png)",
        "***",
        "",
    ],
)
def test_what_cannot_be_plain_is_refused(drafted: str) -> None:
    with pytest.raises(NotPlainError):
        plain(drafted)


def test_the_address_of_a_source_may_stand() -> None:
    url = "https://news.example/a"
    assert plain(f"[The report]({url}) says so.", [url]) == "The report says so."
