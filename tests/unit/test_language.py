import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from index import language
from index.language import SURE, detect, detect_surely


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("When does the ferry to the islands leave?", "en"),
        ("Pourquoi le pont a-t-il été fermé hier ?", "fr"),
        ("Warum wurde die Brücke gestern gesperrt?", "de"),
        ("¿Por qué cerraron el puente ayer por la noche?", "es"),
        ("Perché il ponte è stato chiuso ieri?", "it"),
        ("Por que a ponte foi fechada ontem à noite?", "pt"),
        ("Dlaczego most został wczoraj zamknięty?", "pl"),
        ("Köprü dün neden kapatıldı?", "tr"),
        ("لماذا أغلق الجسر أمس؟", "ar"),
        ("چرا پل دیروز بسته شد و چه کسی آن را بست؟", "fa"),
        ("Когда мэр города объявил о закрытии моста?", "ru"),
        ("Чому вчора закрили міст через річку?", "uk"),
        ("Γιατί έκλεισε η γέφυρα;", "el"),
        ("למה נסגר הגשר?", "he"),
        ("橋はなぜ閉鎖されましたか", "ja"),
        ("为什么大桥昨天关闭了?", "zh"),
        ("다리는 왜 폐쇄되었습니까?", "ko"),
        ("สะพานปิดเพราะอะไร", "th"),
        ("पुल कल क्यों बंद किया गया?", "hi"),
    ],
)
def test_short_questions_are_recognised(text: str, code: str) -> None:
    found = detect(text)
    assert found is not None
    assert found.code == code
    assert SURE <= found.confidence <= 1


@pytest.mark.parametrize("text", ["", " ", "?!", "12 345", "2024-05-01", "ok", "a 1 b", "橋"])
def test_a_text_that_says_too_little_has_no_language(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    "question",
    [
        "Who was Otto von Bismarck?",
        "When did Zhang Wei die?",
        "Who is Angela Merkel?",
        "What is Schadenfreude?",
        "Where is Sant'Angelo in Vado?",
        "Who wrote Les Misérables?",
        "What does 元朝 mean?",
        "Who founded Al Jazeera (الجزيرة)?",
        "Angela Merkel",
        "Beyoncé",
    ],
)
def test_english_with_foreign_names_is_never_surely_another_language(question: str) -> None:
    assert detect_surely(question) in (None, "en")


def test_addresses_and_figures_say_nothing() -> None:
    assert detect("https://beispiel.example/das-ist-ein-deutscher-satz 2024") is None


def test_a_long_text_is_read_in_several_places() -> None:
    menu = "Home | News | Sport | Contact | Login\n" * 20
    text = menu + "Die Brücke über den Fluss wurde wegen des Hochwassers gesperrt. " * 200
    assert detect_surely(text) == "de"


def test_the_model_is_loaded_once_by_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    from py3langid.langid import LanguageIdentifier

    loads: list[object] = []
    load = LanguageIdentifier.from_model_file

    def counted(*args: object, **options: object) -> object:
        loads.append(args)
        return load(*args, **options)

    monkeypatch.setattr(LanguageIdentifier, "from_model_file", counted)
    language._load.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        codes = set(threads.map(detect_surely, ["Where does the old ferry go today?"] * 32))
    assert codes == {"en"}
    assert len(loads) == 1


def test_importing_loads_no_model() -> None:
    code = "import sys, index.language; sys.exit('py3langid' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_full_disk_leaves_the_language_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from py3langid.langid import LanguageIdentifier

    def full(*_args: object, **_options: object) -> object:
        raise OSError(28, "No space left on device")

    language._load.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(LanguageIdentifier, "from_model_file", full)
        assert detect("Where does the old ferry go today?") is None
    assert detect_surely("Where does the old ferry go today?") == "en"
