"""Retrieval, evidence and refusal on SQuAD-form data, all paragraphs indexed together."""

from pathlib import Path

from app.answer.chain import AskRequest, Chain
from app.services import make_chain
from app.settings import Answering, Settings
from eval.benchmarks import squad
from eval.benchmarks.report import Report
from index.library import Library

_FOLD = str.maketrans({"–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})


def retrieval(data: Path, library: Library) -> Report:
    """Measure how often the right paragraph is first, and among the first four."""
    paragraphs = squad.read(data)
    ranks: list[int] = []
    for paragraph in paragraphs:
        for question in paragraph.questions:
            if question.answerable:
                found = library.retriever(top_k=8).search(question.text)
                ids = list(dict.fromkeys(passage.document_id for passage in found))
                ranks.append(ids.index(paragraph.id) if paragraph.id in ids else len(ids) + 100)
    report = Report("retrieval", f"{len(paragraphs)} paragraphs, {len(ranks)} questions")
    report.add("right paragraph first", _share(ranks, 1), target=">= 0.82")
    report.add("right paragraph in the first four", _share(ranks, 4), target=">= 0.95")
    report.add("mean reciprocal rank", sum(1 / (rank + 1) for rank in ranks) / len(ranks))
    return report


def evidence(data: Path, library: Library) -> Report:
    """Measure what answers quote, when nothing is refused for weak evidence."""
    paragraphs = squad.read(data)
    chain = _chain(library, refuse_below=0.0)
    first = whole = sentences = total = standing = quotes = 0
    for paragraph in paragraphs:
        for question in (q for q in paragraph.questions if q.answerable):
            answer = chain.ask(AskRequest(question.text))
            quoted = [s for s in answer.sentences if s.support == "quoted"]
            total += 1
            sentences += len(quoted)
            first += bool(quoted) and holds(quoted[0].text, question.answers)
            whole += any(holds(s.text, question.answers) for s in quoted)
            for citation in answer.citations:
                span = library.read_span(
                    citation.document_id, citation.revision, citation.start, citation.end
                )
                quotes += 1
                standing += span == citation.quote
    report = Report("evidence", f"{len(paragraphs)} paragraphs, {total} answerable questions")
    report.add("first sentence holds a gold span", first / total, target=">= 0.71")
    report.add("whole answer holds a gold span", whole / total, target=">= 0.83")
    report.add("sentences an answer", sentences / total, target="<= 2.05")
    report.add("quotes that stand at their offsets", standing / max(quotes, 1), target=">= 1")
    return report


def refusal(data: Path, library: Library) -> Report:
    """Measure refusals at the default point, and trace the curve of the estimate."""
    paragraphs = squad.read(data)
    chain = _chain(library, refuse_below=None)
    refused: dict[bool, list[bool]] = {True: [], False: []}
    right = shown = 0
    for paragraph in paragraphs:
        for question in paragraph.questions:
            answer = chain.ask(AskRequest(question.text))
            refused[question.answerable].append(answer.status == "refused")
            if answer.status != "refused":
                shown += 1
                right += any(holds(s.text, question.answers) for s in answer.sentences)
    report = Report("refusal", "at the default threshold")
    report.add("answerable, wrongly refused", _mean(refused[True]), target="<= 0.08")
    report.add("unanswerable, refused", _mean(refused[False]))
    report.add("shown answers that hold a gold span", right / max(shown, 1))
    for threshold, wrongly, rightly in curve(paragraphs, library):
        report.add(f"  refused below {threshold:.2f}: answerable", wrongly)
        report.add(f"  refused below {threshold:.2f}: unanswerable", rightly)
    return report


def curve(
    paragraphs: list[squad.SquadParagraph], library: Library
) -> list[tuple[float, float, float]]:
    """Return (threshold, answerable refused, unanswerable refused) over the estimate's range."""
    chain = _chain(library, refuse_below=0.0)
    estimates: dict[bool, list[float]] = {True: [], False: []}
    for paragraph in paragraphs:
        for question in paragraph.questions:
            estimates[question.answerable].append(
                chain.select(AskRequest(question.text)).answerable
            )
    points = sorted(estimates[True])
    rows = []
    for share in (0.01, 0.02, 0.04, 0.06, 0.08, 0.10, 0.15, 0.20, 0.30):
        threshold = points[int(share * len(points))]
        rows.append(
            (
                threshold,
                _mean([value < threshold for value in estimates[True]]),
                _mean([value < threshold for value in estimates[False]]),
            )
        )
    return rows


def _chain(library: Library, *, refuse_below: float | None) -> Chain:
    settings = Settings(answering=Answering(refuse_below=refuse_below))
    return make_chain(settings, library)


def holds(text: str, spans: tuple[str, ...]) -> bool:
    """Tell whether a text has one of the spans, whatever its case, blanks and typography."""
    folded = " ".join(text.translate(_FOLD).lower().split())
    return any(" ".join(span.translate(_FOLD).lower().split()) in folded for span in spans)


def _share(ranks: list[int], within: int) -> float:
    return sum(rank < within for rank in ranks) / len(ranks)


def _mean(values: list[bool]) -> float:
    return sum(values) / max(len(values), 1)
