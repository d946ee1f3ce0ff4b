"""Markdown with HTML in it, and lists of terms with their meanings."""

import pytest

from index.loaders.markdown import without_tags
from index.segment import segment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Press <kbd>F5</kbd> to reload.", "Press F5 to reload."),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<h2 align=center>Fees</h2>\nNine.", "\n\n## Fees\n\nNine."),
        ("It cost ~~38~~ <del>40</del> 42.", "It cost   42."),
        ("10<sup>6</sup> &amp; more", "10\u2076 & more"),
        ("a <!-- not\nshown --> b", "a  b"),
        ("`<b>` and List<String> and <your-name>", "`<b>` and List<String> and <your-name>"),
        ("```html\n<p>kept</p>\n```", "```html\n<p>kept</p>\n```"),
        ("a < b and b > c", "a < b and b > c"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td>1</td></tr></table>",
            "\n\n| A | B |\n| --- | --- |\n| x | 1 |\n\n",
        ),
    ],
)
def test_html_in_markdown_is_read_as_it_is_shown(text: str, shown: str) -> None:
    assert without_tags(text) == shown


def test_a_term_and_what_it_means_are_one_piece_of_evidence() -> None:
    term = "Escapement\n: The part that stops\n  and frees the wheel."
    text = f"{term}\n: A clock\u2019s heart.\n\nThe end."
    (passage,) = segment(text, count_tokens=_words)
    found = [text[s.start : s.end] for s in passage.sentences]
    assert found == [
        term,
        "A clock\u2019s heart.",
        "The end.",
    ]
    assert passage.heading is None


def _words(text: str) -> int:
    return len(text.split())
