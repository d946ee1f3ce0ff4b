"""The judge tier: ragas's metrics, judged by a model, over answers that were observed.

Use it like this; ``cache`` may be any folder that outlives the run::

    from eval.judging import JUDGED, LOWER_IS_BETTER, judge_now

    scores = judge_now(
        case_set, observations, settings=settings.judge, embedder=embedder, cache=folder,
        progress=lambda spent: bar.update(spent.done, spent.total),
    )

``judge`` is the same for programs that have an event loop and a model of their own.

- **What is judged** stands in ``eval.judging.samples``: six metrics for an answered case with a
  reference, fewer otherwise. Each score that applies comes back, measured or not, so the number of
  scores of a metric is what it applies to, and those with a value are what was measured.
- **Not measured** is ``value=None`` with a reason, never a pass. A reply must be one JSON object of
  the schema (fences, text around it and trailing commas are forgiven; what is cut off is not), with
  exactly one verdict, 0 or 1, for each statement that went in, and with statements that cover every
  sentence of the text they come from. The judge is told what is wrong, once, and asked again.
- **Limits**: at the time limit or at one of calls, tokens or cost no further call is made, and what
  is left is not measured. A key that is refused, and eight failed calls in a row, stop it too.
- **What it takes**: a case answered from eight passages takes 37 calls and about 37,000 prompt
  tokens, ``noise_sensitivity`` more than half of them. Our own part of 4,810 calls (130 cases) is
  6 seconds, and with litellm and HTTP 85 on two cores, a judge that answers at once.
- **Resuming**: usable replies are kept as files, by model, address, prompt and parameters. Run it
  again, after an interrupt too, and only what is missing is asked.
- ``noise_sensitivity`` is better when lower; the other five when higher.

Nothing here imports ragas or litellm before there is something to judge: ragas is behind
``eval.ragas_bridge``, which switches its telemetry off, and models behind ``app.models``.
"""

from eval.judging.limits import JudgeLimits
from eval.judging.model import JudgeModel, JudgeSettingsError, open_judge
from eval.judging.running import Progress, Spent, judge, judge_now
from eval.judging.samples import JUDGED, LOWER_IS_BETTER

__all__ = [
    "JUDGED",
    "LOWER_IS_BETTER",
    "JudgeLimits",
    "JudgeModel",
    "JudgeSettingsError",
    "Progress",
    "Spent",
    "judge",
    "judge_now",
    "open_judge",
]
