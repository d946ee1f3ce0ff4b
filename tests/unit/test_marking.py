from hypothesis import given
from hypothesis import strategies as st

from app.marking import Block, blocks, valid, within

TEXTS = st.text(st.sampled_from("ab \n#-🚢𝄞é\t"), max_size=60)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4)


def whole(found: list[Block]) -> str:
    return "".join("".join(run.text for run in block.runs) + block.gap for block in found)


@given(TEXTS, SPANS)
def test_the_runs_put_together_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    good = valid(spans, len(text))
    found = list(blocks(text, good[0] if good else None, good[1:]))
    assert whole(found) == text if text.strip() else not found


@given(TEXTS, SPANS)
def test_what_is_marked_is_the_span_without_white_space_between_blocks(
    text: str, spans: list[tuple[int, int]]
) -> None:
    good = valid(spans, len(text))
    if not good:
        return
    start, end = good[0]
    runs = [run for block in blocks(text, good[0]) for run in block.runs]
    marked = "".join(run.text for run in runs if run.mark == "quote")
    signs = "".join(run.text for run in runs if run.mark == "sign")
    assert set("".join(text[start:end].split())) <= set(marked) | set(signs)
    assert len(marked) <= end - start
    assert sum(run.first for run in runs) <= 1


def test_headings_paragraphs_and_lists_are_told_apart() -> None:
    text = "# Title\nFirst line\nof it.\n\n\n- one\n- two\n\n## Next\n    code\n"
    assert [(b.kind, b.level) for b in blocks(text, None)] == [
        ("heading", 1),
        ("prose", 0),
        ("lines", 0),
        ("heading", 2),
        ("lines", 0),
    ]


def test_marks_overlap_with_the_quote_in_front() -> None:
    text = "one two three four"
    (block,) = blocks(text, (4, 13), [(0, 7), (8, 18)])
    assert [(run.text, run.mark) for run in block.runs] == [
        ("one ", "other"),
        ("two", "quote"),
        (" ", "quote"),
        ("three", "quote"),
        (" four", "other"),
    ]


def test_white_space_without_end_takes_no_time() -> None:
    text = "a\n" + " \n" * 50_000 + " " * 50_000 + "b"
    assert whole(list(blocks(text, None))) == text


@given(TEXTS, SPANS, st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_the_short_answer_is_marked_within_the_quote_and_nothing_is_lost(
    text: str, spans: list[tuple[int, int]], wanted: tuple[int, int]
) -> None:
    good = valid(spans, len(text))
    quote = good[0] if good else None
    short = within(wanted, quote)
    found = list(blocks(text, quote, good[1:], short=short))
    assert whole(found) == text if text.strip() else not found
    runs = [run for block in found for run in block.runs]
    assert all(run.mark == "quote" for run in runs if run.short)
    said = "".join(run.text[slice(*run.short)] for run in runs if run.short)
    signs = "".join(run.text for run in runs if run.mark == "sign")
    inside = text[slice(*short)] if short else ""
    assert set("".join(inside.split())) <= set(said) | set(signs)
    assert len(said) <= len(inside)


def test_the_short_answer_goes_on_where_another_passage_cuts_the_quote() -> None:
    (block,) = blocks("one two three four", (4, 18), [(8, 18)], short=(4, 13))
    shorts = [run.text[slice(*run.short)] for run in block.runs if run.short]
    assert shorts == ["two ", "three"]


def test_a_short_answer_that_does_not_lie_in_the_quote_is_none() -> None:
    assert within((4, 8), (4, 8)) == (4, 8)
    for span, quote in [((3, 8), (4, 9)), ((4, 10), (4, 9)), ((5, 5), (4, 9)), ((5, 6), None)]:
        assert within(span, quote) is None
