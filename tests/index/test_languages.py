"""Documents in many languages: what is stored of their language, and that their words are found."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import tantivy

from index.errors import IndexDamagedError
from index.folder import DataFolder
from index.lexical.analysis import ANALYSES, analysis_of, terms

TEXTS = {
    "en": "The bridges of the town were closed. The mayor announced it on Monday.",
    "fr": "Les avions ont décollé de l’aéroport. Les passagères d'une compagnie étaient contentes.",
    "de": "Die Häuser der Straße wurden geräumt. Das Hochwasser überraschte die Bürgerinnen.",
    "es": "Las acciones de los jugadores subieron. El árbitro canceló todas las celebraciones.",
    "ar": "وقد أعلن البرلمان الميزانية الجديدة. ورحبت الأطراف بالقرارات في المدينة الكبيرة.",
    "tr": "İstanbul'un köprüleri kapatıldı. Belediye başkanı bunu pazartesi günü açıkladı.",
    "ru": "Мосты города были закрыты вчера. Мэр объявил об этом жителям в понедельник.",
    "pl": "Mosty w mieście zostały zamknięte. Burmistrz ogłosił to w poniedziałek rano.",
    "ja": "橋は昨日閉鎖されました。市長は月曜日に発表しました。",
    "zh": "大桥昨天关闭了。市长星期一宣布了这个消息。",
    "ko": "다리는 어제 폐쇄되었습니다. 시장은 월요일에 발표했습니다.",
    "th": "สะพานถูกปิดเมื่อวานนี้ นายกเทศมนตรีประกาศเมื่อวันจันทร์",
    "hi": "पुल कल बंद किया गया। महापौर ने सोमवार को इसकी घोषणा की।",
}
QUESTIONS = {
    "en": "closing bridge",
    "fr": "L'avion d’un passager",
    "de": "Haus in welchen Strassen",
    "es": "¿Qué acción canceló?",
    "ar": "برلمان",
    "tr": "istanbul köprü",
    "ru": "мост",
    "pl": "mosty",
    "ja": "閉鎖された橋",
    "zh": "谁关闭大桥?",
    "ko": "다리가 폐쇄",
    "th": "ใครปิดสะพาน",
    "hi": "महापौर कौन है",
}


@pytest.fixture
def town(open_library: Any, make: Any) -> Any:
    with open_library() as library:
        list(library.add_many(make(code, text) for code, text in TEXTS.items()))
        yield library


def found(library: Any, question: str) -> list[str]:
    hits = library.lexical.search(question, 20)
    passages = library._catalog.passages.load(hits.scores)
    return [passages[key].document_id for key in hits.scores]


@pytest.mark.parametrize("code", TEXTS)
def test_a_document_gets_the_language_of_its_text(town: Any, code: str) -> None:
    summary = town.summary(code)
    assert summary.language == code
    assert summary.provenance["language"] == "detected"


@pytest.mark.parametrize("code", TEXTS)
def test_words_are_found_in_other_forms(town: Any, code: str) -> None:
    assert found(town, QUESTIONS[code])[0] == code


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("fr", "Les avions de quelle compagnie ont décollé ?"),
        ("de", "Welche Häuser wurden geräumt?"),
        ("ar", "ماذا أعلن البرلمان؟"),
        ("ja", "橋はいつ閉鎖されましたか"),
    ],
)
def test_a_question_finds_its_passage_among_all_languages(
    town: Any, code: str, question: str
) -> None:
    best = town.retriever(top_k=3).search(question)[0]
    assert best.document_id == code
    assert best.language == code


def test_words_of_a_language_are_weighed_by_their_stems(town: Any) -> None:
    weights = town.lexical.weigh(["avion", "decollage", "Häusern", "nowhere"])
    assert weights["avion"] == weights["Häusern"] < weights["nowhere"]


def test_english_is_scored_as_it_was_before_there_were_languages(
    open_library: Any, make: Any, tmp_path: Path
) -> None:
    texts = [
        f"The {kind} of the harbour's {i % 5} boats was café-like. It rained on {i} running days."
        + " Officials universally denied the nations' claims." * (i % 4)
        for i, kind in enumerate(["keeping", "keeper", "naïve crews", "fishing"] * 10)
    ]
    stated = [None, "en", "en-GB", None]
    before = _index_of_before(tmp_path / "before", texts)
    with open_library() as library:
        list(
            library.add_many(
                make(f"d{i:02}", text, language=stated[i % 4]) for i, text in enumerate(texts)
            )
        )
        assert library.lexical.analyses == {"en"}
        for question in ("Who keeps the boats?", "naive claim of nations", "days CAFÉ l'été", "it"):
            hits = library.lexical.search(question, 100)
            passages = library._catalog.passages.load(hits.scores)
            scores = {int(passages[k].document_id[1:]): score for k, score in hits.scores.items()}
            assert scores == before(question)


def test_a_stated_language_stays(open_library: Any, make: Any) -> None:
    with open_library() as library:
        library.add(make("fr", TEXTS["fr"], language="de", provenance={"language": "html lang"}))
        summary = library.summary("fr")
    assert summary.language == "de"
    assert summary.provenance["language"] == "html lang"


def test_a_text_of_no_clear_language_gets_none(open_library: Any, make: Any) -> None:
    with open_library() as library:
        library.add(make("table", "Angela Merkel 12. Otto 14."))
        summary = library.summary("table")
    assert summary.language is None
    assert "language" not in summary.provenance


def test_a_detected_language_is_not_taken_for_stated(open_library: Any, make: Any) -> None:
    same = make("fr", TEXTS["fr"], media_type="text/plain", provenance={"title": "heading"})
    with open_library() as library:
        assert library.add(same) == "added"
        assert library.add(same) == "unchanged"
        assert library.summary("fr").provenance == {"title": "heading", "language": "detected"}
        assert library.add(make("fr", TEXTS["fr"], language="fr")) == "replaced"
        assert "language" not in library.summary("fr").provenance


def test_a_page_without_a_language_does_not_keep_that_of_its_old_text(
    open_library: Any, make: Any
) -> None:
    page = {"origin": "https://example.org/page"}
    with open_library() as library:
        library.add(make("page", TEXTS["fr"], **page))
        assert library.add(make("page", TEXTS["fr"], **page)) == "unchanged"
        library.add(make("page", TEXTS["de"], **page))
        assert library.summary("page").language == "de"


def test_an_index_of_before_is_made_again_and_gets_languages(
    open_library: Any, make: Any, data: Path, stored_texts: Any
) -> None:
    with open_library() as library:
        library.add(make("fr", TEXTS["fr"], provenance={"title": "heading"}))
        library.add(make("said", TEXTS["en"], language="en"))
    _as_stored_before(data)
    with pytest.raises(IndexDamagedError, match="another version"):
        open_library(inspect=True)
    with open_library() as library:
        assert found(library, "l'avion")[0] == "fr"
        assert library.summary("fr").language == "fr"
        assert library.summary("fr").provenance == {"title": "heading", "language": "detected"}
        assert library.summary("said").provenance == {}
        assert library.add(make("fr", TEXTS["fr"])) == "unchanged"
    stored_texts()


def test_each_language_has_an_analysis_and_its_terms_have_no_blanks() -> None:
    assert analysis_of(None) == analysis_of("und") == analysis_of("EN_gb") == "en"
    assert analysis_of("nb") == analysis_of("nn-NO") == "no"
    assert analysis_of("pl") == "words"
    assert analysis_of("zh-Hant") == "pieces"
    for name in ANALYSES:
        for text in TEXTS.values():
            assert all(term.split() == [term] for term in terms(text, name))


def test_a_term_is_looked_for_in_its_language_only(open_library: Any, make: Any) -> None:
    with open_library() as library:
        library.add(
            make("de", "Ein forc. Die Brücke über den Fluss wurde gesperrt.", language="de")
        )
        library.add(make("en", "They forced the bridge to be closed.", language="en"))
        assert found(library, "forcing") == ["en"]
        assert set(found(library, "forc")) == {"en", "de"}


def test_arabic_words_lose_what_is_written_together_with_them() -> None:
    forms = ["المدرسة", "والمدرسة", "بالمدرسة", "للمدرسة", "المَدْرَسَة"]
    assert len({tuple(terms(form, "ar")) for form in forms}) == 1


def _index_of_before(folder: Path, texts: list[str]) -> Any:
    """Make the index as it was when all was English; return a search by number and score."""
    folder.mkdir()
    analyzer = _analyzer_of_before()
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", fast=True)
    builder.add_unsigned_field("revision", indexed=True)
    builder.add_text_field("body", tokenizer_name="footnote", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema, path=str(folder))
    index.register_tokenizer("footnote", analyzer)
    writer = index.writer(heap_size=20_000_000, num_threads=1)
    for number, text in enumerate(texts):
        document = tantivy.Document()
        document.add_unsigned("key", number)
        document.add_unsigned("revision", number)
        document.add_text("body", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()

    def search(question: str) -> dict[int, float]:
        words = dict.fromkeys(analyzer.analyze(question))
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", w, "freq"))
                for w in words
            ]
        )
        searcher = index.searcher()
        hits = searcher.search(query, 100, count=False).hits
        keys = searcher.fast_field_values("key", [address for _score, address in hits])
        return {int(key): hit[0] for key, hit in zip(keys, hits, strict=True) if key is not None}

    return search


def _analyzer_of_before() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _as_stored_before(data: Path) -> None:
    """Take away the languages that were detected, and put an index of that time in place."""
    folder = DataFolder(data)
    with sqlite3.connect(folder.catalog) as connection:
        connection.execute(
            "UPDATE revisions SET language = NULL,"
            " provenance = json_remove(provenance, '$.language')"
            " WHERE json_extract(provenance, '$.language') = 'detected'"
        )
    connection.close()
    shutil.rmtree(folder.lexical())
    _index_of_before(folder.lexical(), ["Les avions", "The bridges"])
