"""What the reader is trained on: which sets of the pool, how much of each, and what is made of it.

``first`` is the long stage, without the articles that are measured on; ``second`` the short one
that adds some of them.
"""

import random
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from training import claims, negatives
from training.examples import Encoder, Example, answer_of, subject_of, window
from training.pool import HeldOut, Row, read, sentences

QUESTIONS = {
    "squad_train_pieces": 20005,
    "squadshifts_new_wiki": 7738,
    "squadshifts_reddit": 2500,
    "squadshifts_amazon_reviews": 2500,
    "xquad_en": 837,
    "qamr_sentence": 7000,
    "qasrl_gs_sentence": 1000,
    "nq_oracle": 2652,
    "qed_nq_dev": 1355,
    "nq_swap": 1000,
    "confiqa_mc": 300,
    "contrast_sets": 2000,
    "timeqa_paragraph": 3690,
    "ramdocs_even": 1319,
    "mined_unanswerable": 7000,
    "swapped_unanswerable": 3000,
}
MEASURED = {"squad2_dev_even": 2824, "disflqa_even": 2810}
"""The sets over the articles that the figures are taken on."""

SENTENCES = {"selqa": 28874, "squad_train_sent": 9000, "qnli_dev": 3000, "bioasq9b_pos": 3500}
CLAIMS = {
    "fever_dev_evidence": 8000,
    "fever_symmetric": 1414,
    "sufficient_facts": 4596,
    "mnli_dev": 9815,
    "snli_dev": 2000,
    "scitail_test": 1500,
    "mpe": 300,
    "joci": 800,
    "wice": 707,
    "begin": 2500,
    "summedits_short": 2500,
    "dialfact_small": 299,
    "help_and_or": 1000,
    "med_monotonicity": 1200,
    "breaking_nli": 1500,
    "conjnli": 6000,
    "fever_nei_mined": 3000,
}

_FACTUAL = ("squad_train_pieces", "squadshifts_new_wiki", "nq_oracle", "xquad_en")
_SHARE = 20  # of the first stage's sets, one part in so many is repeated in the second
_TITLED = 0.35  # of the texts get a title before them, as at inference
_RESTATED = 0.08  # of the texts get a sentence that only repeats the question


class Recipe:
    """Makes the examples.

    Args:
        pool: the folder with ``manifest.json``.
        encoder: makes token ids.
        held_out: what must not be trained on in the first stage.
    """

    def __init__(self, pool: Path, encoder: Encoder, held_out: HeldOut) -> None:
        self._pool = pool
        self._encoder = encoder
        self._held_out = held_out

    def first(self) -> list[Example]:
        """Return the examples of the long stage."""
        rows = [row for row in read(self._pool, "qa", QUESTIONS) if row not in self._held_out]
        made = list(self._questions(rows))
        factual = [row for row in rows if row["set"] in _FACTUAL]
        made += self._adversarial(factual, 14000)
        made += self._far(factual, 8000)
        made += self._withheld(factual, 6000)
        made += self._sentences(SENTENCES)
        made += self._claims(CLAIMS, rows, framed=14000, altered=14000)
        return made

    def second(self, measured: Iterable[Row]) -> list[Example]:
        """Return the examples of the short stage: ``measured`` articles and some of the first."""
        most = {name: count // _SHARE for name, count in QUESTIONS.items()}
        rows = [row for row in read(self._pool, "qa", most) if row not in self._held_out]
        made = list(self._questions(rows))
        factual = [row for row in rows if row["set"] in _FACTUAL]
        made += self._adversarial(factual, 600)
        made += self._far(factual, 400)
        mine = list(measured)
        made += list(self._questions(mine))
        made += self._withheld([row for row in mine if row["answerable"]], 500)
        made += self._sentences({name: count // _SHARE for name, count in SENTENCES.items()})
        made += self._claims(
            {name: count // _SHARE for name, count in CLAIMS.items()}, rows, framed=700, altered=700
        )
        return made

    def _questions(self, rows: Iterable[Row]) -> Iterator[Example]:
        for row in rows:
            span = answer_of(row)
            if row["answerable"] and span is None:
                continue
            made = self._question(row["question"], row["context"], span)
            if made is not None:
                yield made

    def _question(
        self, question: str, text: str, span: tuple[int, int] | None, *, exact: bool = True
    ) -> Example | None:
        title = subject_of(text) if random.random() < _TITLED else ""
        text, span = window(text, question, span, random.choice((380, 500, 650, 800)))
        if random.random() < _RESTATED:
            text, span = negatives.with_restatement(question, text, span)
        if span is not None and title and text[span[0] : span[1]].lower() in title.lower():
            title = ""
        return self._encoder.reading(question, text, span, exact=exact, title=title)

    def _adversarial(self, rows: list[Row], count: int) -> list[Example]:
        made: list[Example] = []
        random.shuffle(rows)
        for row in rows:
            if len(made) >= count:
                break
            if not row["answerable"] or (question := negatives.changed(row)) is None:
                continue
            text, _ = window(row["context"], row["question"], answer_of(row), 600)
            if example := self._question(question, text, None):
                made.append(example)
        return made

    def _far(self, rows: list[Row], count: int) -> list[Example]:
        far = negatives.distant(rows, count)
        return [e for row in far if (e := self._question(row["question"], row["context"], None))]

    def _withheld(self, rows: list[Row], count: int) -> list[Example]:
        """Return passages without the sentence that answers."""
        made: list[Example] = []
        for row in random.sample(rows, min(count, len(rows))):
            text = row["context"]
            answers = [answer["text"].lower() for answer in row["answers"]]
            kept = [text[s:e] for s, e in sentences(text)]
            rest = [s for s in kept if not any(a in s.lower() for a in answers)]
            if not answers or not rest or len(rest) == len(kept):
                continue
            if example := self._question(row["question"], "".join(rest), None):
                made.append(example)
        return made

    def _sentences(self, most: dict[str, int]) -> list[Example]:
        """Return sentences in their surroundings: which one answers is known, the words are not."""
        made: list[Example | None] = []
        rows = [row for row in read(self._pool, "rank", most) if row not in self._held_out]
        by_set: dict[str, list[Row]] = {}
        for row in rows:
            by_set.setdefault(row["set"], []).append(row)
        for name, mine in by_set.items():
            others = [row["sentence"] for row in mine]
            if name != "bioasq9b_pos":
                for row in random.sample(mine, min(len(mine), 4000)):
                    made.append(
                        self._encoder.ranking(row["question"], row["sentence"], int(row["label"]))
                    )
            mine.sort(key=lambda row: row["question"])
            for question, group in groupby(mine, key=lambda row: row["question"]):
                members = list(group)
                right = [row["sentence"] for row in members if row["label"]]
                wrong = [row["sentence"] for row in members if not row["label"]]
                if name == "bioasq9b_pos" or not wrong:
                    wrong = random.sample(others, min(2, len(others)))
                random.shuffle(wrong)
                made.append(self._among(question, right, wrong))
        return [example for example in made if example is not None]

    def _among(self, question: str, right: list[str], wrong: list[str]) -> Example | None:
        parts = [part.strip() for part in wrong[:4]]
        if not right:
            return self._question(question, " ".join(parts), None)
        answer = random.choice(right).strip()[:500]
        parts.insert(random.randrange(len(parts) + 1), answer)
        text = " ".join(parts)
        start = text.index(answer)
        return self._question(question, text, (start, start + len(answer)), exact=False)

    def _claims(
        self, most: dict[str, int], rows: list[Row], *, framed: int, altered: int
    ) -> list[Example]:
        made = [
            self._encoder.checking(row["hypothesis"], row["premise"], row["label"])
            for row in read(self._pool, "nli", most)
        ]
        pairs = [*claims.framed(framed), *claims.from_texts(rows, altered)]
        made += [self._encoder.checking(claim, text, label) for text, claim, label in pairs]
        return [example for example in made if example is not None]
