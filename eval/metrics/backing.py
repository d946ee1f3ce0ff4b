"""Whether what stands at a statement's citations backs it, offline.

A quote backs what it says word for word. Anything else is judged by the service's own check of
drafted sentences (``app.answer.support``), over the stored text: what that check cannot tell, this
cannot either, and the judge tier is there for it.
"""

from collections.abc import Iterable, Iterator, Sequence

from app.answer.model import Citation
from app.answer.support import check
from app.api.models import FoundPassage
from eval.metrics.facts import folded, says
from eval.metrics.model import Subject
from eval.metrics.statements import Statement
from index.embedding.base import Embedder
from index.model import RetrievedPassage, Sentence
from index.segment import sentences


def backed(subject: Subject, statement: Statement, markers: Iterable[int]) -> bool:
    """Tell whether the stored texts at ``markers``, all together, back a statement.

    A sentence called a quote must stand in one of them; a value of a disagreement must be said by
    one of them; any other sentence must be supported by the passages they lie in, the best line of
    which must be one of them.
    """
    cited = [subject.citations[m] for m in markers if subject.stored.get(m)]
    quotes = [subject.stored[citation.marker] for citation in cited]
    if any(folded(statement.text) in folded(quote) for quote in quotes):
        return True
    if statement.kind == "quoted" or not cited:
        return False
    if statement.kind == "value":
        pairs = zip(cited, quotes, strict=True)
        return any(says(quote, statement.text, c.published_at) for c, quote in pairs)
    return _supported(subject, statement.text, cited)


def _supported(subject: Subject, text: str, cited: Sequence[Citation]) -> bool:
    around = {_key(found): found for found in (_around(subject, one) for one in cited)}
    passages = [_retrieved(found, cited, subject.embedder) for found in around.values()]
    verdict = check(text, passages, passages, subject.embedder.embed)
    if verdict.outcome == "dropped":
        return False
    best = verdict.evidence[0]
    place = (best.passage.document_id, best.start, best.end)
    return any(place == (one.document_id, one.start, one.end) for one in cited)


def _around(subject: Subject, citation: Citation) -> FoundPassage:
    """Return the passage that a citation lies in, or where none was found the quote alone."""
    for found in subject.observation.passages:
        if (found.document_id, found.revision) == (citation.document_id, citation.revision) and (
            found.start <= citation.start and citation.end <= found.end
        ):
            return found
    fields = citation.model_dump(include=set(FoundPassage.model_fields))
    return FoundPassage(**fields, text=subject.stored[citation.marker], score=1.0)


def _key(found: FoundPassage) -> tuple[str, str, int]:
    return found.document_id, found.revision, found.start


def _retrieved(
    found: FoundPassage, cited: Sequence[Citation], embedder: Embedder
) -> RetrievedPassage:
    """Return a found passage as the check takes it, each citation in it a sentence."""
    spans = list(_sentences(found, cited))
    return RetrievedPassage(
        document_id=found.document_id,
        revision=found.revision,
        number=0,
        title=found.title,
        source=found.source,
        url=found.url,
        published_at=found.published_at,
        language=None,
        start=found.start,
        end=found.end,
        text=found.text,
        heading=None,
        sentences=tuple(Sentence(found.start + a, found.start + b) for a, b in spans),
        vectors=embedder.embed([found.text[a:b] for a, b in spans]),
        score=1.0,
        similarity=1.0,
        lexical=1.0,
    )


def _sentences(found: FoundPassage, cited: Sequence[Citation]) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a passage as offsets into its text, and its citations whole."""
    position = 0
    inside = {
        (citation.start - found.start, citation.end - found.start)
        for citation in cited
        if citation.document_id == found.document_id and found.start <= citation.start < found.end
    }
    for start, end in sorted(inside):
        if start >= position:
            yield from sentences.split(found.text, position, start)
            yield start, end
            position = end
    yield from sentences.split(found.text, position, len(found.text))
