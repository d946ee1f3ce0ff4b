"""What keeps a score from being measured. None of these leaves ``eval.judging``."""


class UnmeasuredError(Exception):
    """This score cannot be measured; the text says why, in words for a report."""


class UnusableReplyError(Exception):
    """The judge's reply cannot be used; the text says why, in words for the judge itself."""


class StoppedError(UnmeasuredError):
    """A limit is reached, or the judge is of no use any more: no further call is made."""
