"""What keeps a score from being measured. None of these leaves ``eval.judging``."""

from collections.abc import Mapping

from app.models.errors import (
    ModelError,
    ModelKeyError,
    ModelRequestError,
    ModelTimeoutError,
    ModelUnreachableError,
)


class UnmeasuredError(Exception):
    """This score cannot be measured; the text says why, in words for a report."""


class UnusableReplyError(Exception):
    """The judge's reply cannot be used; the text says why, in words for the judge itself."""


class StoppedError(UnmeasuredError):
    """A limit is reached, or the judge is of no use any more: no further call is made."""


_SETTINGS: Mapping[type[ModelError], str] = {
    ModelKeyError: "FOOTNOTE_JUDGE__API_KEY",
    ModelUnreachableError: "FOOTNOTE_JUDGE__API_BASE",
    ModelRequestError: "FOOTNOTE_JUDGE__MODEL",
    ModelTimeoutError: "FOOTNOTE_JUDGE__TIMEOUT_S",
}


def told(failure: ModelError) -> str:
    """Return why the judge gave no reply, with the setting to look at where there is one."""
    setting = _SETTINGS.get(type(failure))
    return f"{failure.message} ({setting})" if setting else failure.message
