"""The only package that imports ragas, and with it what sends no usage data.

Importing any module of it takes seconds; nothing imports it before an evaluation runs.
"""

import os

from index.errors import FootnoteError


class EvaluationMissingError(FootnoteError):
    """What the evaluation takes is not installed."""

    code = "evaluation_missing"


# ragas reads it once, at its first call, and takes no other word than this for yes. Without it each
# metric would post to a server of its makers.
os.environ["RAGAS_DO_NOT_TRACK"] = "true"

try:
    import ragas  # noqa: F401 - to say it here, once, if it is missing
except ImportError as error:
    raise EvaluationMissingError(
        f"The evaluation needs packages that are not installed ({error}). Run "
        "`scripts/setup --eval`, or `pip install 'footnote[eval]'`."
    ) from error
