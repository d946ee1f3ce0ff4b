"""The verification set is what its script makes, and the check keeps its promises on it."""

from collections import Counter
from pathlib import Path

import pytest

from eval.verification import measure, pairs
from eval.verification.alterations import ALTERATIONS
from eval.verification.passages import Shelf, shelve
from index.embedding.minilm import MiniLMEmbedder

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def shelf(embedder: MiniLMEmbedder) -> Shelf:
    return shelve(CORPUS.glob("*.md"), embedder)


def test_every_pair_cites_sentences_that_stand_in_the_briefs(shelf: Shelf) -> None:
    for pair in pairs.load():
        assert shelf.holding(pair.brief, pair.cites)


def test_the_script_makes_what_is_written_by_hand_and_changes_of_every_kind(shelf: Shelf) -> None:
    made = pairs.make(shelf)
    committed = {pair.text for pair in pairs.load() if pair.by_hand}
    assert {pair.text for pair in made if pair.by_hand} == committed
    assert set(ALTERATIONS) <= {pair.kind for pair in made if not pair.by_hand}


def test_the_set_has_enough_of_every_kind() -> None:
    loaded = pairs.load()
    kinds = Counter(pair.kind for pair in loaded)
    assert len(loaded) >= 400
    assert kinds["paraphrase"] >= 60
    assert {"number", "date", "name", "place", "polarity", "attribution", "added"} <= kinds.keys()
    assert 0.25 < sum(pair.held_out for pair in loaded) / len(loaded) < 0.45
    assert len({pair.text for pair in loaded}) == len(loaded)


def test_the_check_keeps_its_promises_and_beats_word_overlap(
    shelf: Shelf, embedder: MiniLMEmbedder
) -> None:
    scored = measure.run(pairs.load()[::4], shelf, embedder)
    threshold = measure.best_threshold([item for item in scored if not item.pair.held_out])
    figures = measure.summary(scored, threshold)
    assert figures["caught"] >= 0.96  # a quarter of the set; all of it: python -m eval.verification
    assert figures["wrongly_dropped"] <= 0.07
    held_out = measure.summary([item for item in scored if item.pair.held_out], threshold)
    assert held_out["balanced_accuracy"] > held_out["floor_balanced_accuracy"] + 0.15
