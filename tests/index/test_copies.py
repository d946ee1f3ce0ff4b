"""Documents that carry the same text are known as such, whatever order they come in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index import shingles
from index.library import Library
from index.model import SourceDocument

BODY = [
    f"Paragraph {number} tells what the {thing} committee of the province decided on its "
    f"{number}th meeting, which {thing} farmers had awaited since the drought of the year before, "
    f"and what the {thing} inspectors will look at when they come back after the rains."
    for number, thing in enumerate(
        ["wheat", "barley", "dates", "cotton", "sheep", "water", "canal", "seed"], start=3
    )
]
OTHER = [
    f"Elsewhere, the {thing} traders of the harbour say that nothing was announced to them before "
    f"they read it on the doors of the {thing} exchange, number {number} on the quay."
    for number, thing in enumerate(["silk", "pepper", "tin", "tea", "rum", "glass"], start=11)
]


def document(name: str, paragraphs: list[str]) -> SourceDocument:
    return SourceDocument(id=name, text="\n\n".join(paragraphs) + "\n", title=name)


@pytest.fixture
def library(tmp_path: Path, words: Any) -> Any:
    with Library.open(tmp_path / "data", embedder=words) as opened:
        yield opened


def test_an_agency_text_with_another_opening_and_ending_is_a_copy(library: Library) -> None:
    library.add(document("first", ["The first paper opens in its own words.", *BODY]))
    library.add(document("other", OTHER))
    library.add(document("second", ["Here is what the second one makes of it.", *BODY[:6]]))

    assert library.copies_of("first") == ("second",)
    assert library.copies_of("second") == ("first",)
    assert library.copies_of("other") == ()
    assert library.copies_among(["first", "second", "other"]) == {
        ("first", "second"),
        ("second", "first"),
    }


def test_documents_added_together_are_compared_too(library: Library) -> None:
    list(library.add_many([document(name, BODY) for name in ("a", "b", "c")]))

    assert library.copies_of("b") == ("a", "c")


@pytest.mark.parametrize(
    "change",
    [
        lambda library: library.delete("second"),
        lambda library: library.add(document("second", OTHER)),
    ],
    ids=["deleted", "replaced"],
)
def test_a_text_that_is_gone_is_nobodys_copy(
    library: Library, change: Callable[[Library], object]
) -> None:
    list(library.add_many([document("first", BODY), document("second", BODY)]))

    change(library)

    assert library.copies_of("first") == ()
    assert library.copies_among(["first", "second"]) == frozenset()


def test_copies_are_still_known_after_a_restart(tmp_path: Path, words: Any) -> None:
    with Library.open(tmp_path / "data", embedder=words) as library:
        list(library.add_many([document("first", BODY), document("second", BODY)]))

    with Library.open(tmp_path / "data", embedder=words) as library:
        assert library.copies_of("first") == ("second",)


def test_the_sample_of_a_very_long_text_stays_short() -> None:
    text = " ".join(f"word{number * 7919 % 10007}" for number in range(30_000))

    assert len(shingles.sample(text)) <= 400


def test_short_texts_have_no_copies(library: Library) -> None:
    list(library.add_many([document("first", BODY[:1]), document("second", BODY[:1])]))

    assert library.copies_of("first") == ()
