"""What an evaluation may take, what it has taken, and when to stop asking.

Counts calls, tokens and money; knows neither prompts nor metrics.
"""

from dataclasses import dataclass, field
from typing import Self

from app.models.base import Deadline, Usage
from app.models.errors import ModelError, ModelKeyError, ModelQuotaError
from app.models.settings import JudgeSettings
from eval.judging.errors import StoppedError, told

_FAILURES_IN_A_ROW = 8
_CHARACTERS_A_TOKEN = 4  # for providers that count nothing


@dataclass(frozen=True, slots=True)
class JudgeLimits:
    """How much may be asked at once, how long it may take, and how much it may cost.

    Attributes:
        concurrency: verdicts asked for at the same time.
        call_s: seconds one verdict may take, retries included.
        total_s: seconds all of them may take.
        calls: most calls; replies from the cache are not calls.
        tokens: most tokens, None for any. Replies under way when it is reached still count.
        cost_usd: most US dollars, None for any; likewise.
    """

    concurrency: int = 4
    call_s: float = 180
    total_s: float = 3600
    calls: int = 20_000
    tokens: int | None = None
    cost_usd: float | None = None

    @classmethod
    def of(cls, settings: JudgeSettings) -> Self:
        """Return the limits that the settings give."""
        return cls(
            concurrency=settings.concurrency,
            call_s=settings.timeout_s,
            total_s=settings.total_s,
            calls=settings.max_calls,
            tokens=settings.max_total_tokens,
            cost_usd=settings.max_cost_usd,
        )


@dataclass(slots=True)
class Budget:
    """Counts what is spent against the limits. For one event loop.

    Args:
        limits: the limits; time counts from now.
        price: US dollars a prompt and a reply token, None where unknown.
    """

    limits: JudgeLimits
    price: tuple[float, float] | None = None
    calls: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    stopped: str | None = None
    _failures: int = 0
    _end: Deadline = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock."""
        self._end = Deadline.after(self.limits.total_s)

    @property
    def cost_usd(self) -> float | None:
        """What was spent so far, None where no price is known."""
        if self.price is None:
            return None
        return self.prompt_tokens * self.price[0] + self.reply_tokens * self.price[1]

    def admit(self) -> Deadline:
        """Count a call that is about to be made and return when it must be done.

        Raises:
            StoppedError: it must not be made, nor any after it.
        """
        self.stopped = self.stopped or self._reached()
        if self.stopped:
            raise StoppedError(self.stopped)
        self.calls += 1
        return Deadline.after(min(self.limits.call_s, self._end.remaining()))

    def succeeded(self, usage: Usage | None, characters: tuple[int, int]) -> None:
        """Count the tokens of a call, estimated from its characters where nobody counted them."""
        self._failures = 0
        if usage is None:
            usage = Usage(*(-(-number // _CHARACTERS_A_TOKEN) for number in characters))
        self.prompt_tokens += usage.prompt
        self.reply_tokens += usage.completion

    def failed(self, failure: ModelError, characters: int) -> None:
        """Count a call without a reply: its prompt is paid for. Stop where others must fail too."""
        self._failures += 1
        self.prompt_tokens += -(-characters // _CHARACTERS_A_TOKEN)
        if self._end.remaining() <= 0:
            return  # it was cut short by our own limit
        if isinstance(failure, ModelKeyError | ModelQuotaError):
            self.stopped = self.stopped or f"stopped: {told(failure)}"
        elif self._failures >= _FAILURES_IN_A_ROW:
            self.stopped = self.stopped or (
                f"stopped after {self._failures} calls in a row failed: {told(failure)}"
            )

    def _reached(self) -> str | None:
        limits, cost = self.limits, self.cost_usd
        if self._end.remaining() <= 0:
            return f"stopped by the time limit ({limits.total_s:g} s)"
        if self.calls >= limits.calls:
            return f"stopped by the cost limit ({limits.calls} calls)"
        if limits.tokens is not None and self.prompt_tokens + self.reply_tokens >= limits.tokens:
            return f"stopped by the cost limit ({limits.tokens} tokens)"
        if limits.cost_usd is not None and cost is not None and cost >= limits.cost_usd:
            return f"stopped by the cost limit ({limits.cost_usd:g} US dollars)"
        return None
