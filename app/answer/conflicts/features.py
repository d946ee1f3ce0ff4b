"""What speaks for a candidate being the value asked for: named numbers, one row a candidate.

The weights of ``weights.json`` belong to exactly these columns; whoever changes one trains again.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.answer.conflicts.asked import Asked, Form
from app.answer.conflicts.candidates import Candidate, Key
from app.answer.conflicts.classes import members
from app.answer.evidence.model import Evidence
from app.answer.question.model import AnswerKind
from app.answer.question.words import Token, tokens
from app.answer.values import ValueKind
from app.answer.values.words import word_set

Array = NDArray[np.float64]

_BEFORE: Final = ("in", "on", "by", "at", "from", "of", "the", "a", "an", "is", "was", "and", "to")
_BEFORE_MARKS: Final = ("(", ",", "born", "since", "until", "between", "about")
_AFTER: Final = ("(", ")", ",", ".")
_AFTER_WORDS: Final = ("and", "in", "is", "was", "of", "by")
_PRONOUNS: Final = frozenset(("he", "she", "it", "they", "the", "its", "his", "her", "this"))
_BODIES: Final = word_set(
    """
    agency army association band bank board bureau church club coalition college command commission
    committee company corporation council county court department district festival force forces
    foundation government group high house institute journal league library magazine mission
    ministry museum office orchestra party press records school service society studios team times
    union university
    """
)
_DEMONYMS: Final = ("ish", "ese", "ian", "ean", "ican", "aqi", "raeli", "French", "Dutch")
_TITLE: Final = 4
_HEADS: Final = frozenset(("person", "inhabitant", "resident", "people"))

COLUMNS: Final = (
    "score", "score_share", "rank", "document_best", "subject_here", "subject_in_document",
    "subject_phrase", "relation_here", "kin_here", "near_relation", "after_relation", "near_kin",
    "after_kin", "near_subject", "after_subject", "lead", "position", "opens_with_subject",
    "opens_with_pronoun", "in_brackets", "first_in_brackets", "echo", "repeats", "rivals",
    "order", "first", "last", "words", "length", "capitals", "unfinished", "support",
    "near_both", "titled", "done_by",
    *(f"before_{word}" for word in _BEFORE + _BEFORE_MARKS),
    *(f"after_{word}" for word in _AFTER + _AFTER_WORDS),
    "is_day", "is_year", "is_long", "counts_focus", "counts_heads", "counts_nothing", "is_share",
    "is_ordinal", "has_comma", "is_duration", "is_name", "is_acronym", "is_nested_place",
    "has_digit", "is_capital", "is_qualified", "is_country", "is_body", "is_demonym",
    *(f"form_{form.value}" for form in Form),
    "asks_person", "asks_place",
)  # fmt: skip


def matrix(
    asked: Asked,
    candidates: Sequence[Candidate],
    behind: Mapping[Evidence, Evidence] = MappingProxyType({}),
) -> Array:
    """Return the features of every candidate, shape (candidates, columns).

    ``behind`` has the sentence that another one goes on with: its words count as said here.
    """
    sheet = _Sheet(asked, candidates, behind)
    return np.array([sheet.row(candidate) for candidate in candidates], dtype=np.float64)


class _Sheet:
    """Counts over all candidates, and what is the same for all candidates of a sentence."""

    def __init__(
        self, asked: Asked, candidates: Sequence[Candidate], behind: Mapping[Evidence, Evidence]
    ) -> None:
        self.asked = asked
        self.behind = behind
        self.best = max((c.evidence.score for c in candidates), default=1.0) or 1.0
        self.documents: dict[Key, set[str]] = defaultdict(set)
        self.repeats: Counter[tuple[str, Key]] = Counter()
        self.by_sentence: dict[Evidence, list[Candidate]] = defaultdict(list)
        self.stems: dict[str, set[str]] = defaultdict(set)
        top: dict[str, float] = defaultdict(float)
        for candidate in candidates:
            document = candidate.evidence.passage.document_id
            self.documents[candidate.key].add(document)
            self.repeats[document, candidate.key] += 1
            self.by_sentence[candidate.evidence].append(candidate)
            top[document] = max(top[document], candidate.evidence.score)
        for evidence in self.by_sentence:
            passage = evidence.passage
            if passage.document_id not in self.stems:
                around = f"{passage.title} {passage.text}"
                self.stems[passage.document_id] |= _stems(around)
        self.top = top
        scores = sorted((e.score for e in self.by_sentence), reverse=True)
        self.ranks = {score: rank for rank, score in reversed(list(enumerate(scores)))}
        self.sentences = {e: self._sentence(e) for e in self.by_sentence}

    def _sentence(self, evidence: Evidence) -> tuple[list[float], "_Places"]:
        asked = self.asked
        words = tokens(evidence.text)
        stems = frozenset(word.stem for word in words)
        document = evidence.passage.document_id
        places = _Places(words, asked)
        phrase = places.phrase
        if evidence in self.behind:
            earlier = tokens(self.behind[evidence].text)
            stems |= {word.stem for word in earlier}
            phrase = max(phrase, _Places(earlier, asked).phrase)
        return [
            evidence.score,
            evidence.score / self.best,
            math.log1p(self.ranks[evidence.score]),
            float(evidence.score >= self.top[document]),
            _share(asked.subject, stems),
            _share(asked.subject, self.stems[document]),
            phrase,
            _share(asked.relation, stems),
            float(bool((asked.relation | asked.kin) & stems)),
        ], places

    def row(self, candidate: Candidate) -> list[float]:
        """Return one candidate's features in the order of COLUMNS."""
        asked, evidence, text = self.asked, candidate.evidence, candidate.evidence.text
        shared, places = self.sentences[evidence]
        words = places.words
        rivals = self.by_sentence[evidence]
        order = rivals.index(candidate)
        relation, relation_side = places.near(places.relation, candidate, 5.0)
        kin, kin_side = places.near(places.kin, candidate, 5.0)
        subject, subject_side = places.near(places.subject, candidate, 8.0)
        opened = text.rfind("(", 0, candidate.start)
        bracketed = opened > text.rfind(")", 0, candidate.start)
        inside = words[candidate.first : candidate.last + 1]
        said = [word.stem for word in inside if not word.stop]
        support = len(self.documents[candidate.key]) - 1
        return [
            *shared,
            relation, relation_side, kin, kin_side, subject, subject_side,
            float(evidence.passage.number == 0 and evidence.position == 0),
            min(evidence.position, 8) / 8,
            float(bool(words) and words[0].stem in asked.subject),
            float(bool(words) and words[0].lower in _PRONOUNS),
            float(bracketed),
            float(bracketed and not any(opened < r.start < candidate.start for r in rivals)),
            sum(stem in asked.stems for stem in said) / max(len(said), 1),
            math.log(self.repeats[evidence.passage.document_id, candidate.key]),
            math.log(len(rivals)),
            order / len(rivals),
            float(order == 0),
            float(order == len(rivals) - 1),
            float(min(len(inside), 8)),
            min(len(words), 60) / 40,
            places.capitals,
            float(text.rstrip("\"'”’)] ")[-1:] not in (".", "!", "?")),
            math.log1p(support),
            relation * subject,
            places.titled(candidate),
            places.done_by(candidate),
            *_context(text, words, candidate),
            *_value(asked, candidate, text),
            *(float(asked.form is form) for form in Form),
            float(asked.kind is AnswerKind.PERSON),
            float(asked.kind is AnswerKind.PLACE),
        ]  # fmt: skip


class _Places:
    """Where the question's words stand in a sentence."""

    def __init__(self, words: tuple[Token, ...], asked: Asked) -> None:
        self.words = words
        self.asked = asked
        self.relation = [n for n, word in enumerate(words) if word.stem in asked.relation]
        self.kin = [n for n, word in enumerate(words) if word.stem in asked.kin]
        self.subject = [n for n, word in enumerate(words) if word.stem in asked.subject]
        self.capitals = sum(w.text[0].isupper() for w in words) / max(len(words), 1)
        run = best = 0
        for place, place_before in zip(self.subject, [-2, *self.subject], strict=False):
            run = run + 1 if place - place_before <= 2 else 1
            best = max(best, run)
        self.phrase = min(best / max(len(asked.subject), 1), 1.0)

    def titled(self, candidate: Candidate) -> float:
        """Return the share of the relation's words that stand as a title right before."""
        words = self.words[max(candidate.first - _TITLE, 0) : candidate.first]
        found: set[str] = set()
        for word in reversed(words):
            if word.stem not in self.asked.relation and word.stem not in self.asked.kin:
                break
            found.add(word.stem)
        return len(found & self.asked.relation) / max(len(self.asked.relation), 1)

    def done_by(self, candidate: Candidate) -> float:
        """Tell whether "by" joins the candidate to a word of the relation: "directed by X"."""
        before = [word.lower for word in self.words[max(candidate.first - 2, 0) : candidate.first]]
        if "by" not in before:
            return 0.0
        stems = {w.stem for w in self.words[max(candidate.first - 4, 0) : candidate.first]}
        return float(bool(stems & (self.asked.relation | self.asked.kin)))

    @staticmethod
    def near(places: Iterable[int], candidate: Candidate, scale: float) -> tuple[float, float]:
        """Return nearness, 1 beside to 0 far, and the same signed: positive after the word."""
        best, side = 0.0, 1.0
        for place in places:
            if candidate.first <= place <= candidate.last:
                continue
            before = place < candidate.first
            apart = candidate.first - place if before else place - candidate.last
            near = math.exp((1 - apart) / scale)
            if near > best:
                best, side = near, 1.0 if before else -1.0
        return best, best * side


def _context(text: str, words: tuple[Token, ...], candidate: Candidate) -> list[float]:
    """Tell which words and marks stand right beside the candidate."""
    before = words[candidate.first - 1] if candidate.first else None
    gap = text[before.end if before else 0 : candidate.start]
    word = before.lower if before else ""
    after = text[candidate.end : candidate.end + 2].strip()
    following = words[candidate.last + 1].lower if candidate.last + 1 < len(words) else ""
    return [
        *(float(word == other) for other in _BEFORE),
        *(float(m in gap) if not m.isalpha() else float(word == m) for m in _BEFORE_MARKS),
        *(float(after.startswith(mark)) for mark in _AFTER),
        *(float(following == other) for other in _AFTER_WORDS),
    ]


def _value(asked: Asked, candidate: Candidate, text: str) -> list[float]:
    """Tell the candidate's own nature."""
    value, written = candidate.value, text[candidate.start : candidate.end]
    days, unit = -1, None
    if value is not None and value.first is not None and value.last is not None:
        days = (value.last - value.first).days
    counts = value is not None and value.kind in (ValueKind.NUMBER, ValueKind.DURATION)
    if counts and value is not None:
        unit = value.unit or ""
    unit_stems = _stems(unit) if unit else frozenset()
    return [
        float(days == 0),
        float(360 < days < 370),
        float(days >= 370),
        float(bool(unit_stems & asked.focus)),
        float(unit in _HEADS),
        float(counts and not unit),
        float(unit == "%"),
        float(unit == "ordinal"),
        float(counts and "," in written),
        float(value is not None and value.kind is ValueKind.DURATION),
        float(value is not None and value.kind is ValueKind.NAME),
        float(written.isupper()),
        float(", " in written),
        float(any(c.isdigit() for c in written)),
        float(written[:1].isupper()),
        float(candidate.last > candidate.first),
        float(_is_land(written)),
        float(bool(_BODIES & set(written.lower().split()))),
        float(written[:1].isupper() and written.endswith(_DEMONYMS)),
    ]


def _is_land(written: str) -> bool:
    words = tuple(written.lower().split())
    return words in members("country") or words in members("state")


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(text))


def _share(wanted: frozenset[str], present: Iterable[str]) -> float:
    return len(wanted.intersection(present)) / len(wanted) if wanted else 1.0
