from hypothesis import given
from hypothesis import strategies as st

from app.marking import Block, blocks, valid

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
