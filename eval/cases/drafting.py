"""Cases drafted from a user's documents, for a person to check and edit.

Owns the order of the documents and what is counted; how a draft is made is
``eval.cases.offline_drafts``'s and ``eval.cases.model_drafts``'s.
"""

import asyncio
import math
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from app.models.base import ChatModel
from app.models.errors import (
    ContentFilteredError,
    ContextTooLongError,
    CutOffError,
    EmptyReplyError,
    GarbledReplyError,
)
from eval.cases.draft_model import Draft, UnusableDraftError, line_of
from eval.cases.model_drafts import UnreadableReplyError, parse, stretches
from eval.cases.offline_drafts import offline_drafts
from index.model import SourceDocument
from prompts import Prompts

_T = TypeVar("_T")

UNREADABLE: Final = "a reply was not the JSON that was asked for"
_OF_ONE_TEXT = (
    ContentFilteredError,
    ContextTooLongError,
    CutOffError,
    EmptyReplyError,
    GarbledReplyError,
)  # another text may fare better; all other failures end the work
_MOST_AT_ONCE = 5  # cases asked of a model in one call; with more it repeats itself
_SPARE_CALLS = 5  # a model whose drafts are all dropped must not be asked for ever


class Drafts(Iterator[str]):
    """Lines of a dataset, one after the other. ``dropped`` counts what was no use, by reason."""

    def __init__(self, lines: Iterator[str], dropped: Counter[str]) -> None:
        self.dropped = dropped
        self._lines = lines

    def __next__(self) -> str:
        """Return the next line, without a line feed."""
        return next(self._lines)


def draft(
    documents: Sequence[SourceDocument],
    *,
    count: int,
    model: ChatModel | None = None,
    dataset: str = "draft",
) -> Drafts:
    """Draft up to ``count`` cases, from each document in turn.

    Each line carries ``"draft": true``, so that ``load`` refuses it until a person has checked it
    and taken the mark off; once it is off, the line loads over these documents. Without a model
    the questions are plain or have a gap to be filled, in English only. With one, a draft whose
    quotes do not stand in its document is dropped and counted in ``dropped``.

    Args:
        documents: what the questions are about; near-misses are looked up in all of them.
        count: most cases; there may be fewer, when the documents give no more.
        model: writes the drafts, in at most ``count + 5`` calls, on an event loop of its own. It is
            closed at the end; call neither on a running loop nor with a model still in use.
        dataset: what the ids begin with: the stem of the file that the lines go to.

    Raises:
        ModelError: on iteration, when the model cannot be reached.
    """
    dropped: Counter[str] = Counter()
    if model is None:
        drafts = _in_turns(_paired(each, documents) for each in documents)
    else:
        drafts = _asked(documents, count, model, dropped)
    return Drafts(_lines(drafts, dataset, count, dropped), dropped)


def _paired(
    document: SourceDocument, documents: Sequence[SourceDocument]
) -> Iterator[tuple[SourceDocument, Draft]]:
    for each in offline_drafts(document, documents):
        yield document, each


def _lines(
    drafts: Iterator[tuple[SourceDocument, Draft]], dataset: str, count: int, dropped: Counter[str]
) -> Iterator[str]:
    prefix = re.sub(r"[^a-z0-9]+", "-", dataset.lower()).strip("-") or "draft"
    seen: set[str] = set()
    if count < 1:
        return
    for document, each in drafts:
        question = " ".join(each.question.casefold().split())
        try:
            if question in seen:
                raise UnusableDraftError("a question came twice")
            line = line_of(each, document, f"{prefix}-{len(seen) + 1:03}")
        except UnusableDraftError as error:
            dropped[str(error)] += 1
            continue
        seen.add(question)
        yield line
        if len(seen) == count:
            return


def _asked(
    documents: Sequence[SourceDocument], count: int, model: ChatModel, dropped: Counter[str]
) -> Iterator[tuple[SourceDocument, Draft]]:
    """Yield what the model drafts, a stretch of each document in turn."""
    prompts = Prompts.load()
    whole = {document.id: document for document in documents}
    at_once = min(_MOST_AT_ONCE, math.ceil(count / max(1, len(documents))))
    calls = count + _SPARE_CALLS
    with asyncio.Runner() as runner:
        try:
            for stretch in islice(_in_turns(map(stretches, documents)), calls):
                messages = prompts.draft_cases(stretch, count=at_once)
                try:
                    drafts = parse(runner.run(model.complete(messages)))
                except UnreadableReplyError:
                    dropped[UNREADABLE] += 1
                    continue
                except _OF_ONE_TEXT as error:
                    dropped[error.message] += 1
                    continue
                for each in drafts:
                    yield whole[stretch.id], each
        finally:
            runner.run(model.aclose())


def _in_turns(pools: Iterable[Iterator[_T]]) -> Iterator[_T]:
    """Yield an item of each in turn until all are spent."""
    waiting = deque(pools)
    while waiting:
        pool = waiting.popleft()
        for item in islice(pool, 1):
            yield item
            waiting.append(pool)
