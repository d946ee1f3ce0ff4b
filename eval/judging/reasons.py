"""Why a judged score is what it is, in a line or two, from what the judge said."""

from collections.abc import Iterator, Sequence
from typing import Any

from eval.judging.asking import Exchange
from eval.judging.samples import ANSWER_RELEVANCY, CONTEXT_PRECISION, NOISE_SENSITIVITY

_LONGEST = 600


def reason(metric: str, exchanges: Sequence[Exchange]) -> str:
    """Return what the judge found, what it did not accept first."""
    replies: list[Any] = [exchange.reply for exchange in exchanges]
    if metric == CONTEXT_PRECISION:
        useful = [str(place) for place, reply in enumerate(replies, start=1) if reply.verdict]
        text = f"useful of {len(replies)} passages: {', '.join(useful) or 'none'}"
    elif metric == ANSWER_RELEVANCY:
        evasive = " (evasive)" if all(reply.noncommittal for reply in replies) else ""
        asked = dict.fromkeys(reply.question for reply in replies)
        text = f"it answers{evasive}: {' / '.join(asked)}"
    else:
        # The answer against the reference comes last; what stands before it is single passages.
        relevant = exchanges[-1:] if metric == NOISE_SENSITIVITY else exchanges
        text = _of_verdicts([verdict for exchange in relevant for verdict in _verdicts(exchange)])
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _of_verdicts(verdicts: list[tuple[str, str, int]]) -> str:
    wrong = [f"{statement} ({why})" for statement, why, verdict in verdicts if not verdict]
    text = f"{len(verdicts) - len(wrong)} of {len(verdicts)} statements accepted"
    return f"{text}; not: {' / '.join(wrong)}" if wrong else text


def _verdicts(exchange: Exchange) -> Iterator[tuple[str, str, int]]:
    reply: Any = exchange.reply
    if "classifications" in type(reply).model_fields:
        for item in reply.classifications:
            yield item.statement, item.reason, item.attributed
    elif "statements" in exchange.inputs:
        for item in reply.statements:
            yield item.statement, item.reason, item.verdict
