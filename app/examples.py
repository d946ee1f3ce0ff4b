"""Questions that show a reader what the documents answer, found without a model.

Sentences of a few plain shapes are turned into the question they answer; a question is offered only
when the chain answers it with that very sentence. Knows English shapes; other texts give none.
"""

import re
import threading
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from app.answer.chain import AskRequest
from index.errors import FootnoteError

if TYPE_CHECKING:
    from app.answer.chain import Chain
    from index.library import Library

WANTED = 6
_MOST_DOCUMENTS = 30
_MOST_CHARACTERS = 40_000
_MOST_TRIED_PER_DOCUMENT = 6
_LONGEST = 90

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = (
    r"(?:early |late |mid-|the end of )?(?:\d{1,2} )?"
    rf"(?:(?:{_MONTHS})(?: \d{{1,2}},?)?(?: \d{{4}})?|\d{{4}})\b"
)
_NAME = r"(?:[A-Z][\w’'.-]*)(?: (?:of|the|and|al|bin|de|van|von|for|against|to)| [A-Z][\w’'.-]*)*"
_SUBJECT = r"(?P<subject>(?:The|A|An|[A-Z])[^,;:()“”\"]{2,70}?)"
_WHEN = re.compile(
    rf"{_SUBJECT} (?P<aux>will|was|were|is|are) (?!a |an |the |continue)"
    rf"(?P<rest>[^,;:()“”\"]{{3,60}}?) (?:in|on|by|until) {_DATE}"
)
_FOUNDED = re.compile(
    rf"\b(?:the )(?P<subject>{_NAME}), which (?P<rest>(?:was|were) \w+ed) in {_DATE}"
)
_HOW_MANY_ARE = re.compile(
    r"(?:About |Around |Some |Nearly |Over |More than )?\d[\d,.]* "
    r"(?P<things>[^,;:()\d]{3,40}?) (?P<rest>(?:are|were|will be) \w+ (?:the )?[A-Z]\w+)"
)
_HOW_MANY_HAS = re.compile(
    rf"{_SUBJECT} (?P<verb>has|carries|counts|includes|employs|holds|covers) "
    r"(?:about |around |some |nearly |more than )?\d[\d,.]* "
    r"(?P<things>[a-z][\w-]+(?: [a-z]\w+s)?)\b"
)
_WHO_DID = re.compile(
    rf"(?P<subject>{_NAME}) (?P<rest>(?:leads|led|founded|approved|built|wrote|won|owns|runs|"
    r"designed|discovered|directed|published|invented|heads) "
    r"(?:the|a|an|its|[A-Z])[^,;:.()“”]{3,60})"
)
_WHO_IS = re.compile(
    rf"(?P<subject>{_NAME})(?:, (?:who|the|an|a) [^,]{{4,80}},| (?:was|is) the [a-z][^,;:]{{4,80}})"
)
_BASE_FORMS = {
    "has": "have",
    "carries": "carry",
    "counts": "count",
    "includes": "include",
    "employs": "employ",
    "holds": "hold",
    "covers": "cover",
}
_VAGUE = re.compile(
    r"(?:It|He|She|They|This|That|These|Those|There|Here|What|Which|Who|If|When|While|After|Before|"
    r"In|On|At|But|And|As|For|From|Its|His|Her|Their|One|Some|Many|Most|Even|Both|Such|Nobody|"
    r"No|First|Where|Only|Not|According)\b"
)
_ARTICLES = ("The ", "A ", "An ")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


class ExampleQuestions:
    """Finds example questions, and keeps them until the documents change."""

    def __init__(self, library: "Library", chain: "Chain") -> None:
        self._library = library
        self._chain = chain
        self._lock = threading.Lock()
        self._found: tuple[object, tuple[str, ...]] | None = None

    def questions(self) -> tuple[str, ...]:
        """Return up to six questions, from different documents where there are several."""
        page = self._library.documents(limit=_MOST_DOCUMENTS)
        state = (page.total, tuple((item.id, item.revision) for item in page.items))
        with self._lock:
            if self._found is None or self._found[0] != state:
                ids = [item.id for item in page.items]
                self._found = (state, self._search(ids))
            return self._found[1]

    def _search(self, document_ids: list[str]) -> tuple[str, ...]:
        found: list[str] = []
        waiting = [self._answered(document_id) for document_id in document_ids]
        while waiting and len(found) < WANTED:  # in turns, so that each document has its say
            for questions in list(waiting):
                question = next((q for q in questions if q not in found), None)
                if question is None:
                    waiting.remove(questions)
                elif len(found) < WANTED:
                    found.append(question)
        return tuple(found)

    def _answered(self, document_id: str) -> Iterator[str]:
        """Yield the questions of a document that the chain answers with the sentence itself."""
        try:
            text = self._library.revision(document_id).text[:_MOST_CHARACTERS]
        except FootnoteError:  # deleted meanwhile
            return
        for sentence, question in islice(candidates(text), _MOST_TRIED_PER_DOCUMENT):
            answer = self._chain.quote(AskRequest(question))
            quotes = (citation.quote for citation in answer.citations[:2])
            if answer.status == "answered" and any(sentence in q or q in sentence for q in quotes):
                yield question


def candidates(text: str) -> Iterator[tuple[str, str]]:
    """Yield sentences of a text with the question that each answers."""
    for line in text.splitlines():
        if line.startswith(("#", "-", "*", "|", ">", "    ")):
            continue
        for sentence in _SENTENCE_END.split(line.strip()):
            question = _question(sentence)
            if question is not None and len(question) <= _LONGEST:
                yield sentence, question


def _question(sentence: str) -> str | None:
    if _VAGUE.match(sentence):
        return None
    if match := _WHEN.match(sentence):
        return f"When {match['aux']} {_inside(match['subject'])} {match['rest']}?"
    if match := _FOUNDED.search(sentence):
        aux, _, rest = match["rest"].partition(" ")
        return f"When {aux} the {match['subject']} {rest}?"
    if match := _HOW_MANY_ARE.match(sentence):
        return f"How many {match['things']} {match['rest']}?"
    if match := _HOW_MANY_HAS.match(sentence):
        verb = _BASE_FORMS[match["verb"]]
        return f"How many {match['things']} does {_inside(match['subject'])} {verb}?"
    if match := _WHO_DID.match(sentence):
        return f"Who {match['rest'].strip()}?"
    if (match := _WHO_IS.match(sentence)) and _is_person(match["subject"]):
        return f"Who is {match['subject']}?"
    return None


def _inside(subject: str) -> str:
    """Return a subject as it stands inside a sentence."""
    if subject.startswith(_ARTICLES):
        return subject[0].lower() + subject[1:]
    return subject


def _is_person(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)
