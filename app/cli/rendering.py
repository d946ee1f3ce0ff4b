"""How an answer looks on a terminal: the short answer, sentences with raised markers, the sources.

Only shows what the answer object holds. Knows neither services nor servers.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from app.answer.model import (
    Answer,
    AnswerSentence,
    Citation,
    Conflict,
    NearestSource,
    Quote,
    Reason,
    ShortAnswer,
)
from app.cli.terminal import takes_unicode

MARGIN = 2
NOTE = 4  # a note's number and text stand to the right of this
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_REASONS: dict[Reason, str] = {
    "no_documents": "Nothing is indexed yet. Add documents with: footnote index PATH",
    "no_evidence": "Nothing in the documents is about it.",
    "weak_evidence": "What comes closest does not clearly answer it.",
    "language": "The documents are in another language than the question, or in one that is not "
    "known here. Ask in the language of the documents.",
    "draft_unsupported": "What was drafted could not be backed by a quote.",
    "model_unavailable": "The model could not be reached.",
}


def show_answer(console: Console, answer: Answer) -> None:
    """Print the short answer, the sentences, where sources disagree, and the numbered sources."""
    raised = console.is_terminal and takes_unicode(console)
    by_marker = {citation.marker: citation for citation in answer.citations}
    console.print()
    if answer.short:
        _indented(console, _short(answer.short, raised=raised))
        console.print()
    body = Text(" ").join(
        _sentence(sentence, answer.short, by_marker, raised=raised)
        for sentence in answer.sentences
        if not _tells_a_conflict(sentence, answer.conflicts)
    )
    if answer.sentences:
        _indented(console, body)
    else:
        _indented(console, Text(answer.answer, style="bold"))
    if answer.reason:
        _indented(console, Text(_REASONS[answer.reason], style="dim"))
    for conflict in answer.conflicts:
        _show_conflict(console, conflict, by_marker)
    if answer.citations:
        _heading(console, "Sources")
        for citation in answer.citations:
            _show_citation(console, citation, answer.short)
    elif answer.sources:
        _heading(console, "Nearest sources")
        for source in answer.sources:
            _show_source(console, source)
    if answer.dropped:
        _heading(console, "Left out")
        for dropped in answer.dropped:
            _indented(console, Text.assemble(dropped.text, (f" ({dropped.why})", "dim")), NOTE)
    console.print()


def markers(numbers: Iterable[int], *, raised: bool) -> Text:
    """Return the markers of citations, raised on a terminal, ``[1][2]`` elsewhere."""
    if raised:
        text = " ".join(str(number).translate(_RAISED) for number in numbers)
    else:
        text = "".join(f"[{number}]" for number in numbers)
    return Text(text, style="cyan")


def long_date(day: dt.date | None) -> str:
    """Write a date for readers: 27 September 2024; "undated" when it is unknown."""
    return f"{day.day} {day:%B %Y}" if day else "undated"


def _short(short: ShortAnswer, *, raised: bool) -> Text:
    said = short.text if short.start is not None else short.text.capitalize()  # yes and no
    return _marked(Text(_one_line(said), style="bold"), [short.citation], raised=raised)


def _sentence(
    sentence: AnswerSentence,
    short: ShortAnswer | None,
    cited: Mapping[int, Citation],
    *,
    raised: bool,
) -> Text:
    text = Text(sentence.text, style="" if short else "bold")
    citation = cited.get(short.citation) if short else None
    if short and citation and citation.quote == sentence.text:
        _embolden(text, short, citation)
    return _marked(text, sentence.citations, raised=raised)


def _marked(text: Text, numbers: Sequence[int], *, raised: bool) -> Text:
    """Return a text with the markers of citations behind it."""
    if not numbers:
        return text
    gap = "\N{NO-BREAK SPACE}" if raised else " "
    return Text.assemble(text, gap, markers(numbers, raised=raised))


def _embolden(text: Text, short: ShortAnswer, citation: Citation) -> None:
    """Make the short answer bold in a citation's quote, put on one line or not."""
    if short.start is None or short.end is None:
        return
    start, end = short.start - citation.start, short.end - citation.start
    if text.plain != citation.quote:  # each stretch of white space is one space
        start = len(_one_line(citation.quote[:start] + ".")) - 1
        end = len(_one_line(citation.quote[:end]))
    text.stylize("bold", start, end)


def _tells_a_conflict(sentence: AnswerSentence, conflicts: Sequence[Conflict]) -> bool:
    """Tell whether a sentence only says what the block of a conflict shows better."""
    return sentence.support == "supported" and any(
        all(claim.value in sentence.text for claim in conflict.claims)
        and set(sentence.citations) == {n for claim in conflict.claims for n in claim.citations}
        for conflict in conflicts
    )


def _show_conflict(console: Console, conflict: Conflict, cited: dict[int, Citation]) -> None:
    _heading(console, "The sources disagree", style="bold yellow")
    raised = console.is_terminal and takes_unicode(console)
    for claim in conflict.claims:
        line = Text(claim.value, style="bold")
        line.append("  ")
        line.append_text(markers(claim.citations, raised=raised))
        _indented(console, line, NOTE)
        for citation in (cited[number] for number in claim.citations):
            _indented(console, Text(_origin(citation), style="dim"), NOTE + 2)


def _show_citation(console: Console, citation: Citation, short: ShortAnswer | None) -> None:
    number = Text(f"{citation.marker:>{NOTE - 1}}  ", style="cyan")
    console.print(Text.assemble(number, (citation.title, "bold")))
    where = NOTE + 1
    _indented(console, Text(_origin(citation, title=False), style="dim"), where)
    quote = Text(_one_line(citation.quote), style="italic")
    if short and short.citation == citation.marker:
        _embolden(quote, short, citation)
    _indented(console, Text.assemble(("“", "italic"), quote, ("”", "italic")), where)
    for copy in citation.copies:
        same = f"The same text in {_origin(copy)}; not a further source."
        _indented(console, Text(same, style="dim"), where)
    if citation.url:
        _indented(console, Text(citation.url, style="dim"), where)


def _show_source(console: Console, source: NearestSource) -> None:
    details = [part for part in (source.source, long_date(source.published_at)) if part]
    _indented(console, Text.assemble(source.title, (f"  {', '.join(details)}", "dim")), NOTE)


def _origin(quote: Quote, *, title: bool = True) -> str:
    name = quote.source or (quote.title if title else "")
    page = f"p. {quote.page}" if quote.page else ""
    return ", ".join(part for part in (name, long_date(quote.published_at), page) if part)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _heading(console: Console, text: str, *, style: str = "bold dim") -> None:
    console.print()
    _indented(console, Text(text, style=style))


def _indented(console: Console, text: Text, by: int = MARGIN) -> None:
    lines = text.wrap(console, console.width - by) if console.is_terminal else [text]
    for line in lines:
        line.rstrip()
        console.print(" " * by, line, sep="", soft_wrap=True)
