import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from index.errors import ConflictError, InvalidDocumentError, NotFoundError
from index.model import SourceDocument


def test_added_document_is_found_and_stands_in_all_three_stores(
    open_library: Any, make: Any, stored_texts: Any
) -> None:
    document = make("harbour", 12, source="The Paper", published_at=dt.date(2024, 9, 27))
    with open_library() as library:
        assert library.add(document) == "added"
        (first, *_rest) = library.retriever(top_k=1).search("harbour report boats at noon")
        assert first.document_id == "harbour"
        assert first.source == "The Paper"
        assert first.published_at == dt.date(2024, 9, 27)
        assert first.text == document.text[first.start : first.end]
        for i, sentence in enumerate(first.sentences):
            assert first.sentence_text(i) == document.text[sentence.start : sentence.end]
        assert first.vectors.shape == (len(first.sentences), 256)
        assert library.counts().documents == 1
        assert library.counts().sentences == 12
    assert stored_texts() == {"harbour": document.text}


def test_adding_again_changes_nothing(open_library: Any, make: Any, words: Any) -> None:
    with open_library() as library:
        library.add(make("harbour"))
        before = library.summary("harbour")
        calls = words.calls
        assert library.add(make("harbour")) == "unchanged"
        assert [o.change for o in library.add_many([make("harbour")])] == ["unchanged"]
        assert library.summary("harbour") == before
        assert words.calls == calls


def test_changed_text_replaces_and_keeps_the_old_text_for_old_citations(
    open_library: Any, make: Any, stored_texts: Any
) -> None:
    with open_library() as library:
        library.add(make("harbour", "The old pier had seven lamps."))
        old = library.revision("harbour")
        assert library.add(make("harbour", "The new pier has nine lamps.")) == "replaced"
        new = library.revision("harbour")
        assert (old.current, new.current) == (True, True)
        assert [r.sha for r in library.revisions("harbour")] == [new.sha, old.sha]
        kept = library.revision("harbour", old.sha)
        assert kept.text == "The old pier had seven lamps."
        assert not kept.current
        assert library.read_span("harbour", old.sha, 4, 12) == "old pier"
        found = library.retriever().search("How many lamps has the pier?")
        assert [p.text for p in found] == ["The new pier has nine lamps."]
    assert stored_texts() == {"harbour": "The new pier has nine lamps."}


def test_new_metadata_alone_replaces(open_library: Any, make: Any, stored_texts: Any) -> None:
    with open_library() as library:
        library.add(make("harbour", source="A"))
        assert library.add(make("harbour", source="B")) == "replaced"
        assert library.summary("harbour").source == "B"
        assert [p.source for p in library.retriever().search("boats")] == ["B"]
        assert len(library.revisions("harbour")) == 1
    stored_texts()


def test_deleted_document_leaves_nothing(
    open_library: Any, make: Any, stored_texts: Any, data: Path
) -> None:
    with open_library() as library:
        library.add(make("harbour", "The secret pier had seven lamps."))
        library.add(make("harbour", "The secret pier has nine lamps."))
        library.add(make("market", "The market sells fish."))
        old = library.revisions("harbour")[1]
        library.delete("harbour")
        for read in (
            lambda: library.revision("harbour"),
            lambda: library.revision("harbour", old.sha),
            lambda: library.revisions("harbour"),
            lambda: library.summary("harbour"),
            lambda: library.read_span("harbour", old.sha, 0, 3),
            lambda: library.delete("harbour"),
        ):
            with pytest.raises(NotFoundError, match="harbour"):
                read()
        assert {p.document_id for p in library.retriever().search("secret pier")} == {"market"}
    assert stored_texts() == {"market": "The market sells fish."}
    assert b"secret" not in (data / "catalog.sqlite").read_bytes()


def test_many_documents_are_reported_in_order_and_stored_alike(
    open_library: Any, make: Any, stored_texts: Any
) -> None:
    documents = [make(f"d{i:03}", 1 + i % 9) for i in range(150)]
    with open_library() as library:
        library.add(documents[3])
        outcomes = list(library.add_many([*documents, make("blank", " "), documents[5]]))
        assert [o.id for o in outcomes] == [*(d.id for d in documents), "blank", "d005"]
        assert [o.change for o in outcomes[:5]] == ["added"] * 3 + ["unchanged", "added"]
        assert isinstance(outcomes[150].error, InvalidDocumentError)
        assert outcomes[151].change == "unchanged"
        page = library.documents(offset=100, limit=20)
        assert [d.id for d in page.items] == [f"d{i}" for i in range(100, 120)]
        assert page.total == 150
    assert stored_texts() == {d.id: d.text for d in documents}


def test_document_without_a_sentence_is_refused(open_library: Any, make: Any) -> None:
    with open_library() as library:
        with pytest.raises(InvalidDocumentError, match="no sentence"):
            library.add(make("blank", "\n\n"))
        assert library.counts().documents == 0


def test_two_existing_files_cannot_be_one_document(
    open_library: Any, make: Any, tmp_path: Path
) -> None:
    first, second = tmp_path / "a" / "report.md", tmp_path / "b" / "report.md"
    for file in (first, second):
        file.parent.mkdir()
        file.write_text("x")
    with open_library() as library:
        library.add(make("report", "One pier.", origin=str(first)))
        with pytest.raises(ConflictError, match="front matter"):
            library.add(make("report", "Two piers.", origin=str(second)))
        assert library.revision("report").text == "One pier."
        first.unlink()  # the file was moved
        assert library.add(make("report", "One pier.", origin=str(second))) == "unchanged"
        assert library.summary("report").origin == str(second)
        assert library.add(make("report", "Two piers.", origin=str(second))) == "replaced"


def test_conflict_inside_one_run_keeps_the_first_file(
    open_library: Any, make: Any, tmp_path: Path
) -> None:
    files = [tmp_path / "a.md", tmp_path / "b.md"]
    for file in files:
        file.write_text("x")
    documents = [make("same", f"Pier {f.name}.", origin=str(f)) for f in files]
    with open_library() as library:
        outcomes = list(library.add_many(documents))
        assert outcomes[0].change == "added"
        assert isinstance(outcomes[1].error, ConflictError)
        assert library.revision("same").text == "Pier a.md."


def test_index_is_the_same_after_closing_and_opening(open_library: Any, make: Any) -> None:
    with open_library() as library:
        list(library.add_many(make(f"d{i}", 4) for i in range(5)))
        before = [(p.document_id, p.score) for p in library.retriever().search("d3 boats")]
        library.set_flag("seen")
    with open_library() as library:
        after = [(p.document_id, p.score) for p in library.retriever().search("d3 boats")]
        assert after == before
        assert library.has_flag("seen")
        assert not library.has_flag("unseen")
        assert library.summary("d1").created_at.tzinfo is not None


def test_offsets_count_code_points(open_library: Any) -> None:
    text = "Ĵůř 🌁🌁🌁 stands here. Ünder the 🌉 bridge it ends."
    with open_library() as library:
        library.add(SourceDocument(id="u", text=text, title="U"))
        sha = library.revision("u").sha
        (found,) = library.retriever().search("bridge")
        last = found.sentences[-1]
        assert library.read_span("u", sha, last.start, last.end) == text[last.start : last.end]
        assert "🌉" in text[last.start : last.end]
