"""The check of one drafted sentence against the passages that it cites, and that were given.

Owns the order of the checks and the thresholds; what each looks at stands in its own module. Knows
no model, no prompt and no markers: those were parsed off before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.answer.evidence.model import Evidence
from app.answer.support import attribution, figures, names, polarity, quotations, roles
from app.answer.support.coverage import Coverage, added_word, bare_segment, measure, other_actor
from app.answer.support.lines import Line, Overlay, lines_of, overlay
from app.answer.support.model import Verdict
from app.answer.support.plan import Plan, plans
from app.answer.support.reading import Reading, read
from index.model import Matrix, RetrievedPassage

Embed = Callable[[Sequence[str]], Matrix]
"""Texts to unit vectors; ``Embedder.embed``."""

LEAST_SHARE = 0.58
LEAST_WORST = 0.25
MOST_RUN = 1.6
_NEARLY_ALL = 0.7  # share of a sentence from which one line counts as saying it all
_ADDING = 0.12  # what a further line must cover to be cited too


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one set of lines makes of a sentence."""

    why: str | None
    plan: Plan | None = None
    coverage: Coverage | None = None
    cosine: float = 0.0


def check(
    text: str,
    cited: Sequence[RetrievedPassage],
    given: Sequence[RetrievedPassage],
    embed: Embed,
) -> Verdict:
    """Tell whether passages support a drafted sentence, and which of their sentences do.

    Args:
        text: The sentence, plain, without its markers.
        cited: The passages its markers name; none when they name nothing that was given.
        given: All passages that the model saw.
        embed: Makes the sentence's vector, to compare with those of the passages' sentences.
    """
    judged = judge(text, cited, embed)
    if judged.why is None and judged.plan is not None:
        return Verdict("supported", _evidence(judged.plan))
    others = [passage for passage in given if passage not in cited]
    if others:
        again = judge(text, [*cited, *others], embed)
        if again.why is None and again.plan is not None:
            return Verdict("recited", _evidence(again.plan))
        if not cited:
            judged = again
    return Verdict("dropped", why=judged.why or "no passage was given")


def judge(text: str, passages: Sequence[RetrievedPassage], embed: Embed) -> Judgement:
    """Hold a sentence against the lines of ``passages`` alone."""
    lines = lines_of(passages)
    if not lines:
        return Judgement("it cites nothing that was given")
    references = {line.published_at for line in lines}
    draft = read(text, references.pop() if len(references) == 1 else None)
    if not any(word.content for word in draft.words):
        return Judgement("it says nothing that could be checked")
    vector = embed([text])[0]
    overlays = [overlay(draft, line) for line in lines]
    cosines = [float(line.passage.vectors[line.position] @ vector) for line in lines]
    first: Judgement | None = None
    refuted: list[Overlay] = []
    told = attribution.reported(draft)
    for plan in plans(draft, overlays, cosines, told):
        if any(chosen in refuted for chosen in plan.chosen):
            continue  # the line that speaks against it cannot help to support it
        cosine = max(cosines[overlays.index(chosen)] for chosen in plan.chosen)
        judged = _judge(plan, cosine, told)
        if judged.why is None:
            return judged
        refuted.append(plan.chosen[0])
        first = first or judged
    return first or Judgement("the cited passage does not say this")


def _judge(plan: Plan, cosine: float, told: frozenset[int]) -> Judgement:
    coverage = measure(plan, told)
    why = (
        figures.fault(plan, told)
        or quotations.fault(plan)
        or names.fault(plan, told)
        or attribution.fault(plan)
        or polarity.fault(plan)
        or roles.fault(plan, told)
        or _contradicted(plan, told)
        or _uncovered(plan, coverage, cosine, told)
    )
    return Judgement(why, plan, coverage, cosine)


def _contradicted(plan: Plan, told: frozenset[int]) -> str | None:
    """Return what one of several lines, which alone says nearly all of it, says differently."""
    if len(plan.chosen) == 1:
        return None
    words = [(i, word) for i, word in enumerate(plan.draft.words) if word.content and i not in told]
    total = sum(word.weight for _, word in words) or 1.0
    for chosen in plan.chosen:
        if sum(word.weight * chosen.held[i] for i, word in words) / total >= _NEARLY_ALL:
            alone = Plan(plan.draft, (chosen,))
            why = figures.contradicted(alone, told) or names.contradicted(alone, told)
            if why is not None:
                return why
    return None


def _uncovered(plan: Plan, coverage: Coverage, cosine: float, told: frozenset[int]) -> str | None:
    word = added_word(plan, told) or other_actor(plan, told)
    if word is not None:
        return f"{word} is not in the cited passage"
    bare = bare_segment(plan, told)
    if bare is not None:
        return f"the cited passage does not say “{plan.draft.text[slice(*bare)]}”"
    if coverage.run > MOST_RUN or coverage.worst < LEAST_WORST:
        stretch = plan.draft.text[coverage.start : coverage.end]
        return f"the cited passage does not say “{stretch}”"
    if coverage.share + 0.3 * (cosine - 0.7) < LEAST_SHARE:
        return "the cited passage does not say this"
    return None


def _evidence(plan: Plan) -> tuple[Evidence, ...]:
    """Return the lines that a sentence rests on, without those that add next to nothing."""
    kept: list[Overlay] = []
    for chosen in plan.chosen:
        if not kept or _adds(plan.draft, kept, chosen):
            kept.append(chosen)
    return tuple(_quoted(item.line, plan) for item in kept)


def _adds(draft: Reading, kept: Sequence[Overlay], other: Overlay) -> bool:
    total = sum(word.weight for word in draft.words) or 1.0
    gain = sum(
        word.weight * max(0.0, other.here[i] - max(k.here[i] for k in kept))
        for i, word in enumerate(draft.words)
    )
    figure = any(
        word.figure and other.places[i] and not any(k.places[i] for k in kept)
        for i, word in enumerate(draft.words)
    )
    return figure or gain / total >= _ADDING


def _quoted(line: Line, plan: Plan) -> Evidence:
    sentence = line.passage.sentences[line.position]
    share = float(np.clip(sum(plan.sureness) / max(1, len(plan.sureness)), 0.0, 1.0))
    return Evidence(line.passage, line.position, line.text, sentence.start, sentence.end, share, ())
