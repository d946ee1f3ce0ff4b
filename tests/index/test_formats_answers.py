"""The headline question answered from a document of each format, the citation opening its place."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import marking, sample_corpus
from app.answer.chain import AskRequest
from app.answer.model import Answer
from app.services import make_chain
from app.settings import Settings
from index.embedding.minilm import MiniLMEmbedder
from index.library import Library
from index.loaders import Parser, pieces_of_bytes
from tests import made_files

QUESTION = "When does the Syria phase end?"
NAME = "twelve-months-to-end-the-mission"


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as opened:
        yield opened


def _paragraphs() -> list[str]:
    """Return the blocks of one of our own briefs, without its front matter."""
    folder = Path(str(sample_corpus.__file__)).parents[1] / "corpus"
    text = (folder / f"{NAME}.md").read_text("utf-8")
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL).strip().split("\n\n")


def _html(paragraphs: list[str]) -> str:
    body = "".join(
        f"<h{len(p) - len(p.lstrip('#'))}>{p.lstrip('# ')}</h{len(p) - len(p.lstrip('#'))}>"
        if p.startswith("#")
        else f"<p>{p}</p>"
        for p in paragraphs
    )
    return (
        "<!doctype html><html lang='en'><head><title>Brief</title></head><body>"
        "<nav><a href='/'>Home</a></nav><div class='cookie-notice'>We use cookies to see when the "
        f"Syria phase ends.</div><article>{body}</article></body></html>"
    )


def _pdf(paragraphs: list[str]) -> bytes:
    third = len(paragraphs) // 3
    flat = ["# " + p.lstrip("# ") if p.startswith("#") else p for p in paragraphs]
    pages = [flat[:third], flat[third : 2 * third], flat[2 * third :]]
    return made_files.pdf(pages, head="Brief of the desk", foot="Page {page} of 3")


def _jsonl(paragraphs: list[str]) -> bytes:
    import json

    return json.dumps({"id": NAME, "text": "\n\n".join(paragraphs)}).encode()


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    "brief.md": lambda paragraphs: "\n\n".join(paragraphs).encode(),
    "brief.txt": lambda paragraphs: "\n\n".join(p.lstrip("# ") for p in paragraphs).encode(),
    "brief.html": lambda paragraphs: _html(paragraphs).encode(),
    "brief.pdf": _pdf,
    "brief.docx": made_files.docx,
    "brief.jsonl": _jsonl,
    "brief.eml": lambda paragraphs: made_files.mail("\n\n".join(paragraphs)),
    "letter.eml": lambda paragraphs: made_files.mail(
        "The brief is attached.", attachments={"brief.pdf": _pdf(paragraphs)}
    ),
    "briefs.zip": lambda paragraphs: made_files.archive(
        {"2025/brief.docx": made_files.docx(paragraphs)}
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_headline_question_is_answered_from_each_format(
    name: str, parser: Parser, library: Library, embedder: MiniLMEmbedder
) -> None:
    data = FORMATS[name](_paragraphs())
    for piece in pieces_of_bytes(data, filename=name, parser=parser):
        assert piece.document is not None, piece.error
        library.add(piece.document)
    answer = make_chain(Settings(_env_file=None), library).ask(AskRequest(QUESTION))
    assert answer.status == "answered"
    assert "September 2026" in answer.answer
    for citation in answer.citations:
        revision = library.revision(citation.document_id, citation.revision)
        assert revision.text[citation.start : citation.end] == citation.quote
        _opens_at_the_quote(answer, revision.text, revision.pages)


def _opens_at_the_quote(answer: Answer, text: str, pages: tuple[int, ...]) -> None:
    citation = answer.citations[0]
    blocks = list(marking.blocks(text, (citation.start, citation.end), (), pages))
    runs = [run for block in blocks for run in block.runs]
    assert "".join(run.text for run in runs if run.mark == "quote") == citation.quote
    if not pages:
        assert citation.page is None
        return
    before = runs[: next(n for n, run in enumerate(runs) if run.first) + 1]
    assert citation.page == max(run.page for run in before)
    assert citation.page is not None
    assert citation.page > 1  # the brief says it on a later page
